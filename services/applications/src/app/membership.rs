//! Asks the registry for a BIN, outside any transaction.

use chassis::{Error, command::Call, dial, status};
use kernel::{Bin, ErrorCode as _, Refusal, Violation};
use proto::{
    applications::v1 as pb,
    participants::v1::{LookUpParticipantRequest, participants_client::ParticipantsClient},
};

use super::Ports;
use crate::domain::{
    case::{Membership, MembershipKind},
    codes,
};

/// What the registry says. A BIN it refuses is refused at `membership.bin`; a registry that is away leaves the
/// membership unverified, unless `must_know`.
pub(crate) async fn check(
    ports: &Ports,
    call: &Call,
    given: Option<&pb::Membership>,
    must_know: bool,
) -> Result<Membership, Error> {
    let unknown = pb::Membership::default();
    let given = given.unwrap_or(&unknown);
    let empty = |kind| Membership { kind, bin: String::new(), organisation_name: String::new(), verified: false };
    match given.kind() {
        pb::MembershipKind::Unspecified => return Ok(empty(MembershipKind::Unknown)),
        pb::MembershipKind::NotMember => return Ok(empty(MembershipKind::NotMember)),
        pb::MembershipKind::Member => {}
    }
    if given.bin.trim().is_empty() {
        return Ok(empty(MembershipKind::Member));
    }
    let bin = Bin::parse(&given.bin).map_err(|error| Error::at("membership.bin", error.code()))?;
    let request = dial::request(LookUpParticipantRequest { bin: bin.to_string() }, &call.onward());
    match ParticipantsClient::new(ports.context.dialer.channel("participants")?).look_up_participant(request).await {
        Ok(found) => {
            let organisation_name = found.into_inner().name;
            Ok(Membership { kind: MembershipKind::Member, bin: bin.to_string(), organisation_name, verified: true })
        }
        Err(refused) => {
            let error = status::into_error(&refused);
            if let Error::Unavailable(reason) = error {
                return if must_know {
                    Err(Error::Unavailable(format!("registry: {reason}")))
                } else {
                    Ok(Membership { bin: bin.to_string(), ..empty(MembershipKind::Member) })
                };
            }
            Err(passed_on(&refused).map_or(error, Error::Refusal))
        }
    }
}

/// A refusal of the registry, at our field.
fn passed_on(refused: &tonic::Status) -> Option<Refusal> {
    let told = status::parse(refused);
    let first = told.violations.into_iter().next()?;
    let code = codes::REGISTRY.iter().find(|code| code.as_str() == first.code)?;
    let mut violation = Violation::new("membership.bin", *code);
    for key in ["name", "status", "seconds"] {
        if let Some(value) = first.params.get(key) {
            violation = violation.with(key, value.clone());
        }
    }
    Some(Refusal::invalid(vec![violation]))
}
