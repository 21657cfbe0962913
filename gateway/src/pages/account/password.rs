//! Changing the own password.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::ChangePasswordRequest;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    frame: Frame,
    form: Form,
    /// Characters that the password needs at least, for the hint.
    length: &'static str,
}

fn page(visit: &Visit, form: Form) -> PasswordPage {
    let length = if visit.is_staff() { "15" } else { "10" };
    PasswordPage { frame: Frame::new(visit, "change-password"), form, length }
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&page(&visit, Form::new(&visit, Fields::default())))
}

pub(super) async fn change(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let outcome = if fields.get("new_password") == fields.get("new_password_again") {
        let request = posted.command(ChangePasswordRequest {
            old_password: fields.get("old_password").to_owned(),
            new_password: fields.get("new_password").to_owned(),
        });
        posted.visit.app.services.identity().change_password(request).await.map_err(Problem::from)
    } else {
        Err(Problem::at("new_password_again", "PASSWORDS_DIFFER"))
    };
    match outcome {
        Ok(_) => Ok(to("/account?password")),
        Err(problem) => {
            let problem = problem.refusal()?;
            let form = Form::refused(&posted.visit, posted.fields, problem.clone());
            Ok(html_refused(&page(&posted.visit, form), &problem))
        }
    }
}
