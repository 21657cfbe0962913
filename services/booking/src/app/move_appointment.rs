//! What staff note on the day: the visitor is here, was served, or did not come.

use chassis::{Error, Tx, auth::permit};
use kernel::{Actor, Role};

use super::Ports;
use crate::{
    domain::appointment::{Appointment, Move},
    events, store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str, by: Move) -> Result<Appointment, Error> {
    permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
    let (mut appointment, slot) = store::locked_appointment(tx, id).await?;
    if appointment.go(by)? {
        store::update_appointment(tx, &appointment).await?;
        if !appointment.is_active() {
            store::free_place(tx, &slot).await?;
        }
        events::publish(tx, &ports.context, &appointment).await?;
    }
    Ok(appointment)
}
