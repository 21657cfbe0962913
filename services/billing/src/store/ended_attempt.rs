//! Rows of `ended_attempt`: attempts of which the end has been heard. A call that was on its way meanwhile can't claim the
//! invoice for one of them: nothing would ever free it.

use chassis::{Error, Tx};
use sea_orm::{ActiveValue::Set, entity::prelude::*, sea_query::OnConflict};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ended_attempt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt_id: String,
    pub application_number: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn add(tx: &Tx, number: i64, attempt: &str) -> Result<(), Error> {
    Entity::insert(ActiveModel { attempt_id: Set(attempt.to_owned()), application_number: Set(number) })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

pub(crate) async fn knows(tx: &Tx, attempt: &str) -> Result<bool, Error> {
    Ok(Entity::find_by_id(attempt).one(&**tx).await?.is_some())
}
