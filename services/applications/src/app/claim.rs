//! A manager takes a new application on.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, CaseCommand};

use super::{Ports, answer, load_at, personal_manager, reason, save_moved};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &CaseCommand,
    name: &str,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let said = reason(&command.reason)?;
    let manager = chassis::auth::permit::staff(actor, &[kernel::Role::Manager])?;
    let facts = case.claim(manager)?;
    save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    personal_manager::set(tx, &case, manager, name).await?;
    answer(tx, ports, actor, command.number).await
}
