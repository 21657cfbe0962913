//! Documents of the money with the codes by which they are verified, and their lines for reports. Content stands sealed.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "billing_m0013_documents"
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
                .table("document")
                .col(string("code").primary_key())
                .col(string("kind"))
                .col(string("document_number").unique_key())
                .col(string("document_date"))
                .col(big_integer("application_number"))
                .col(string("account_id"))
                .col(string("invoice_id"))
                .col(string("subject"))
                .col(big_integer("total"))
                .col(big_integer("vat"))
                .col(integer("vat_rate_basis_points"))
                .col(binary_null("content_sealed"))
                .col(string("sha256"))
                .col(big_integer("issued_at"))
                .to_owned(),
            Table::create()
                .table("document_line")
                .col(string("code"))
                .col(integer("number"))
                .col(string("product_code"))
                .col(big_integer("quantity"))
                .col(big_integer("amount"))
                .primary_key(Index::create().col("code").col("number"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        for (name, columns, unique) in [
            ("document_subject", vec!["kind", "subject"], true),
            ("document_account", vec!["account_id", "issued_at"], false),
            ("document_application", vec!["application_number"], false),
            ("document_date", vec!["document_date", "document_number"], false),
        ] {
            let mut index = Index::create().name(name).table("document").to_owned();
            for column in columns {
                index.col(column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
