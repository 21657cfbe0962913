//! Frees the places of holds that have run out.

use std::sync::Arc;

use chassis::{Error, Tx};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::{Places, Ports};
use crate::{
    domain::appointment::State,
    store::{self, appointment},
};

/// Applications of one step.
const AT_ONCE: u64 = 50;

/// Tells how many holds have lapsed.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let now = ports.context.sources.now();
    let numbers: Vec<i64> = appointment::Entity::find()
        .filter(appointment::Column::State.eq(State::Held.code()))
        .filter(appointment::Column::HeldUntil.lte(now.micros()))
        .select_only()
        .column(appointment::Column::ApplicationNumber)
        .distinct()
        .limit(AT_ONCE)
        .into_tuple()
        .all(ports.context.db.read())
        .await?;
    let mut lapsed = 0;
    for number in numbers {
        lapsed += ports.context.db.write(move |tx| async move { lapse(&tx, number, now).await }).await?;
    }
    Ok(lapsed)
}

async fn lapse(tx: &Tx, number: i64, now: kernel::Time) -> Result<u64, Error> {
    // The lock that whoever confirms takes first, too.
    store::right(&**tx, number).await?;
    let (mut places, mut lapsed) = (Places::default(), 0);
    for held in store::appointments(&**tx, number).await? {
        if held.state == State::Held && store::delete_held(tx, &held, Some(now)).await? {
            places.free(&held.slot);
            lapsed += 1;
        }
    }
    places.settle(tx).await?;
    Ok(lapsed)
}
