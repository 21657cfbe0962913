//! From where an account was signed in to: a browser that has shown the password before is not slowed by what others try.

use std::time::Duration;

use chassis::{Error, Tx};
use kernel::Time;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use super::Ports;
use crate::store::known_client;

/// A visit is noted at most this often.
const NOTED_EVERY: Duration = Duration::from_hours(24);

/// An account, by its address as typed, and a client's address; none where that is not known.
pub(crate) fn pair(email: &str, client_address: &str) -> Option<String> {
    (!client_address.is_empty()).then(|| format!("{}|{client_address}", email.trim().to_lowercase()))
}

fn key(ports: &Ports, pair: &str) -> Vec<u8> {
    ports.context.sealer.blind_index("sign-in/known", pair)
}

/// When the pair was seen last, if that was not too long ago.
pub(crate) async fn seen(ports: &Ports, pair: &str) -> Result<Option<Time>, Error> {
    let row = known_client::Entity::find_by_id(key(ports, pair)).one(ports.context.db.read()).await?;
    let since = oldest(ports);
    Ok(row.map(|row| Time::from_micros(row.seen_at)).filter(|seen| *seen > since))
}

/// Notes that the pair has just signed in.
pub(crate) async fn note(ports: &Ports, pair: &str, before: Option<Time>) -> Result<(), Error> {
    let now = ports.context.sources.now();
    if before.is_some_and(|before| before.plus(NOTED_EVERY) > now) {
        return Ok(());
    }
    let row = known_client::ActiveModel { subject: Set(key(ports, pair)), seen_at: Set(now.micros()) };
    ports
        .context
        .db
        .write(move |tx| async move {
            known_client::Entity::insert(row)
                .on_conflict(
                    OnConflict::column(known_client::Column::Subject)
                        .update_column(known_client::Column::SeenAt)
                        .to_owned(),
                )
                .exec_without_returning(&*tx)
                .await?;
            Ok(())
        })
        .await
}

fn oldest(ports: &Ports) -> Time {
    ports.context.sources.now().minus(Duration::from_secs(ports.config.flood.known_days * 24 * 3600))
}

/// Forgets what is known no longer; run by a worker.
pub(crate) async fn forget_old(tx: &Tx, ports: &Ports) -> Result<u64, Error> {
    let old = known_client::Column::SeenAt.lt(oldest(ports).micros());
    Ok(known_client::Entity::delete_many().filter(old).exec(&**tx).await?.rows_affected)
}
