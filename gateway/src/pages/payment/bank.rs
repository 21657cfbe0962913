//! "Pay": the page that leads to the bank, under a policy of its own, and the browser's return, which proves nothing.

use askama::Template;
use axum::extract::Path;
use proto::payments::v1::{CheckAttemptRequest, StartAttemptRequest};

use super::invoice::InvoicePage;
use crate::edge::Policy;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::load;
use crate::pages::{Answer, html, html_refused, steps, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "payment/bank.html")]
struct BankPage {
    frame: Frame,
    steps: Vec<steps::Step>,
    number: i64,
    attempt: String,
    amount: String,
    /// Empty where only the link is offered.
    script_url: String,
    /// The object for the bank's script, as JSON.
    payment_object: String,
    invoice_link: String,
}

/// An address on a configured bank host, or nothing.
fn at_bank(visit: &Visit, address: &str) -> String {
    let known = url::Url::parse(address)
        .is_ok_and(|url| visit.app.config.bank.origins.contains(&url.origin().ascii_serialization()));
    if known { address.to_owned() } else { String::new() }
}

pub(super) async fn pay(Path(number): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let request = posted.command(StartAttemptRequest {
        invoice_id: posted.fields.text("invoice"),
        terms_accepted: posted.fields.has("terms_accepted"),
        locale: visit.language().tag().to_owned(),
    });
    let application = load(visit, number).await?;
    match visit.app.services.payments().start_attempt(request).await {
        Ok(response) => {
            let started = response.into_inner();
            let attempt = started.attempt.unwrap_or_default();
            let frame = Frame::new(visit, "pay-title");
            let page = BankPage {
                steps: steps::steps(&application, steps::Place::Payment),
                number,
                amount: frame.money(&attempt.amount),
                attempt: attempt.id,
                script_url: at_bank(visit, &started.script_url),
                payment_object: started.payment_object,
                invoice_link: at_bank(visit, &started.invoice_link),
                frame,
            };
            let mut response = html(&page);
            response.extensions_mut().insert(Policy::Payment { origins: visit.app.config.bank.origins.clone() });
            Ok(response)
        }
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let billable = super::billable(visit, number).await?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&InvoicePage::new(visit, &application, billable, form)?, &problem))
        }
    }
}

/// Back from the bank: it is asked at once, and whatever it says stands on Overview.
pub(super) async fn come_back(visit: Visit, Path((number, attempt)): Path<(i64, String)>) -> Answer {
    let request = visit.ask(CheckAttemptRequest { attempt_id: attempt });
    if let Err(status) = visit.app.services.payments().check_attempt(request).await {
        if status.code() == tonic::Code::NotFound {
            return Err(Problem::not_found());
        }
        // The poller asks again; the page must not depend on the bank's answer now.
        tracing::warn!(code = ?status.code(), "the attempt could not be checked on return");
    }
    Ok(to(&format!("/applications/{number}/overview")))
}
