//! Money back: the payer asks for it in full, by persons of a line, or for what was paid too much, and sees what becomes
//! of it and by when. Staff record his letter on the same page.

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{Billable, InvoiceLine, Refund, RefundLine, RequestRefundRequest};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::words::minor;
use crate::pages::{Answer, Choice, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "payment/refund.html")]
struct RefundPage {
    frame: Frame,
    form: Form,
    number: i64,
    kinds: Vec<Choice>,
    lines: Vec<(InvoiceLine, String)>,
    refunds: Vec<Refund>,
    /// There is money to ask for, or an account to tell.
    may_ask: bool,
    by_letter: bool,
    /// Money came by card, and may go back to it.
    by_card: bool,
    billable: Billable,
}

fn control(number: u32) -> String {
    format!("line_{number}")
}

async fn page(visit: &Visit, number: i64, mut form: Form) -> Result<RefundPage, Problem> {
    let billable = super::billable(visit, number).await?;
    let kinds = ["full", "lines", "surplus"];
    let invoice = billable.invoice.clone().unwrap_or_default();
    if let Some(payer) = billable.payer.as_ref().filter(|payer| payer.payment_type == "legal") {
        for (name, value) in
            [("holder", &payer.company_name), ("bank", &payer.bank), ("iban", &payer.iban), ("bic", &payer.bic)]
        {
            form.preset(name, value);
        }
    } else {
        form.preset("holder", &invoice.payer_name);
    }
    let open = |refund: &&Refund| !matches!(refund.state.as_str(), "declined" | "done");
    // Where only the account is still to be told, the rest stands there as it was asked for.
    if let Some(refund) = billable.refunds.iter().find(open) {
        form.preset("kind", &refund.kind);
        form.preset("reason", &refund.reason);
    }
    let may_ask = match billable.refunds.iter().find(open) {
        // What can go back by card needs no account.
        Some(refund) => {
            refund.iban.is_empty()
                && match refund.state.as_str() {
                    "requested" => refund.reason.is_empty() || !refund.by_card,
                    "failed" => !visit.is_staff(),
                    _ => !visit.is_staff() && !refund.by_card && refund.state != "sent",
                }
        }
        None => minor(&billable.refundable) > 0,
    };
    Ok(RefundPage {
        frame: Frame::new(visit, "refund"),
        form,
        number,
        kinds: kinds.map(|kind| Choice::new(kind, visit.texts.get(&format!("refund-kind-{kind}")))).into(),
        lines: invoice.lines.into_iter().map(|line| (line.clone(), control(line.number))).collect(),
        refunds: billable.refunds.clone(),
        may_ask,
        by_letter: visit.is_staff(),
        by_card: billable.evidence.iter().any(|shown| shown.kind.ends_with("charge")),
        billable,
    })
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, number, form).await?))
}

pub(super) async fn ask(Path(number): Path<i64>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let text = |name: &str| posted.fields.text(name);
    let lines = (1..=100)
        .map(|number| RefundLine { number, quantity: posted.fields.number(&control(number)) })
        .filter(|line| line.quantity > 0)
        .collect();
    let request = posted.command(RequestRefundRequest {
        application_number: number,
        kind: text("kind"),
        lines,
        reason: text("reason"),
        holder: text("holder"),
        bank: text("bank"),
        iban: text("iban"),
        bic: text("bic"),
        letter_number: text("letter_number"),
    });
    match visit.app.services.billing().request_refund(request).await {
        Ok(_) => Ok(to(&format!("/applications/{number}/refund"))),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(visit, number, form).await?, &problem))
        }
    }
}
