//! The code for another phone.

use askama::Template;
use proto::identity::v1::{ConfirmPhoneRequest, GetAccountRequest, SendPhoneCodeRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "account/phone.html")]
struct PhonePage {
    frame: Frame,
    form: Form,
    /// Empty: none waits for its code.
    phone: String,
    again: bool,
}

async fn page(visit: &Visit, form: Form) -> Result<PhonePage, Problem> {
    let account = visit.app.services.identity().get_account(visit.ask(GetAccountRequest {})).await?.into_inner();
    Ok(PhonePage {
        frame: Frame::new(visit, "confirm-phone"),
        form,
        phone: account.phone_pending,
        again: visit.query.has("again"),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, form).await?))
}

pub(super) async fn confirm(posted: Posted) -> Answer {
    let request = posted.command(ConfirmPhoneRequest { code: posted.fields.text("code") });
    match posted.visit.app.services.identity().confirm_phone(request).await {
        Ok(_) => Ok(to("/account?phone")),
        Err(status) => refused(&posted, status).await,
    }
}

pub(super) async fn again(posted: Posted) -> Answer {
    let request = posted.command(SendPhoneCodeRequest {});
    match posted.visit.app.services.identity().send_phone_code(request).await {
        Ok(_) => Ok(to("/account/phone?again")),
        Err(status) => refused(&posted, status).await,
    }
}

async fn refused(posted: &Posted, status: tonic::Status) -> Answer {
    let problem = Problem::from(status).refusal()?;
    let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
    Ok(html_refused(&page(&posted.visit, form).await?, &problem))
}
