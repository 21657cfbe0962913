//! Payments told what the bank says of an attempt. Each charge counts once, in whatever order news arrive.

use chassis::{Error, Tx, wire};
use kernel::Time;
use proto::payments::v1::{ChargeMismatched, ChargeVerified};

use super::{Ports, tell_status};
use crate::{
    domain::{
        evidence::{Evidence, EvidenceKind},
        ledger::Owner,
    },
    store,
};

/// The bank took the money: "Pending" until staff confirm; what does not fit waits for staff and is never lost.
pub(crate) async fn charged(tx: &Tx, ports: &Ports, fact: &ChargeVerified) -> Result<(), Error> {
    let context = &ports.context;
    let id = fact.invoice_id.parse().map_err(|_| Error::Malformed("invoice id".to_owned()))?;
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let mut billable = store::load(&**tx, &context.sealer, invoice.application.get()).await?;
    let invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let applied = billable.charged(&invoice, &fact.attempt_id, context.sources.now());
    let evidence = Evidence {
        operation: fact.bank_operation_id.clone(),
        application: invoice.application,
        invoice: invoice.id,
        attempt: fact.attempt_id.clone(),
        amount: wire::parse_money(fact.amount.as_ref())?,
        reference: fact.reference.clone(),
        order: fact.order_number.clone(),
        approval_code: fact.approval_code.clone(),
        card_mask: fact.card_mask.clone(),
        at: Time::from_micros(fact.charged_at_micros),
        applied,
        confirmed: false,
        kind: EvidenceKind::Charge,
    };
    if !store::insert_evidence(tx, &evidence).await? {
        return Ok(());
    }
    let now = context.sources.now();
    let owner = Owner { application: invoice.application, invoice: invoice.id };
    store::ledger::post(tx, &owner.received(&evidence.operation, evidence.amount), now).await?;
    store::update(tx, &context.sealer, &mut billable, now).await?;
    if applied { tell_status(tx, context, &billable, false).await } else { Ok(()) }
}

/// The bank took money that does not fit: the invoice is free for another attempt, and what was taken waits to be given
/// back, as far as it is our money in our currency.
pub(crate) async fn mismatched(tx: &Tx, ports: &Ports, fact: &ChargeMismatched, at_micros: i64) -> Result<(), Error> {
    let context = &ports.context;
    let number = fact.application_number;
    ended(tx, ports, number, &fact.attempt_id).await?;
    let ours = matches!(fact.kind.as_str(), "amount" | "second_charge" | "not_payable");
    let Some(amount) = wire::parse_money(fact.charged.as_ref()).ok().filter(|amount| ours && amount.is_positive())
    else {
        return Ok(());
    };
    if fact.bank_operation_id.is_empty() {
        return Ok(());
    }
    let id = fact.invoice_id.parse().map_err(|_| Error::Malformed("invoice id".to_owned()))?;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    let evidence = Evidence {
        operation: fact.bank_operation_id.clone(),
        application: billable.application,
        invoice: id,
        attempt: fact.attempt_id.clone(),
        amount,
        reference: fact.reference.clone(),
        order: fact.order_number.clone(),
        approval_code: String::new(),
        card_mask: fact.card_mask.clone(),
        at: Time::from_micros(at_micros),
        applied: false,
        confirmed: false,
        kind: EvidenceKind::Charge,
    };
    if !store::insert_evidence(tx, &evidence).await? {
        return Ok(());
    }
    let now = context.sources.now();
    let owner = Owner { application: billable.application, invoice: id };
    store::ledger::post(tx, &owner.received(&evidence.operation, amount), now).await?;
    store::update(tx, &context.sealer, &mut billable, now).await
}

/// Payments holds the attempt that the invoice was reserved for: only its end sets it free.
pub(crate) async fn begun(tx: &Tx, ports: &Ports, number: i64, attempt: &str) -> Result<(), Error> {
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    if billable.attempt_begun(attempt) {
        store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
    }
    Ok(())
}

/// An attempt ended without money, or with money that did not fit: the invoice is free for another.
pub(crate) async fn ended(tx: &Tx, ports: &Ports, number: i64, attempt: &str) -> Result<(), Error> {
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    if billable.attempt_ended(attempt) {
        store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
    }
    Ok(())
}
