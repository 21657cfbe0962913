//! Verified addresses, letters with and without a link, and requests to reset a password. Addresses stand sealed; of a
//! link's secret only its hash is kept.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, binary, string},
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0002_letters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let verified = Table::alter().table("account").add_column(big_integer_null("email_verified_at")).to_owned();
        manager.alter_table(verified).await?;
        for table in [
            Table::create()
                .table("letter")
                .col(string("id").primary_key())
                .col(string("account_id"))
                .col(string("kind"))
                .col(binary("email_sealed"))
                .col(big_integer("requested_at"))
                .col(big_integer_null("used_at"))
                .to_owned(),
            Table::create()
                .table("letter_secret")
                .col(binary("token_hash").primary_key())
                .col(string("letter_id"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("reset_request")
                .col(string("id").primary_key())
                .col(binary("email_index"))
                .col(big_integer("requested_at"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("letter_account", "letter", "account_id"),
            ("letter_requested", "letter", "requested_at"),
            ("letter_secret_letter", "letter_secret", "letter_id"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }
}
