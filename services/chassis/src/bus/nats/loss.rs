//! Finds out whether a stream lost what it had acknowledged (its tail after a crash, or all of it), and lets the
//! outbox publish that anew. Readers know by their inbox what they have seen.

use async_nats::jetstream::stream::Stream;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, OnConflict},
};

use super::away;
use crate::{
    db::{Database, Tx},
    error::Error,
    outbox,
};

mod state {
    //! How far a stream was known to reach.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "relay_state")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub stream: String,
        pub epoch: String,
        pub high_seq: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Compares the stream with what was known of it. Answers its epoch.
pub(super) async fn compare(db: &Database, stream: &Stream, name: &str) -> Result<String, Error> {
    // What was known is read before the stream is asked: it only ever reaches further.
    let known = state::Entity::find_by_id(name.to_owned()).one(db.read()).await?;
    let info = stream.get_info().await.map_err(|error| away("asking for the stream", error))?;
    let epoch = info.created.unix_timestamp_nanos().to_string();
    let last = i64::try_from(info.state.last_sequence).unwrap_or(i64::MAX);
    let lost_from = match &known {
        None => None,
        Some(known) if known.epoch != epoch => Some(0),
        Some(known) if last < known.high_seq => Some(last + 1),
        Some(known) => replaced(db, stream, &epoch, known.high_seq).await?,
    };
    let (told, name) = (epoch.clone(), name.to_owned());
    db.write(move |tx| async move {
        if let Some(from) = lost_from {
            let again = publish_anew(&tx, &epoch, from, &[]).await?;
            tracing::warn!(stream = name, from, again, "the stream lost facts; the outbox publishes them anew");
        }
        put(&tx, &name, &epoch, last).await
    })
    .await?;
    Ok(told)
}

/// Where the last fact that we know to stand in the stream is another one now: the tail was lost and written over.
/// Looks backwards from the end of what we know.
async fn replaced(db: &Database, stream: &Stream, epoch: &str, high: i64) -> Result<Option<i64>, Error> {
    let newest = outbox::Entity::find()
        .filter(outbox::Column::StreamEpoch.eq(epoch))
        .filter(outbox::Column::StreamSeq.lte(high))
        .filter(outbox::Column::PublishedAt.is_not_null())
        .order_by_desc(outbox::Column::StreamSeq)
        .one(db.read())
        .await?;
    let Some((row, seq)) = newest.and_then(|row| row.stream_seq.map(|seq| (row, seq))) else { return Ok(None) };
    let stands = stream.get_raw_message(u64::try_from(seq).unwrap_or(0)).await;
    match stands {
        Ok(message) => {
            let id = message.headers.get("Nats-Msg-Id").map(async_nats::HeaderValue::as_str).unwrap_or_default();
            // How far back it goes is not known: all of this epoch is published anew, and readers know what is old.
            Ok((id != row.event_id).then_some(0))
        }
        // Aged out, or deleted by an operator: nothing that readers would still need from us now.
        Err(_) => Ok(None),
    }
}

/// Marks kept facts as not published: those of other epochs, and those from a place on. Tells how many.
async fn publish_anew(tx: &Tx, epoch: &str, from: i64, but: &[i64]) -> Result<u64, Error> {
    let lost = sea_orm::Condition::any().add(outbox::Column::StreamEpoch.ne(epoch)).add(
        sea_orm::Condition::all().add(outbox::Column::StreamEpoch.eq(epoch)).add(outbox::Column::StreamSeq.gte(from)),
    );
    let marked = outbox::Entity::update_many()
        .col_expr(outbox::Column::PublishedAt, Expr::value(None::<i64>))
        .col_expr(outbox::Column::StreamSeq, Expr::value(None::<i64>))
        .col_expr(outbox::Column::StreamEpoch, Expr::value(None::<String>))
        .filter(outbox::Column::PublishedAt.is_not_null())
        .filter(outbox::Column::Seq.is_not_in(but.to_vec()))
        .filter(lost)
        .exec(&**tx)
        .await?;
    Ok(marked.rows_affected)
}

/// How far the stream was known to reach before this batch.
pub(super) async fn high(tx: &Tx, name: &str) -> Result<i64, Error> {
    Ok(state::Entity::find_by_id(name.to_owned()).one(&**tx).await?.map_or(0, |row| row.high_seq))
}

/// Notes places that the server has just given. One at or below `high`, which was known before, tells that the tail
/// had been lost unseen.
pub(super) async fn note(
    tx: &Tx,
    name: &str,
    epoch: &str,
    high: i64,
    given: &[i64],
    batch: &[outbox::Model],
) -> Result<(), Error> {
    let (Some(lowest), Some(highest)) = (given.iter().min(), given.iter().max()) else { return Ok(()) };
    if *lowest <= high {
        let but: Vec<i64> = batch.iter().map(|row| row.seq).collect();
        let again = publish_anew(tx, epoch, *lowest, &but).await?;
        tracing::warn!(stream = name, from = lowest, again, "the stream's tail was lost; it is published anew");
        return put(tx, name, epoch, *highest).await;
    }
    put(tx, name, epoch, (*highest).max(high)).await
}

async fn put(tx: &Tx, name: &str, epoch: &str, high: i64) -> Result<(), Error> {
    state::Entity::insert(state::ActiveModel {
        stream: Set(name.to_owned()),
        epoch: Set(epoch.to_owned()),
        high_seq: Set(high),
    })
    .on_conflict(
        OnConflict::column(state::Column::Stream)
            .update_columns([state::Column::Epoch, state::Column::HighSeq])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}
