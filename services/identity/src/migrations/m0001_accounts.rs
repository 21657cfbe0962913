//! Accounts, sessions, refresh tokens, signing keys, invitations, service accounts, failed sign-ins.
//! E-mail addresses and phones stand sealed, with a blind index where they are searched.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "identity_m0001_accounts"
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
                .table("account")
                .col(string("id").primary_key())
                .col(string("kind"))
                .col(binary("email_sealed"))
                .col(binary("email_index").unique_key())
                .col(string("given_name"))
                .col(string("surname"))
                .col(binary_null("phone_sealed"))
                .col(string("company_name").default(""))
                .col(string("bin").default(""))
                .col(string("locale"))
                .col(string("roles"))
                .col(string("password_hash"))
                .col(big_integer_null("disabled_at"))
                .col(big_integer("created_at"))
                .col(big_integer("version"))
                .to_owned(),
            Table::create()
                .table("session")
                .col(string("id").primary_key())
                .col(binary("token_hash").unique_key())
                .col(string("account_id"))
                .col(big_integer("created_at"))
                .col(big_integer("used_at"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("refresh_token")
                .col(binary("token_hash").primary_key())
                .col(string("family"))
                .col(string("account_id"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .col(binary_null("successor_sealed"))
                .to_owned(),
            Table::create()
                .table("signing_key")
                .col(string("id").primary_key())
                .col(binary("pkcs8_sealed"))
                .col(binary("public"))
                .col(big_integer("created_at"))
                .to_owned(),
            Table::create()
                .table("invitation")
                .col(string("id").primary_key())
                .col(binary("token_hash").unique_key())
                .col(binary_null("email_sealed"))
                .col(string("given_name"))
                .col(string("surname"))
                .col(string("roles"))
                .col(string("invited_by"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("accepted_at"))
                .to_owned(),
            Table::create()
                .table("service_account")
                .col(string("id").primary_key())
                .col(string("name"))
                .col(string("scopes"))
                .col(binary("secret_hash"))
                .col(big_integer("created_at"))
                .col(big_integer_null("revoked_at"))
                .to_owned(),
            Table::create()
                .table("sign_in_failure")
                .col(binary("subject").primary_key())
                .col(integer("count"))
                .col(big_integer("last_at"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("session_account", "session", "account_id"),
            ("refresh_token_family", "refresh_token", "family"),
            ("refresh_token_account", "refresh_token", "account_id"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).to_owned()).await?;
        }
        Ok(())
    }
}
