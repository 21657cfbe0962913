//! DRAFT or RETURNED → NEW: prices are taken anew and frozen, the offer's acceptance is kept with it.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, SubmitApplicationRequest};

use super::{Ports, load_editable, save_moved};
use crate::{
    catalogue::tenge,
    domain::case::{Acceptance, Membership},
    queries, store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SubmitApplicationRequest,
    membership: Membership,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let context = &ports.context;
    let now = context.sources.now();
    case.membership = membership;
    let mut frozen_anew = false;
    for line in &mut case.lines {
        if let Some(service) = ports.catalogue.service(&line.service_code) {
            let before = (line.price, line.personal_manager_price);
            line.price = tenge(service.price);
            line.personal_manager_price = service.personal_manager_price.map(tenge);
            frozen_anew |= before != (line.price, line.personal_manager_price);
        }
    }
    case.walk_in_price = tenge(ports.catalogue.file.walk_in.price);
    let offer = ports
        .catalogue
        .offer(0, context.zone.date(now))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("no public offer is in force")))?;
    let acceptance = command.accept_offer.then(|| Acceptance {
        version: i32::try_from(command.offer_version).unwrap_or(0),
        at: now,
        client: command.client_address.clone(),
    });
    let facts = case.submit(acceptance, offer.version, now)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    if frozen_anew {
        store::save::write_lines(tx, &case).await?;
    }
    queries::told(&**tx, ports, actor, &case).await
}
