//! Access and refresh tokens for programs; tokens of service accounts and of the portal's own services.

use std::time::Duration;

use chassis::{Error, Tx, db::Source as _};
use kernel::{AccountId, Actor, Scope, Time};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{Ports, fresh_secret, secret_hash};
use crate::{
    domain::account::Account,
    store::{self, refresh_token, service_account},
};

/// A used refresh token answers the same successor for this long: the first answer may have been lost.
const SUCCESSOR_ANSWERED: Duration = Duration::from_secs(30);

/// Starts a family of refresh tokens.
pub(crate) async fn start_family(tx: &Tx, ports: &Ports, account: &Account) -> Result<String, Error> {
    let family = ports.context.sources.uuid().simple().to_string();
    issue(tx, ports, &family, &account.id.to_string()).await
}

async fn issue(tx: &Tx, ports: &Ports, family: &str, account_id: &str) -> Result<String, Error> {
    let sources = &ports.context.sources;
    let secret = fresh_secret(sources);
    let days = Duration::from_secs(ports.config.session.refresh_days * 24 * 3600);
    refresh_token::Entity::insert(refresh_token::ActiveModel {
        token_hash: Set(secret_hash(&secret)),
        family: Set(family.to_owned()),
        account_id: Set(account_id.to_owned()),
        expires_at: Set(sources.now().plus(days).micros()),
        used_at: Set(None),
        successor_sealed: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(secret)
}

/// What a refresh token leads to.
pub(crate) enum Refreshed {
    Successor(String, Box<Account>),
    /// Used too late: its family is ended.
    Ended,
}

/// Exchanges a refresh token for its successor.
pub(crate) async fn refresh(tx: &Tx, ports: &Ports, secret: &str) -> Result<Refreshed, Error> {
    let (context, now) = (&ports.context, ports.context.sources.now());
    let hash = secret_hash(secret);
    let token = tx.root(refresh_token::Entity::find_by_id(hash.clone()));
    let row = token.one(&**tx).await?.ok_or(Error::Unauthenticated)?;
    let account_id = row.account_id.parse().map_err(|_| Error::corrupt("refresh_token", "account_id", &row.family))?;
    let account = store::by_id(&**tx, &context.sealer, account_id).await?;
    let place = format!("refresh_token/successor_sealed/{}", row.family);
    if row.expires_at < now.micros() || account.disabled {
        return Ok(Refreshed::Ended);
    }
    match (row.used_at, &row.successor_sealed) {
        (None, _) => {
            let successor = issue(tx, ports, &row.family, &row.account_id).await?;
            let sealed = context.sealer.seal_text(&place, &successor)?;
            refresh_token::Entity::update(refresh_token::ActiveModel {
                token_hash: Set(hash),
                used_at: Set(Some(now.micros())),
                successor_sealed: Set(Some(sealed)),
                ..Default::default()
            })
            .exec(&**tx)
            .await?;
            Ok(Refreshed::Successor(successor, Box::new(account)))
        }
        (Some(used_at), Some(sealed)) if Time::from_micros(used_at).plus(SUCCESSOR_ANSWERED) > now => {
            Ok(Refreshed::Successor(context.sealer.open_text(&place, sealed)?, Box::new(account)))
        }
        _ => {
            refresh_token::Entity::delete_many()
                .filter(refresh_token::Column::Family.eq(row.family))
                .exec(&**tx)
                .await?;
            Ok(Refreshed::Ended)
        }
    }
}

/// Ends all refresh tokens of an account.
pub(crate) async fn end_all(tx: &Tx, account: AccountId) -> Result<(), Error> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::AccountId.eq(account.to_string()))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// The actor of a service account that shows its secret.
pub(crate) async fn service_actor(ports: &Ports, id: &str, secret: &str) -> Result<Actor, Error> {
    let parsed = id.parse().map_err(|_| Error::Unauthenticated)?;
    let row = service_account::Entity::find_by_id(id.to_owned())
        .one(ports.context.db.read())
        .await?
        .ok_or(Error::Unauthenticated)?;
    if row.revoked_at.is_some() || row.secret_hash != secret_hash(secret) {
        return Err(Error::Unauthenticated);
    }
    let scopes = row
        .scopes
        .split(',')
        .filter(|code| !code.is_empty())
        .map(|code| code.parse::<Scope>().map_err(|_| Error::corrupt("service_account", "scopes", &row.id)))
        .collect::<Result<_, _>>()?;
    Ok(Actor::ServiceAccount { id: parsed, scopes })
}

/// The actor of one of the portal's services that shows its secret.
pub(crate) fn system_actor(ports: &Ports, service: &str, secret: &str) -> Result<Actor, Error> {
    let expected = ports.context.keys.system_secret(service);
    // Hashes are compared, so that the time tells nothing of the secret.
    if secret_hash(&expected) != secret_hash(secret) {
        return Err(Error::Unauthenticated);
    }
    Ok(Actor::System { service: service.to_owned(), cause: "call".to_owned() })
}
