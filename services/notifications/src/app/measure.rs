//! The numbers of mail: how much waits, for how long, and what became of the rest.

use std::sync::Arc;

use chassis::{
    Error,
    telemetry::metrics::{self, Counter, Gauge},
    worker::Worker,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::Ports;
use crate::{domain::delivery::Delivery, store::message};

pub(crate) fn told() -> Counter {
    Counter::new("portal.mail.told", "{message}", "Messages that were worked on, by what became of them.")
}

/// Looks now and then; none without a collector.
pub(crate) fn worker(ports: &Arc<Ports>) -> Option<Worker> {
    let waiting = Gauge::new("portal.mail.waiting", "{message}", "Messages to be sent, now or later.");
    let overdue = Gauge::new("portal.mail.overdue", "s", "For how long the message that is due longest has been due.");
    let ports = Arc::clone(ports);
    metrics::worker("measure-mail", move || {
        let (ports, waiting, overdue) = (Arc::clone(&ports), waiting.clone(), overdue.clone());
        async move {
            let (count, seconds) = look(&ports).await?;
            waiting.set(count, &[]);
            overdue.set(seconds, &[]);
            Ok(())
        }
    })
}

async fn look(ports: &Ports) -> Result<(i64, i64), Error> {
    let found = message::Entity::find()
        .filter(message::Column::State.eq(Delivery::Waiting.code()))
        .select_only()
        .column_as(message::Column::Id.count(), "waiting")
        .column_as(message::Column::DueAt.min(), "due_at")
        .into_tuple::<(i64, Option<i64>)>()
        .one(ports.context.db.read())
        .await?;
    let (count, due_at) = found.unwrap_or_default();
    let now = ports.context.sources.now().micros();
    Ok((count, due_at.map_or(0, |due_at| now.saturating_sub(due_at).max(0) / 1_000_000)))
}
