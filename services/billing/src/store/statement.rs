//! Rows of `statement_line`.

use chassis::{Error, Tx, seal::Sealer};
use kernel::{Money, Time};
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _, entity::prelude::*, sea_query::OnConflict};

use crate::domain::statement::{Direction, StatementLine};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub line_key: String,
    /// Its number in the file.
    pub place: i32,
    pub booked_on: String,
    pub reference: String,
    pub direction: String,
    pub amount: i64,
    pub sender_sealed: Vec<u8>,
    pub purpose_sealed: Vec<u8>,
    /// The case that it is for, as far as it tells.
    pub application_number: Option<i64>,
    /// The evidence or refund that it is the bank's side of; empty where there is none yet.
    pub matched: String,
    pub imported_by: String,
    pub imported_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A line as it was imported.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub id: String,
    pub line: StatementLine,
    pub application: Option<i64>,
    pub matched: String,
}

fn place(column: &str, id: &str) -> String {
    format!("statement_line/{column}/{id}")
}

/// Writes a line; false where the same money is known already.
pub(crate) async fn insert(
    tx: &Tx,
    sealer: &Sealer,
    (id, line, line_key): (&str, &StatementLine, String),
    by: &str,
    now: Time,
) -> Result<bool, Error> {
    let row = ActiveModel {
        id: Set(id.to_owned()),
        line_key: Set(line_key),
        place: Set(i32::try_from(line.number).unwrap_or(i32::MAX)),
        booked_on: Set(line.booked_on.to_string()),
        reference: Set(line.reference.clone()),
        direction: Set(line.direction.code().to_owned()),
        amount: Set(line.amount.minor()),
        sender_sealed: Set(sealer.seal_text(&place("sender_sealed", id), &line.sender)?),
        purpose_sealed: Set(sealer.seal_text(&place("purpose_sealed", id), &line.purpose)?),
        application_number: Set(None),
        matched: Set(String::new()),
        imported_by: Set(by.to_owned()),
        imported_at: Set(now.micros()),
    };
    let fresh = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(fresh > 0)
}

/// What it is the bank's side of, or whose it may be.
pub(crate) async fn set_match(tx: &Tx, id: &str, application: Option<i64>, matched: &str) -> Result<(), Error> {
    Entity::update(ActiveModel {
        id: Set(id.to_owned()),
        application_number: Set(application),
        matched: Set(matched.to_owned()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(())
}

pub(crate) fn to_stored(row: Model, sealer: &Sealer) -> Result<Stored, Error> {
    let corrupt = |column| Error::corrupt("statement_line", column, &row.id);
    Ok(Stored {
        line: StatementLine {
            number: usize::try_from(row.place).map_err(|_| corrupt("place"))?,
            booked_on: row.booked_on.parse().map_err(|_| corrupt("booked_on"))?,
            direction: Direction::parse(&row.direction).ok_or_else(|| corrupt("direction"))?,
            amount: Money::home(row.amount),
            sender: sealer.open_text(&place("sender_sealed", &row.id), &row.sender_sealed)?,
            purpose: sealer.open_text(&place("purpose_sealed", &row.id), &row.purpose_sealed)?,
            reference: row.reference,
        },
        application: row.application_number,
        matched: row.matched,
        id: row.id,
    })
}

/// Lines that are the bank's side of nothing so far, the newest first.
pub(crate) async fn unmatched(tx: &Tx, sealer: &Sealer, at_most: u64) -> Result<Vec<Stored>, Error> {
    let query = Entity::find().filter(Column::Matched.eq("")).order_by_desc(Column::BookedOn).order_by_asc(Column::Id);
    let rows = query.limit(at_most).all(&**tx).await?;
    rows.into_iter().map(|row| to_stored(row, sealer)).collect()
}

/// Whether a line is the bank's side of it already.
pub(crate) async fn is_matched(tx: &Tx, matched: &str) -> Result<bool, Error> {
    Ok(Entity::find().filter(Column::Matched.eq(matched)).one(&**tx).await?.is_some())
}

/// Whether another line of the same number and sum is the bank's side of what it names.
pub(crate) async fn is_taken(db: &impl ConnectionTrait, one: &Stored) -> Result<bool, Error> {
    let query = Entity::find()
        .filter(Column::Reference.eq(&one.line.reference))
        .filter(Column::Amount.eq(one.line.amount.minor()))
        .filter(Column::Matched.ne(""))
        .filter(Column::Id.ne(&one.id));
    Ok(query.one(db).await?.is_some())
}

/// Lines booked on a day, as they were imported.
pub(crate) async fn of_day(db: &impl ConnectionTrait, sealer: &Sealer, day: &str) -> Result<Vec<Stored>, Error> {
    let query = Entity::find().filter(Column::BookedOn.eq(day));
    let rows = query.order_by_asc(Column::ImportedAt).order_by_asc(Column::Place).all(db).await?;
    rows.into_iter().map(|row| to_stored(row, sealer)).collect()
}
