//! Our stylesheet, scripts and icon: embedded, named with their content's hash, kept by browsers for as long as they like.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use ring::digest;

use crate::problem::Problem;
use crate::routes::{Audience, Route, get};
use crate::state::hex;

struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    hash: String,
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let asset = |name, media_type, bytes: &'static [u8]| Asset {
        name,
        media_type,
        bytes,
        hash: hex(digest::digest(&digest::SHA256, bytes).as_ref()).chars().take(16).collect(),
    };
    vec![
        asset("portal.css", CSS, include_bytes!("../static/portal.css")),
        asset("portal.js", SCRIPT, include_bytes!("../static/portal.js")),
        asset("totals.js", SCRIPT, include_bytes!("../static/totals.js")),
        asset("questions.js", SCRIPT, include_bytes!("../static/questions.js")),
        asset("autosave.js", SCRIPT, include_bytes!("../static/autosave.js")),
        asset("password.js", SCRIPT, include_bytes!("../static/password.js")),
        asset("pay.js", SCRIPT, include_bytes!("../static/pay.js")),
        asset("status.js", SCRIPT, include_bytes!("../static/status.js")),
        asset("icon.svg", "image/svg+xml", include_bytes!("../static/icon.svg")),
    ]
});

/// Address of a file, changing with its content.
pub fn href(name: &str) -> String {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or_else(|| format!("/static/{name}"), |asset| format!("/static/{}/{name}", asset.hash))
}

pub(crate) fn routes() -> Vec<Route> {
    vec![get(Audience::Public, "/static/{hash}/{name}", file), get(Audience::Public, "/favicon.ico", icon)]
}

async fn icon() -> Response {
    axum::response::Redirect::permanent(&href("icon.svg")).into_response()
}

async fn file(Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return Problem::not_found().into_response();
    };
    let tag = format!("\"{}\"", asset.hash);
    let known = headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { asset.bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}
