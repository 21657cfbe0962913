//! The numbers of payment: attempts that are still open, by age. An old one is money that nobody knows of.

use std::sync::Arc;

use chassis::{
    Error,
    telemetry::metrics::{self, Gauge},
    worker::Worker,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::Ports;
use crate::store::{OPEN, attempt};

const HOUR: i64 = 3600 * 1_000_000;
const DAY: i64 = 24 * HOUR;

/// Looks now and then; none without a collector.
pub(crate) fn worker(ports: &Arc<Ports>) -> Option<Worker> {
    let open = Gauge::new("portal.payments.attempts.open", "{attempt}", "Attempts that are still open, by age.");
    let ports = Arc::clone(ports);
    metrics::worker("measure-attempts", move || {
        let (ports, open) = (Arc::clone(&ports), open.clone());
        async move {
            let ages = ages(&ports).await?;
            for (age, ends) in [("up_to_an_hour", (0, HOUR)), ("up_to_a_day", (HOUR, DAY)), ("older", (DAY, i64::MAX))]
            {
                let count = ages.iter().filter(|age| (ends.0..ends.1).contains(age)).count();
                open.set(i64::try_from(count).unwrap_or(i64::MAX), &[("age", age)]);
            }
            Ok(())
        }
    })
}

async fn ages(ports: &Ports) -> Result<Vec<i64>, Error> {
    let began: Vec<i64> = attempt::Entity::find()
        .filter(attempt::Column::State.is_in(OPEN))
        .select_only()
        .column(attempt::Column::CreatedAt)
        .into_tuple()
        .all(ports.context.db.read())
        .await?;
    let now = ports.context.sources.now().micros();
    Ok(began.into_iter().map(|began| now.saturating_sub(began).max(0)).collect())
}
