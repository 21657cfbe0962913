//! Reads what is written on a case, and takes the mark "unread" off. What staff and programs read is logged.

use chassis::{Error, audit};
use kernel::Actor;
use proto::applications::v1::Thread;

use super::Ports;
use crate::{
    domain::{
        permissions::{View, view},
        thread::{Side, reads_for_staff},
    },
    queries, store,
};

pub(crate) async fn run(ports: &Ports, actor: Actor, number: i64) -> Result<Thread, Error> {
    let context = &ports.context;
    let case = store::case::load(context.db.read(), &context.sealer, &ports.catalogue(), number).await?;
    match view(&case, &actor) {
        Some(View::Whole) => {}
        Some(View::Money) => return Err(Error::Forbidden),
        None => return Err(Error::NotFound),
    }
    let thread = queries::thread::told(context.db.read(), ports, &actor, &case).await?;
    let side = Side::of(&case, &actor);
    let seen = u32::try_from(thread.messages.iter().filter(|message| message.unread).count()).unwrap_or(u32::MAX);
    let read = side
        .filter(|(side, who)| seen > 0 && (*side == Side::Applicant || reads_for_staff(&case, *who)))
        .map(|(side, _)| side);
    let logged = !matches!(side, Some((Side::Applicant, _)));
    if read.is_some() || logged {
        let sources = context.sources.clone();
        context
            .db
            .write(move |tx| async move {
                if let Some(side) = read {
                    store::thread::read(&tx, number, side, seen).await?;
                }
                if logged {
                    audit::record(&tx, &sources, &actor, "THREAD_READ", number, "").await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(thread)
}
