//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod appointment;
pub(crate) mod booking_right;
pub(crate) mod slot;

use chassis::{Error, Tx, db::Source};
use kernel::{AccountId, ApplicationNumber, PersonItemId, Time};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::domain::appointment::{Appointment, State};

/// An application's right to book.
pub(crate) struct Right {
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub kind: String,
    pub items: Vec<PersonItemId>,
    pub open: bool,
    pub version: i64,
}

/// The right of an application. Its lock is that of the application's appointments too: it is taken before theirs.
pub(crate) async fn right(db: &impl Source, number: i64) -> Result<Option<Right>, Error> {
    let Some(row) = db.root(booking_right::Entity::find_by_id(number)).one(db).await? else { return Ok(None) };
    let corrupt = |column| Error::corrupt("booking_right", column, number);
    Ok(Some(Right {
        application: ApplicationNumber::new(row.application_number).map_err(|_| corrupt("application_number"))?,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        kind: row.kind,
        items: serde_json::from_str(&row.items).map_err(|_| corrupt("items"))?,
        open: row.open,
        version: row.version,
    }))
}

/// Writes a right, new or newer.
pub(crate) async fn put_right(tx: &Tx, right: &Right) -> Result<(), Error> {
    use booking_right::{ActiveModel, Column, Entity};
    Entity::insert(ActiveModel {
        application_number: Set(right.application.get()),
        account_id: Set(right.account.to_string()),
        kind: Set(right.kind.clone()),
        items: Set(serde_json::to_string(&right.items).map_err(|error| Error::Internal(error.into()))?),
        open: Set(right.open),
        version: Set(right.version),
    })
    .on_conflict(
        OnConflict::column(Column::ApplicationNumber)
            .update_columns([Column::Kind, Column::Items, Column::Open, Column::Version])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// Makes the slot's row where there is none; false when the slot is full. Locks nothing that is there.
pub(crate) async fn open_slot(tx: &Tx, id: &str, start: Time, capacity: i32) -> Result<bool, Error> {
    use slot::{ActiveModel, Entity};
    if let Some(known) = Entity::find_by_id(id.to_owned()).one(&**tx).await? {
        return Ok(known.taken < known.capacity);
    }
    Entity::insert(ActiveModel {
        id: Set(id.to_owned()),
        start_at: Set(start.micros()),
        capacity: Set(capacity),
        taken: Set(0),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(true)
}

/// Takes one place of a slot; false when it is full.
pub(crate) async fn take_place(tx: &Tx, id: &str) -> Result<bool, Error> {
    use slot::{Column, Entity};
    let taken = Entity::update_many()
        .col_expr(Column::Taken, Expr::col(Column::Taken).add(1))
        .filter(Column::Id.eq(id))
        .filter(Expr::col(Column::Taken).lt(Expr::col(Column::Capacity)))
        .exec(&**tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Gives one place of a slot back.
pub(crate) async fn free_place(tx: &Tx, id: &str) -> Result<(), Error> {
    use slot::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::Taken, Expr::col(Column::Taken).sub(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Taken.gt(0))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(crate) fn slot_id(office: &str, kind: &str, start: Time) -> String {
    format!("{office}/{kind}/{}", start.micros() / 60_000_000)
}

pub(crate) fn to_appointment(row: appointment::Model) -> Result<Appointment, Error> {
    let corrupt = |column| Error::corrupt("appointment", column, &row.id);
    Ok(Appointment {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        application: ApplicationNumber::new(row.application_number).map_err(|_| corrupt("application_number"))?,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        item: row.person_item_id.parse().map_err(|_| corrupt("person_item_id"))?,
        state: State::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        start: Time::from_micros(row.start_at),
        version: row.version,
        kind: row.kind,
    })
}

pub(crate) async fn appointment(db: &impl ConnectionTrait, id: &str) -> Result<(Appointment, String), Error> {
    let row = appointment::Entity::find_by_id(id.to_owned()).one(db).await?.ok_or(Error::NotFound)?;
    let slot = row.slot_id.clone();
    Ok((to_appointment(row)?, slot))
}

/// An appointment to be decided on, under the lock of its application's right.
pub(crate) async fn locked_appointment(tx: &Tx, id: &str) -> Result<(Appointment, String), Error> {
    let (seen, _) = appointment(&**tx, id).await?;
    right(&**tx, seen.application.get()).await?;
    appointment(&**tx, id).await
}

/// All appointments of an application, earliest first, each with its slot.
pub(crate) async fn appointments(db: &impl ConnectionTrait, number: i64) -> Result<Vec<(Appointment, String)>, Error> {
    let rows = appointment::Entity::find()
        .filter(appointment::Column::ApplicationNumber.eq(number))
        .order_by_asc(appointment::Column::StartAt)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let slot = row.slot_id.clone();
            Ok((to_appointment(row)?, slot))
        })
        .collect()
}

pub(crate) async fn insert_appointment(tx: &Tx, new: &Appointment, slot: &str) -> Result<(), Error> {
    appointment::Entity::insert(appointment::ActiveModel {
        id: Set(new.id.to_string()),
        application_number: Set(new.application.get()),
        account_id: Set(new.account.to_string()),
        person_item_id: Set(new.item.to_string()),
        kind: Set(new.kind.clone()),
        slot_id: Set(slot.to_owned()),
        start_at: Set(new.start.micros()),
        state: Set(new.state.code().to_owned()),
        active: Set(new.is_active()),
        version: Set(new.version),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// Writes a moved appointment under the version it was read at.
pub(crate) async fn update_appointment(tx: &Tx, moved: &Appointment) -> Result<(), Error> {
    use appointment::{Column, Entity};
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(moved.state.code()))
        .col_expr(Column::Active, Expr::value(moved.is_active()))
        .col_expr(Column::Version, Expr::value(moved.version))
        .filter(Column::Id.eq(moved.id.to_string()))
        .filter(Column::Version.eq(moved.version - 1))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}
