//! Carries committed facts from the outbox to the bus, at least once. Any number of relays may run.
//!
//! On PostgreSQL a relay locks shards, never facts: all facts of an aggregate stand in one shard, so no relay overtakes
//! another within an aggregate. On SQLite the relay works inside the one writer's transaction.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{CaseStatement, Expr, ExprTrait as _, LockBehavior, LockType, Query},
};

use crate::{
    bus::{Bus, Standing},
    clock::Sources,
    crash,
    db::{Database, Tx},
    error::Error,
    inbox, outbox, telemetry,
};

/// Facts relayed in one transaction at most.
const BATCH: u64 = 100;
/// Shards one relay takes at a time; other replicas take others.
const SHARDS_AT_ONCE: u64 = 4;
/// A fact that the bus refused rests this long, times the number of refusals.
const REFUSED_REST: Duration = Duration::from_secs(5);

/// One step: relays what waits and tells how many facts that were.
pub async fn step(db: &Database, bus: &Arc<dyn Bus>, sources: &Sources) -> Result<u64, Error> {
    bus.prepare(db, sources).await?;
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::PublishedAt.is_null())
        .filter(outbox::Column::NextAttemptAt.lte(sources.now().micros()))
        .select_only()
        .column(outbox::Column::Seq)
        .limit(1)
        .into_tuple::<i64>()
        .one(db.read())
        .await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let (seam, now) = (Arc::clone(bus), sources.now());
    let relayed = db
        .write(move |tx| async move {
            let mut query = outbox::Entity::find()
                .filter(outbox::Column::PublishedAt.is_null())
                .filter(outbox::Column::NextAttemptAt.lte(now.micros()))
                .order_by_asc(outbox::Column::Seq)
                .limit(BATCH);
            if tx.get_database_backend() == DbBackend::Postgres {
                query = query.filter(outbox::Column::Shard.is_in(take_shards(&tx, now.micros()).await?));
            }
            let rows = query.all(&*tx).await?;
            if rows.is_empty() {
                return Ok(0);
            }
            let spans = telemetry::publish_spans(&rows, tx.get_database_backend());
            let standings = seam.publish(&tx, &rows, now).await?;
            telemetry::published(&spans, &standings);
            drop(spans);
            note(&tx, &rows, &standings, now).await?;
            crash::point("relay-before-commit");
            Ok::<_, Error>(standings.iter().filter(|standing| matches!(standing, Standing::Kept(_))).count() as u64)
        })
        .await?;
    crash::point("relay-after-commit");
    bus.published();
    Ok(relayed)
}

/// Locks some shards that hold waiting facts and that no other relay works on.
async fn take_shards(tx: &Tx, now: i64) -> Result<Vec<i16>, Error> {
    let waiting = Query::select()
        .expr(Expr::val(1))
        .from("outbox")
        .and_where(Expr::col(("outbox", "shard")).equals(("outbox_shard", "id")))
        .and_where(Expr::col(("outbox", "published_at")).is_null())
        .and_where(Expr::col(("outbox", "next_attempt_at")).lte(now))
        .to_owned();
    let mut shards = Query::select();
    shards
        .column("id")
        .from("outbox_shard")
        .and_where(Expr::exists(waiting))
        .order_by("id", sea_orm::Order::Asc)
        .limit(SHARDS_AT_ONCE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let rows = (**tx).query_all(&shards).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Writes down where each fact stands.
async fn note(tx: &Tx, rows: &[outbox::Model], standings: &[Standing], now: kernel::Time) -> Result<(), Error> {
    let mut kept = Vec::with_capacity(rows.len());
    let mut places = CaseStatement::new();
    let mut epoch = None;
    for (row, standing) in rows.iter().zip(standings) {
        match standing {
            Standing::Kept(place) => {
                kept.push(row.seq);
                if let Some(place) = place {
                    places = places.case(Expr::col("seq").eq(row.seq), place.seq);
                    epoch = Some(place.epoch.clone());
                }
            }
            Standing::Refused(reason) => {
                tracing::warn!(event_id = row.event_id, reason, "the bus refused a fact and will be offered it again");
                let rest = REFUSED_REST * u32::try_from(row.attempts.clamp(0, 59) + 1).unwrap_or(1);
                outbox::Entity::update_many()
                    .col_expr(outbox::Column::Attempts, Expr::col(outbox::Column::Attempts).add(1))
                    .col_expr(outbox::Column::NextAttemptAt, Expr::value(now.plus(rest).micros()))
                    .col_expr(outbox::Column::LastError, Expr::value(Some(reason.clone())))
                    .filter(outbox::Column::Seq.eq(row.seq))
                    .exec(&**tx)
                    .await?;
            }
        }
    }
    if kept.is_empty() {
        return Ok(());
    }
    let mut done = outbox::Entity::update_many().col_expr(outbox::Column::PublishedAt, Expr::value(now.micros()));
    if let Some(epoch) = epoch {
        done = done
            .col_expr(outbox::Column::StreamSeq, places.into())
            .col_expr(outbox::Column::StreamEpoch, Expr::value(epoch));
    }
    done.filter(outbox::Column::Seq.is_in(kept)).exec(&**tx).await?;
    Ok(())
}

/// Rows deleted in one transaction at most.
const CLEANED_AT_ONCE: u64 = 500;

/// Deletes facts that were delivered longer ago than `retention`, and the memory of applied ones that is older than
/// `remembered`, some at a time.
pub async fn clean(db: &Database, sources: &Sources, retention: Duration, remembered: Duration) -> Result<u64, Error> {
    let (before, forgotten) = (sources.now().minus(retention).micros(), sources.now().minus(remembered).micros());
    db.write(move |tx| async move {
        let old: Vec<i64> = outbox::Entity::find()
            .filter(outbox::Column::PublishedAt.lt(before))
            .select_only()
            .column(outbox::Column::Seq)
            .limit(CLEANED_AT_ONCE)
            .into_tuple()
            .all(&*tx)
            .await?;
        let deleted = outbox::Entity::delete_many().filter(outbox::Column::Seq.is_in(old)).exec(&*tx).await?;
        Ok(deleted.rows_affected + inbox::forget(&tx, forgotten, CLEANED_AT_ONCE).await?)
    })
    .await
}
