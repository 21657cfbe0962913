//! The state body wants to see more: originals of these persons are awaited again, and a visit may be booked for them.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, ItemsCommand};

use super::{Ports, answer, handled_by, item_ids, load_at, reason, save_moved};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &ItemsCommand) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let said = reason(&command.reason)?;
    let facts = case.request_originals(&item_ids(&command.person_item_ids)?, &said)?;
    save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    answer(tx, ports, actor, command.number).await
}
