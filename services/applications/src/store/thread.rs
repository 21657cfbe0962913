//! Rows of `thread`: how much was written on a case, and how much of it each side has not read.

use chassis::{Error, Tx, db::Source};
use sea_orm::{
    ActiveValue::Set,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::domain::thread::{Side, Thread};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thread")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub messages: i32,
    pub notes: i32,
    pub unread_by_applicant: i32,
    pub unread_by_staff: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A case on which nobody has written has no row yet.
pub(crate) async fn load(db: &impl Source, number: i64) -> Result<Thread, Error> {
    let Some(row) = Entity::find_by_id(number).one(db).await? else { return Ok(Thread::default()) };
    let count = |value: i32, column| u32::try_from(value).map_err(|_| Error::corrupt("thread", column, number));
    Ok(Thread {
        messages: count(row.messages, "messages")?,
        notes: count(row.notes, "notes")?,
        unread_by_applicant: count(row.unread_by_applicant, "unread_by_applicant")?,
        unread_by_staff: count(row.unread_by_staff, "unread_by_staff")?,
    })
}

/// Under the lock of the case's row.
pub(crate) async fn save(tx: &Tx, number: i64, thread: &Thread) -> Result<(), Error> {
    let count = |value: u32| Set(i32::try_from(value).unwrap_or(i32::MAX));
    Entity::insert(ActiveModel {
        number: Set(number),
        messages: count(thread.messages),
        notes: count(thread.notes),
        unread_by_applicant: count(thread.unread_by_applicant),
        unread_by_staff: count(thread.unread_by_staff),
    })
    .on_conflict(
        OnConflict::column(Column::Number)
            .update_columns([Column::Messages, Column::Notes, Column::UnreadByApplicant, Column::UnreadByStaff])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// Takes off what a reader has seen; what came meanwhile stays unread.
pub(crate) async fn read(tx: &Tx, number: i64, side: Side, seen: u32) -> Result<(), Error> {
    let column = match side {
        Side::Applicant => Column::UnreadByApplicant,
        Side::Staff => Column::UnreadByStaff,
    };
    let seen = i32::try_from(seen).unwrap_or(i32::MAX);
    Entity::update_many()
        .col_expr(column, Expr::col(column).sub(seen))
        .filter(Column::Number.eq(number))
        .filter(column.gte(seen))
        .exec(&**tx)
        .await?;
    Ok(())
}
