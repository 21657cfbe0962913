//! Rows of `case_known`: whose an application is and whether it is paid, as far as facts have told.

use chassis::{Error, Tx};
use sea_orm::{
    ActiveValue::Set,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_known")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub account_id: String,
    pub payment_status: String,
    /// Version of the billable that the status is of.
    pub payment_version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Remembers whose an application is.
pub(crate) async fn owned(tx: &Tx, number: i64, account_id: &str) -> Result<(), Error> {
    Entity::insert(ActiveModel {
        number: Set(number),
        account_id: Set(account_id.to_owned()),
        payment_status: Set(String::new()),
        payment_version: Set(0),
    })
    .on_conflict(OnConflict::column(Column::Number).update_column(Column::AccountId).to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// Keeps the newest payment status; tells whether it is news.
pub(crate) async fn payment_changed(tx: &Tx, number: i64, status: &str, version: i64) -> Result<bool, Error> {
    let before = Entity::find_by_id(number).one(&**tx).await?;
    let changed = Entity::update_many()
        .col_expr(Column::PaymentStatus, Expr::value(status))
        .col_expr(Column::PaymentVersion, Expr::value(version))
        .filter(Column::Number.eq(number))
        .filter(Column::PaymentVersion.lt(version))
        .exec(&**tx)
        .await?;
    Ok(changed.rows_affected == 1 && before.is_none_or(|before| before.payment_status != status))
}

/// Whose an application is, if it is known.
pub(crate) async fn owner(tx: &Tx, number: i64) -> Result<Option<String>, Error> {
    Ok(Entity::find_by_id(number).one(&**tx).await?.map(|case| case.account_id))
}

/// Whether money has come, confirmed or not.
pub(crate) async fn is_paid(db: &impl ConnectionTrait, number: i64) -> Result<bool, Error> {
    let case = Entity::find_by_id(number).one(db).await?;
    Ok(case.is_some_and(|case| ["pending", "paid"].contains(&case.payment_status.as_str())))
}
