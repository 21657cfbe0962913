//! Accepting an invitation to the staff.

use askama::Template;
use axum::response::Response;
use proto::identity::v1::AcceptInvitationRequest;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/invitation.html")]
struct InvitationPage {
    frame: Frame,
    form: Form,
}

pub(super) async fn show(visit: Visit) -> Response {
    let fields = Fields::of(&[("token", visit.query.get("token"))]);
    html(&InvitationPage { frame: Frame::new(&visit, "invitation"), form: Form::new(&visit, fields) })
}

pub(super) async fn accept(posted: Posted) -> Answer {
    let fields = &posted.fields;
    let outcome = if fields.get("password") == fields.get("password_again") {
        let request = posted.command(AcceptInvitationRequest {
            email: fields.text("email"),
            token: fields.text("token"),
            password: fields.get("password").to_owned(),
            given_name: fields.text("given_name"),
            surname: fields.text("surname"),
            phone: fields.text("phone"),
            locale: posted.visit.language().tag().to_owned(),
            client_address: posted.visit.client_address.clone(),
            device: posted.visit.device.clone(),
        });
        posted.visit.app.services.identity().accept_invitation(request).await.map_err(Problem::from)
    } else {
        Err(Problem::at("password_again", "PASSWORDS_DIFFER"))
    };
    match outcome {
        Ok(session) => Ok(super::enter(&posted.visit, &session.into_inner(), "/staff").await),
        Err(problem) => {
            let problem = problem.refusal()?;
            let page = InvitationPage {
                frame: Frame::new(&posted.visit, "invitation"),
                form: Form::refused(&posted.visit, posted.fields, problem.clone()),
            };
            Ok(html_refused(&page, &problem))
        }
    }
}
