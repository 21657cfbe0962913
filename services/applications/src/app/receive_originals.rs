//! Originals are handed over; only after approval and payment, whoever asks.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, ItemsCommand};

use super::{Ports, answer, handled_by, item_ids, load_at, save_moved};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &ItemsCommand) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let items = item_ids(&command.person_item_ids)?;
    let facts = case.receive_originals(&items)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    answer(tx, ports, actor, command.number).await
}
