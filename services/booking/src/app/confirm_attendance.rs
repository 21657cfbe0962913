//! "I will come": the place is kept.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::booking::v1::BookingRight;

use super::{Ports, save};
use crate::{events::Telling, queries, store};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<BookingRight, Error> {
    let (mut appointment, _) = store::locked_appointment(tx, id).await?;
    queries::visible(actor, appointment.account)?;
    appointment.expect_booked()?;
    if appointment.confirmed_at.is_none() {
        appointment.confirmed_at = Some(ports.context.sources.now());
        appointment.version += 1;
        save(tx, ports, actor, &appointment, "CONFIRM", Telling::Confirmed).await?;
    }
    queries::booking_right(&**tx, ports, actor, appointment.application.get()).await
}
