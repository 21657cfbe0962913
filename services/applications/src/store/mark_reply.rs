//! Rows of `mark_reply`: what the applicant says to a mark instead of a change.

use std::collections::BTreeMap;

use chassis::{Error, Tx, db::Source, seal::Sealer};
use sea_orm::{ActiveValue::Set, entity::prelude::*};

use super::reply_place;
use crate::domain::case::Case;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mark_reply")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub field: String,
    pub text_sealed: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn load(db: &impl Source, sealer: &Sealer, number: i64) -> Result<BTreeMap<String, String>, Error> {
    let rows = Entity::find().filter(Column::Number.eq(number)).all(db).await?;
    rows.into_iter()
        .map(|row| {
            let text = sealer.open_text(&reply_place(number, &row.field), &row.text_sealed)?;
            Ok((row.field, text))
        })
        .collect()
}

/// Writes all replies of a case anew.
pub(crate) async fn save(tx: &Tx, sealer: &Sealer, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    clear(tx, number).await?;
    let mut rows = Vec::new();
    for (field, text) in &case.loaded.replies {
        let text_sealed = Set(sealer.seal_text(&reply_place(number, field), text)?);
        rows.push(ActiveModel { number: Set(number), field: Set(field.clone()), text_sealed });
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

pub(crate) async fn clear(tx: &Tx, number: i64) -> Result<(), Error> {
    Entity::delete_many().filter(Column::Number.eq(number)).exec(&**tx).await?;
    Ok(())
}
