//! Rows of `original`: papers whose originals the centre was given. Codes and times only, nothing of a person.

use chassis::{Error, Tx, db::Source};
use kernel::Time;
use sea_orm::{ActiveValue::Set, QueryOrder as _, entity::prelude::*, sea_query::OnConflict};

use crate::domain::{
    case::Case,
    originals::{Original, Received},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "original")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Empty: of the application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_item_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub actor: String,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn load(db: &impl Source, number: i64) -> Result<Vec<Received>, Error> {
    let rows = Entity::find().filter(Column::Number.eq(number)).order_by_asc(Column::At).all(db).await?;
    let read = |row: Model| {
        let item = match row.person_item_id.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::corrupt("original", "person_item_id", row.number))?),
        };
        let original = Original { item, code: row.code };
        Ok(Received { original, by: row.actor, at: Time::from_micros(row.at) })
    };
    rows.into_iter().map(read).collect()
}

/// Writes what came; what is written already stays as it is.
pub(crate) async fn save(tx: &Tx, case: &Case) -> Result<(), Error> {
    let rows: Vec<_> = case
        .received
        .iter()
        .map(|received| ActiveModel {
            number: Set(case.number.get()),
            person_item_id: Set(received.original.item.map(|item| item.to_string()).unwrap_or_default()),
            code: Set(received.original.code.clone()),
            actor: Set(received.by.clone()),
            at: Set(received.at.micros()),
        })
        .collect();
    if !rows.is_empty() {
        let known = OnConflict::columns([Column::Number, Column::PersonItemId, Column::Code]).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(known).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
