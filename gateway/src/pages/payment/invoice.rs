//! The step "Payment": the "Payment Invoice", "Download", "Terms&Conditions", "Back", "Pay".
#![expect(clippy::unused_self, reason = "templates hand over references and reach only methods")]

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::Application;
use proto::billing::v1::{Billable, Invoice, PaymentStatus, Receipt};
use proto::common::v1::Money;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::applications::load;
use crate::pages::words::minor;
use crate::pages::{Answer, html, steps, to};
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "payment/invoice.html")]
pub(super) struct InvoicePage {
    frame: Frame,
    form: Form,
    steps: Vec<steps::Step>,
    payable: bool,
    /// The payer pays by bank transfer: no way to the bank's page, but to its receipts.
    by_transfer: bool,
    /// A receipt was taken in a moment ago.
    saved: bool,
    receipts: Vec<Receipt>,
    /// What is still to be paid.
    rest: Option<Money>,
    invoice: Invoice,
}

impl InvoicePage {
    pub(super) fn new(
        visit: &Visit,
        application: &Application,
        billable: Billable,
        form: Form,
    ) -> Result<Self, Problem> {
        let status = billable.payment_status();
        let by_transfer = billable.payer.as_ref().is_some_and(|payer| payer.payment == "transfer");
        let open = match status {
            PaymentStatus::Unspecified | PaymentStatus::NotPaid | PaymentStatus::PartlyPaid => true,
            PaymentStatus::Pending => by_transfer,
            PaymentStatus::Paid | PaymentStatus::PartlyRefunded | PaymentStatus::Refunded => false,
        };
        let payable = open && !billable.closed;
        let settled = minor(&billable.settled);
        let rest =
            billable.total.as_ref().map(|total| Money { amount_minor: total.amount_minor - settled, ..total.clone() });
        Ok(Self {
            frame: Frame::new(visit, "payment-invoice"),
            form,
            steps: steps::steps(application, steps::Place::Payment),
            payable,
            by_transfer,
            saved: visit.query.has("saved"),
            receipts: billable.receipts,
            rest,
            invoice: billable.invoice.ok_or_else(Problem::not_found)?,
        })
    }

    fn currency(&self, invoice: &Invoice) -> String {
        currency(invoice)
    }

    fn vat_rate(&self, invoice: &Invoice) -> String {
        vat_rate(invoice)
    }
}

pub(crate) fn currency(invoice: &Invoice) -> String {
    invoice.total.as_ref().map(|total| total.currency.clone()).unwrap_or_default()
}

/// Basis points as per cent: 1600 as `16`, 1250 as `12.5`.
pub(crate) fn vat_rate(invoice: &Invoice) -> String {
    let (whole, rest) = (invoice.vat_rate_bp / 100, invoice.vat_rate_bp % 100);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}").trim_end_matches('0').to_owned() }
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let application = load(&visit, number).await?;
    let billable = super::billable(&visit, number).await?;
    if billable.invoice.is_none() {
        return Ok(to(&format!("/applications/{number}/payer")));
    }
    let form = Form::new(&visit, Fields::default());
    Ok(html(&InvoicePage::new(&visit, &application, billable, form)?))
}
