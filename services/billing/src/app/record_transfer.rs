//! Staff found a transfer on the account: its money is evidence for one invoice or for several. The bank's number of the
//! document stands for the money, so that the same money is never recorded twice.

use chassis::{Error, Tx, audit, auth::permit, wire};
use kernel::{Actor, InvoiceId, LineText, Money, Time, Violations, parse_date};
use proto::billing::v1::{RecordTransferRequest, TransferPart};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{DESK, Ports, tell_status};
use crate::{
    domain::{
        billable::Billable,
        codes,
        evidence::{Evidence, EvidenceKind},
        ledger::Owner,
        receipt::ReceiptState,
    },
    store::{self, transfer},
};

/// Invoices that one transfer may pay at most.
const PARTS_MAX: usize = 50;

struct Transfer {
    document: String,
    amount: Money,
    received: jiff::civil::Date,
    sender: String,
    /// Application and sum, with their place in the command, by application.
    parts: Vec<(i64, Money, usize)>,
}

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &RecordTransferRequest) -> Result<(), Error> {
    let who = permit::staff(actor, &DESK)?;
    let context = &ports.context;
    let now = context.sources.now();
    let told = told(ports, command)?;
    let row = transfer::ActiveModel {
        bank_document_number: Set(told.document.clone()),
        amount: Set(told.amount.minor()),
        received_on: Set(told.received.to_string()),
        sender_sealed: Set(context
            .sealer
            .seal(&format!("transfer/sender_sealed/{}", told.document), told.sender.as_bytes())?),
        recorded_by: Set(who.to_string()),
        recorded_at: Set(now.micros()),
    };
    let fresh = transfer::Entity::insert(row)
        .on_conflict(sea_orm::sea_query::OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    if fresh == 0 {
        return Err(Error::at("bank_document_number", codes::TRANSFER_KNOWN));
    }
    // All of them before the ledger's accounts, in the order of their numbers, as everybody locks them.
    let mut locked = Vec::new();
    for (number, amount, index) in &told.parts {
        let unknown = || Error::at(&format!("parts[{index}].application_number"), codes::INVOICE_UNKNOWN);
        let billable = match store::load(&**tx, &context.sealer, *number).await {
            Ok(billable) => billable,
            Err(Error::NotFound) => return Err(unknown()),
            Err(error) => return Err(error),
        };
        if actor.account() == Some(billable.account) {
            return Err(Error::Forbidden);
        }
        let invoice = store::money_is_for(tx, &billable).await?.ok_or_else(unknown)?;
        locked.push((billable, invoice, *amount));
    }
    for (billable, invoice, amount) in locked {
        part(tx, ports, billable, (invoice, amount), &told, now).await?;
    }
    if !command.receipt_id.is_empty() {
        let number = command.application_number;
        let known = store::receipts(&**tx, &context.sealer, number).await?;
        let shown = known.iter().find(|shown| shown.id == command.receipt_id && shown.state == ReceiptState::Waiting);
        let shown = shown.ok_or_else(|| Error::refuse(codes::RECEIPT_DECIDED))?;
        if !told.parts.iter().any(|(part, ..)| *part == number) {
            return Err(Error::refuse(codes::RECEIPT_DECIDED));
        }
        store::set_receipt_state(tx, &shown.id, ReceiptState::Matched, "").await?;
    }
    audit::record(tx, &context.sources, actor, "TRANSFER_RECORDED", &told.document, "").await
}

/// The money for one invoice: evidence, "Pending", and in the ledger's suspense until it is confirmed.
async fn part(
    tx: &Tx,
    ports: &Ports,
    mut billable: Billable,
    (invoice, amount): (InvoiceId, Money),
    told: &Transfer,
    now: Time,
) -> Result<(), Error> {
    let context = &ports.context;
    let invoice = store::invoice(&**tx, &context.sealer, invoice).await?;
    let applied = billable.transferred(&invoice, now);
    let operation = format!("transfer:{}:{}", told.document, billable.application);
    let evidence = Evidence {
        operation: operation.clone(),
        kind: EvidenceKind::Transfer,
        application: billable.application,
        invoice: invoice.id,
        attempt: String::new(),
        amount,
        reference: told.document.clone(),
        order: String::new(),
        approval_code: String::new(),
        card_mask: String::new(),
        at: context.zone.start_of(told.received),
        applied,
        confirmed: false,
    };
    store::insert_evidence(tx, &evidence).await?;
    let owner = Owner { application: billable.application, invoice: invoice.id };
    store::ledger::post(tx, &owner.received(&operation, amount), now).await?;
    store::update(tx, &context.sealer, &mut billable, now).await?;
    if applied { tell_status(tx, context, &billable, false).await } else { Ok(()) }
}

fn told(ports: &Ports, command: &RecordTransferRequest) -> Result<Transfer, Error> {
    let mut faults = Violations::new();
    let document = faults.check("bank_document_number", LineText::<60>::parse(&command.bank_document_number));
    let amount = sum("amount", command.amount.as_ref(), &mut faults);
    let received = faults.check("received_on", parse_date(&command.received_on));
    let today = ports.context.zone.date(ports.context.sources.now());
    if received.is_some_and(|day| day > today) {
        faults.add("received_on", codes::DATE_AHEAD);
    }
    let sender: String =
        faults.check_optional("sender", &command.sender, LineText::<200>::parse).map(Into::into).unwrap_or_default();
    let mut parts = Vec::new();
    for (index, TransferPart { application_number, amount }) in command.parts.iter().enumerate() {
        if let Some(amount) = sum(&format!("parts[{index}].amount"), amount.as_ref(), &mut faults) {
            parts.push((*application_number, amount, index));
        }
    }
    parts.sort_by_key(|(number, ..)| *number);
    let twice = parts.windows(2).any(|pair| matches!(pair, [(one, ..), (other, ..)] if one == other));
    if parts.is_empty() || parts.len() > PARTS_MAX || twice {
        faults.add("parts", codes::TRANSFER_PARTS);
    } else if faults.is_empty() && Money::sum(parts.iter().map(|(_, part, _)| *part)) != amount {
        faults.add("amount", codes::TRANSFER_PARTS);
    }
    match (document, amount, received, faults.is_empty()) {
        (Some(document), Some(amount), Some(received), true) => {
            Ok(Transfer { document: document.into(), amount, received, sender, parts })
        }
        _ => Err(faults.into_refusal().into()),
    }
}

fn sum(field: &str, told: Option<&proto::common::v1::Money>, faults: &mut Violations) -> Option<Money> {
    let parsed = wire::parse_money(told).ok().filter(Money::is_positive);
    if parsed.is_none() {
        faults.add(field, kernel::codes::AMOUNT_MALFORMED);
    }
    parsed
}
