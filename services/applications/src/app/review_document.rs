//! A file is accepted, or rejected with a reason.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, ReviewDocumentRequest};

use super::{Ports, answer, handled_by, load_at, reason};
use crate::store;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &ReviewDocumentRequest,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    handled_by(&case, actor)?;
    let said = reason(&command.reason)?;
    let id = command.document_id.parse().map_err(|_| Error::NotFound)?;
    case.review_document(id, command.accept, &said)?;
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    store::save::after_move(tx, &case).await?;
    let action = if command.accept { "DOCUMENT_ACCEPTED" } else { "DOCUMENT_REJECTED" };
    store::save::note(tx, &case, actor, action, &said, ports.context.sources.now()).await?;
    answer(tx, ports, actor, command.number).await
}
