//! Carries committed facts from the outbox to the bus, at least once. Any number of relays may run.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};

use crate::{bus::Bus, clock::Sources, crash, db::Database, error::Error, outbox};

/// Facts relayed in one transaction at most.
const BATCH: u64 = 100;

/// One step: relays what waits and tells how many facts that were.
pub async fn step(db: &Database, bus: &Arc<dyn Bus>, sources: &Sources) -> Result<u64, Error> {
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::PublishedAt.is_null())
        .select_only()
        .column(outbox::Column::Seq)
        .limit(1)
        .into_tuple::<i64>()
        .one(db.read())
        .await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let (bus, now) = (Arc::clone(bus), sources.now());
    // On SQLite the relay works inside the writer's transaction, so no two relays see the same rows.
    let relayed = db
        .write(move |tx| async move {
            let rows = outbox::Entity::find()
                .filter(outbox::Column::PublishedAt.is_null())
                .filter(outbox::Column::NextAttemptAt.lte(now.micros()))
                .order_by_asc(outbox::Column::Seq)
                .limit(BATCH)
                .all(&*tx)
                .await?;
            bus.publish(&tx, &rows, now).await?;
            let published: Vec<i64> = rows.iter().map(|row| row.seq).collect();
            outbox::Entity::update_many()
                .col_expr(outbox::Column::PublishedAt, Expr::value(now.micros()))
                .filter(outbox::Column::Seq.is_in(published))
                .exec(&*tx)
                .await?;
            crash::point("relay-before-commit");
            Ok::<_, Error>(rows.len() as u64)
        })
        .await?;
    crash::point("relay-after-commit");
    Ok(relayed)
}

/// Deletes facts that were delivered longer ago than `retention`, some at a time.
pub async fn clean(db: &Database, sources: &Sources, retention: Duration) -> Result<u64, Error> {
    let before = sources.now().minus(retention).micros();
    db.write(move |tx| async move {
        let old: Vec<i64> = outbox::Entity::find()
            .filter(outbox::Column::PublishedAt.lt(before))
            .select_only()
            .column(outbox::Column::Seq)
            .limit(500)
            .into_tuple()
            .all(&*tx)
            .await?;
        let deleted = outbox::Entity::delete_many().filter(outbox::Column::Seq.is_in(old)).exec(&*tx).await?;
        Ok(deleted.rows_affected)
    })
    .await
}
