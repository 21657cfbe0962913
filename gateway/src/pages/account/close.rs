//! Closing the own account: what it means, and the password as proof.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::CloseAccountRequest;

use crate::cookies::Cookies;
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/close.html")]
struct ClosePage {
    frame: Frame,
    form: Form,
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&ClosePage { frame: Frame::new(&visit, "close-account"), form: Form::new(&visit, Fields::default()) })
}

pub(super) async fn close(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let request = posted.command(CloseAccountRequest { password: posted.fields.get("password").to_owned() });
    match visit.app.services.identity().close_account(request).await {
        Ok(_) => {
            if let Some(session) = &visit.session {
                visit.app.sessions.forget(session);
            }
            let mut response = to("/login?closed");
            Cookies::new(visit.app.config.is_https()).clear_session(response.headers_mut());
            Ok(response)
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&ClosePage { frame: Frame::new(visit, "close-account"), form }, &problem))
        }
    }
}
