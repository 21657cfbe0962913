//! What staff note on the day: the visitor is here, was served, or did not come.

use chassis::{Error, Tx, auth::permit};
use kernel::Actor;

use super::{Places, Ports, queue, save};
use crate::{
    domain::appointment::{Appointment, Move},
    events::Telling,
    store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str, by: Move) -> Result<Appointment, Error> {
    permit::staff(actor, queue::DESK)?;
    let (mut appointment, right) = store::locked_appointment(tx, id).await?;
    if appointment.go(by)? {
        save(tx, ports, actor, &appointment, by.code(), Telling::State).await?;
        match by {
            Move::CheckIn => queue::receive(tx, ports, &appointment, &right).await?,
            Move::Serve => queue::close(tx, ports, &appointment).await?,
            Move::Confirm | Move::Miss | Move::Cancel => {}
        }
        if !appointment.is_active() {
            let mut places = Places::default();
            places.free(&appointment.slot);
            places.settle(tx).await?;
        }
    }
    Ok(appointment)
}
