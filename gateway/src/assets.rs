//! Our stylesheet, scripts and icon: embedded, named with their content's hash, kept by browsers for as long as they like.

use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use ring::digest;

use crate::problem::Problem;
use crate::routes::{Audience, Route, get};
use crate::state::{App, hex};

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

async fn file(State(app): State<App>, Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if let Some(own) = app.brand.iter().find(|file| file.name == name) {
        return served(&headers, own.media_type, &own.hash, own.bytes.clone());
    }
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => served(&headers, asset.media_type, &asset.hash, asset.bytes),
        None => Problem::not_found().into_response(),
    }
}

fn served(asked: &HeaderMap, media_type: &'static str, hash: &str, bytes: impl IntoResponse) -> Response {
    let tag = format!("\"{hash}\"");
    let known = asked.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}
