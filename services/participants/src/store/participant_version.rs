//! Rows of `participant_version`: what changed when; written, never changed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bin: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub at: i64,
    pub actor: String,
    /// The import's source, or the reason of a change by hand.
    pub source: String,
    /// JSON list of field, before, after.
    pub changes: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
