//! Settings that can't change once there is data: the first start writes them down, every later one compares.

use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};

use crate::{db::Database, error::Error};

mod row {
    //! A setting that stays as it was first said.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "settled")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was settled: `value`, unless another was said before.
pub(super) async fn settle(db: &Database, name: &'static str, value: &str) -> Result<String, Error> {
    let value = value.to_owned();
    db.write(move |tx| async move {
        row::Entity::insert(row::ActiveModel { name: Set(name.to_owned()), value: Set(value.clone()) })
            .on_conflict(OnConflict::column(row::Column::Name).do_nothing().to_owned())
            .exec_without_returning(&*tx)
            .await?;
        let known = row::Entity::find_by_id(name.to_owned()).one(&*tx).await?;
        Ok::<_, Error>(known.map_or(value, |row| row.value))
    })
    .await
}
