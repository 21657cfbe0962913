//! "Forgot your password?": the request, and the page behind the letter's link. The answer to a request is one, whoever the
//! address belongs to.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::{RequestPasswordResetRequest, ResetPasswordRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    form: Form,
    sent: bool,
}

#[derive(Template)]
#[template(path = "account/reset.html")]
struct ResetPage {
    frame: Frame,
    form: Form,
    /// The link does nothing any more, or never did.
    dead: bool,
}

pub(super) async fn show(visit: Visit) -> Response {
    html(&ForgottenPage {
        frame: Frame::new(&visit, "password-forgotten-title"),
        form: Form::new(&visit, Fields::default()),
        sent: visit.query.has("sent"),
    })
}

pub(super) async fn request(posted: Posted) -> Answer {
    let request = posted.command(RequestPasswordResetRequest {
        email: posted.fields.text("email"),
        client_address: posted.visit.client_address.clone(),
    });
    match posted.visit.app.services.identity().request_password_reset(request).await {
        Ok(_) => Ok(to("/forgot-password?sent")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let page = ForgottenPage {
                frame: Frame::new(&posted.visit, "password-forgotten-title"),
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
                sent: false,
            };
            Ok(html_refused(&page, &problem))
        }
    }
}

pub(super) async fn show_reset(visit: Visit) -> Response {
    let token = visit.query.get("token");
    html(&ResetPage {
        frame: Frame::new(&visit, "new-password-title"),
        form: Form::new(&visit, Fields::of(&[("token", token)])),
        dead: token.is_empty(),
    })
}

pub(super) async fn reset(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let outcome = if fields.get("password") == fields.get("password_again") {
        let message = ResetPasswordRequest { token: fields.text("token"), password: fields.get("password").to_owned() };
        let request = posted.command(message);
        posted.visit.app.services.identity().reset_password(request).await.map_err(Problem::from)
    } else {
        Err(Problem::at("password_again", "PASSWORDS_DIFFER"))
    };
    match outcome {
        Ok(_) => Ok(to("/login?reset")),
        Err(problem) => {
            let problem = problem.refusal()?;
            let page = ResetPage {
                frame: Frame::new(&posted.visit, "new-password-title"),
                dead: problem.code == "LINK_UNKNOWN",
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
            };
            Ok(html_refused(&page, &problem))
        }
    }
}
