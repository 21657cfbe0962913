//! Persons and payers that an applicant keeps for later applications: listed, stored, removed by their owner alone.

use chassis::{Error, Tx, auth::permit};
use kernel::{AccountId, Actor};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select};

use super::Ports;
use crate::{
    domain::saved::{SavedKind, Values},
    store::{self, saved_answers as row},
};

/// Answers as they are kept.
pub(crate) struct Saved {
    pub row: row::Model,
    pub values: Values,
}

/// What is to be kept: anew where `id` is empty.
pub(crate) struct Entered {
    pub id: String,
    pub version: i64,
    pub values: Values,
}

/// Staff keep nothing of their own here.
fn applicant(actor: &Actor) -> Result<AccountId, Error> {
    let account = permit::user(actor)?;
    if actor.is_staff() { Err(Error::Forbidden) } else { Ok(account) }
}

fn own(account: AccountId, kind: SavedKind) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::AccountId.eq(account.to_string())).filter(row::Column::Kind.eq(kind.code()))
}

/// The own ones, by name.
pub(crate) async fn list(ports: &Ports, actor: &Actor, kind: SavedKind) -> Result<Vec<Saved>, Error> {
    let account = applicant(actor)?;
    let rows = own(account, kind).all(ports.context.db.read()).await?;
    let mut saved = rows
        .into_iter()
        .map(|row| Ok(Saved { values: row::open(&ports.context.sealer, &row)?, row }))
        .collect::<Result<Vec<_>, Error>>()?;
    // Names stand sealed, so that they are sorted here.
    saved.sort_by_cached_key(|one| (kind.name_key(&one.values), one.row.id.clone()));
    Ok(saved)
}

/// Adds or changes one; answers its id and version.
pub(crate) async fn store(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    kind: SavedKind,
    entered: Entered,
) -> Result<(String, i64), Error> {
    let account = applicant(actor)?;
    let context = &ports.context;
    // Who adds side by side is counted one after another.
    if store::locked(tx, &context.sealer, account).await?.disabled {
        return Err(Error::Unauthenticated);
    }
    let before = match entered.id.as_str() {
        "" => None,
        id => Some(own(account, kind).filter(row::Column::Id.eq(id)).one(&**tx).await?.ok_or(Error::NotFound)?),
    };
    let values = kind.check(&entered.values)?;
    let now = context.sources.now().micros();
    let Some(before) = before else {
        kind.check_count(own(account, kind).count(&**tx).await?)?;
        let id = format!("sav_{}", context.sources.uuid().simple());
        row::Entity::insert(row::ActiveModel {
            id: Set(id.clone()),
            account_id: Set(account.to_string()),
            kind: Set(kind.code().to_owned()),
            values_sealed: Set(row::seal(&context.sealer, &id, &values)?),
            saved_at: Set(now),
            version: Set(1),
        })
        .exec_without_returning(&**tx)
        .await?;
        return Ok((id, 1));
    };
    if before.version != entered.version {
        return Err(Error::VersionConflict);
    }
    let version = before.version + 1;
    row::Entity::update(row::ActiveModel {
        id: Set(before.id.clone()),
        values_sealed: Set(row::seal(&context.sealer, &before.id, &values)?),
        saved_at: Set(now),
        version: Set(version),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    Ok((before.id, version))
}

/// Removes one for good.
pub(crate) async fn remove(tx: &Tx, actor: &Actor, kind: SavedKind, id: &str) -> Result<(), Error> {
    let account = applicant(actor)?;
    let removed = row::Entity::delete_many()
        .filter(row::Column::Id.eq(id))
        .filter(row::Column::AccountId.eq(account.to_string()))
        .filter(row::Column::Kind.eq(kind.code()))
        .exec(&**tx)
        .await?;
    if removed.rows_affected == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Erases all that an account keeps.
pub(crate) async fn erase(tx: &Tx, account: AccountId) -> Result<(), Error> {
    row::Entity::delete_many().filter(row::Column::AccountId.eq(account.to_string())).exec(&**tx).await?;
    Ok(())
}
