//! Originals are handed over, all or some; only after approval and payment, whoever asks.

use chassis::{Error, Tx};
use kernel::{Actor, PersonItemId};
use proto::applications::v1::{Application, ItemsCommand};

use super::{Ports, answer, handled_by, item_ids, load_at, save_moved};
use crate::domain::{
    codes,
    originals::{Handing, Original},
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &ItemsCommand) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let items = item_ids(&command.person_item_ids)?;
    let missing = missing(command)?;
    let handing = Handing { items: &items, missing: &missing, by: actor.principal(), at: ports.context.sources.now() };
    let facts = case.receive_originals(&handing)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    answer(tx, ports, actor, command.number).await
}

fn missing(command: &ItemsCommand) -> Result<Vec<Original>, Error> {
    let read = |(index, told): (usize, &proto::applications::v1::Original)| {
        let at = || Error::at(&format!("missing[{index}]"), codes::ITEM_UNKNOWN);
        let item = match told.person_item_id.as_str() {
            "" => None,
            id => Some(id.parse::<PersonItemId>().map_err(|_| at())?),
        };
        Ok(Original { item, code: told.code.clone() })
    };
    command.missing.iter().enumerate().map(read).collect()
}
