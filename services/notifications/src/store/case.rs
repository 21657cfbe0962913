//! Rows of `case_known`: whose an application is and whether it is paid, as far as facts have told.

use chassis::{Error, Tx};
use sea_orm::{
    ActiveValue::Set,
    Condition,
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
    /// State of the case, empty before a fact has told it; and the case's version that it is of.
    pub state: String,
    pub state_version: i64,
    /// Who handles it; empty for nobody.
    pub manager_id: String,
    /// The centre let the term of its present step pass.
    pub overdue_since: Option<i64>,
    /// Money has come and waits for the centre's word.
    pub pending_since: Option<i64>,
    /// A refund was asked for and is not done.
    pub refund_since: Option<i64>,
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
        state: Set(String::new()),
        state_version: Set(0),
        manager_id: Set(String::new()),
        overdue_since: Set(None),
        pending_since: Set(None),
        refund_since: Set(None),
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

/// What is known of a case.
pub(crate) async fn known(db: &impl ConnectionTrait, number: i64) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(number).one(db).await?)
}

/// Keeps the newest state of a case; whatever step was overdue is another now.
pub(crate) async fn came_to(tx: &Tx, number: i64, state: &str, version: i64) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::StateVersion, Expr::value(version))
        .col_expr(Column::OverdueSince, Expr::value(None::<i64>))
        .filter(Column::Number.eq(number))
        .filter(Column::StateVersion.lte(version))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Who handles a case from now on.
pub(crate) async fn handled_by(tx: &Tx, number: i64, manager_id: &str) -> Result<(), Error> {
    set(tx, number, Column::ManagerId, Expr::value(manager_id)).await
}

/// Since when something of a case waits, or that it does no more.
pub(crate) async fn waits(tx: &Tx, number: i64, what: Column, since: Option<i64>) -> Result<(), Error> {
    set(tx, number, what, Expr::value(since)).await
}

async fn set(tx: &Tx, number: i64, column: Column, value: Expr) -> Result<(), Error> {
    Entity::update_many().col_expr(column, value).filter(Column::Number.eq(number)).exec(&**tx).await?;
    Ok(())
}

/// Cases of which the centre has something to do.
pub(crate) async fn to_do(db: &impl ConnectionTrait) -> Result<Vec<Model>, Error> {
    let wanted = Condition::any()
        .add(Column::State.is_in(["NEW", "PENDING_APPROVAL"]))
        .add(Column::OverdueSince.is_not_null())
        .add(Column::PendingSince.is_not_null())
        .add(Column::RefundSince.is_not_null());
    Ok(Entity::find().filter(wanted).all(db).await?)
}
