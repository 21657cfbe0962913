//! Gives a place back: the applicant until the day before, staff at any time.

use chassis::{Error, Tx};
use kernel::Actor;

use super::{Places, Ports, offered, save};
use crate::{domain::appointment::Move, events::Telling, queries, store};

/// Cancels and tells the application it was for.
pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<i64, Error> {
    let (mut appointment, _) = store::locked_appointment(tx, id).await?;
    queries::visible(actor, appointment.account)?;
    if let Some(code) = offered::against_cancel(ports, actor, &appointment) {
        return Err(Error::refuse(code));
    }
    if appointment.go(Move::Cancel)? {
        save(tx, ports, actor, &appointment, "CANCEL", Telling::State).await?;
        let mut places = Places::default();
        places.free(&appointment.slot);
        places.settle(tx).await?;
    }
    Ok(appointment.application.get())
}
