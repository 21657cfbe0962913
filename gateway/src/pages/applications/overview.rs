//! The step "Overview": both statuses, what comes next, visits, history; cancelling; "OK" closes it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{
    Application, CancelApplicationRequest, PaymentStatus, RenewApplicationRequest, State, Thread, Visit as Visited,
};
use proto::payments::v1::{AttemptState, ListAttemptsRequest};

use super::answers::Answers;
use super::marks::{self, Asked};
use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::offices;
use crate::pages::{Answer, html, html_refused, steps, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "applications/overview.html")]
pub(super) struct OverviewPage {
    frame: Frame,
    form: Form,
    steps: Vec<steps::Step>,
    answers: Answers,
    /// The dialog after "Submit".
    submitted: bool,
    next_step: String,
    /// Why the last attempt to pay came to nothing.
    attempt_note: Option<String>,
    can_edit: bool,
    /// What is ready may be fetched.
    can_fetch: bool,
    can_pay: bool,
    can_cancel: bool,
    can_renew: bool,
    /// Corrections asked for, while the application is returned.
    marks: Vec<Asked>,
    /// Messages between applicant and centre, from filing on.
    thread: Option<Thread>,
    /// Where its visits take place, if there are several offices.
    visit_places: HashMap<String, String>,
    application: Application,
}

pub(super) async fn page(visit: &Visit, number: i64, form: Form) -> Result<OverviewPage, Problem> {
    let application = super::load(visit, number).await?;
    let catalogue = super::catalogue(visit).await?;
    let state = State::try_from(application.state).unwrap_or_default();
    let paid = PaymentStatus::try_from(application.payment_status).unwrap_or_default();
    let open = matches!(paid, PaymentStatus::Unspecified | PaymentStatus::NotPaid | PaymentStatus::PartlyPaid);
    let paying = state == State::AwaitingPayment && open;
    let title = visit.texts.with("application-number", &[("number", &number.to_string())]);
    Ok(OverviewPage {
        frame: Frame::titled(visit, title),
        form,
        steps: steps::steps(&application, steps::Place::Overview),
        answers: Answers::new(&visit.texts, &application, &catalogue),
        submitted: visit.query.has("submitted") && state == State::New,
        next_step: next_step(visit, &application, state),
        attempt_note: if paying { attempt_note(visit, number).await } else { None },
        can_fetch: state == State::ReadyForPickup,
        can_edit: matches!(state, State::Draft | State::Returned),
        can_pay: paying,
        marks: if state == State::Returned { marks::asked(&visit.texts, &application, &catalogue) } else { Vec::new() },
        thread: if application.submitted_at_micros == 0 { None } else { super::thread::read(visit, number).await },
        can_renew: super::may(&application, "RenewApplication"),
        can_cancel: super::may(&application, "CancelApplication"),
        visit_places: offices::places(visit, &application).await,
        application,
    })
}

fn next_step(visit: &Visit, application: &Application, state: State) -> String {
    let paid = PaymentStatus::try_from(application.payment_status).unwrap_or_default();
    let key = match (state, paid) {
        (State::AwaitingPayment, PaymentStatus::Pending) => "next-payment-pending".to_owned(),
        (State::Expired, PaymentStatus::Unspecified) => "next-not-corrected".to_owned(),
        (State::ReadyForPickup, _) if application.visits.iter().any(is_pick_up) => "next-pick-up-booked".to_owned(),
        (State::InProgress, _) if application.booking_open => "next-originals-missing".to_owned(),
        (State::AwaitingDocuments | State::DocsPartial, _) if !application.visits.is_empty() => {
            "next-visit-booked".to_owned()
        }
        _ => {
            let name = state.as_str_name().to_ascii_lowercase().replace('_', "-");
            name.replacen("state-", "next-", 1)
        }
    };
    visit.texts.get(&key)
}

fn is_pick_up(visit: &Visited) -> bool {
    visit.kind == "pick_up" && visit.state == "booked"
}

/// A closed attempt is explained; with payments away, the page goes on without the explanation.
async fn attempt_note(visit: &Visit, number: i64) -> Option<String> {
    let request = visit.ask(ListAttemptsRequest { application_number: number });
    let attempts = visit.app.services.payments().list_attempts(request).await.ok()?.into_inner().attempts;
    let last = attempts.first()?;
    match AttemptState::try_from(last.state).unwrap_or_default() {
        AttemptState::Failed => {
            let class = if last.decline_class.is_empty() { "system" } else { &last.decline_class };
            Some(visit.texts.get(&format!("decline-{}", class.replace('_', "-"))))
        }
        AttemptState::Abandoned => Some(visit.texts.get("attempt-abandoned")),
        AttemptState::Authorised => Some(visit.texts.get("attempt-authorised")),
        AttemptState::Reversed => Some(visit.texts.get("attempt-reversed")),
        AttemptState::Mismatched => Some(visit.texts.get("attempt-mismatched")),
        AttemptState::Unspecified | AttemptState::Created | AttemptState::Redirected | AttemptState::Charged => None,
    }
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let page = page(&visit, number, Form::new(&visit, Fields::default())).await?;
    Ok(html(&page))
}

/// After the invoice ran out: on at today's price, as it was shown.
pub(super) async fn renew(Path(number): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let request = posted.command(RenewApplicationRequest {
        number,
        version: posted.version(),
        total_shown_minor: posted.fields.get("total").parse().unwrap_or(0),
    });
    match visit.app.services.applications().renew_application(request).await {
        Ok(_) => Ok(to(&format!("/applications/{number}/overview"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, number, form).await?, &problem))
        }
    }
}

pub(super) async fn cancel(Path(number): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let request = posted.command(CancelApplicationRequest {
        number,
        version: posted.version(),
        reason: posted.fields.text("reason"),
    });
    match visit.app.services.applications().cancel_application(request).await {
        Ok(_) => Ok(to(&format!("/applications/{number}/overview"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, number, form).await?, &problem))
        }
    }
}
