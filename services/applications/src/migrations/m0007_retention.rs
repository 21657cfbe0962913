//! When a case ended, and when what it held of persons was erased.

use sea_orm_migration::{prelude::*, schema::big_integer_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0007_retention"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for column in ["ended_at", "erased_at"] {
            let column = big_integer_null(column).to_owned();
            manager.alter_table(Table::alter().table("application").add_column(column).to_owned()).await?;
        }
        manager
            .create_index(Index::create().name("application_ended").table("application").col("ended_at").to_owned())
            .await?;
        // Cases that ended before: with the last that is known of them.
        let last = Query::select()
            .expr(Expr::col(("timeline", "at")).max())
            .from("timeline")
            .and_where(Expr::col(("timeline", "number")).equals(("application", "number")))
            .to_owned();
        let ended = Query::update()
            .table("application")
            .value("ended_at", SimpleExpr::SubQuery(None, Box::new(last.into())))
            .and_where(Expr::col("state").is_in(["completed", "rejected", "cancelled", "expired"]))
            .to_owned();
        manager.execute(ended).await
    }
}
