//! Whom a message is to, masked, and whether he has read it; where cases stand, as far as facts have told; the days on which
//! the staff's digest was written.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "notifications_m0004_ledger"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("message", string("reader_masked").default("").to_owned()),
            ("message", big_integer_null("read_at").to_owned()),
            ("case_known", string("state").default("").to_owned()),
            ("case_known", big_integer("state_version").default(0).to_owned()),
            ("case_known", string("manager_id").default("").to_owned()),
            ("case_known", big_integer_null("overdue_since").to_owned()),
            ("case_known", big_integer_null("pending_since").to_owned()),
            ("case_known", big_integer_null("refund_since").to_owned()),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        // What was there before there was a mark is no news.
        let read = Query::update().table("message").value("read_at", Expr::col("created_at")).to_owned();
        manager.exec_stmt(read).await?;
        manager.create_table(Table::create().table("digest_day").col(string("day").primary_key()).to_owned()).await?;
        manager
            .create_index(Index::create().name("message_created").table("message").col("created_at").to_owned())
            .await
    }
}
