//! The case goes back to the pool, with a reason.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, CaseCommand};

use super::{Ports, answer, handled_by, load_at, reason, save_moved};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &CaseCommand) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let by = handled_by(&case, actor)?;
    let said = reason(&command.reason)?;
    let facts = case.release(by, &said)?;
    if !facts.is_empty() {
        save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    }
    answer(tx, ports, actor, command.number).await
}
