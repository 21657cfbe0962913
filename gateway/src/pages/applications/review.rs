//! The step "Review": check the answers, read and accept the Public Offer, "Save" or "Submit".

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{
    Application, GetConsentTextRequest, GetPublicOfferRequest, PublicOffer, State, SubmitApplicationRequest,
};
use proto::common::v1::ConsentText;

use super::answers::Answers;
use super::places::{self, Place};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, steps, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/review.html")]
struct ReviewPage {
    frame: Frame,
    form: Form,
    steps: Vec<steps::Step>,
    missing: Vec<Place>,
    answers: Answers,
    offer: PublicOffer,
    consent: ConsentText,
    saved: bool,
    application: Application,
}

async fn page(visit: &Visit, number: i64, form: Form) -> Result<ReviewPage, Problem> {
    let application = super::load(visit, number).await?;
    let catalogue = super::catalogue(visit).await?;
    let request = visit.ask(GetPublicOfferRequest { version: 0, locale: visit.language().tag().to_owned() });
    let offer = visit.app.services.applications().get_public_offer(request).await?.into_inner();
    let asked = visit.ask(GetConsentTextRequest {});
    let consent = visit.app.services.applications().get_consent_text(asked).await?.into_inner();
    Ok(ReviewPage {
        frame: Frame::new(visit, "step-review"),
        form,
        steps: steps::steps(&application, steps::Place::Review),
        missing: places::missing(&visit.texts, &application, &catalogue),
        answers: Answers::new(&visit.texts, &application, &catalogue),
        offer,
        consent,
        saved: visit.query.has("saved"),
        application,
    })
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let page = page(&visit, number, Form::new(&visit, Fields::default())).await?;
    match State::try_from(page.application.state).unwrap_or_default() {
        State::Draft | State::Returned => Ok(html(&page)),
        State::Unspecified
        | State::New
        | State::InReview
        | State::PendingApproval
        | State::AwaitingPayment
        | State::AwaitingDocuments
        | State::DocsPartial
        | State::InProgress
        | State::ReadyForPickup
        | State::Completed
        | State::Rejected
        | State::Cancelled
        | State::Expired => Ok(to(&format!("/applications/{number}"))),
    }
}

pub(super) async fn submit(Path(number): Path<i64>, posted: Posted) -> Answer {
    if posted.fields.get("action") == "save" {
        // All entries are kept already; the tick counts only with "Submit".
        return Ok(to(&format!("/applications/{number}/review?saved")));
    }
    let visit = &posted.visit;
    let request = posted.command(SubmitApplicationRequest {
        number,
        version: posted.version(),
        accept_offer: posted.fields.has("accept_offer"),
        offer_version: posted.fields.number("offer_version"),
        client_address: visit.client_address.clone(),
        total_shown_minor: posted.fields.number("total"),
        consent_version: if posted.fields.has("consent") { posted.fields.number("consent_version") } else { 0 },
    });
    match visit.app.services.applications().submit_application(request).await {
        Ok(_) if visit.is_staff() => Ok(to(&format!("/staff/applications/{number}?saved"))),
        Ok(_) => Ok(to(&format!("/applications/{number}/overview?submitted"))),
        Err(status) => {
            let mut problem = Problem::from(status).refusal()?;
            // What is missing elsewhere is listed by its place; here stand the faults of this form.
            problem.violations.retain(|violation| {
                matches!(violation.field.as_str(), "accept_offer" | "offer_version" | "total" | "consent")
            });
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, number, form).await?, &problem))
        }
    }
}
