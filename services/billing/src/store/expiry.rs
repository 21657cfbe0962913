//! What the terms of invoices are looked up by.

use chassis::{Error, Tx, db::Source};
use jiff::civil::Date;
use kernel::{InvoiceId, Time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::{billable, invoice};
use crate::domain::{expiry::REMINDERS, invoice::InvoiceState};

/// Applications whose invoice in force is over, or due for a reminder until `soon`, some at a time.
pub(crate) async fn pressing(db: &impl Source, today: Date, soon: Date, count: u64) -> Result<Vec<i64>, Error> {
    let [.., last] = REMINDERS;
    let over = invoice::Column::DueDate.lt(today.to_string());
    let unreminded =
        Condition::any().add(invoice::Column::RemindedDays.is_null()).add(invoice::Column::RemindedDays.gt(last));
    let numbers = invoice::Entity::find()
        .filter(invoice::Column::State.eq(InvoiceState::Issued.code()))
        .filter(invoice::Column::DueDate.lte(soon.to_string()))
        .filter(Condition::any().add(over).add(unreminded))
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
