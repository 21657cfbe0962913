//! Documents that follow an invoice: each is issued in the transaction of what it is about, so that none is missing and no
//! number is lost.

use std::sync::Arc;

use chassis::{Error, Tx, counter, worker::each};
use kernel::{Money, VatRate};

use super::{Ports, settings};
use crate::{
    domain::{
        document::{self, Document, DocumentKind, Received, VerificationCode},
        evidence::Evidence,
        invoice::{Invoice, Line},
        refund::{Refund, RefundKind},
    },
    store,
};

/// Invoices of one step.
const AT_ONCE: u64 = 100;

fn code(ports: &Ports) -> VerificationCode {
    VerificationCode::from_bytes(ports.context.sources.random())
}

/// The next number of a series, with its year.
async fn number(tx: &Tx, ports: &Ports, kind: DocumentKind, series: &str) -> Result<String, Error> {
    let context = &ports.context;
    let year = context.zone.date(context.sources.now()).year();
    let sequence = counter::next(tx, &format!("{}/{series}/{year}", kind.code()), 1).await?;
    Ok(format!("{series}/{year}/{sequence}"))
}

/// The invoice itself may be verified.
pub(crate) async fn of_invoice(tx: &Tx, ports: &Ports, invoice: &Invoice) -> Result<(), Error> {
    let (context, document) = (&ports.context, Document::of_invoice(code(ports), invoice));
    store::document::insert(tx, &context.sealer, &document, invoice, context.sources.now()).await
}

/// So much of an invoice was confirmed, by this money.
pub(crate) async fn payment_receipt(
    tx: &Tx,
    ports: &Ports,
    invoice: &Invoice,
    (applied, evidence): (Money, &[Evidence]),
) -> Result<(), Error> {
    let context = &ports.context;
    let now = context.sources.now();
    let by = |shown: &Evidence| Received {
        kind: shown.kind.code().to_owned(),
        reference: shown.reference.clone(),
        on: context.zone.date(shown.at),
        amount: shown.amount,
    };
    let fresh = evidence.iter().filter(|shown| shown.applied && !shown.confirmed && shown.invoice == invoice.id);
    let received = fresh.map(by).collect();
    let Some(first) = invoice.content.lines.first() else { return Ok(()) };
    let lines = document::making_up(invoice.content.lines.clone(), applied, &paid_for(first, invoice));
    let number = number(tx, ports, DocumentKind::PaymentReceipt, &ports.config.receipt_series).await?;
    let subject = format!("{}:{}", invoice.id, invoice.settled.minor());
    let document = Document::after(
        code(ports),
        invoice,
        (DocumentKind::PaymentReceipt, &subject),
        (number, context.zone.date(now)),
        (applied, VatRate::from_basis_points(invoice.vat_rate_basis_points)),
        (lines, received),
    );
    store::document::insert(tx, &context.sealer, &document, invoice, now).await
}

/// A part of the price of an invoice as a whole.
fn paid_for(first: &Line, invoice: &Invoice) -> Line {
    Line { description: invoice.document_number.clone(), ..first.clone() }
}

/// A refund was granted: its credit note says what is no longer owed.
pub(crate) async fn credit_note(tx: &Tx, ports: &Ports, invoice: &Invoice, refund: &Refund) -> Result<(), Error> {
    let context = &ports.context;
    let (now, lines) = (context.sources.now(), &invoice.content.lines);
    let Some(first) = lines.first() else { return Ok(()) };
    let credited = match refund.kind {
        RefundKind::Lines => document::named(lines, &refund.lines),
        RefundKind::Full | RefundKind::Surplus => {
            let known = store::refund::of(&**tx, &context.sealer, refund.application.get()).await?;
            document::remaining(lines, &given_back(&known, invoice, Some(refund)))
        }
    };
    let document = Document::after(
        code(ports),
        invoice,
        (DocumentKind::CreditNote, &refund.id),
        (refund.credit_note.clone(), context.zone.date(now)),
        (refund.credited, VatRate::from_basis_points(invoice.vat_rate_basis_points)),
        (document::making_up(credited, refund.credited, &paid_for(first, invoice)), Vec::new()),
    );
    store::document::insert(tx, &context.sealer, &document, invoice, now).await
}

/// Lines of an invoice that granted refunds, but for this one, have given back.
fn given_back(known: &[Refund], invoice: &Invoice, but: Option<&Refund>) -> Vec<crate::domain::refund::RefundLine> {
    let granted = known
        .iter()
        .filter(|other| other.invoice == invoice.id && other.is_granted() && but.is_none_or(|but| but.id != other.id));
    granted.flat_map(|other| other.lines.iter().copied()).collect()
}

/// The case is completed: the act says what was rendered of what was paid. The tax is that of the day on which the
/// services were rendered.
pub(crate) async fn act(tx: &Tx, ports: &Ports, application: i64) -> Result<(), Error> {
    let context = &ports.context;
    let billable = match store::load(&**tx, &context.sealer, application).await {
        Ok(billable) => billable,
        // Nothing was to be paid for it.
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let Some(id) = billable.invoice else { return Ok(()) };
    let subject = id.to_string();
    if store::document::for_subject(&**tx, DocumentKind::Act, &subject).await?.is_some() {
        return Ok(());
    }
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let known = store::refund::of(&**tx, &context.sealer, application).await?;
    let granted = known.iter().filter(|refund| refund.invoice == id && refund.is_granted());
    let credited: i64 = granted.map(|refund| refund.credited.minor()).sum();
    let rendered = Money::home(invoice.settled.minor().saturating_sub(credited));
    let lines = &invoice.content.lines;
    let (true, Some(first)) = (rendered.is_positive(), lines.first()) else { return Ok(()) };
    let now = context.sources.now();
    let today = context.zone.date(now);
    let left = document::remaining(lines, &given_back(&known, &invoice, None));
    let rate = settings::vat(&**tx, ports, today).await?;
    let number = number(tx, ports, DocumentKind::Act, &ports.config.act_series).await?;
    let document = Document::after(
        code(ports),
        &invoice,
        (DocumentKind::Act, &subject),
        (number, today),
        (rendered, rate),
        (document::making_up(left, rendered, &paid_for(first, &invoice)), Vec::new()),
    );
    store::document::insert(tx, &context.sealer, &document, &invoice, now).await
}

/// Gives invoices of former versions their codes.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let context = &ports.context;
    let missing = store::document::without(context.db.read(), AT_ONCE).await?;
    each(missing, |id| {
        let inner = Arc::clone(ports);
        context.db.write(move |tx| async move {
            let id = id.parse().map_err(|_| Error::corrupt("invoice", "id", &id))?;
            let invoice = store::invoice(&*tx, &inner.context.sealer, id).await?;
            if store::document::for_subject(&*tx, DocumentKind::Invoice, &id.to_string()).await?.is_some() {
                return Ok(false);
            }
            of_invoice(&tx, &inner, &invoice).await?;
            Ok(true)
        })
    })
    .await
}
