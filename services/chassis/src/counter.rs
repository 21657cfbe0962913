//! Numbers taken one after another inside the transaction that uses them: none is lost, none is given twice.

use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait as _, OnConflict, Query},
};

use crate::{db::Tx, error::Error};

/// The next number of a series; the first is `first`. The series' row stays locked until the commit.
pub async fn next(tx: &Tx, series: &str, first: i64) -> Result<i64, Error> {
    let mut insert = Query::insert();
    insert
        .into_table("counter")
        .columns(["name", "value"])
        .values_panic([series.into(), first.into()])
        .on_conflict(OnConflict::column("name").value("value", Expr::col(("counter", "value")).add(1)).to_owned())
        .returning_col("value");
    let row = (**tx).query_one(&insert).await?;
    row.ok_or_else(|| Error::Internal(anyhow::anyhow!("the counter {series} gave no number")))?
        .try_get("", "value")
        .map_err(Error::from)
}

/// Sets a series so that `last` was its last number, where it was lower.
pub async fn raise(tx: &Tx, series: &str, last: i64) -> Result<(), Error> {
    let mut insert = Query::insert();
    insert.into_table("counter").columns(["name", "value"]).values_panic([series.into(), last.into()]).on_conflict(
        OnConflict::column("name")
            .value("value", last)
            .action_and_where(Expr::col(("counter", "value")).lt(last))
            .to_owned(),
    );
    (**tx).execute(&insert).await?;
    Ok(())
}
