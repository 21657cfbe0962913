//! Pages behind the links of letters that confirm an address. To follow the link changes nothing, since programs that look
//! through mail follow links too: the button does.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::{ConfirmEmailChangeRequest, VerifyEmailRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/link.html")]
struct LinkPage {
    frame: Frame,
    form: Form,
    lead: String,
    done: bool,
    /// Where a new link can be asked for.
    again: &'static str,
}

fn verify_page(visit: &Visit, form: Form) -> LinkPage {
    LinkPage {
        frame: Frame::new(visit, "verify-email"),
        form,
        lead: visit.texts.get("verify-email-lead"),
        done: visit.query.has("done"),
        again: "/account",
    }
}

fn confirm_page(visit: &Visit, form: Form) -> LinkPage {
    LinkPage {
        frame: Frame::new(visit, "confirm-email"),
        form,
        lead: visit.texts.get("confirm-email-lead"),
        done: visit.query.has("done"),
        again: "/account/email",
    }
}

fn fresh(visit: &Visit) -> Form {
    Form::new(visit, Fields::of(&[("token", visit.query.get("token"))]))
}

fn again(posted: &Posted, problem: &Problem) -> Form {
    Form::refused(&posted.visit, posted.fields.clone(), problem.clone())
}

pub(super) async fn show_verify(visit: Visit) -> Response {
    html(&verify_page(&visit, fresh(&visit)))
}

pub(super) async fn verify(posted: Posted) -> Answer {
    let request = posted.command(VerifyEmailRequest { token: posted.fields.text("token") });
    match posted.visit.app.services.identity().verify_email(request).await {
        Ok(_) => Ok(to("/verify-email?done")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            Ok(html_refused(&verify_page(&posted.visit, again(&posted, &problem)), &problem))
        }
    }
}

pub(super) async fn show_confirm(visit: Visit) -> Response {
    html(&confirm_page(&visit, fresh(&visit)))
}

pub(super) async fn confirm(posted: Posted) -> Answer {
    let request = posted.command(ConfirmEmailChangeRequest { token: posted.fields.text("token") });
    match posted.visit.app.services.identity().confirm_email_change(request).await {
        Ok(_) => Ok(to("/confirm-email?done")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            Ok(html_refused(&confirm_page(&posted.visit, again(&posted, &problem)), &problem))
        }
    }
}
