//! Rows of `returned`: what an application said when it was last returned, and, once it came back, what was asked and
//! answered.

use chassis::{Error, Tx, db::Source, seal::Sealer};
use kernel::Time;
use sea_orm::{
    ActiveValue::Set,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
};

use super::{mark_reply, open_json, returned_place, seal_json};
use crate::domain::{
    case::Case,
    changes::{Answered, Answers, answers},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "returned")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub at: i64,
    pub answers_sealed: Vec<u8>,
    /// Nothing until the application came back.
    pub marks_sealed: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The last return of a case.
pub(crate) struct Returned {
    pub at: Time,
    pub answers: Answers,
    pub marks: Option<Vec<Answered>>,
}

pub(crate) async fn load(db: &impl Source, sealer: &Sealer, number: i64) -> Result<Option<Returned>, Error> {
    let Some(row) = Entity::find_by_id(number).one(db).await? else { return Ok(None) };
    let marks = row.marks_sealed.map(|sealed| open_json(sealer, &returned_place(number, "marks_sealed"), &sealed));
    Ok(Some(Returned {
        at: Time::from_micros(row.at),
        answers: open_json(sealer, &returned_place(number, "answers_sealed"), &row.answers_sealed)?,
        marks: marks.transpose()?,
    }))
}

/// Keeps what the case says as it goes back to its applicant.
pub(crate) async fn keep(tx: &Tx, sealer: &Sealer, case: &Case, now: Time) -> Result<(), Error> {
    let number = case.number.get();
    mark_reply::clear(tx, number).await?;
    Entity::insert(ActiveModel {
        number: Set(number),
        at: Set(now.micros()),
        answers_sealed: Set(seal_json(sealer, &returned_place(number, "answers_sealed"), &answers(case))?),
        marks_sealed: Set(None),
    })
    .on_conflict(
        OnConflict::column(Column::Number)
            .update_columns([Column::At, Column::AnswersSealed, Column::MarksSealed])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// The case came back: what was asked and said is kept beside what it said before.
pub(crate) async fn came_back(tx: &Tx, sealer: &Sealer, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    let sealed = seal_json(sealer, &returned_place(number, "marks_sealed"), &case.loaded.answered())?;
    Entity::update_many()
        .col_expr(Column::MarksSealed, Expr::value(sealed))
        .filter(Column::Number.eq(number))
        .exec(&**tx)
        .await?;
    mark_reply::clear(tx, number).await
}
