//! Results were handed out: the case ends.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, CaseCommand};

use super::{Ports, answer, load_at, reason, save_moved};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &CaseCommand) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let said = reason(&command.reason)?;
    super::handled_by(&case, actor)?;
    let facts = case.complete()?;
    save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    answer(tx, ports, actor, command.number).await
}
