//! Papers kept with an account, by its owner alone. A row RECEIVING first, then the sealed file, then the row counts; what
//! never ended, or was taken away, is swept.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use chassis::{Error, Tx, auth::permit};
use intake::Taken;
use kernel::{AccountId, Actor, DocumentId, ErrorCode as _, Refusal, Violation};
use proto::identity::v1::{AccountDocument, AccountDocumentStart};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, sea_query::Expr,
};

use super::Ports;
use crate::{
    domain::{account::Account, codes, papers, papers::PaperState},
    store::{self, account_document as row},
};

/// Files swept in one step.
const SWEPT_AT_ONCE: u64 = 100;

/// A file as it is handed out.
pub(crate) struct Download {
    pub file_name: String,
    pub media_type: String,
    pub content: Bytes,
}

/// The applicant who asks, as the account stands now.
async fn owner(ports: &Ports, db: &impl ConnectionTrait, actor: &Actor) -> Result<Account, Error> {
    let id = permit::user(actor)?;
    if actor.is_staff() {
        return Err(Error::Forbidden);
    }
    let account = store::by_id(db, &ports.context.sealer, id).await?;
    if account.disabled { Err(Error::Unauthenticated) } else { Ok(account) }
}

fn stored(account: AccountId) -> Select<row::Entity> {
    row::Entity::find()
        .filter(row::Column::AccountId.eq(account.to_string()))
        .filter(row::Column::State.eq(PaperState::Stored.code()))
}

/// The own ones, oldest first, and what the account may keep.
pub(crate) async fn list(
    ports: &Ports,
    actor: &Actor,
) -> Result<(Vec<AccountDocument>, &'static [&'static str]), Error> {
    let db = ports.context.db.read();
    let account = owner(ports, db, actor).await?;
    let rows = stored(account.id).order_by_asc(row::Column::UploadedAt).order_by_asc(row::Column::Id).all(db).await?;
    let documents = rows.iter().map(|row| shown(ports, row)).collect::<Result<_, _>>()?;
    Ok((documents, papers::codes(&account.kind)))
}

fn shown(ports: &Ports, row: &row::Model) -> Result<AccountDocument, Error> {
    Ok(AccountDocument {
        id: row.id.clone(),
        code: row.code.clone(),
        file_name: file_name(ports, row)?,
        media_type: row.media_type.clone(),
        size_bytes: row.size_bytes.unsigned_abs(),
        uploaded_at_micros: row.uploaded_at,
    })
}

fn file_name(ports: &Ports, row: &row::Model) -> Result<String, Error> {
    ports.context.sealer.open_text(&row::place("file_name_sealed", &row.id), &row.file_name_sealed)
}

/// Refuses what can't be taken before a byte of it is kept.
pub(crate) async fn check(ports: &Ports, actor: &Actor, start: &AccountDocumentStart) -> Result<(), Error> {
    let db = ports.context.db.read();
    let account = owner(ports, db, actor).await?;
    room(ports, db, &account, &start.code).await
}

async fn room(ports: &Ports, db: &impl ConnectionTrait, account: &Account, code: &str) -> Result<(), Error> {
    if !papers::codes(&account.kind).contains(&code) {
        return Err(Error::at("code", codes::DOCUMENT_ITEM_UNKNOWN));
    }
    let count = stored(account.id).filter(row::Column::Code.eq(code)).count(db).await?;
    if count >= u64::from(ports.config.documents.files_max) {
        return Err(Error::at("file", codes::FILES_TOO_MANY));
    }
    Ok(())
}

/// The refusal of a file that grows too large.
pub(crate) fn too_large(ports: &Ports) -> Error {
    let mib = ports.config.documents.size_mib_max.to_string();
    Refusal::invalid(vec![Violation::new("file", codes::FILE_TOO_LARGE).with("mib", mib)]).into()
}

/// Stores a whole file that has arrived.
pub(crate) async fn store(
    ports: &Arc<Ports>,
    actor: Actor,
    start: AccountDocumentStart,
    content: Vec<u8>,
) -> Result<AccountDocument, Error> {
    let context = &ports.context;
    let looked = ports.intake.take(content).await.map_err(|away| Error::Unavailable(away.to_string()))?;
    let Taken { media_type, content, .. } = looked.map_err(|unfit| Error::at("file", unfit.code()))?;
    let id = DocumentId::from_uuid(context.sources.uuid()).to_string();
    let name = intake::file_name(&start.file_name);
    let account = permit::user(&actor)?;
    let size_bytes = i64::try_from(content.len()).unwrap_or(i64::MAX);
    let receiving = row::ActiveModel {
        id: Set(id.clone()),
        account_id: Set(account.to_string()),
        code: Set(start.code.clone()),
        file_name_sealed: Set(context.sealer.seal_text(&row::place("file_name_sealed", &id), &name)?),
        media_type: Set(media_type.to_owned()),
        size_bytes: Set(size_bytes),
        sha256: Set(Vec::new()),
        key_sealed: Set(Vec::new()),
        state: Set(PaperState::Receiving.code().to_owned()),
        uploaded_at: Set(context.sources.now().micros()),
    };
    context
        .db
        .write(move |tx| async move {
            row::Entity::insert(receiving).exec_without_returning(&*tx).await?;
            Ok::<_, Error>(())
        })
        .await?;
    let file = context.files.put(&id, &content).await?;
    let key_sealed = context.sealer.seal(&row::place("key_sealed", &id), &file.key)?;
    let (inner, code, kept) = (Arc::clone(ports), start.code, id.clone());
    context
        .db
        .write(move |tx| async move { keep(&tx, &inner, account, &code, &kept, key_sealed, file.sha256).await })
        .await?;
    let row = row::Entity::find_by_id(id).one(context.db.read()).await?.ok_or(Error::NotFound)?;
    shown(ports, &row)
}

/// The file counts from here on, if there is room for it still.
async fn keep(
    tx: &Tx,
    ports: &Ports,
    account: AccountId,
    code: &str,
    id: &str,
    key_sealed: Vec<u8>,
    sha256: Vec<u8>,
) -> Result<(), Error> {
    let account = store::locked(tx, &ports.context.sealer, account).await?;
    if account.disabled {
        return Err(Error::Unauthenticated);
    }
    room(ports, &**tx, &account, code).await?;
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(PaperState::Stored.code()))
        .col_expr(row::Column::KeySealed, Expr::value(key_sealed))
        .col_expr(row::Column::Sha256, Expr::value(sha256))
        .filter(row::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(crate) async fn download(ports: &Ports, actor: &Actor, id: &str) -> Result<Download, Error> {
    let context = &ports.context;
    let account = owner(ports, context.db.read(), actor).await?;
    let found = stored(account.id).filter(row::Column::Id.eq(id)).one(context.db.read()).await?;
    let row = found.ok_or(Error::NotFound)?;
    let corrupt = |column| Error::corrupt("account_document", column, &row.id);
    let key = context.sealer.open(&row::place("key_sealed", &row.id), &row.key_sealed)?;
    let key: [u8; 32] = key.try_into().map_err(|_| corrupt("key_sealed"))?;
    let content = context.files.get(&row.id, &key).await?;
    if chassis::seal::digest(&content) != row.sha256 {
        return Err(corrupt("sha256"));
    }
    Ok(Download { file_name: file_name(ports, &row)?, media_type: row.media_type, content })
}

pub(crate) async fn remove(tx: &Tx, actor: &Actor, id: &str) -> Result<(), Error> {
    let account = permit::user(actor)?;
    if actor.is_staff() {
        return Err(Error::Forbidden);
    }
    match take_away(tx, account, Some(id)).await? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Takes one or all of an account's papers away.
pub(crate) async fn take_away(tx: &Tx, account: AccountId, id: Option<&str>) -> Result<u64, Error> {
    let mut taken = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(PaperState::Removed.code()))
        .filter(row::Column::AccountId.eq(account.to_string()))
        .filter(row::Column::State.eq(PaperState::Stored.code()));
    if let Some(id) = id {
        taken = taken.filter(row::Column::Id.eq(id));
    }
    Ok(taken.exec(&**tx).await?.rows_affected)
}

/// Removes the files that count no more, some at a time.
pub(crate) async fn sweep(ports: &Ports) -> Result<u64, Error> {
    let context = &ports.context;
    let hours = Duration::from_secs(ports.config.documents.orphan_hours * 3600);
    let orphaned = Condition::all()
        .add(row::Column::State.eq(PaperState::Receiving.code()))
        .add(row::Column::UploadedAt.lt(context.sources.now().minus(hours).micros()));
    let removed = row::Column::State.eq(PaperState::Removed.code());
    let ids: Vec<String> = row::Entity::find()
        .filter(Condition::any().add(orphaned).add(removed))
        .select_only()
        .column(row::Column::Id)
        .limit(SWEPT_AT_ONCE)
        .into_tuple()
        .all(context.db.read())
        .await?;
    for id in &ids {
        context.files.delete(id).await?;
    }
    let count = ids.len() as u64;
    if count > 0 {
        context
            .db
            .write(move |tx| async move {
                row::Entity::delete_many().filter(row::Column::Id.is_in(ids)).exec(&*tx).await?;
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(count)
}
