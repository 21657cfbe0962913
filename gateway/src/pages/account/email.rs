//! Asking for another e-mail address, and for another letter to the present one.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::{RequestEmailChangeRequest, RequestEmailVerificationRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/email.html")]
struct EmailPage {
    frame: Frame,
    form: Form,
    sent: bool,
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&EmailPage {
        frame: Frame::new(&visit, "change-email"),
        form: Form::new(&visit, Fields::default()),
        sent: visit.query.has("sent"),
    })
}

pub(super) async fn change(posted: Posted) -> Answer {
    let request = posted.command(RequestEmailChangeRequest {
        email: posted.fields.text("email"),
        password: posted.fields.get("password").to_owned(),
    });
    match posted.visit.app.services.identity().request_email_change(request).await {
        Ok(_) => Ok(to("/account/email?sent")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let page = EmailPage {
                frame: Frame::new(&posted.visit, "change-email"),
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
                sent: false,
            };
            Ok(html_refused(&page, &problem))
        }
    }
}

/// Sends the letter to the present address once more; a refusal is told on the account's page.
pub(super) async fn verify_again(posted: Posted) -> Answer {
    let request = posted.command(RequestEmailVerificationRequest {});
    match posted.visit.app.services.identity().request_email_verification(request).await {
        Ok(_) => Ok(to("/account?letter")),
        Err(status) => super::profile::refused(&posted, Problem::from(status)).await,
    }
}
