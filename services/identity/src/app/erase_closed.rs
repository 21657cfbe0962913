//! Erases accounts that were closed some time ago, with all letters about them; their addresses are free from then on.

use std::{sync::Arc, time::Duration};

use chassis::{Error, Tx, audit};
use kernel::Actor;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::{Ports, letters};
use crate::store::{account, phone_change};

/// Accounts erased in one step.
const AT_ONCE: u64 = 50;

/// One step of the worker.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let term = Duration::from_secs(ports.config.closing.erase_after_days * 24 * 3600);
    let before = ports.context.sources.now().minus(term).micros();
    let due: Vec<String> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::ClosedAt.lt(before))
        .limit(AT_ONCE)
        .into_tuple()
        .all(ports.context.db.read())
        .await?;
    let count = due.len() as u64;
    for id in due {
        let ports = Arc::clone(ports);
        let db = ports.context.db.clone();
        db.write(move |tx| async move { erase(&tx, &ports, &id).await }).await?;
    }
    Ok(count)
}

async fn erase(tx: &Tx, ports: &Ports, id: &str) -> Result<(), Error> {
    letters::erase(tx, id).await?;
    phone_change::Entity::delete_by_id(id).exec(&**tx).await?;
    account::Entity::delete_by_id(id).exec(&**tx).await?;
    let context = &ports.context;
    let actor = Actor::System { service: context.service.to_owned(), cause: "erase-closed-accounts".to_owned() };
    audit::record(tx, &context.sources, &actor, "ACCOUNT_ERASED", id, "").await
}
