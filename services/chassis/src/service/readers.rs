//! Which readers a service has, noted in its own database: a check then knows whose facts must have arrived.

use kernel::Time;
use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};

use super::Reader;
use crate::{db::Database, error::Error};

mod row {
    //! A reader of another context's facts.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reader")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub producer: String,
        /// Full names, as a JSON list.
        pub facts: String,
        /// When the reader was first there.
        pub since: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Notes a reader, new or changed.
pub(super) async fn note(db: &Database, reader: &Reader, now: Time) -> Result<(), Error> {
    let facts = serde_json::to_string(reader.facts).map_err(|error| Error::Internal(error.into()))?;
    let (name, producer) = (reader.name.to_owned(), reader.producer.to_owned());
    db.write(move |tx| async move {
        row::Entity::insert(row::ActiveModel {
            name: Set(name),
            producer: Set(producer),
            facts: Set(facts),
            since: Set(now.micros()),
        })
        .on_conflict(
            OnConflict::column(row::Column::Name)
                .update_columns([row::Column::Producer, row::Column::Facts])
                .to_owned(),
        )
        .exec_without_returning(&*tx)
        .await?;
        Ok::<_, Error>(())
    })
    .await
}
