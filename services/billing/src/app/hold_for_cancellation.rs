//! The case is about to be cancelled: refuses where money is under way or in, else lets no payment begin for a while.

use std::time::Duration;

use chassis::{Error, Tx, auth::permit};
use kernel::Actor;

use super::Ports;
use crate::store;

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, number: i64) -> Result<(), Error> {
    permit::system(actor)?;
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    let now = context.sources.now();
    billable.hold_for_cancellation(now.plus(Duration::from_secs(ports.config.cancellation_hold_seconds)))?;
    store::update(tx, &context.sealer, &mut billable, now).await
}
