//! The applicant says why what is marked stays as it is.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, ReplyToMarkRequest};

use super::{Ports, answer, load_editable};
use crate::store;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ReplyToMarkRequest,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    let said = kernel::FreeText::<500>::parse(&command.text);
    let text = match said {
        Ok(text) => text.into(),
        Err(kernel::TextError::Empty) => String::new(),
        Err(error) => return Err(Error::at("text", kernel::ErrorCode::code(&error))),
    };
    case.reply_to_mark(&command.field, text)?;
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    store::mark_reply::save(tx, &ports.context.sealer, &case).await?;
    answer(tx, ports, actor, command.number).await
}
