//! Takes a person off a line, with the papers uploaded for him.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, RemovePersonRequest};

use super::{Ports, answer, load_editable};
use crate::{domain::codes, store};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &RemovePersonRequest,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let before = case.persons().count();
    for line in &mut case.lines {
        line.persons.retain(|person| person.id.to_string() != command.person_id);
    }
    if case.persons().count() == before {
        return Err(Error::at("person_id", codes::PERSON_UNKNOWN));
    }
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    store::save::replace_lines(tx, &ports.context.sealer, &case).await?;
    answer(tx, ports, actor, command.number).await
}
