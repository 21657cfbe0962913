//! Back to the applicant, with what to correct and why.

use chassis::{Error, Tx};
use kernel::{Actor, ErrorCode as _, FreeText, LineText, Role};
use proto::applications::v1::{Application, ReturnApplicationRequest};

use super::{Ports, answer, handled_by, load_at, reason, save_moved};
use crate::{
    domain::{case::Mark, codes, moves::ReturnsAllowed},
    store,
};

/// Corrections asked for at once at most.
const MARKS_MAX: usize = 200;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ReturnApplicationRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let said = reason(&command.reason)?;
    let marks = command
        .marks
        .iter()
        .take(MARKS_MAX)
        .map(|mark| {
            let field = LineText::<200>::parse(&mark.field).map_err(|error| Error::at("marks", error.code()))?;
            let reason = FreeText::<500>::parse(&mark.reason).map_err(|_| Error::at("marks", codes::REASON_MISSING))?;
            Ok(Mark { field: field.into(), reason: reason.into() })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let allowed = ReturnsAllowed {
        returned: store::timeline::returns(&**tx, command.number).await?,
        max: ports.config.limits.returns_max,
        supervisor: actor.has_role(Role::Supervisor),
    };
    let facts = case.return_for_correction(marks, said.clone(), &allowed)?;
    save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    answer(tx, ports, actor, command.number).await
}
