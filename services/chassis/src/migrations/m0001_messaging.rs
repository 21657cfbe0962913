//! Outbox, the embedded bus's deliveries, inbox and parked events.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "chassis_m0001_messaging"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(big_integer("seq").primary_key().auto_increment())
                    .col(string_len("event_id", 36).unique_key())
                    .col(small_integer("shard"))
                    .col(string("fact"))
                    .col(string("aggregate_type"))
                    .col(string("aggregate_id"))
                    .col(big_integer("aggregate_version"))
                    .col(integer("ordinal"))
                    .col(string("subject"))
                    .col(binary("envelope"))
                    .col(big_integer("occurred_at"))
                    .col(big_integer_null("published_at"))
                    .col(big_integer_null("stream_seq"))
                    .col(string_null("stream_epoch"))
                    .col(integer("attempts").default(0))
                    .col(big_integer("next_attempt_at").default(0))
                    .col(string_null("last_error"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_order")
                    .table("outbox")
                    .col("aggregate_type")
                    .col("aggregate_id")
                    .col("aggregate_version")
                    .col("ordinal")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_waiting")
                    .table("outbox")
                    .col("shard")
                    .col("seq")
                    .and_where(Expr::col("published_at").is_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("delivery")
                    .col(string("consumer"))
                    .col(string_len("event_id", 36))
                    .col(big_integer("seq"))
                    .col(big_integer("due_at"))
                    .col(integer("attempts").default(0))
                    .primary_key(Index::create().col("consumer").col("seq"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("inbox")
                    .col(string("consumer"))
                    .col(string_len("event_id", 36))
                    .col(string("aggregate_id"))
                    .col(big_integer("aggregate_version"))
                    .col(big_integer("applied_at"))
                    .primary_key(Index::create().col("consumer").col("event_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("inbox_parked")
                    .col(string("consumer"))
                    .col(string_len("event_id", 36))
                    .col(string("producer"))
                    .col(string("aggregate_id"))
                    .col(big_integer("aggregate_version"))
                    .col(binary("envelope"))
                    .col(string("reason"))
                    .col(integer("deliveries"))
                    .col(string("state"))
                    .col(big_integer("parked_at"))
                    .col(string_null("decided_by"))
                    .primary_key(Index::create().col("consumer").col("event_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("inbox_parked_aggregate")
                    .table("inbox_parked")
                    .col("consumer")
                    .col("aggregate_id")
                    .to_owned(),
            )
            .await
    }
}
