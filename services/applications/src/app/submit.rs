//! DRAFT or RETURNED → NEW: prices are taken anew and frozen, the offer's acceptance is kept with it.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, SubmitApplicationRequest};

use super::{Ports, load_editable, save_moved};
use crate::{
    domain::{
        case::{Acceptance, Membership},
        codes,
    },
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
    // The prices of an open case are today's since it was loaded, but the registry may only now have answered. Nobody
    // agrees to more than was shown.
    ports.catalogue().price(&mut case);
    let total = case.total().map_or(0, |total| total.minor());
    if command.total_shown_minor != 0 && command.total_shown_minor < total {
        return Err(Error::at("total", codes::PRICE_CHANGED));
    }
    let offer = ports
        .catalogue()
        .offer(0)
        .map(|offer| offer.version)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("no public offer is in force")))?;
    let acceptance = command.accept_offer.then(|| Acceptance {
        version: i32::try_from(command.offer_version).unwrap_or(0),
        at: now,
        client: command.client_address.clone(),
    });
    let facts = case.submit(acceptance, offer, now)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    if case.loaded.priced_anew {
        store::save::write_lines(tx, &context.sealer, &case).await?;
    }
    queries::told(&**tx, ports, actor, &case).await
}
