//! A supervisor gives the case to a manager, or to another one.

use chassis::{Error, Tx, auth::permit};
use kernel::{Actor, Role};
use proto::applications::v1::{Application, AssignApplicationRequest};

use super::{Ports, answer, load_at, reason, save_moved};
use crate::domain::codes;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &AssignApplicationRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let by = permit::staff(actor, &[Role::Supervisor])?;
    let said = reason(&command.reason)?;
    let to = command.account_id.parse().map_err(|_| Error::at("account_id", codes::ASSIGNEE_UNKNOWN))?;
    let facts = case.assign(to, by, &said)?;
    if !facts.is_empty() {
        save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    }
    answer(tx, ports, actor, command.number).await
}
