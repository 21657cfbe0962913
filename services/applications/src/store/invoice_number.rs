//! Rows of `invoice_number`: document and reference numbers of a case's invoices, those that are void too.

use chassis::{Error, Tx};
use sea_orm::{ActiveValue::Set, entity::prelude::*, sea_query::OnConflict};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_number")]
pub struct Model {
    /// In capital letters, without blanks.
    #[sea_orm(primary_key, auto_increment = false)]
    pub told: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A number as it is kept and looked for.
pub(crate) fn told(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).flat_map(char::to_uppercase).collect()
}

pub(crate) async fn add<'a>(tx: &Tx, number: i64, told: impl IntoIterator<Item = &'a String>) -> Result<(), Error> {
    let numbers: Vec<String> = told.into_iter().map(|text| self::told(text)).filter(|text| !text.is_empty()).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let rows = numbers.into_iter().map(|told| ActiveModel { told: Set(told), number: Set(number) });
    let once = OnConflict::columns([Column::Told, Column::Number]).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(&**tx).await?;
    Ok(())
}
