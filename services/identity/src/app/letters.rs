//! Letters about an account: written down with what they are about, prepared when they are mailed, their links found and
//! used up. A secret exists in the letter alone; facts and tables never hold one.

use std::{sync::Arc, time::Duration};

use chassis::{Context, Error, Tx, outbox::Outbox};
use kernel::{AccountId, Email, Time};
use proto::identity::v1::{Letter, LetterDue};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::Expr,
};

use super::{
    Ports, change_phone, fresh_secret, secret_hash,
    slowing::{self, Subject},
};
use crate::{
    domain::{account::Account, codes, letter::LetterKind},
    store::{self, letter, letter_secret},
};

/// Letters are kept for this long after they were asked for.
const KEPT: Duration = Duration::from_hours(30 * 24);
/// Letters forgotten in one step.
const FORGOTTEN_AT_ONCE: u64 = 500;

/// Writes a letter down and tells that it is due.
pub(crate) async fn write(
    tx: &Tx,
    ports: &Ports,
    account: &Account,
    kind: LetterKind,
    email: &Email,
) -> Result<(), Error> {
    write_known(tx, ports, account, kind, email).await.map(drop)
}

/// The same; answers the letter's id.
pub(crate) async fn write_known(
    tx: &Tx,
    ports: &Ports,
    account: &Account,
    kind: LetterKind,
    email: &Email,
) -> Result<String, Error> {
    let context = &ports.context;
    let id = format!("ltr_{}", context.sources.uuid().simple());
    letter::Entity::insert(letter::ActiveModel {
        email_sealed: Set(context.sealer.seal_text(&place(&id), email.as_str())?),
        id: Set(id.clone()),
        account_id: Set(account.id.to_string()),
        kind: Set(kind.code().to_owned()),
        requested_at: Set(context.sources.now().micros()),
        used_at: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    Outbox::new(tx, &context.sources, context.service, &id, 1)
        .append(&LetterDue { letter_id: id.clone(), account_id: account.id.to_string(), kind: kind.code().to_owned() })
        .await?;
    Ok(id)
}

fn place(id: &str) -> String {
    format!("letter/email_sealed/{id}")
}

/// Counts a request for a letter to an address; too many in a short time are refused, whoever the address belongs to.
pub(crate) async fn count(tx: &Tx, ports: &Ports, email: &Email, client_address: &str) -> Result<(), Error> {
    let config = &ports.config.letters;
    let address = Subject::new(ports, "letters/address", &email.key(), &config.per_address);
    let client = Subject::new(ports, "letters/client", client_address, &config.per_client);
    let subjects: Vec<Subject> = address.into_iter().chain(client).collect();
    match slowing::count(tx, ports.context.sources.now(), &subjects).await? {
        Some(wait) => Err(slowing::slowed(codes::LETTERS_SLOWED, wait)),
        None => Ok(()),
    }
}

/// A letter as it stands, with what decides about it.
struct Known {
    row: letter::Model,
    kind: LetterKind,
    email: Email,
    account: Account,
    /// The letter's address is the account's.
    own: bool,
    /// It is another account's.
    taken: bool,
}

async fn known(db: &impl ConnectionTrait, context: &Context, row: letter::Model) -> Result<Known, Error> {
    let corrupt = |column| Error::corrupt("letter", column, &row.id);
    let kind = LetterKind::parse(&row.kind).ok_or_else(|| corrupt("kind"))?;
    let address = context.sealer.open_text(&place(&row.id), &row.email_sealed)?;
    let email = Email::parse(&address).map_err(|_| corrupt("email_sealed"))?;
    let id: AccountId = row.account_id.parse().map_err(|_| corrupt("account_id"))?;
    let account = store::by_id(db, &context.sealer, id).await?;
    let own = account.email.key() == email.key();
    let taken = !own && store::by_email(db, &context.sealer, &email).await?.is_some();
    Ok(Known { row, kind, email, account, own, taken })
}

/// What the mail needs, with a fresh secret for its link. A mail that goes out twice has two, and both are good.
pub(crate) async fn prepare(ports: &Arc<Ports>, id: &str) -> Result<Letter, Error> {
    let (context, config) = (ports.context.clone(), ports.config.letters.clone());
    let (id, inner) = (id.to_owned(), Arc::clone(ports));
    ports
        .context
        .db
        .write(move |tx| async move {
            let row = letter::Entity::find_by_id(id).one(&*tx).await?.ok_or(Error::NotFound)?;
            let known = known(&*tx, &context, row).await?;
            let now = context.sources.now();
            let (requested_at, used) = (Time::from_micros(known.row.requested_at), known.row.used_at.is_some());
            if (known.account.disabled && !known.kind.reaches_disabled())
                || !known.kind.is_due(requested_at, used, known.own, known.taken, now)
            {
                return Err(Error::NotFound);
            }
            if known.kind == LetterKind::ConfirmPhone {
                return change_phone::prepare(&tx, &inner, &known.row.id, &known.account).await;
            }
            let secret = match known.kind.link_life(&config) {
                None => String::new(),
                Some(life) => {
                    let secret = fresh_secret(&context.sources);
                    letter_secret::Entity::insert(letter_secret::ActiveModel {
                        token_hash: Set(secret_hash(&secret)),
                        letter_id: Set(known.row.id),
                        expires_at: Set(now.plus(life).micros()),
                    })
                    .exec_without_returning(&*tx)
                    .await?;
                    secret
                }
            };
            Ok(Letter {
                email: known.email.as_str().to_owned(),
                name: format!("{} {}", known.account.given_name, known.account.surname),
                locale: known.account.locale.code().to_owned(),
                secret,
                phone: String::new(),
            })
        })
        .await
}

/// A link that is still good.
pub(crate) struct Link {
    letter_id: String,
    pub account: Account,
    /// The address it was sent to.
    pub email: Email,
}

/// The link behind a secret. Whatever is wrong with it, the answer is one.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    context: &Context,
    kind: LetterKind,
    secret: &str,
) -> Result<Link, Error> {
    let unknown = || Error::refuse(codes::LINK_UNKNOWN);
    let row = letter_secret::Entity::find_by_id(secret_hash(secret)).one(db).await?.ok_or_else(unknown)?;
    let letter = letter::Entity::find_by_id(row.letter_id).one(db).await?.ok_or_else(unknown)?;
    let known = known(db, context, letter).await?;
    let (expires_at, used) = (Time::from_micros(row.expires_at), known.row.used_at.is_some());
    let good = known.kind.is_good(expires_at, used, known.own, known.taken, context.sources.now());
    if known.kind != kind || known.account.disabled || !good {
        return Err(unknown());
    }
    Ok(Link { letter_id: known.row.id, account: known.account, email: known.email })
}

/// Finds a link and uses it up, with all others of its kind that the account has. Of two that use it at the same time
/// one wins.
pub(crate) async fn consume(tx: &Tx, context: &Context, kind: LetterKind, secret: &str) -> Result<Link, Error> {
    let seen = find(&**tx, context, kind, secret).await?;
    store::locked(tx, &context.sealer, seen.account.id).await?;
    // What the account was before it was locked may hold no longer.
    let link = find(&**tx, context, kind, secret).await?;
    let used = letter::Entity::update_many()
        .col_expr(letter::Column::UsedAt, Expr::value(context.sources.now().micros()))
        .filter(letter::Column::Id.eq(&link.letter_id))
        .filter(letter::Column::UsedAt.is_null())
        .exec(&**tx)
        .await?;
    if used.rows_affected == 0 {
        return Err(Error::refuse(codes::LINK_UNKNOWN));
    }
    end_links(tx, context, link.account.id, &[kind]).await?;
    Ok(link)
}

/// Ends all links of these kinds.
pub(crate) async fn end_links(
    tx: &Tx,
    context: &Context,
    account: AccountId,
    kinds: &[LetterKind],
) -> Result<(), Error> {
    letter::Entity::update_many()
        .col_expr(letter::Column::UsedAt, Expr::value(context.sources.now().micros()))
        .filter(letter::Column::AccountId.eq(account.to_string()))
        .filter(letter::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .filter(letter::Column::UsedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Forgets old letters and their secrets; run by a worker.
pub(crate) async fn forget(tx: &Tx, context: &Context) -> Result<u64, Error> {
    let before = context.sources.now().minus(KEPT).micros();
    let old: Vec<String> = letter::Entity::find()
        .select_only()
        .column(letter::Column::Id)
        .filter(letter::Column::RequestedAt.lt(before))
        .limit(FORGOTTEN_AT_ONCE)
        .into_tuple()
        .all(&**tx)
        .await?;
    remove(tx, old).await
}

/// Erases all letters about an account.
pub(crate) async fn erase(tx: &Tx, account_id: &str) -> Result<(), Error> {
    let all: Vec<String> = letter::Entity::find()
        .select_only()
        .column(letter::Column::Id)
        .filter(letter::Column::AccountId.eq(account_id))
        .into_tuple()
        .all(&**tx)
        .await?;
    remove(tx, all).await?;
    Ok(())
}

async fn remove(tx: &Tx, ids: Vec<String>) -> Result<u64, Error> {
    if ids.is_empty() {
        return Ok(0);
    }
    letter_secret::Entity::delete_many().filter(letter_secret::Column::LetterId.is_in(ids.clone())).exec(&**tx).await?;
    let gone = letter::Entity::delete_many().filter(letter::Column::Id.is_in(ids)).exec(&**tx).await?;
    Ok(gone.rows_affected)
}
