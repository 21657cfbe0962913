//! Rows of `personal_manager`: who does what was taken for a case, by the name that its applicant sees.

use chassis::{Error, Tx, db::Source};
use sea_orm::{ActiveValue::Set, entity::prelude::*, sea_query::OnConflict};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "personal_manager")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub account_id: String,
    pub name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn of(db: &impl Source, number: i64) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(number).one(db).await?)
}

pub(crate) async fn put(tx: &Tx, number: i64, account_id: &str, name: &str) -> Result<(), Error> {
    Entity::insert(ActiveModel {
        number: Set(number),
        account_id: Set(account_id.to_owned()),
        name: Set(name.to_owned()),
    })
    .on_conflict(OnConflict::column(Column::Number).update_columns([Column::AccountId, Column::Name]).to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}
