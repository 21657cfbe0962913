//! The state body's answer for one person.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, RecordDecisionRequest};

use super::{Ports, answer, handled_by, load_at, reason, save_moved};
use crate::domain::codes;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &RecordDecisionRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let note = reason(&command.note)?;
    let item = command.person_item_id.parse().map_err(|_| Error::at("person_item_id", codes::ITEM_UNKNOWN))?;
    let facts = case.record_decision(item, command.granted, note)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    answer(tx, ports, actor, command.number).await
}
