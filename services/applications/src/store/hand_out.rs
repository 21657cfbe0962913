//! Rows of `hand_out`: who took the papers, one for each person (or one for the application). Name, document and address
//! are sealed.

use chassis::{Error, Tx, db::Source, seal::Sealer};
use kernel::Time;
use sea_orm::{ActiveValue::Set, QueryOrder as _, entity::prelude::*};

use super::{open_json, recipient_place, seal_json};
use crate::domain::{
    case::Case,
    hand_out::{HandOut, HandOutWay},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hand_out")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Empty: of the application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_item_id: String,
    pub way: String,
    pub recipient_sealed: Vec<u8>,
    /// ISO date; empty where nothing was delivered.
    pub delivered_on: String,
    pub actor: String,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn load(db: &impl Source, sealer: &Sealer, number: i64) -> Result<Vec<HandOut>, Error> {
    let rows = Entity::find().filter(Column::Number.eq(number)).order_by_asc(Column::At).all(db).await?;
    rows.into_iter().map(|row| read(sealer, row)).collect()
}

fn read(sealer: &Sealer, row: Model) -> Result<HandOut, Error> {
    let corrupt = |column| Error::corrupt("hand_out", column, row.number);
    let item = match row.person_item_id.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| corrupt("person_item_id"))?),
    };
    let delivered_on = match row.delivered_on.as_str() {
        "" => None,
        day => Some(day.parse().map_err(|_| corrupt("delivered_on"))?),
    };
    Ok(HandOut {
        item,
        way: HandOutWay::parse(&row.way).ok_or_else(|| corrupt("way"))?,
        recipient: open_json(sealer, &recipient_place(row.number, &row.person_item_id), &row.recipient_sealed)?,
        delivered_on,
        at: Time::from_micros(row.at),
        by: row.actor,
    })
}

/// Writes all of a case anew.
pub(crate) async fn save(tx: &Tx, sealer: &Sealer, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    Entity::delete_many().filter(Column::Number.eq(number)).exec(&**tx).await?;
    let mut rows = Vec::new();
    for given in &case.hand_outs {
        let item = given.item.map(|item| item.to_string()).unwrap_or_default();
        rows.push(ActiveModel {
            number: Set(number),
            way: Set(given.way.code().to_owned()),
            recipient_sealed: Set(seal_json(sealer, &recipient_place(number, &item), &given.recipient)?),
            delivered_on: Set(given.delivered_on.map(|day| day.to_string()).unwrap_or_default()),
            actor: Set(given.by.clone()),
            at: Set(given.at.micros()),
            person_item_id: Set(item),
        });
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}
