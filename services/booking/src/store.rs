//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod appointment;
pub(crate) mod appointment_change;
pub(crate) mod booking_right;
pub(crate) mod editions;
pub(crate) mod office_edition;
pub(crate) mod slot;
mod slots;
pub(crate) mod ticket;
pub(crate) mod tickets;

use std::collections::HashMap;

use chassis::{Error, Tx, db::Source};
use kernel::{AccountId, ApplicationNumber, PersonItemId, Time};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, OnConflict},
};

pub(crate) use slots::{NewSlot, change_places, free_place, lock_slots, open_slot, take_place};

use crate::domain::appointment::{Appointment, State};

/// An application's right to book.
pub(crate) struct Right {
    pub application: ApplicationNumber,
    pub account: AccountId,
    pub kind: String,
    pub items: Vec<PersonItemId>,
    pub open: bool,
    /// Whether the case has paid to be received without waiting.
    pub priority: bool,
    pub version: i64,
    /// After so many missed visits the office alone books, and so late a visitor keeps his turn; none: the settings'.
    pub missed_max: Option<u32>,
    pub late_minutes: Option<u32>,
}

/// The right of an application. Its lock is that of the application's appointments too: it is taken before theirs.
pub(crate) async fn right(db: &impl Source, number: i64) -> Result<Option<Right>, Error> {
    db.root(booking_right::Entity::find_by_id(number)).one(db).await?.map(to_right).transpose()
}

/// The rights of some applications, locked in the order of their numbers.
pub(crate) async fn rights(db: &impl Source, numbers: Vec<i64>) -> Result<HashMap<i64, Right>, Error> {
    use booking_right::{Column, Entity};
    let found = Entity::find().filter(Column::ApplicationNumber.is_in(numbers)).order_by_asc(Column::ApplicationNumber);
    let rows = db.root(found).all(db).await?;
    rows.into_iter().map(|row| Ok((row.application_number, to_right(row)?))).collect()
}

fn to_right(row: booking_right::Model) -> Result<Right, Error> {
    let number = row.application_number;
    let corrupt = |column| Error::corrupt("booking_right", column, number);
    Ok(Right {
        application: ApplicationNumber::new(number).map_err(|_| corrupt("application_number"))?,
        account: row.account_id.parse().map_err(|_| corrupt("account_id"))?,
        kind: row.kind,
        items: serde_json::from_str(&row.items).map_err(|_| corrupt("items"))?,
        open: row.open,
        priority: row.priority,
        version: row.version,
        missed_max: row.missed_max.map(i32::unsigned_abs),
        late_minutes: row.late_minutes.map(i32::unsigned_abs),
    })
}

/// The cases' own rules for those who come late, where they have one.
pub(crate) async fn late_minutes(db: &impl ConnectionTrait, numbers: Vec<i64>) -> Result<HashMap<i64, u32>, Error> {
    use booking_right::{Column, Entity};
    let rows: Vec<(i64, Option<i32>)> = Entity::find()
        .filter(Column::ApplicationNumber.is_in(numbers))
        .filter(Column::LateMinutes.is_not_null())
        .select_only()
        .columns([Column::ApplicationNumber, Column::LateMinutes])
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(number, minutes)| Some((number, minutes?.unsigned_abs()))).collect())
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
        priority: Set(right.priority),
        version: Set(right.version),
        missed_max: Set(right.missed_max.and_then(|max| i32::try_from(max).ok())),
        late_minutes: Set(right.late_minutes.and_then(|minutes| i32::try_from(minutes).ok())),
    })
    .on_conflict(
        OnConflict::column(Column::ApplicationNumber)
            .update_columns([
                Column::Kind,
                Column::Items,
                Column::Open,
                Column::Priority,
                Column::Version,
                Column::MissedMax,
                Column::LateMinutes,
            ])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

pub(crate) fn slot_id(office: &str, kind: &str, start: Time) -> String {
    format!("{office}/{kind}/{}", start.micros() / 60_000_000)
}

/// Whose slot it is, and of which kind.
pub(crate) fn office_and_kind(slot: &str) -> (&str, &str) {
    let pool = slot.rsplit_once('/').map_or(slot, |(pool, _)| pool);
    pool.rsplit_once('/').unwrap_or(("", pool))
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
        slot: row.slot_id,
        held_until: row.held_until.map(Time::from_micros),
        confirmed_at: row.confirmed_at.map(Time::from_micros),
        reminded_at: row.reminded_at.map(Time::from_micros),
        displaced_at: row.displaced_at.map(Time::from_micros),
        moves: row.moves,
        office: row.office_id,
    })
}

pub(crate) async fn appointment(db: &impl ConnectionTrait, id: &str) -> Result<Appointment, Error> {
    let row = appointment::Entity::find_by_id(id.to_owned()).one(db).await?.ok_or(Error::NotFound)?;
    to_appointment(row)
}

/// An appointment to be decided on with its application's right, under the lock of the latter.
pub(crate) async fn locked_appointment(tx: &Tx, id: &str) -> Result<(Appointment, Right), Error> {
    let seen = appointment(&**tx, id).await?;
    let right = right(&**tx, seen.application.get()).await?.ok_or(Error::NotFound)?;
    Ok((appointment(&**tx, id).await?, right))
}

/// All appointments of an application, earliest first.
pub(crate) async fn appointments(db: &impl ConnectionTrait, number: i64) -> Result<Vec<Appointment>, Error> {
    let rows = appointment::Entity::find()
        .filter(appointment::Column::ApplicationNumber.eq(number))
        .order_by_asc(appointment::Column::StartAt)
        .all(db)
        .await?;
    rows.into_iter().map(to_appointment).collect()
}

/// The same of several applications.
pub(crate) async fn appointments_of(
    db: &impl ConnectionTrait,
    numbers: Vec<i64>,
) -> Result<HashMap<i64, Vec<Appointment>>, Error> {
    let rows = appointment::Entity::find()
        .filter(appointment::Column::ApplicationNumber.is_in(numbers))
        .order_by_asc(appointment::Column::StartAt)
        .all(db)
        .await?;
    let mut all: HashMap<i64, Vec<Appointment>> = HashMap::new();
    for row in rows {
        all.entry(row.application_number).or_default().push(to_appointment(row)?);
    }
    Ok(all)
}

pub(crate) async fn insert_appointment(tx: &Tx, new: &Appointment) -> Result<(), Error> {
    appointment::Entity::insert(appointment_row(new)).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes new appointments and notes of what became of them.
pub(crate) async fn insert_all(
    tx: &Tx,
    new: Vec<appointment::ActiveModel>,
    notes: Vec<appointment_change::ActiveModel>,
) -> Result<(), Error> {
    if !new.is_empty() {
        appointment::Entity::insert_many(new).exec_without_returning(&**tx).await?;
        appointment_change::Entity::insert_many(notes).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

pub(crate) fn appointment_row(new: &Appointment) -> appointment::ActiveModel {
    let micros = |time: Option<Time>| time.map(|time| time.micros());
    appointment::ActiveModel {
        id: Set(new.id.to_string()),
        application_number: Set(new.application.get()),
        account_id: Set(new.account.to_string()),
        person_item_id: Set(new.item.to_string()),
        kind: Set(new.kind.clone()),
        slot_id: Set(new.slot.clone()),
        start_at: Set(new.start.micros()),
        state: Set(new.state.code().to_owned()),
        active: Set(new.is_active()),
        version: Set(new.version),
        held_until: Set(micros(new.held_until)),
        confirmed_at: Set(micros(new.confirmed_at)),
        reminded_at: Set(micros(new.reminded_at)),
        displaced_at: Set(micros(new.displaced_at)),
        moves: Set(new.moves),
        office_id: Set(new.office.clone()),
    }
}

/// Writes a moved appointment under the version it was read at.
pub(crate) async fn update_appointment(tx: &Tx, moved: &Appointment) -> Result<(), Error> {
    use appointment::Column;
    let done = changed(moved)
        .filter(Column::Id.eq(moved.id.to_string()))
        .filter(Column::Version.eq(moved.version - 1))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

/// Writes a hold that became an appointment, if it has not run out; the clock decides in the same statement.
pub(crate) async fn confirm_held(tx: &Tx, booked: &Appointment, now: Time) -> Result<bool, Error> {
    use appointment::Column;
    let done = changed(booked)
        .filter(Column::Id.eq(booked.id.to_string()))
        .filter(Column::Version.eq(booked.version - 1))
        .filter(Column::State.eq(State::Held.code()))
        .filter(Column::HeldUntil.gt(now.micros()))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

fn changed(moved: &Appointment) -> sea_orm::UpdateMany<appointment::Entity> {
    use appointment::{Column, Entity};
    let micros = |time: Option<Time>| Expr::value(time.map(|time| time.micros()));
    Entity::update_many()
        .col_expr(Column::State, Expr::value(moved.state.code()))
        .col_expr(Column::Active, Expr::value(moved.is_active()))
        .col_expr(Column::Version, Expr::value(moved.version))
        .col_expr(Column::SlotId, Expr::value(moved.slot.clone()))
        .col_expr(Column::OfficeId, Expr::value(moved.office.clone()))
        .col_expr(Column::StartAt, Expr::value(moved.start.micros()))
        .col_expr(Column::HeldUntil, micros(moved.held_until))
        .col_expr(Column::ConfirmedAt, micros(moved.confirmed_at))
        .col_expr(Column::RemindedAt, micros(moved.reminded_at))
        .col_expr(Column::DisplacedAt, micros(moved.displaced_at))
        .col_expr(Column::Moves, Expr::value(moved.moves))
}

/// Takes a hold away; false when it is a hold no more. With a time, only one that has run out by then.
pub(crate) async fn delete_held(tx: &Tx, held: &Appointment, by: Option<Time>) -> Result<bool, Error> {
    use appointment::{Column, Entity};
    let mut gone =
        Entity::delete_many().filter(Column::Id.eq(held.id.to_string())).filter(Column::State.eq(State::Held.code()));
    if let Some(by) = by {
        gone = gone.filter(Column::HeldUntil.lte(by.micros()));
    }
    Ok(gone.exec(&**tx).await?.rows_affected == 1)
}

/// Takes holds away, under the lock of their applications' rights.
pub(crate) async fn delete_all_held(tx: &Tx, ids: Vec<String>) -> Result<(), Error> {
    use appointment::{Column, Entity};
    if !ids.is_empty() {
        Entity::delete_many()
            .filter(Column::Id.is_in(ids))
            .filter(Column::State.eq(State::Held.code()))
            .exec(&**tx)
            .await?;
    }
    Ok(())
}

/// Notes what became of an appointment at its version.
pub(crate) async fn note(tx: &Tx, of: &Appointment, by: String, what: &str, at: Time) -> Result<(), Error> {
    appointment_change::Entity::insert(note_row(of, by, what, at)).exec_without_returning(&**tx).await?;
    Ok(())
}

pub(crate) fn note_row(of: &Appointment, by: String, what: &str, at: Time) -> appointment_change::ActiveModel {
    appointment_change::ActiveModel {
        appointment_id: Set(of.id.to_string()),
        version: Set(of.version),
        at: Set(at.micros()),
        by: Set(by),
        what: Set(what.to_owned()),
        start_at: Set(of.start.micros()),
        office_id: Set(of.office.clone()),
    }
}

/// What became of an appointment, oldest first.
pub(crate) async fn history(db: &impl ConnectionTrait, id: &str) -> Result<Vec<appointment_change::Model>, Error> {
    use appointment_change::{Column, Entity};
    Ok(Entity::find().filter(Column::AppointmentId.eq(id)).order_by_asc(Column::Version).all(db).await?)
}
