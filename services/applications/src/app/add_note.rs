//! A note among the staff on the case.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{AddNoteRequest, Thread};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, load, written};
use crate::{domain::thread::Side, queries, store};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &AddNoteRequest) -> Result<Thread, Error> {
    let case = load(tx, ports, actor, command.number).await?;
    let Some((Side::Staff, account)) = Side::of(&case, actor) else { return Err(Error::Forbidden) };
    case.kept()?;
    let text = written(&command.text)?;
    let (context, number) = (&ports.context, command.number);
    let mut thread = store::thread::load(&**tx, number).await?;
    let ordinal = i32::try_from(thread.note(ports.config.limits.thread_max)?).unwrap_or(i32::MAX);
    store::thread::save(tx, number, &thread).await?;
    store::note::Entity::insert(store::note::ActiveModel {
        number: Set(number),
        ordinal: Set(ordinal),
        at: Set(context.sources.now().micros()),
        author: Set(account.to_string()),
        text_sealed: Set(context.sealer.seal_text(&store::note_place(number, ordinal), &text)?),
    })
    .exec_without_returning(&**tx)
    .await?;
    queries::thread::told(&**tx, ports, actor, &case).await
}
