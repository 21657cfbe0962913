//! After signing in again: what was typed before the session ended is there, and is sent by one more press.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::Session;

use crate::cookies::Cookies;
use crate::form::Form;
use crate::frame::Frame;
use crate::kept::Kept;
use crate::pages::html;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/resume.html")]
struct ResumePage {
    frame: Frame,
    form: Form,
    path: String,
    fields: Vec<(String, String)>,
}

/// Signs the browser in and offers the kept post again, under the new session's token.
pub(super) async fn offer(visit: &Visit, session: &Session, kept: Kept) -> Response {
    if let Some(former) = &visit.session {
        super::leave(visit, former).await;
    }
    let visit = visit.entered(&session.session).await;
    let page = ResumePage {
        frame: Frame::new(&visit, "resume"),
        form: Form::new(&visit, crate::fields::Fields::default()),
        path: kept.path,
        fields: kept.fields,
    };
    let mut response = html(&page);
    Cookies::new(visit.app.config.is_https()).set_session(response.headers_mut(), &session.session);
    response
}
