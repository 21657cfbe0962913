//! Erases what ended cases hold of persons, once their term is over: files first, so that none is left behind unknown.

use std::time::Duration;

use chassis::{Error, audit};
use kernel::Actor;

use super::Ports;
use crate::store;

/// Cases of one step.
const AT_ONCE: u64 = 20;

/// Tells how many cases were erased.
pub(crate) async fn step(ports: &Ports) -> Result<u64, Error> {
    let context = &ports.context;
    let term = Duration::from_secs(ports.config.retention.ended_days * 24 * 3600);
    let due = store::erase::due(context.db.read(), context.sources.now().minus(term), AT_ONCE).await?;
    for number in &due {
        for id in store::erase::files(context.db.read(), *number).await? {
            context.files.delete(&id).await?;
        }
        let (inner, number) = (context.clone(), *number);
        context
            .db
            .write(move |tx| async move {
                store::erase::erase(&tx, &inner.sealer, number, inner.sources.now()).await?;
                let actor = Actor::System { service: inner.service.to_owned(), cause: "retention".to_owned() };
                audit::record(&tx, &inner.sources, &actor, "APPLICATION_ERASED", number, "").await
            })
            .await?;
    }
    Ok(due.len() as u64)
}
