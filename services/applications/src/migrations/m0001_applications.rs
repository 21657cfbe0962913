//! Applications, their lines, persons, documents, marks, timeline and the visits told by booking.
//! Contact data, persons' answers and file names stand sealed; names stay readable for search.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0001_applications"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [application(), line(), person(), document(), mark(), timeline(), visit()] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            ("application_owner", "application", vec!["owner", "number"]),
            ("application_state", "application", vec!["state", "number"]),
            ("application_assigned", "application", vec!["assigned_to", "state", "number"]),
            ("application_name", "application", vec!["name_key"]),
            ("application_bin", "application", vec!["bin"]),
            ("line_number", "line", vec!["number", "ordinal"]),
            ("person_number", "person", vec!["number", "ordinal"]),
            ("person_name", "person", vec!["name_key"]),
            ("person_passport", "person", vec!["passport_index"]),
            ("document_number", "document", vec!["number"]),
            ("document_state", "document", vec!["state", "uploaded_at"]),
            ("timeline_number", "timeline", vec!["number", "seq"]),
            ("visit_number", "visit", vec!["number"]),
        ] {
            let mut index = Index::create().name(name).table(table).to_owned();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn application() -> TableCreateStatement {
    Table::create()
        .table("application")
        .col(big_integer("number").primary_key())
        .col(big_integer("version"))
        .col(string("owner"))
        .col(string("kind"))
        .col(string("state"))
        .col(string("payment_status"))
        .col(big_integer("payment_version"))
        .col(big_integer("created_at"))
        .col(big_integer_null("submitted_at"))
        .col(string("membership_kind"))
        .col(string("bin"))
        .col(string("organisation_name"))
        .col(boolean("membership_verified"))
        .col(boolean("walk_in"))
        .col(big_integer("walk_in_price"))
        .col(big_integer("total"))
        .col(string("contact_name"))
        .col(string("name_key"))
        .col(binary("contact_sealed"))
        .col(string("service_name"))
        .col(integer("services_more"))
        .col(string("service_key"))
        .col(integer("offer_version"))
        .col(big_integer_null("offer_accepted_at"))
        .col(binary("offer_client_sealed"))
        .col(string("assigned_to"))
        .col(string("reviewed_by"))
        .col(string("return_reason"))
        .col(string("decision_reason"))
        .col(big_integer_null("visit_at"))
        .to_owned()
}

fn line() -> TableCreateStatement {
    Table::create()
        .table("line")
        .col(string("id").primary_key())
        .col(big_integer("number"))
        .col(integer("ordinal"))
        .col(string("service_code"))
        .col(string("name"))
        .col(string("path"))
        .col(integer("quantity"))
        .col(boolean("personal_manager"))
        .col(big_integer("price"))
        .col(big_integer_null("personal_manager_price"))
        .col(string("form_code"))
        .col(integer("form_version"))
        .col(string("product_code"))
        .col(string("description"))
        .to_owned()
}

fn person() -> TableCreateStatement {
    Table::create()
        .table("person")
        .col(string("id").primary_key())
        .col(string("line_id"))
        .col(big_integer("number"))
        .col(integer("ordinal"))
        .col(string("name"))
        .col(string("name_key"))
        .col(binary("values_sealed"))
        .col(binary("passport_index"))
        .col(string("item_state"))
        .col(string("decision_note"))
        .to_owned()
}

fn document() -> TableCreateStatement {
    Table::create()
        .table("document")
        .col(string("id").primary_key())
        .col(big_integer("number"))
        .col(string("person_id"))
        .col(string("code"))
        .col(binary("file_name_sealed"))
        .col(string("media_type"))
        .col(big_integer("size_bytes"))
        .col(binary("sha256"))
        .col(binary("key_sealed"))
        .col(string("state"))
        .col(string("reason"))
        .col(boolean("scanned"))
        .col(big_integer("uploaded_at"))
        .to_owned()
}

fn mark() -> TableCreateStatement {
    Table::create()
        .table("mark")
        .col(big_integer("number"))
        .col(string("field"))
        .col(string("reason"))
        .primary_key(Index::create().col("number").col("field"))
        .to_owned()
}

fn timeline() -> TableCreateStatement {
    Table::create()
        .table("timeline")
        .col(big_integer("seq").primary_key().auto_increment())
        .col(big_integer("number"))
        .col(big_integer("at"))
        .col(string("action"))
        .col(string("actor_kind"))
        .col(string("actor"))
        .col(string("reason"))
        .col(string("state"))
        .to_owned()
}

fn visit() -> TableCreateStatement {
    Table::create()
        .table("visit")
        .col(string("appointment_id").primary_key())
        .col(big_integer("number"))
        .col(string("person_item_id"))
        .col(string("kind"))
        .col(big_integer("start_at"))
        .col(string("state"))
        .col(big_integer("version"))
        .to_owned()
}
