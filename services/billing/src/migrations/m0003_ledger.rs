//! The double-entry ledger, what is settled of each invoice, and entries for all that happened before there was one.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0003_ledger"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            Table::create()
                .table("ledger_transaction")
                .col(string("operation").primary_key())
                .col(string("event"))
                .col(big_integer("application_number"))
                .col(string("invoice_id"))
                .col(big_integer("at"))
                .to_owned(),
            Table::create()
                .table("ledger_entry")
                .col(string("operation"))
                .col(string("account"))
                .col(big_integer("application_number"))
                .col(string("invoice_id"))
                .col(big_integer("amount"))
                .primary_key(Index::create().col("operation").col("account"))
                .to_owned(),
            Table::create()
                .table("ledger_account")
                .col(string("account").primary_key())
                .col(big_integer("balance"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        let index = Index::create().name("ledger_entry_invoice").table("ledger_entry").col("invoice_id").to_owned();
        manager.create_index(index).await?;
        for (table, column) in [
            ("invoice", big_integer("settled").default(0).to_owned()),
            ("evidence", string("kind").default("charge").to_owned()),
            ("evidence", boolean("confirmed").default(false).to_owned()),
            ("billable", big_integer_null("pending_since").to_owned()),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for statement in BACKFILL {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// What happened before: each invoice was issued, some were withdrawn; money came, and was applied where it was
/// confirmed.
const BACKFILL: &[&str] = &[
    "UPDATE invoice SET settled = total WHERE state = 'paid'",
    "UPDATE evidence SET confirmed = TRUE WHERE applied AND invoice_id IN (SELECT id FROM invoice WHERE state = 'paid')",
    "UPDATE billable SET pending_since = changed_at WHERE status = 'pending'",
    "INSERT INTO ledger_transaction SELECT 'issued:' || id, 'issued', application_number, id, issued_at FROM invoice",
    "INSERT INTO ledger_entry SELECT 'issued:' || id, 'receivable', application_number, id, total FROM invoice",
    "INSERT INTO ledger_entry SELECT 'issued:' || id, 'revenue', application_number, id, -total FROM invoice",
    "INSERT INTO ledger_transaction SELECT 'withdrawn:' || id, 'withdrawn', application_number, id, issued_at \
     FROM invoice WHERE state IN ('void', 'expired')",
    "INSERT INTO ledger_entry SELECT 'withdrawn:' || id, 'revenue', application_number, id, total \
     FROM invoice WHERE state IN ('void', 'expired')",
    "INSERT INTO ledger_entry SELECT 'withdrawn:' || id, 'receivable', application_number, id, -total \
     FROM invoice WHERE state IN ('void', 'expired')",
    "INSERT INTO ledger_transaction SELECT 'received:' || operation, 'received', application_number, invoice_id, at \
     FROM evidence",
    "INSERT INTO ledger_entry SELECT 'received:' || operation, 'bank', application_number, invoice_id, amount \
     FROM evidence",
    "INSERT INTO ledger_entry SELECT 'received:' || operation, 'suspense', application_number, invoice_id, -amount \
     FROM evidence",
    "INSERT INTO ledger_transaction SELECT 'applied:' || id || ':' || CAST(total AS VARCHAR(20)), 'applied', \
     application_number, id, issued_at FROM invoice WHERE state = 'paid'",
    "INSERT INTO ledger_entry SELECT 'applied:' || id || ':' || CAST(total AS VARCHAR(20)), 'suspense', \
     application_number, id, total FROM invoice WHERE state = 'paid'",
    "INSERT INTO ledger_entry SELECT 'applied:' || id || ':' || CAST(total AS VARCHAR(20)), 'receivable', \
     application_number, id, -total FROM invoice WHERE state = 'paid'",
    "INSERT INTO ledger_account SELECT account, CAST(SUM(amount) AS BIGINT) FROM ledger_entry GROUP BY account",
];
