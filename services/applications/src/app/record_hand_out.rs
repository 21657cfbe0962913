//! Who took the papers of some persons: he himself, a representative who showed a document, or the personal manager
//! delivered them.

use chassis::{Error, Tx};
use kernel::{Actor, ErrorCode as _, FreeText, PersonName};
use proto::applications::v1::{Application, RecordHandOutRequest};

use super::{Ports, answer, handled_by, item_ids, load_at, save_moved};
use crate::domain::{
    codes,
    hand_out::{HandOut, HandOutWay, IdentityKind, Recipient},
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &RecordHandOutRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let items = item_ids(&command.person_item_ids)?;
    let way = HandOutWay::parse(&command.way).ok_or_else(|| Error::at("way", codes::CHOICE_UNKNOWN))?;
    let now = ports.context.sources.now();
    let today = ports.context.zone.date(now);
    let given = HandOut {
        item: None,
        way,
        recipient: recipient(way, command)?,
        delivered_on: match way {
            HandOutWay::Delivered => Some(
                kernel::time::parse_date(&command.delivered_on)
                    .map_err(|error| Error::at("delivered_on", error.code()))?,
            ),
            HandOutWay::InPerson | HandOutWay::Representative => None,
        },
        by: actor.principal(),
        at: now,
    };
    let facts = case.hand_out(&items, &given, today)?;
    save_moved(tx, ports, actor, &mut case, &facts, "").await?;
    answer(tx, ports, actor, command.number).await
}

/// What each way has to say; anything else that was sent is left out.
fn recipient(way: HandOutWay, command: &RecordHandOutRequest) -> Result<Recipient, Error> {
    match way {
        HandOutWay::InPerson => Ok(Recipient::default()),
        HandOutWay::Representative => {
            let kind = IdentityKind::parse(&command.document_kind)
                .ok_or_else(|| Error::at("document_kind", codes::CHOICE_UNKNOWN))?;
            let name = filled("recipient_name", &command.recipient_name)?;
            let name = PersonName::parse(name).map_err(|error| Error::at("recipient_name", error.code()))?;
            let number = filled("document_number", &command.document_number)?;
            let number = FreeText::<40>::parse(number).map_err(|error| Error::at("document_number", error.code()))?;
            Ok(Recipient {
                name: name.as_str().to_owned(),
                document_kind: kind.code().to_owned(),
                document_number: number.into(),
                address: String::new(),
            })
        }
        HandOutWay::Delivered => {
            let address = filled("address", &command.address)?;
            let address = FreeText::<300>::parse(address).map_err(|error| Error::at("address", error.code()))?;
            Ok(Recipient { address: address.into(), ..Recipient::default() })
        }
    }
}

fn filled<'a>(field: &str, text: &'a str) -> Result<&'a str, Error> {
    if text.trim().is_empty() { Err(Error::at(field, codes::FIELD_REQUIRED)) } else { Ok(text) }
}
