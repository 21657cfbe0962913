//! Rows of `digest_day`: a day on which the staff's digest was written.

use chassis::{Error, Tx};
use sea_orm::{ActiveValue::Set, entity::prelude::*, sea_query::OnConflict};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "digest_day")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn is_done(db: &impl ConnectionTrait, day: &str) -> Result<bool, Error> {
    Ok(Entity::find_by_id(day.to_owned()).one(db).await?.is_some())
}

/// Notes the day; false when another has done so.
pub(crate) async fn done(tx: &Tx, day: &str) -> Result<bool, Error> {
    let written = Entity::insert(ActiveModel { day: Set(day.to_owned()) })
        .on_conflict(OnConflict::column(Column::Day).do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(written == 1)
}
