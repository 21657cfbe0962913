//! One payment at the desk: the bank's evidence and the payer's receipts side by side with what is due; transfers are
//! recorded here, for one invoice or split over several.

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{Billable, PaymentStatus, Receipt, RecordTransferRequest, TransferPart};
use proto::common::v1::Money;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::money;
use crate::pages::payment::receipts::{self, Sent};
use crate::pages::words::minor;
use crate::pages::{Answer, Choice, html, html_refused, payment, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::upload::Upload;
use crate::visit::Visit;

/// Invoices that one transfer can be split over on the page.
const PARTS: usize = 4;

#[derive(Template)]
#[template(path = "staff/payment_case.html")]
struct PaymentCasePage {
    frame: Frame,
    form: Form,
    /// Of the upload on the payer's behalf.
    receipt_form: Form,
    receipts: Vec<Receipt>,
    waiting: Vec<Choice>,
    on_receipts: Option<Money>,
    difference: Option<Money>,
    /// Whatever is shown covers what is due; else a part of it may be confirmed.
    covers: bool,
    has_part: bool,
    pending: bool,
    /// Names of the controls of each part.
    parts: Vec<[String; 2]>,
    billable: Billable,
}

fn controls(index: usize) -> [String; 2] {
    [format!("parts[{index}].application_number"), format!("parts[{index}].amount")]
}

async fn page(visit: &Visit, number: i64, mut form: Form, receipt_form: Form) -> Result<PaymentCasePage, Problem> {
    let billable = payment::billable(visit, number).await?;
    let title = visit.texts.with("payment-case", &[("number", &number.to_string())]);
    let frame = Frame::titled(visit, title);
    let waiting: Vec<&Receipt> = billable.receipts.iter().filter(|receipt| receipt.state == "waiting").collect();
    let rest = minor(&billable.total) - minor(&billable.settled);
    let first = waiting.first().map_or(rest, |receipt| minor(&receipt.amount));
    let sum = money::control(&money::home(first));
    form.preset("amount", &sum);
    form.preset("parts[0].application_number", &number.to_string());
    form.preset("parts[0].amount", &sum);
    if let Some(receipt) = waiting.first() {
        form.preset("received_on", &receipt.paid_on);
        form.preset("receipt_id", &receipt.id);
    }
    let mut choices = vec![Choice::new("", "–")];
    choices.extend(waiting.iter().map(|receipt| {
        let label =
            format!("{} · {} · {}", frame.money(&receipt.amount), frame.date(&receipt.paid_on), receipt.file_name);
        Choice::new(receipt.id.as_str(), label)
    }));
    let (shown, total) = (minor(&billable.shown), minor(&billable.total));
    Ok(PaymentCasePage {
        on_receipts: Some(money::home(waiting.iter().map(|receipt| minor(&receipt.amount)).sum())),
        difference: Some(money::home(shown - total)),
        covers: shown >= total,
        has_part: shown > minor(&billable.settled),
        pending: billable.payment_status() == PaymentStatus::Pending,
        parts: (0..PARTS).map(controls).collect(),
        waiting: choices,
        receipts: billable.receipts.clone(),
        frame,
        form,
        receipt_form,
        billable,
    })
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let blank = || Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, number, blank(), blank()).await?))
}

/// The page again, with what was typed.
pub(super) async fn refused(visit: &Visit, number: i64, form: Form, problem: &Problem) -> Answer {
    let blank = Form::new(visit, Fields::default());
    Ok(html_refused(&page(visit, number, form, blank).await?, problem))
}

pub(super) async fn record(Path(number): Path<i64>, posted: Posted) -> Answer {
    let mut parts = Vec::new();
    let mut fields = posted.fields.clone();
    // Rows left empty are closed up, so that a fault stands at the row it belongs to.
    for index in 0..PARTS {
        let [name, sum] = controls(index);
        let (typed, amount) = (posted.fields.text(&name), posted.fields.text(&sum));
        fields.replace(&name, "");
        fields.replace(&sum, "");
        if !typed.is_empty() || !amount.is_empty() {
            let at = parts.len();
            let [name, sum] = controls(at);
            fields.replace(&name, typed.as_str());
            fields.replace(&sum, amount.as_str());
            let application_number = typed.parse().unwrap_or_default();
            parts.push(TransferPart { application_number, amount: money::typed(&amount) });
        }
    }
    let request = posted.command(RecordTransferRequest {
        application_number: number,
        bank_document_number: posted.fields.text("bank_document_number"),
        amount: money::typed(posted.fields.get("amount")),
        received_on: posted.fields.text("received_on"),
        sender: posted.fields.text("sender"),
        parts,
        receipt_id: posted.fields.text("receipt_id"),
    });
    match posted.visit.app.services.billing().record_transfer(request).await {
        Ok(_) => Ok(to(&format!("/staff/payments/{number}"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, fields, problem.clone());
            refused(&posted.visit, number, form, &problem).await
        }
    }
}

pub(super) async fn upload(Path(number): Path<i64>, upload: Upload) -> Answer {
    let Sent { visit, fields, refused } = receipts::send(number, upload).await?;
    let Some(problem) = refused else { return Ok(to(&format!("/staff/payments/{number}"))) };
    let blank = Form::new(&visit, Fields::default());
    // The transfer's controls on this page have the plain names already.
    let mut at_controls = problem.clone();
    for violation in &mut at_controls.violations {
        violation.field = format!("receipt-{}", violation.field);
    }
    let mut form = Form::refused(&visit, fields, at_controls);
    for (control, key) in [("amount", "transfer-sum"), ("paid_on", "transfer-day"), ("file", "transfer-file")] {
        form.label(&format!("receipt-{control}"), &visit.texts.get(key));
    }
    Ok(html_refused(&page(&visit, number, blank, form).await?, &problem))
}
