//! DRAFT or RETURNED → NEW: prices are taken anew and frozen; the offer's acceptance and the consent are kept with it. Staff
//! submit by the owner's signed mandate.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, SubmitApplicationRequest};

use super::{Ports, load_own, save_moved};
use crate::{
    domain::{
        case::{Acceptance, Membership},
        codes,
        moves::Submitting,
    },
    queries,
    store::{self, consent::Given},
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SubmitApplicationRequest,
    membership: Membership,
) -> Result<Application, Error> {
    let mut case = load_own(tx, ports, actor, command.number, command.version).await?;
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
    let by = Submitting {
        mandate: actor.account() != Some(case.owner),
        consent: command.consent_version,
        consent_in_force: ports.consent.version,
    };
    let acceptance = command.accept_offer.then(|| Acceptance {
        version: i32::try_from(command.offer_version).unwrap_or(0),
        at: now,
        client: command.client_address.clone(),
        by_mandate: actor.account().filter(|_| by.mandate),
    });
    let facts = case.submit(&by, acceptance, offer, now)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    if by.mandate {
        store::save::note(tx, &case, actor, "SUBMITTED_BY_MANDATE", "", now).await?;
    }
    let given = Given {
        of_version: case.version,
        version: by.consent,
        at: now,
        account: actor.principal(),
        client_address: &command.client_address,
        term_days: ports.config.retention.ended_days,
        at_desk: by.mandate,
    };
    store::consent::write(tx, case.number.get(), given).await?;
    if case.loaded.priced_anew {
        store::save::write_lines(tx, &context.sealer, &case).await?;
    }
    queries::told(&**tx, ports, actor, &case).await
}
