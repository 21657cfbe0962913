//! The payment desk: a member of staff confirms that the money is there, or declines with a reason.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::Actor;
use proto::billing::v1::{ConfirmPaymentRequest, DeclinePaymentRequest};

use super::{DESK, Ports, tell_status};
use crate::{
    domain::{billable::Billable, codes, ledger::Owner, payer, receipt::ReceiptState, status::PaymentStatus},
    store,
};

async fn load(tx: &Tx, ports: &Ports, actor: &Actor, number: i64, version: i64) -> Result<Billable, Error> {
    permit::staff(actor, &DESK)?;
    let billable = store::load(&**tx, &ports.context.sealer, number).await?;
    if billable.version == version { Ok(billable) } else { Err(Error::VersionConflict) }
}

pub(crate) async fn confirm(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ConfirmPaymentRequest,
) -> Result<(), Error> {
    let context = &ports.context;
    let number = command.application_number;
    let mut billable = load(tx, ports, actor, number, command.version).await?;
    let who = permit::user(actor)?;
    if who == billable.account {
        return Err(Error::Forbidden);
    }
    let id = billable.invoice.ok_or_else(|| Error::refuse(codes::PAYMENT_NOT_PENDING))?;
    let mut invoice = store::invoice(&**tx, &context.sealer, id).await?;
    let evidence = store::evidence(&**tx, number).await?;
    let receipts = store::receipts(&**tx, &context.sealer, number).await?;
    let now = context.sources.now();
    let applied = billable.confirm(&mut invoice, &evidence, &receipts, (who, command.part), now)?;
    store::update(tx, &context.sealer, &mut billable, now).await?;
    store::set_invoice(tx, id, invoice.state, invoice.settled).await?;
    store::decide_evidence(tx, id, true).await?;
    let owner = Owner { application: billable.application, invoice: id };
    store::ledger::post(tx, &owner.applied(applied, invoice.settled), now).await?;
    super::documents::payment_receipt(tx, ports, &invoice, (applied, &evidence)).await?;
    let paid = billable.status == PaymentStatus::Paid;
    for left in receipts.iter().filter(|receipt| paid && receipt.state == ReceiptState::Waiting) {
        store::set_receipt_state(tx, &left.id, ReceiptState::Unneeded, "").await?;
    }
    let action = if paid { "PAYMENT_CONFIRMED" } else { "PAYMENT_PART_CONFIRMED" };
    audit::record(tx, &context.sources, actor, action, number, &invoice.document_number).await?;
    tell_status(tx, context, &billable, false).await
}

pub(crate) async fn decline(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &DeclinePaymentRequest,
) -> Result<(), Error> {
    let context = &ports.context;
    let number = command.application_number;
    let mut billable = load(tx, ports, actor, number, command.version).await?;
    let reason = payer::reason(&command.reason)?;
    let invoice = match billable.invoice {
        Some(id) => Some(store::invoice(&**tx, &context.sealer, id).await?),
        None => None,
    };
    let evidence = store::evidence(&**tx, number).await?;
    let receipts = store::receipts(&**tx, &context.sealer, number).await?;
    let (one, now) = (command.receipt_id.as_str(), context.sources.now());
    billable.decline(invoice.as_ref(), &evidence, &receipts, (one, reason.clone()), now)?;
    store::update(tx, &context.sealer, &mut billable, now).await?;
    let declined = |receipt: &&crate::domain::receipt::Receipt| {
        receipt.state == ReceiptState::Waiting && (one.is_empty() || receipt.id == one)
    };
    for receipt in receipts.iter().filter(declined) {
        store::set_receipt_state(tx, &receipt.id, ReceiptState::Declined, &reason).await?;
    }
    if let Some(invoice) = invoice.filter(|_| one.is_empty()) {
        store::decide_evidence(tx, invoice.id, false).await?;
    }
    audit::record(tx, &context.sources, actor, "PAYMENT_DECLINED", number, "").await?;
    tell_status(tx, context, &billable, true).await
}
