//! "Login": the authentication page.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::SignInRequest;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::kept::KEPT;
use crate::pages::{Answer, Destination, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/login.html")]
struct LoginPage {
    frame: Frame,
    form: Form,
    /// The key of what was done a moment ago.
    done: &'static str,
}

pub(super) async fn show(visit: Visit) -> Response {
    if visit.account().is_some() {
        return to(&destination(&visit, visit.query.get("next")).address());
    }
    let fields = Fields::of(&[("next", visit.query.get("next"))]);
    html(&LoginPage {
        frame: Frame::new(&visit, "login"),
        form: Form::new(&visit, fields),
        done: match () {
            () if visit.query.has("reset") => "password-was-reset",
            () if visit.query.has("closed") => "close-account-done",
            () => "",
        },
    })
}

/// The sign-in page in answer to a post that met an ended session: what was typed goes with it, sealed.
pub(crate) fn sign_in_again(visit: &Visit, next: &str, kept: &str) -> Response {
    let fields = Fields::of(&[("next", next), (KEPT, kept)]);
    let page = LoginPage { frame: Frame::new(visit, "login"), form: Form::new(visit, fields), done: "" };
    html_refused(&page, &Problem::not_signed_in())
}

fn destination(visit: &Visit, next: &str) -> Destination {
    Destination::of_name(next).unwrap_or(if visit.is_staff() { Destination::Staff } else { Destination::Home })
}

pub(super) async fn sign_in(posted: Posted) -> Answer {
    let message = SignInRequest {
        email: posted.fields.text("email"),
        password: posted.fields.get("password").to_owned(),
        client_address: posted.visit.client_address.clone(),
        device: posted.visit.device.clone(),
    };
    let request = posted.command(message);
    match posted.visit.app.services.identity().sign_in(request).await {
        Ok(response) => {
            let session = response.into_inner();
            let account = session.account.as_ref().map(|account| account.id.as_str()).unwrap_or_default();
            let now = posted.visit.app.sources.now().micros();
            if let Some(kept) = posted.visit.app.kept_key.open_post(posted.fields.get(KEPT), account, now) {
                return Ok(super::resume::offer(&posted.visit, &session, kept).await);
            }
            let staff =
                session.account.as_ref().is_some_and(|account| account.roles.iter().any(|role| role != "applicant"));
            let place = Destination::of_name(posted.fields.get("next")).unwrap_or(if staff {
                Destination::Staff
            } else {
                Destination::Applications
            });
            Ok(super::enter(&posted.visit, &session, &place.address()).await)
        }
        Err(status) => {
            let mut problem = Problem::from(status);
            if problem.status == http::StatusCode::UNAUTHORIZED {
                problem.status = http::StatusCode::UNPROCESSABLE_ENTITY;
            }
            let problem = problem.refusal()?;
            let page = LoginPage {
                frame: Frame::new(&posted.visit, "login"),
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
                done: "",
            };
            Ok(html_refused(&page, &problem))
        }
    }
}
