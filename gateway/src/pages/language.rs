//! The switch of language: a cookie, and back to where one was.

use axum::response::Response;

use super::{Answer, to};
use crate::cookies::Cookies;
use crate::posted::Posted;
use crate::routes::{Audience, Route, post};
use crate::text::Language;

pub(super) fn routes() -> Vec<Route> {
    vec![post(Audience::Public, "/language", switch)]
}

async fn switch(posted: Posted) -> Answer {
    let back = posted.fields.get("back");
    // A path of ours and nothing else: no scheme, no second slash, no backslash.
    let own = back.starts_with('/')
        && back.len() <= 200
        && back.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'))
        && !back.starts_with("//");
    let mut response: Response = to(if own { back } else { "/" });
    if let Some(language) = Language::from_tag(posted.fields.get("language")) {
        Cookies::new(posted.visit.app.config.is_https()).set_language(response.headers_mut(), language.tag());
    }
    Ok(response)
}
