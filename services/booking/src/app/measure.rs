//! The numbers of booking: places free and taken on the next days that can be booked.

use std::sync::Arc;

use chassis::{
    Error,
    telemetry::metrics::{self, Gauge},
    worker::Worker,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::{Ports, office};
use crate::{queries, store::booking_right};

/// Days that are looked at.
const DAYS: usize = 5;

/// Looks now and then; none without a collector.
pub(crate) fn worker(ports: &Arc<Ports>) -> Option<Worker> {
    let places = Gauge::new("portal.booking.places", "{place}", "Places on the next days that can be booked.");
    let ports = Arc::clone(ports);
    metrics::worker("measure-places", move || {
        let (ports, places) = (Arc::clone(&ports), places.clone());
        async move { look(&ports, &places).await }
    })
}

async fn look(ports: &Ports, places: &Gauge) -> Result<(), Error> {
    let (context, db) = (&ports.context, ports.context.db.read());
    let kinds: Vec<String> = booking_right::Entity::find()
        .filter(booking_right::Column::Open.eq(true))
        .select_only()
        .column(booking_right::Column::Kind)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let plans = office::plans(db, ports).await?;
    let today = context.zone.date(context.sources.now());
    for plan in plans.all() {
        let days = plan.bookable_days(&ports.config, today);
        for (index, day) in days.iter().take(DAYS).enumerate() {
            // Which day it is, not its date: each date would be a series of its own, for ever.
            let number = (index + 1).to_string();
            for kind in &kinds {
                let slots = queries::of_day(db, ports, plan, kind, *day).await?;
                let free: i64 = slots.iter().map(|slot| i64::from(slot.free)).sum();
                let all: i64 = slots.iter().map(|slot| i64::from(slot.capacity)).sum();
                let of = |state| [("office", plan.office.as_str()), ("kind", kind), ("day", &number), ("state", state)];
                places.set(free, &of("free"));
                places.set(all - free, &of("taken"));
            }
        }
    }
    Ok(())
}
