//! Browser sessions: opened at sign-in, exchanged for access tokens, ended.

use std::time::Duration;

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{AccountId, Actor, SessionId, Time};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

use super::{Ports, fresh_secret, secret_hash, tokens};
use crate::{
    domain::{account::Account, whereabouts::Whereabouts},
    store::{self, session},
};

/// A session's last use is noted at most this often.
const NOTED_EVERY: Duration = Duration::from_secs(300);

/// Opens a session and answers the cookie's value.
pub(crate) async fn open(tx: &Tx, ports: &Ports, account: &Account, from: Whereabouts) -> Result<String, Error> {
    let (sources, now) = (&ports.context.sources, ports.context.sources.now());
    let secret = fresh_secret(sources);
    session::Entity::insert(session::ActiveModel {
        id: Set(SessionId::from_uuid(sources.uuid()).to_string()),
        token_hash: Set(secret_hash(&secret)),
        account_id: Set(account.id.to_string()),
        created_at: Set(now.micros()),
        used_at: Set(now.micros()),
        expires_at: Set(now.plus(hours(ports.config.session.absolute_hours)).micros()),
        device: Set(from.device),
        address: Set(from.address),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(secret)
}

/// The account behind a session that is still good, and its actor.
pub(crate) async fn resume(ports: &Ports, secret: &str) -> Result<(Account, Actor), Error> {
    let context = &ports.context;
    let now = context.sources.now();
    let row = session::Entity::find()
        .filter(session::Column::TokenHash.eq(secret_hash(secret)))
        .one(context.db.read())
        .await?
        .ok_or(Error::Unauthenticated)?;
    let idle_until = Time::from_micros(row.used_at).plus(hours(ports.config.session.idle_hours));
    if row.expires_at < now.micros() || idle_until < now {
        return Err(Error::Unauthenticated);
    }
    let id = row.account_id.parse().map_err(|_| Error::corrupt("session", "account_id", &row.id))?;
    let account = store::by_id(context.db.read(), &context.sealer, id).await?;
    if account.disabled {
        return Err(Error::Unauthenticated);
    }
    if Time::from_micros(row.used_at).plus(NOTED_EVERY) < now {
        let id = row.id.clone();
        context
            .db
            .write(move |tx| async move {
                session::Entity::update_many()
                    .col_expr(session::Column::UsedAt, Expr::value(now.micros()))
                    .filter(session::Column::Id.eq(id))
                    .exec(&*tx)
                    .await?;
                Ok::<_, Error>(())
            })
            .await?;
    }
    let actor = Actor::User { account: account.id, roles: account.roles.clone(), session: Some(row.id) };
    Ok((account, actor))
}

/// Ends a session; an unknown one is no error.
pub(crate) async fn end(ports: &Ports, secret: &str) -> Result<(), Error> {
    let hash = secret_hash(secret);
    ports
        .context
        .db
        .write(move |tx| async move {
            session::Entity::delete_many().filter(session::Column::TokenHash.eq(hash)).exec(&*tx).await?;
            Ok(())
        })
        .await
}

/// The own sessions that still hold, the last used first.
pub(crate) async fn list(ports: &Ports, actor: &Actor) -> Result<Vec<session::Model>, Error> {
    let account = permit::user(actor)?;
    let now = ports.context.sources.now();
    let rows = session::Entity::find()
        .filter(session::Column::AccountId.eq(account.to_string()))
        .filter(session::Column::ExpiresAt.gte(now.micros()))
        .filter(session::Column::UsedAt.gte(now.minus(hours(ports.config.session.idle_hours)).micros()))
        .order_by_desc(session::Column::UsedAt)
        .order_by_desc(session::Column::Id)
        .all(ports.context.db.read())
        .await?;
    Ok(rows)
}

/// Ends one of the own sessions.
pub(crate) async fn end_own(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<(), Error> {
    let account = permit::user(actor)?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::AccountId.eq(account.to_string()))
        .exec(&**tx)
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    audit::record(tx, &ports.context.sources, actor, "SESSION_ENDED", account, id).await
}

/// Ends all own sessions but the one that asks, and all refresh tokens; tells how many sessions.
pub(crate) async fn end_others(tx: &Tx, ports: &Ports, actor: &Actor) -> Result<u64, Error> {
    let account = permit::user(actor)?;
    let ended = end_all(tx, account, current(actor)).await?;
    tokens::end_all(tx, account).await?;
    audit::record(tx, &ports.context.sources, actor, "OTHER_SESSIONS_ENDED", account, &ended.to_string()).await?;
    Ok(ended)
}

/// The session that a person acts in, if it is a browser's.
pub(crate) fn current(actor: &Actor) -> Option<&str> {
    match actor {
        Actor::User { session, .. } => session.as_deref(),
        Actor::Anonymous | Actor::ServiceAccount { .. } | Actor::System { .. } => None,
    }
}

/// Ends all sessions of an account, or all but one.
pub(crate) async fn end_all(tx: &Tx, account: AccountId, but: Option<&str>) -> Result<u64, Error> {
    let mut ended = session::Entity::delete_many().filter(session::Column::AccountId.eq(account.to_string()));
    if let Some(kept) = but {
        ended = ended.filter(session::Column::Id.ne(kept));
    }
    Ok(ended.exec(&**tx).await?.rows_affected)
}

fn hours(count: u64) -> Duration {
    Duration::from_secs(count * 3600)
}
