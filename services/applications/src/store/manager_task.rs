//! Rows of `manager_task`: what the personal manager does for a line, as far as somebody has written it down.

use chassis::{Error, Tx, db::Source};
use sea_orm::{ActiveValue::Set, entity::prelude::*, sea_query::OnConflict};

use crate::domain::manager_task::Given;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "manager_task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub task: String,
    /// ISO dates; empty: on no given day, not done.
    pub due_on: String,
    pub done_on: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn of(db: &impl Source, number: i64) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::Number.eq(number)).all(db).await?)
}

pub(crate) async fn put(tx: &Tx, number: i64, line_id: &str, given: &Given) -> Result<(), Error> {
    let day = |date: Option<jiff::civil::Date>| Set(date.map(|date| date.to_string()).unwrap_or_default());
    Entity::insert(ActiveModel {
        number: Set(number),
        line_id: Set(line_id.to_owned()),
        task: Set(given.task.code().to_owned()),
        due_on: day(given.due_on),
        done_on: day(given.done_on),
    })
    .on_conflict(
        OnConflict::columns([Column::Number, Column::LineId, Column::Task])
            .update_columns([Column::DueOn, Column::DoneOn])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}
