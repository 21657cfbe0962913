//! Looks one BIN up. Applicants are slowed, so that the registry can't be read off number by number.

use std::sync::PoisonError;

use chassis::Error;
use kernel::{Actor, Bin, ErrorCode as _, Refusal, Scope, Violation};

use super::Ports;
use crate::{
    domain::{codes, pace::Pace, participant::Participant},
    store,
};

/// Principals remembered at most before old ones are dropped.
const REMEMBERED_MAX: usize = 10_000;

pub(crate) async fn run(ports: &Ports, actor: &Actor, bin: &str) -> Result<Participant, Error> {
    permit(actor)?;
    slow(ports, actor)?;
    let bin = Bin::parse(bin).map_err(|error| Error::at("bin", error.code()))?;
    let found = store::by_bin(ports.context.db.read(), &bin).await?;
    let found = found.ok_or_else(|| Error::at("bin", codes::PARTICIPANT_UNKNOWN))?;
    found.must_be_active()?;
    Ok(found)
}

fn permit(actor: &Actor) -> Result<(), Error> {
    match actor {
        Actor::Anonymous => Err(Error::Unauthenticated),
        Actor::User { .. } | Actor::System { .. } => Ok(()),
        Actor::ServiceAccount { scopes, .. } if scopes.contains(&Scope::ParticipantsRead) => Ok(()),
        Actor::ServiceAccount { .. } => Err(Error::Forbidden),
    }
}

fn slow(ports: &Ports, actor: &Actor) -> Result<(), Error> {
    if actor.is_system() || actor.is_staff() {
        return Ok(());
    }
    let now = ports.context.sources.now();
    let mut paces = ports.paces.lock().unwrap_or_else(PoisonError::into_inner);
    if paces.len() >= REMEMBERED_MAX {
        paces.retain(|_, pace| !pace.is_over(now));
    }
    let principal = actor.principal();
    let (pace, wait) = Pace::one_more(paces.get(&principal).copied(), now, ports.config.look_ups_per_minute);
    paces.insert(principal, pace);
    match wait {
        None => Ok(()),
        Some(seconds) => {
            let violation = Violation::new("bin", codes::LOOK_UP_SLOWED).with("seconds", seconds.to_string());
            Err(Refusal::invalid(vec![violation]).into())
        }
    }
}
