//! About: what the centre does and the way of a case.

use askama::Template;
use axum::response::Response;

use crate::frame::Frame;
use crate::pages::html;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/about.html")]
struct AboutPage {
    frame: Frame,
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&AboutPage { frame: Frame::new(&visit, "about-portal") })
}
