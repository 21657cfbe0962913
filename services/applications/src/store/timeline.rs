//! Rows of `timeline`.

use chassis::{Error, db::Source};
use kernel::{AccountId, Time};
use sea_orm::{PaginatorTrait as _, QueryOrder as _, QuerySelect as _, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "timeline")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub number: i64,
    pub at: i64,
    pub action: String,
    pub actor_kind: String,
    pub actor: String,
    pub reason: String,
    pub state: String,
    pub from_account: String,
    pub to_account: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Everybody who ever recommended the case for approval.
pub(crate) async fn recommended_by(db: &impl Source, number: i64) -> Result<Vec<AccountId>, Error> {
    let actors: Vec<String> = Entity::find()
        .filter(Column::Number.eq(number))
        .filter(Column::Action.eq("APPROVAL_RECOMMENDED"))
        .select_only()
        .column(Column::Actor)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let id = |actor: &String| actor.strip_prefix("user:").unwrap_or(actor).parse().ok();
    Ok(actors.iter().filter_map(id).collect())
}

/// When something happened to the case last.
pub(crate) async fn last(db: &impl Source, number: i64, action: &str) -> Result<Option<Time>, Error> {
    let at: Option<i64> = Entity::find()
        .filter(Column::Number.eq(number))
        .filter(Column::Action.eq(action))
        .order_by_desc(Column::Seq)
        .select_only()
        .column(Column::At)
        .into_tuple()
        .one(db)
        .await?;
    Ok(at.map(Time::from_micros))
}

/// How often the case went back to its applicant.
pub(crate) async fn returns(db: &impl Source, number: i64) -> Result<u64, Error> {
    let returned = Entity::find().filter(Column::Number.eq(number)).filter(Column::Action.eq("RETURNED"));
    Ok(returned.count(db).await?)
}
