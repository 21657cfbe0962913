//! Rows of `saved_answers`: a person or a payer that an account keeps for later applications.

use std::collections::BTreeMap;

use chassis::{Error, seal::Sealer};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: String,
    pub kind: String,
    /// Answers by field key, as JSON.
    pub values_sealed: Vec<u8>,
    pub saved_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) fn seal(sealer: &Sealer, id: &str, values: &BTreeMap<String, String>) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(values).map_err(|error| Error::Internal(error.into()))?;
    sealer.seal(&place(id), &json)
}

pub(crate) fn open(sealer: &Sealer, row: &Model) -> Result<BTreeMap<String, String>, Error> {
    let json = sealer.open(&place(&row.id), &row.values_sealed)?;
    serde_json::from_slice(&json).map_err(|_| Error::corrupt("saved_answers", "values_sealed", &row.id))
}

fn place(id: &str) -> String {
    format!("saved_answers/values_sealed/{id}")
}
