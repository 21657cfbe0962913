//! Erases what ended cases, and drafts that nobody touched for long, hold of persons, once their term is over: files first,
//! so that none is left behind unknown.

use std::{sync::Arc, time::Duration};

use chassis::{Error, audit};
use kernel::{Actor, Time};

use super::{Ports, save_moved};
use crate::{domain::state::State, events, store};

/// Cases of one step.
const AT_ONCE: u64 = 20;

/// Days before the end at which the owner of a draft is reminded of it.
const REMINDED_DAYS: u64 = 14;

/// Tells how many owners were reminded, and cases erased.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let retention = &ports.config.retention;
    let reminded = before(ports, retention.draft_days - REMINDED_DAYS);
    let expiring = store::erase::to_remind(ports.context.db.read(), reminded, AT_ONCE).await?;
    for number in &expiring {
        let (inner, number) = (Arc::clone(ports), *number);
        ports.context.db.write(move |tx| async move { remind(&tx, &inner, number, reminded).await }).await?;
    }
    let abandoned = before(ports, retention.draft_days);
    let drafts =
        store::erase::abandoned(ports.context.db.read(), abandoned, before(ports, REMINDED_DAYS), AT_ONCE).await?;
    for number in &drafts {
        let (inner, number) = (Arc::clone(ports), *number);
        if ports.context.db.write(move |tx| async move { give_up(&tx, &inner, number, abandoned).await }).await? {
            erase(ports, number).await?;
        }
    }
    let ended = store::erase::due(ports.context.db.read(), before(ports, retention.ended_days), AT_ONCE).await?;
    for number in &ended {
        erase(ports, *number).await?;
    }
    Ok((expiring.len() + drafts.len() + ended.len()) as u64)
}

fn before(ports: &Ports, days: u64) -> Time {
    ports.context.sources.now().minus(Duration::from_secs(days * 24 * 3600))
}

fn system(ports: &Ports) -> Actor {
    Actor::System { service: ports.context.service.to_owned(), cause: "retention".to_owned() }
}

/// Tells the owner that his draft is about to go.
async fn remind(tx: &chassis::Tx, ports: &Ports, number: i64, before: Time) -> Result<(), Error> {
    let context = &ports.context;
    if !store::erase::remind(tx, number, before, context.sources.now()).await? {
        return Ok(());
    }
    let case = store::case::load(&**tx, &context.sealer, &ports.catalogue(), number).await?;
    events::publish_expiring(tx, context, &case).await
}

/// Cancels a draft, so that nobody goes on with it while it is erased. False where somebody has touched it since.
async fn give_up(tx: &chassis::Tx, ports: &Ports, number: i64, before: Time) -> Result<bool, Error> {
    let context = &ports.context;
    let mut case = store::case::load(&**tx, &context.sealer, &ports.catalogue(), number).await?;
    if case.submitted_at.is_some() || case.touched_at >= before {
        return Ok(false);
    }
    if case.state == State::Draft {
        let facts = case.cancel(false, String::new())?;
        let actor = system(ports);
        save_moved(tx, ports, &actor, &mut case, &facts, "").await?;
        store::save::note(tx, &case, &actor, "ABANDONED", "", context.sources.now()).await?;
    }
    Ok(true)
}

async fn erase(ports: &Ports, number: i64) -> Result<(), Error> {
    let context = &ports.context;
    for id in store::erase::files(context.db.read(), number).await? {
        context.files.delete(&id).await?;
    }
    let (inner, actor) = (context.clone(), system(ports));
    context
        .db
        .write(move |tx| async move {
            store::erase::erase(&tx, &inner.sealer, number, inner.sources.now()).await?;
            audit::record(&tx, &inner.sources, &actor, "APPLICATION_ERASED", number, "").await
        })
        .await
}
