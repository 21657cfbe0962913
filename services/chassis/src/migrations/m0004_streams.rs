//! What a stream outside of the database needs: shards that relays share, how far the stream was known to reach, and
//! which readers a service has.

use sea_orm_migration::{prelude::*, schema::*};

use crate::outbox::SHARDS;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "chassis_m0004_streams"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            Table::create().table("outbox_shard").col(small_integer("id").primary_key()).to_owned(),
            Table::create()
                .table("relay_state")
                .col(string("stream").primary_key())
                .col(string("epoch"))
                .col(big_integer("high_seq"))
                .to_owned(),
            Table::create()
                .table("reader")
                .col(string("name").primary_key())
                .col(string("producer"))
                .col(text("facts"))
                .col(big_integer("since"))
                .to_owned(),
        ] {
            manager.create_table(table).await?;
        }
        let mut shards = Query::insert();
        shards.into_table("outbox_shard").columns(["id"]);
        for shard in 0..SHARDS {
            shards.values_panic([shard.into()]);
        }
        manager.execute(shards).await?;
        for index in [
            Index::create().name("outbox_place").table("outbox").col("stream_epoch").col("stream_seq").to_owned(),
            Index::create().name("outbox_published").table("outbox").col("published_at").to_owned(),
            Index::create().name("inbox_age").table("inbox").col("applied_at").to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
