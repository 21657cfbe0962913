//! What the terms of invoices are looked up by.

use chassis::{Error, Tx, db::Source};
use jiff::{ToSpan as _, civil::Date};
use kernel::{InvoiceId, Time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, RelationDef,
};

use super::{billable, invoice};
use crate::domain::{expiry::REMINDERS, invoice::InvoiceState, status::PaymentStatus};

/// Applications whose invoice in force ran out before `over`, or has come to a reminder that was not sent, the most urgent
/// first, some at a time. Only such as something is done about: others would stand before them at each look.
pub(crate) async fn pressing(db: &impl Source, today: Date, over: Date, count: u64) -> Result<Vec<i64>, Error> {
    let of_billable: RelationDef =
        invoice::Entity::belongs_to(billable::Entity).from(invoice::Column::Id).to(billable::Column::InvoiceId).into();
    let due = |step: i32| {
        let day = today.saturating_add(i64::from(step).days());
        let unsent =
            Condition::any().add(invoice::Column::RemindedDays.is_null()).add(invoice::Column::RemindedDays.gt(step));
        Condition::all().add(invoice::Column::DueDate.lte(day.to_string())).add(unsent)
    };
    let reminders = REMINDERS.into_iter().map(due).fold(Condition::any(), Condition::add);
    let ahead = Condition::all().add(invoice::Column::DueDate.gte(today.to_string())).add(reminders);
    let numbers = invoice::Entity::find()
        .join(JoinType::InnerJoin, of_billable)
        .filter(invoice::Column::State.eq(InvoiceState::Issued.code()))
        .filter(Condition::any().add(invoice::Column::DueDate.lt(over.to_string())).add(ahead))
        .filter(billable::Column::Status.eq(PaymentStatus::NotPaid.code()))
        .filter(billable::Column::LiveAttempt.eq(""))
        .filter(billable::Column::Closed.eq(false))
        .order_by_asc(invoice::Column::DueDate)
        .select_only()
        .column(invoice::Column::ApplicationNumber)
        .limit(count)
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers)
}

/// The step of the last reminder of an invoice.
pub(crate) async fn reminded(db: &impl Source, id: InvoiceId) -> Result<Option<i32>, Error> {
    let row = invoice::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(row.and_then(|row| row.reminded_days))
}

pub(crate) async fn remind(tx: &Tx, id: InvoiceId, step: i32) -> Result<(), Error> {
    let row = invoice::ActiveModel { id: Set(id.to_string()), reminded_days: Set(Some(step)), ..Default::default() };
    invoice::Entity::update(row).exec(&**tx).await?;
    Ok(())
}

/// Applications whose invoice is reserved since before `then` for an attempt that nobody has begun.
pub(crate) async fn reserved_before(db: &impl Source, then: Time, count: u64) -> Result<Vec<i64>, Error> {
    let numbers = billable::Entity::find()
        .filter(billable::Column::ReservedAt.lt(then.micros()))
        .select_only()
        .column(billable::Column::ApplicationNumber)
        .limit(count)
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers)
}
