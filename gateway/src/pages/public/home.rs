//! Home: what the portal does and how to get started.

use askama::Template;
use axum::response::Response;

use crate::frame::Frame;
use crate::pages::html;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/home.html")]
struct HomePage {
    frame: Frame,
    /// The account was made a moment ago.
    welcome: bool,
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&HomePage {
        welcome: visit.account().is_some() && visit.query.has("welcome"),
        frame: Frame::new(&visit, "home"),
    })
}
