//! Takes a file in: a row RECEIVING first, then the sealed file, then the row counts. What never ends is swept.

use std::time::Duration;

use chassis::{Error, Tx};
use intake::Taken;
use kernel::{Actor, DocumentId, ErrorCode as _};
use proto::applications::v1::{UploadDocumentResponse, UploadStart};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr,
};

use super::{Ports, answer, handled_by, load, touched};
use crate::{
    domain::{
        case::{Case, Line},
        codes,
        documents::{self, Document, DocumentState},
        permissions::{View, edits, view},
    },
    store::{self, document},
};

/// Refuses what can't be taken before a byte of it is kept.
pub(crate) async fn check(ports: &Ports, actor: &Actor, start: &UploadStart) -> Result<(), Error> {
    let context = &ports.context;
    let case = store::case::load(context.db.read(), &context.sealer, &ports.catalogue(), start.number).await?;
    if view(&case, actor) != Some(View::Whole) {
        return Err(Error::NotFound);
    }
    place(ports, &case, actor, start).map(|_| ())
}

/// Whether the file is what staff give to the applicant.
fn is_result(start: &UploadStart) -> bool {
    start.code == documents::RESULT
}

/// The files that stand on the item already.
fn place<'a>(ports: &Ports, case: &'a Case, actor: &Actor, start: &UploadStart) -> Result<&'a [Document], Error> {
    let unknown = || Error::at("code", codes::DOCUMENT_ITEM_UNKNOWN);
    if is_result(start) {
        handled_by(case, actor)?;
        case.takes_results()?;
        let mut persons = case.persons();
        let person = persons.find(|person| person.id.to_string() == start.person_id).ok_or_else(unknown)?;
        return within(ports, &person.documents, start);
    }
    if !edits(case, actor) {
        return Err(Error::Forbidden);
    }
    case.editable()?;
    let files: &[Document] = if start.person_id.is_empty() {
        if !case.papers().iter().any(|(code, _)| *code == start.code) {
            return Err(unknown());
        }
        &case.documents
    } else {
        let of_line = |line: &'a Line| line.persons.iter().map(move |person| (line, person));
        let (line, person) = case
            .lines
            .iter()
            .flat_map(of_line)
            .find(|(_, person)| person.id.to_string() == start.person_id)
            .ok_or_else(unknown)?;
        if !line.papers_of(person, case.is_member()).iter().any(|(code, _)| *code == start.code) {
            return Err(unknown());
        }
        &person.documents
    };
    within(ports, files, start)
}

fn within<'a>(ports: &Ports, files: &'a [Document], start: &UploadStart) -> Result<&'a [Document], Error> {
    let stands = |file: &&Document| file.code == start.code && file.counts();
    if files.iter().filter(stands).count() >= ports.config.documents.files_max {
        return Err(Error::at("file", codes::FILES_TOO_MANY));
    }
    Ok(files)
}

/// Stores a whole file that has arrived.
pub(crate) async fn run(
    ports: &std::sync::Arc<Ports>,
    actor: Actor,
    start: UploadStart,
    content: Vec<u8>,
) -> Result<UploadDocumentResponse, Error> {
    let context = &ports.context;
    let looked = ports.intake.take(content).await.map_err(|away| Error::Unavailable(away.to_string()))?;
    let Taken { media_type, content, scanned } = looked.map_err(|unfit| Error::at("file", unfit.code()))?;
    let id = DocumentId::from_uuid(context.sources.uuid());
    let name = intake::file_name(&start.file_name);
    let row = document::ActiveModel {
        id: Set(id.to_string()),
        number: Set(start.number),
        person_id: Set(start.person_id.clone()),
        code: Set(start.code.clone()),
        file_name_sealed: Set(context.sealer.seal_text(&store::file_name_place(&id.to_string()), &name)?),
        media_type: Set(media_type.to_owned()),
        size_bytes: Set(i64::try_from(content.len()).unwrap_or(i64::MAX)),
        sha256: Set(Vec::new()),
        key_sealed: Set(Vec::new()),
        state: Set(DocumentState::Receiving.code().to_owned()),
        reason: Set(String::new()),
        scanned: Set(scanned),
        uploaded_at: Set(context.sources.now().micros()),
    };
    context
        .db
        .write(move |tx| async move {
            document::Entity::insert(row).exec_without_returning(&*tx).await?;
            Ok::<_, Error>(())
        })
        .await?;
    let stored = context.files.put(&id.to_string(), &content).await?;
    let key_sealed = context.sealer.seal(&store::file_key_place(&id.to_string()), &stored.key)?;
    let inner = std::sync::Arc::clone(ports);
    context
        .db
        .write(move |tx| async move { keep(&tx, &inner, &actor, &start, id, key_sealed, stored.sha256).await })
        .await
}

async fn keep(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    start: &UploadStart,
    id: DocumentId,
    key_sealed: Vec<u8>,
    sha256: Vec<u8>,
) -> Result<UploadDocumentResponse, Error> {
    let mut case = load(tx, ports, actor, start.number).await?;
    place(ports, &case, actor, start)?;
    if !is_result(start) {
        touched(tx, ports, actor, &mut case, "UPLOADED_ON_BEHALF").await?;
    }
    store::save::update(tx, &ports.context.sealer, &mut case).await?;
    let state = if is_result(start) {
        store::save::note(tx, &case, actor, "RESULT_ADDED", "", ports.context.sources.now()).await?;
        DocumentState::Accepted
    } else {
        DocumentState::Uploaded
    };
    document::Entity::update_many()
        .col_expr(document::Column::State, Expr::value(state.code()))
        .col_expr(document::Column::KeySealed, Expr::value(key_sealed))
        .col_expr(document::Column::Sha256, Expr::value(sha256))
        .filter(document::Column::Id.eq(id.to_string()))
        .exec(&**tx)
        .await?;
    let application = answer(tx, ports, actor, start.number).await?;
    let document = crate::queries::find_document(&application, &id.to_string());
    Ok(UploadDocumentResponse { document, application: Some(application) })
}

/// Removes files whose upload never ended, or that were taken away, some at a time.
pub(crate) async fn sweep(ports: &Ports) -> Result<u64, Error> {
    let context = &ports.context;
    let before = context.sources.now().minus(Duration::from_secs(ports.config.documents.orphan_hours * 3600)).micros();
    let orphans: Vec<String> = document::Entity::find()
        .filter(document::Column::State.eq(DocumentState::Receiving.code()))
        .filter(document::Column::UploadedAt.lt(before))
        .select_only()
        .column(document::Column::Id)
        .limit(100)
        .into_tuple()
        .all(context.db.read())
        .await?;
    for id in &orphans {
        context.files.delete(id).await?;
    }
    let count = orphans.len() as u64;
    if count > 0 {
        context
            .db
            .write(move |tx| async move {
                document::Entity::delete_many().filter(document::Column::Id.is_in(orphans)).exec(&*tx).await?;
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(count)
}
