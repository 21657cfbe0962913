//! Rows of `setting_change`.

use chassis::{Error, Tx};
use jiff::civil::Date;
use kernel::Time;
use sea_orm::{ActiveValue::Set, QueryOrder as _, QuerySelect as _, entity::prelude::*};

use super::{json, optional};
use crate::domain::setting::{Change, ChangeState, SettingKind, Value};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "setting_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub from_date: String,
    pub state: String,
    pub value: String,
    pub reason: String,
    pub proposed_by: String,
    pub proposed_at: i64,
    pub decided_by: String,
    pub decided_at: Option<i64>,
    pub decision_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn to_change(row: Model) -> Result<Change, Error> {
    let corrupt = |column| Error::corrupt("setting_change", column, &row.id);
    let by = |text: &str| text.parse().map_err(|_| corrupt("decided_by"));
    Ok(Change {
        value: serde_json::from_str(&row.value).map_err(|_| corrupt("value"))?,
        from: row.from_date.parse().map_err(|_| corrupt("from_date"))?,
        state: ChangeState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        proposed_by: row.proposed_by.parse().map_err(|_| corrupt("proposed_by"))?,
        proposed_at: Time::from_micros(row.proposed_at),
        decided_by: optional(&row.decided_by).as_deref().map(by).transpose()?,
        decided_at: row.decided_at.map(Time::from_micros),
        reason: row.reason,
        decision_reason: row.decision_reason,
        id: row.id,
    })
}

fn row(change: &Change) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        id: Set(change.id.clone()),
        kind: Set(change.value.kind().code().to_owned()),
        from_date: Set(change.from.to_string()),
        state: Set(change.state.code().to_owned()),
        value: Set(json(&change.value)?),
        reason: Set(change.reason.clone()),
        proposed_by: Set(change.proposed_by.to_string()),
        proposed_at: Set(change.proposed_at.micros()),
        decided_by: Set(change.decided_by.map(|by| by.to_string()).unwrap_or_default()),
        decided_at: Set(change.decided_at.map(|at| at.micros())),
        decision_reason: Set(change.decision_reason.clone()),
    })
}

pub(crate) async fn insert(tx: &Tx, change: &Change) -> Result<(), Error> {
    Entity::insert(row(change)?).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The same change from the same day, if it waits for a decision.
pub(crate) async fn waiting(db: &impl ConnectionTrait, value: &Value, from: Date) -> Result<Option<Change>, Error> {
    let rows = Entity::find()
        .filter(Column::Kind.eq(value.kind().code()))
        .filter(Column::FromDate.eq(from.to_string()))
        .filter(Column::State.eq(ChangeState::Proposed.code()))
        .all(db)
        .await?;
    let known: Vec<_> = rows.into_iter().map(to_change).collect::<Result<_, _>>()?;
    Ok(known.into_iter().find(|change| change.value == *value))
}

/// Writes a decision where none has been taken.
pub(crate) async fn decide(tx: &Tx, change: &Change) -> Result<(), Error> {
    let done = Entity::update_many()
        .set(ActiveModel { id: sea_orm::ActiveValue::NotSet, ..row(change)? })
        .filter(Column::Id.eq(&change.id))
        .filter(Column::State.eq(ChangeState::Proposed.code()))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

pub(crate) async fn load(db: &impl ConnectionTrait, id: &str) -> Result<Change, Error> {
    to_change(Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?)
}

/// The newest changes, newest first.
pub(crate) async fn newest(db: &impl ConnectionTrait, at_most: u64) -> Result<Vec<Change>, Error> {
    let query = Entity::find().order_by_desc(Column::ProposedAt).order_by_desc(Column::Id).limit(at_most);
    query.all(db).await?.into_iter().map(to_change).collect()
}

/// What counts of a kind on a day, where anything has been published.
pub(crate) async fn on(db: &impl ConnectionTrait, kind: SettingKind, day: Date) -> Result<Option<Change>, Error> {
    let query = Entity::find()
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::State.eq(ChangeState::Published.code()))
        .filter(Column::FromDate.lte(day.to_string()))
        .order_by_desc(Column::FromDate)
        .order_by_desc(Column::DecidedAt);
    query.one(db).await?.map(to_change).transpose()
}
