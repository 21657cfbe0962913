//! Rows of `text_version`: the texts of a kind of message in all languages, as they were written here.

use std::collections::BTreeMap;

use chassis::{Error, Tx};
use sea_orm::{ActiveModelTrait as _, QueryOrder as _, entity::prelude::*, sea_query::Expr};

use crate::domain::{kind::Kind, wording::Wording};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "text_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// "draft" or "published".
    pub state: String,
    /// ISO date; empty for a draft.
    pub from_date: String,
    /// JSON: wording by language.
    pub texts: String,
    pub written_by: String,
    pub written_at: i64,
    pub published_by: String,
    pub published_at: i64,
    pub reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) const DRAFT: &str = "draft";
pub(crate) const PUBLISHED: &str = "published";

impl Model {
    /// Wording by language.
    pub(crate) fn wordings(&self) -> Result<BTreeMap<String, Wording>, Error> {
        serde_json::from_str(&self.texts).map_err(|_| Error::corrupt("text_version", "texts", &self.kind))
    }
}

/// All versions of a kind, newest first.
pub(crate) async fn of(db: &impl ConnectionTrait, kind: Kind) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::Kind.eq(kind.code())).order_by_desc(Column::Version).all(db).await?)
}

/// All versions of all kinds, newest first.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().order_by_desc(Column::Version).all(db).await?)
}

pub(crate) async fn one(db: &impl ConnectionTrait, kind: Kind, version: i32) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id((kind.code().to_owned(), version)).one(db).await?)
}

/// The version of a kind that counts on a day; none: as shipped.
pub(crate) async fn in_force(db: &impl ConnectionTrait, kind: Kind, today: &str) -> Result<Option<Model>, Error> {
    let found = Entity::find()
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::State.eq(PUBLISHED))
        .filter(Column::FromDate.lte(today))
        .order_by_desc(Column::FromDate)
        .order_by_desc(Column::Version)
        .one(db)
        .await?;
    Ok(found)
}

pub(crate) async fn insert(tx: &Tx, row: Model) -> Result<(), Error> {
    Entity::insert(ActiveModel::from(row).reset_all()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes a draft over what its author has seen of it.
pub(crate) async fn rewrite(tx: &Tx, row: &Model, seen: i64) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::Texts, Expr::value(row.texts.clone()))
        .col_expr(Column::WrittenBy, Expr::value(row.written_by.clone()))
        .col_expr(Column::WrittenAt, Expr::value(row.written_at))
        .filter(Column::Kind.eq(row.kind.as_str()))
        .filter(Column::Version.eq(row.version))
        .filter(Column::State.eq(DRAFT))
        .filter(Column::WrittenAt.eq(seen))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

/// A draft counts from a day on.
pub(crate) async fn publish(tx: &Tx, row: &Model) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(PUBLISHED))
        .col_expr(Column::FromDate, Expr::value(row.from_date.clone()))
        .col_expr(Column::PublishedBy, Expr::value(row.published_by.clone()))
        .col_expr(Column::PublishedAt, Expr::value(row.published_at))
        .col_expr(Column::Reason, Expr::value(row.reason.clone()))
        .filter(Column::Kind.eq(row.kind.as_str()))
        .filter(Column::Version.eq(row.version))
        .filter(Column::State.eq(DRAFT))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}
