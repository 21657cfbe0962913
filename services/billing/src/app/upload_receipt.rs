//! A receipt of a bank transfer, uploaded by the payer, or by staff for him: a row RECEIVING first, then the sealed
//! file, then it counts and the payment is "Pending". What never ends is swept.

use std::{sync::Arc, time::Duration};

use chassis::{Error, Tx, audit, seal::digest, wire};
use intake::Taken;
use jiff::civil::Date;
use kernel::{Actor, DocumentId, ErrorCode as _, Money, Refusal, Role, Violation, Violations, parse_date};
use proto::billing::v1::ReceiptStart;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr,
};

use super::{Ports, tell_status};
use crate::{
    domain::{billable::Billable, codes, receipt::ReceiptState},
    store::{
        self,
        receipt::{self, place},
    },
};

/// Who may upload for somebody else.
const ON_BEHALF: [Role; 2] = [Role::Manager, Role::Finance];
/// More than any transfer for an invoice of ours.
const AMOUNT_MAX: i64 = 100_000_000_000;

/// Refuses what can't be taken before a byte of it is kept.
pub(crate) async fn check(ports: &Ports, actor: &Actor, start: &ReceiptStart) -> Result<(), Error> {
    let context = &ports.context;
    let billable = store::load(context.db.read(), &context.sealer, start.application_number).await?;
    permitted(actor, &billable)?;
    room(ports, context.db.read(), &billable).await?;
    told(ports, start).map(|_| ())
}

fn permitted(actor: &Actor, billable: &Billable) -> Result<(), Error> {
    if actor.account() == Some(billable.account) {
        return Ok(());
    }
    super::visible(actor, billable.account)?;
    chassis::auth::permit::staff(actor, &ON_BEHALF).map(|_| ())
}

async fn room(ports: &Ports, db: &impl sea_orm::ConnectionTrait, billable: &Billable) -> Result<(), Error> {
    billable.may_show_receipt()?;
    let shown = store::receipts(db, &ports.context.sealer, billable.application.get()).await?;
    if shown.len() >= ports.config.receipts.files_max {
        return Err(Error::at("file", codes::FILES_TOO_MANY));
    }
    Ok(())
}

/// Sum and day as told, checked.
fn told(ports: &Ports, start: &ReceiptStart) -> Result<(Money, Date), Error> {
    let mut faults = Violations::new();
    let amount = wire::parse_money(start.amount.as_ref()).ok().filter(|sum| (1..=AMOUNT_MAX).contains(&sum.minor()));
    if amount.is_none() {
        faults.add("amount", kernel::codes::AMOUNT_MALFORMED);
    }
    let day = faults.check("paid_on", parse_date(&start.paid_on));
    let today = ports.context.zone.date(ports.context.sources.now());
    if day.is_some_and(|day| day > today) {
        faults.add("paid_on", codes::DATE_AHEAD);
    }
    match (amount, day, faults.is_empty()) {
        (Some(amount), Some(day), true) => Ok((amount, day)),
        _ => Err(faults.into_refusal().into()),
    }
}

/// The refusal of a file that grows too large.
pub(crate) fn too_large(ports: &Ports) -> Error {
    let mib = ports.config.receipts.size_mib_max.to_string();
    Refusal::invalid(vec![Violation::new("file", codes::FILE_TOO_LARGE).with("mib", mib)]).into()
}

/// Stores a whole file that has arrived.
pub(crate) async fn run(ports: &Arc<Ports>, actor: Actor, start: ReceiptStart, content: Vec<u8>) -> Result<(), Error> {
    let context = &ports.context;
    let (amount, paid_on) = told(ports, &start)?;
    let looked = ports.intake.take(content).await.map_err(|away| Error::Unavailable(away.to_string()))?;
    let Taken { media_type, content, .. } = looked.map_err(|unfit| Error::at("file", unfit.code()))?;
    let id = DocumentId::from_uuid(context.sources.uuid()).to_string();
    let row = receipt::ActiveModel {
        id: Set(id.clone()),
        application_number: Set(start.application_number),
        invoice_id: Set(String::new()),
        amount: Set(amount.minor()),
        paid_on: Set(paid_on.to_string()),
        file_name_sealed: Set(context
            .sealer
            .seal_text(&place("file_name_sealed", &id), &intake::file_name(&start.file_name))?),
        media_type: Set(media_type.to_owned()),
        size_bytes: Set(i64::try_from(content.len()).unwrap_or(i64::MAX)),
        sha256: Set(digest(&content)),
        key_sealed: Set(Vec::new()),
        state: Set(ReceiptState::Receiving.code().to_owned()),
        reason: Set(String::new()),
        uploaded_by: Set(actor.account().map(|account| account.to_string()).unwrap_or_default()),
        on_behalf: Set(false),
        uploaded_at: Set(context.sources.now().micros()),
    };
    context
        .db
        .write(move |tx| async move {
            receipt::Entity::insert(row).exec_without_returning(&*tx).await?;
            Ok::<_, Error>(())
        })
        .await?;
    let stored = context.files.put(&id, &content).await?;
    let key_sealed = context.sealer.seal(&place("key_sealed", &id), &stored.key)?;
    let inner = Arc::clone(ports);
    let number = start.application_number;
    context.db.write(move |tx| async move { keep(&tx, &inner, &actor, number, &id, key_sealed).await }).await
}

async fn keep(tx: &Tx, ports: &Ports, actor: &Actor, number: i64, id: &str, key_sealed: Vec<u8>) -> Result<(), Error> {
    let context = &ports.context;
    let now = context.sources.now();
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    permitted(actor, &billable)?;
    room(ports, &**tx, &billable).await?;
    let Some(invoice) = billable.invoice else { return Err(Error::refuse(codes::INVOICE_NOT_PAYABLE)) };
    let on_behalf = actor.account() != Some(billable.account);
    receipt::Entity::update_many()
        .col_expr(receipt::Column::State, Expr::value(ReceiptState::Waiting.code()))
        .col_expr(receipt::Column::KeySealed, Expr::value(key_sealed))
        .col_expr(receipt::Column::InvoiceId, Expr::value(invoice.to_string()))
        .col_expr(receipt::Column::OnBehalf, Expr::value(on_behalf))
        .filter(receipt::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    billable.receipt_shown(now)?;
    store::update(tx, &context.sealer, &mut billable, now).await?;
    let action = if on_behalf { "RECEIPT_UPLOADED_ON_BEHALF" } else { "RECEIPT_UPLOADED" };
    audit::record(tx, &context.sources, actor, action, number, id).await?;
    tell_status(tx, context, &billable, false).await
}

/// Removes files whose upload never ended, some at a time.
pub(crate) async fn sweep(ports: &Ports) -> Result<u64, Error> {
    let context = &ports.context;
    let before = context.sources.now().minus(Duration::from_secs(ports.config.receipts.orphan_hours * 3600)).micros();
    let orphans: Vec<String> = receipt::Entity::find()
        .filter(receipt::Column::State.eq(ReceiptState::Receiving.code()))
        .filter(receipt::Column::UploadedAt.lt(before))
        .select_only()
        .column(receipt::Column::Id)
        .limit(100)
        .into_tuple()
        .all(context.db.read())
        .await?;
    for id in &orphans {
        context.files.delete(id).await?;
    }
    let count = orphans.len() as u64;
    if count > 0 {
        context
            .db
            .write(move |tx| async move {
                receipt::Entity::delete_many().filter(receipt::Column::Id.is_in(orphans)).exec(&*tx).await?;
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(count)
}
