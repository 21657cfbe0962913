//! Rows of the ledger. Posting an operation again changes nothing.

use chassis::{Error, Tx};
use kernel::Time;
use sea_orm::{
    ConnectionTrait as _,
    sea_query::{Expr, ExprTrait as _, OnConflict, Query},
};

use crate::domain::ledger::{Account, Posting};

/// Writes a transaction, its two entries and both balances; nothing where the operation has been posted already.
pub(crate) async fn post(tx: &Tx, posting: &Posting, now: Time) -> Result<(), Error> {
    if posting.amount.is_zero() {
        return Ok(());
    }
    let mut transaction = Query::insert();
    transaction
        .into_table("ledger_transaction")
        .columns(["operation", "event", "application_number", "invoice_id", "at"])
        .values_panic([
            posting.operation.as_str().into(),
            posting.event.code().into(),
            posting.application.get().into(),
            posting.invoice.to_string().into(),
            now.micros().into(),
        ])
        .on_conflict(OnConflict::column("operation").do_nothing().to_owned());
    if (**tx).execute(&transaction).await?.rows_affected() == 0 {
        return Ok(());
    }
    let minor = posting.amount.minor();
    let mut sides = [(posting.debit, minor), (posting.credit, -minor)];
    // Whoever writes two balances locks them in the same order as everybody else.
    sides.sort_by_key(|(account, _)| account.code());
    for (account, amount) in sides {
        entry(tx, posting, account, amount).await?;
    }
    Ok(())
}

async fn entry(tx: &Tx, posting: &Posting, account: Account, amount: i64) -> Result<(), Error> {
    let mut entry = Query::insert();
    entry
        .into_table("ledger_entry")
        .columns(["operation", "account", "application_number", "invoice_id", "amount"])
        .values_panic([
            posting.operation.as_str().into(),
            account.code().into(),
            posting.application.get().into(),
            posting.invoice.to_string().into(),
            amount.into(),
        ]);
    (**tx).execute(&entry).await?;
    let mut balance = Query::insert();
    balance
        .into_table("ledger_account")
        .columns(["account", "balance"])
        .values_panic([account.code().into(), amount.into()])
        .on_conflict(
            OnConflict::column("account")
                .value("balance", Expr::col(("ledger_account", "balance")).add(amount))
                .to_owned(),
        );
    (**tx).execute(&balance).await?;
    Ok(())
}
