//! Tickets: row to domain and back.

use chassis::{Error, Tx};
use jiff::civil::Date;
use kernel::{ApplicationNumber, Time, parse_date};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};

use super::ticket::{ActiveModel, Column, Entity, Model};
use crate::domain::queue::{Lane, Ticket};

fn to_ticket(row: Model) -> Result<Ticket, Error> {
    let corrupt = |column| Error::corrupt("ticket", column, &row.id);
    let appointment = row.appointment_id.as_deref().map(str::parse).transpose();
    Ok(Ticket {
        day: parse_date(&row.day).map_err(|_| corrupt("day"))?,
        number: row.number,
        application: ApplicationNumber::new(row.application_number).map_err(|_| corrupt("application_number"))?,
        appointment: appointment.map_err(|_| corrupt("appointment_id"))?,
        lane: Lane::parse(&row.lane).ok_or_else(|| corrupt("lane"))?,
        arrived_at: Time::from_micros(row.arrived_at),
        due_at: Time::from_micros(row.due_at),
        called_at: row.called_at.map(Time::from_micros),
        desk: row.desk,
        ended_at: row.ended_at.map(Time::from_micros),
        left: row.left_early,
        office: row.office_id,
        id: row.id,
    })
}

/// All of a day in an office, by what it is called in rows; in the order in which they came.
pub(crate) async fn of_day(db: &impl ConnectionTrait, office: Vec<String>, day: Date) -> Result<Vec<Ticket>, Error> {
    let rows = Entity::find()
        .filter(Column::Day.eq(day.to_string()))
        .filter(Column::OfficeId.is_in(office))
        .order_by_asc(Column::Number)
        .all(db)
        .await?;
    rows.into_iter().map(to_ticket).collect()
}

pub(crate) async fn one(db: &impl ConnectionTrait, id: &str) -> Result<Ticket, Error> {
    to_ticket(Entity::find_by_id(id.to_owned()).one(db).await?.ok_or(Error::NotFound)?)
}

pub(crate) async fn of_appointment(db: &impl ConnectionTrait, id: &str) -> Result<Option<Ticket>, Error> {
    Entity::find().filter(Column::AppointmentId.eq(id)).one(db).await?.map(to_ticket).transpose()
}

pub(crate) async fn insert(tx: &Tx, new: &Ticket) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(new.id.clone()),
        day: Set(new.day.to_string()),
        number: Set(new.number),
        application_number: Set(new.application.get()),
        appointment_id: Set(new.appointment.map(|id| id.to_string())),
        lane: Set(new.lane.code().to_owned()),
        arrived_at: Set(new.arrived_at.micros()),
        due_at: Set(new.due_at.micros()),
        called_at: Set(None),
        desk: Set(0),
        ended_at: Set(None),
        left_early: Set(false),
        office_id: Set(new.office.clone()),
    };
    Entity::insert(row).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Calls one who waits; false when another desk was faster.
pub(crate) async fn call(tx: &Tx, id: &str, desk: i32, now: Time) -> Result<bool, Error> {
    let called = Entity::update_many()
        .col_expr(Column::CalledAt, Expr::value(Some(now.micros())))
        .col_expr(Column::Desk, Expr::value(desk))
        .filter(Column::Id.eq(id))
        .filter(Column::CalledAt.is_null())
        .filter(Column::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(called.rows_affected == 1)
}

/// Ends one; what has ended stays as it is.
pub(crate) async fn end(tx: &Tx, id: &str, left: bool, now: Time) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(Some(now.micros())))
        .col_expr(Column::LeftEarly, Expr::value(left))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}
