//! The papers of some persons went to the state body: with which number, when, and until when an answer is expected.

use chassis::{Error, Tx};
use kernel::{Actor, ErrorCode as _, FreeText};
use proto::applications::v1::{Application, SendToStateBodyRequest};

use super::{Ports, answer, handled_by, item_ids, load_at, save_moved};
use crate::domain::case::Dispatch;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SendToStateBodyRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let items = item_ids(&command.person_item_ids)?;
    let outgoing_number = FreeText::<64>::parse(&command.outgoing_number)
        .map_err(|error| Error::at("outgoing_number", error.code()))?
        .into();
    let day = |field: &str, text: &str| kernel::time::parse_date(text).map_err(|error| Error::at(field, error.code()));
    let sent_on = day("sent_on", &command.sent_on)?;
    let expected_on = match command.expected_on.as_str() {
        "" => None,
        text => Some(day("expected_on", text)?),
    };
    let today = ports.context.zone.date(ports.context.sources.now());
    let dispatch = Dispatch { outgoing_number, sent_on, expected_on };
    let facts = case.send_to_state_body(&items, &dispatch, today)?;
    save_moved(tx, ports, actor, &mut case, &facts, &dispatch.outgoing_number).await?;
    answer(tx, ports, actor, command.number).await
}
