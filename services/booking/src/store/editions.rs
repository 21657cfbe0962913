//! Editions of the offices' hours.

use chassis::{Error, Tx};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{ExprTrait as _, OnConflict},
};

use super::office_edition::{ActiveModel, Column, Entity, Model};

/// The version of any office's hours that was written last; 0 before the first.
pub(crate) async fn newest(db: &impl ConnectionTrait) -> Result<i64, Error> {
    let newest: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Version)
        .order_by_desc(Column::Version)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(newest.unwrap_or_default())
}

/// The version by which an office (as it is called in rows) or the holidays were changed last; 0 before the first.
pub(crate) async fn newest_of(db: &impl ConnectionTrait, office: Vec<String>) -> Result<i64, Error> {
    let newest: Option<i64> = Entity::find()
        .filter(Column::OfficeId.is_in(office).or(Column::Part.eq("holidays")))
        .select_only()
        .column(Column::Version)
        .order_by_desc(Column::Version)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(newest.unwrap_or_default())
}

/// Every version of all offices' hours, oldest first.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().order_by_asc(Column::Version).all(db).await?)
}

pub(crate) async fn insert(tx: &Tx, edition: Model) -> Result<(), Error> {
    let row = ActiveModel::from(edition).reset_all();
    // Of two who write the next version at once the second finds it taken.
    let written = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Version).do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    if written == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}
