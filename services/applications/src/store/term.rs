//! Rows of `term`: since when a case stands where it stands, until when it should, and what of that was told.

use chassis::{Error, Tx, db::Source};
use kernel::Time;
use sea_orm::{
    ActiveValue::Set, Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*, sea_query::OnConflict,
};

use crate::domain::{case::Case, state::State, terms};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub state: String,
    pub since: i64,
    /// Nothing where the step has no term.
    pub due_at: Option<i64>,
    /// Notices of this term.
    pub told: i16,
    /// Notices of the case ever: they are told one after another.
    pub notices: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The case has come to another step.
pub(crate) async fn begin(tx: &Tx, case: &Case, since: Time, due_at: Option<Time>) -> Result<(), Error> {
    Entity::insert(ActiveModel {
        number: Set(case.number.get()),
        state: Set(case.state.code().to_owned()),
        since: Set(since.micros()),
        due_at: Set(due_at.map(|due| due.micros())),
        told: Set(0),
        notices: Set(0),
    })
    .on_conflict(
        OnConflict::column(Column::Number)
            .update_columns([Column::State, Column::Since, Column::DueAt, Column::Told])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

pub(crate) async fn of(db: &impl Source, number: i64) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(number).one(db).await?)
}

/// Cases of whose terms there may be something to tell, the most urgent first.
pub(crate) async fn pressing(db: &impl Source, now: Time, count: u64) -> Result<Vec<i64>, Error> {
    let returned = Column::State.eq(State::Returned.code());
    let reminded = |notice: terms::Reminder| {
        Condition::all()
            .add(Column::State.eq(State::Returned.code()))
            .add(Column::DueAt.lte(now.plus(notice.before).micros()))
            .add(Column::Told.lt(notice.told))
    };
    let over = Condition::any().add(returned).add(Column::Told.eq(0));
    let any = terms::REMINDERS
        .into_iter()
        .map(reminded)
        .fold(Condition::any(), Condition::add)
        .add(Condition::all().add(Column::DueAt.lte(now.micros())).add(over));
    let numbers = Entity::find()
        .filter(any)
        .order_by_asc(Column::DueAt)
        .select_only()
        .column(Column::Number)
        .limit(count)
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers)
}

/// Notes what was told; tells the notice's place among the case's.
pub(crate) async fn tell(tx: &Tx, row: &Model, told: i16, due_at: Option<i64>) -> Result<i64, Error> {
    let notices = row.notices + 1;
    Entity::update(ActiveModel {
        number: Set(row.number),
        told: Set(told),
        due_at: Set(due_at),
        notices: Set(notices),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok(notices)
}
