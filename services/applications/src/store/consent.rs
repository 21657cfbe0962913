//! Rows of `consent`: what whoever submitted consented to for the persons on an application, each time. No text and no whole
//! address stands here, so a row outlives what is erased.

use chassis::{Error, Tx, db::Source};
use kernel::Time;
use proto::common::v1 as common;
use sea_orm::{ActiveValue::Set, QueryOrder as _, entity::prelude::*};

/// Whose data the consents of this service speak of.
const PURPOSE: &str = "application";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Of the application as it was submitted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub given_at: i64,
    pub purpose: String,
    pub text_version: i32,
    pub account: String,
    pub client_masked: String,
    pub term_days: i32,
    pub at_desk: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A consent as it is given.
pub(crate) struct Given<'a> {
    /// Of the application.
    pub of_version: i64,
    /// Of the text.
    pub version: u32,
    pub at: Time,
    pub account: String,
    pub client_address: &'a str,
    pub term_days: u64,
    pub at_desk: bool,
}

pub(crate) async fn write(tx: &Tx, number: i64, given: Given<'_>) -> Result<(), Error> {
    Entity::insert(ActiveModel {
        number: Set(number),
        version: Set(given.of_version),
        given_at: Set(given.at.micros()),
        purpose: Set(PURPOSE.to_owned()),
        text_version: Set(i32::try_from(given.version).unwrap_or(i32::MAX)),
        account: Set(given.account),
        client_masked: Set(kernel::network::masked(given.client_address)),
        term_days: Set(i32::try_from(given.term_days).unwrap_or(i32::MAX)),
        at_desk: Set(given.at_desk),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// All of one application, oldest first.
pub(crate) async fn of(db: &impl Source, number: i64) -> Result<Vec<common::Consent>, Error> {
    let rows = Entity::find().filter(Column::Number.eq(number)).order_by_asc(Column::Version).all(db).await?;
    let told = |row: Model| common::Consent {
        purpose: row.purpose,
        text_version: row.text_version.unsigned_abs(),
        given_at_micros: row.given_at,
        client: row.client_masked,
        term_days: row.term_days.unsigned_abs(),
        at_desk: row.at_desk,
        withdrawn_at_micros: 0,
    };
    Ok(rows.into_iter().map(told).collect())
}
