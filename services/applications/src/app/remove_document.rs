//! Takes an uploaded file away. One that was never submitted goes with the sweep of orphans; others stay as versions.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, RemoveDocumentRequest};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{Ports, answer, load_editable};
use crate::{
    domain::{codes, documents::DocumentState},
    store::{self, document},
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &RemoveDocumentRequest,
) -> Result<Application, Error> {
    let mut case = load_editable(tx, ports, actor, command.number, command.version).await?;
    if !case.all_documents().any(|document| document.id.to_string() == command.document_id) {
        return Err(Error::at("document_id", codes::DOCUMENT_UNKNOWN));
    }
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    document::Entity::update_many()
        .col_expr(document::Column::State, Expr::value(DocumentState::taken_away(case.submitted_at.is_some()).code()))
        .filter(document::Column::Id.eq(&command.document_id))
        .exec(&**tx)
        .await?;
    answer(tx, ports, actor, command.number).await
}
