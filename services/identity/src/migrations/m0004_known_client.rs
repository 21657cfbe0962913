//! From where an account was signed in to before, as a blind index of both: there its owner is not slowed by others' guesses.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0004_known_client"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("known_client")
            .col(binary("subject").primary_key())
            .col(big_integer("seen_at"))
            .to_owned();
        manager.create_table(table).await?;
        for (name, table, column) in
            [("known_client_seen", "known_client", "seen_at"), ("sign_in_failure_last", "sign_in_failure", "last_at")]
        {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }
}
