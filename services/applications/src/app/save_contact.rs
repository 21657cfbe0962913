//! Saves "Applicant's Contact Details" as entered; what is wrong with them is told, and hinders submission only.

use chassis::{Error, Tx};
use kernel::{Actor, FreeText};
use proto::applications::v1::{Application, SaveContactRequest};

use super::{Ports, answer, load_editable};
use crate::{domain::case::Contact, store};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &SaveContactRequest,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let given = command.contact.clone().unwrap_or_default();
    case.contact = Contact {
        given_name: kept("contact.given_name", &given.given_name)?,
        surname: kept("contact.surname", &given.surname)?,
        email: kept("contact.email", &given.email)?,
        phone: kept("contact.phone", &given.phone)?,
        address: kept("contact.address", &given.address)?,
    };
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    answer(tx, ports, actor, command.number).await
}

/// Any bounded text may stand in a draft.
fn kept(field: &str, text: &str) -> Result<String, Error> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let parsed = FreeText::<300>::parse(text);
    parsed.map(Into::into).map_err(|error| Error::at(field, kernel::ErrorCode::code(&error)))
}
