//! Adds or changes a person of a line: as many as "Amount". What is wrong is told, and hinders submission only.

use chassis::{Error, Tx};
use kernel::{Actor, PersonItemId};
use proto::applications::v1::{Application, SavePersonRequest};

use super::{Ports, answer, load_editable, save_services::faults};
use crate::{
    domain::{
        case::{ItemState, Person},
        codes,
        form::full_name,
    },
    store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SavePersonRequest,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let line = case
        .lines
        .iter_mut()
        .find(|line| line.id.to_string() == command.line_id && line.is_per_person())
        .ok_or_else(|| Error::at("line_id", codes::LINE_UNKNOWN))?;
    let catalogue = ports.catalogue();
    let form = catalogue
        .form(&line.form_code, line.form_version)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("form {} {} is gone", line.form_code, line.form_version)))?;
    let (values, found) = form.read(&command.values, catalogue.today);
    let faults = faults(found);
    let id = if command.person_id.is_empty() {
        if line.persons.len() >= line.quantity as usize {
            return Err(Error::at("persons", codes::PERSONS_COMPLETE));
        }
        let id = PersonItemId::from_uuid(ports.context.sources.uuid());
        line.persons.push(Person {
            id,
            name: full_name(&values),
            values,
            faults,
            documents: Vec::new(),
            item_state: ItemState::AwaitingOriginals,
            dispatch: None,
            decision_note: String::new(),
        });
        id
    } else {
        let person = line
            .persons
            .iter_mut()
            .find(|person| person.id.to_string() == command.person_id)
            .ok_or_else(|| Error::at("person_id", codes::PERSON_UNKNOWN))?;
        person.name = full_name(&values);
        person.values = values;
        person.faults = faults;
        person.id
    };
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    for line in &case.lines {
        if let Some(person) = line.persons.iter().find(|person| person.id == id) {
            store::save::put_person(tx, &ports.context.sealer, &case, line, person).await?;
        }
    }
    answer(tx, ports, actor, command.number).await
}
