//! When the content of a draft was last changed; and when cases ended that had ended before that was noted.

use sea_orm_migration::{prelude::*, schema::big_integer};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "applications_m0013_abandoned"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer("touched_at").default(0).to_owned();
        manager.alter_table(Table::alter().table("application").add_column(column).to_owned()).await?;
        let index =
            Index::create().name("application_touched").table("application").col("state").col("touched_at").to_owned();
        manager.create_index(index).await?;
        // Of what was there before nothing is known but the last row of its history.
        let last = || {
            Query::select()
                .expr(Expr::col(("timeline", "at")).max())
                .from("timeline")
                .and_where(Expr::col(("timeline", "number")).equals(("application", "number")))
                .to_owned()
        };
        let touched = Query::update()
            .table("application")
            .value(
                "touched_at",
                Func::coalesce([Expr::SubQuery(None, Box::new(last().into())), Expr::col("created_at")]),
            )
            .to_owned();
        manager.execute(touched).await?;
        let ended = Query::update()
            .table("application")
            .value("ended_at", SimpleExpr::SubQuery(None, Box::new(last().into())))
            .and_where(Expr::col("state").is_in(["COMPLETED", "REJECTED", "CANCELLED", "EXPIRED"]))
            .and_where(Expr::col("ended_at").is_null())
            .to_owned();
        manager.execute(ended).await
    }
}
