//! Applicant or centre writes to the other side on the case.

use chassis::{Error, Tx};
use kernel::{Actor, Refusal};
use proto::applications::v1::{PostMessageRequest, Thread};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, load, written};
use crate::{
    domain::{codes, thread::Side},
    events, queries, store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &PostMessageRequest) -> Result<Thread, Error> {
    let case = load(tx, ports, actor, command.number).await?;
    let (side, account) = Side::of(&case, actor).ok_or(Error::Forbidden)?;
    let text = written(&command.text)?;
    case.kept()?;
    if case.submitted_at.is_none() {
        return Err(Refusal::new(codes::MOVE_NOT_ALLOWED).with("state", case.state.code()).into());
    }
    let (context, number) = (&ports.context, command.number);
    let mut thread = store::thread::load(&**tx, number).await?;
    let ordinal = i32::try_from(thread.post(side, ports.config.limits.thread_max)?).unwrap_or(i32::MAX);
    store::thread::save(tx, number, &thread).await?;
    store::message::Entity::insert(store::message::ActiveModel {
        number: Set(number),
        ordinal: Set(ordinal),
        at: Set(context.sources.now().micros()),
        by_staff: Set(side == Side::Staff),
        author: Set(account.to_string()),
        text_sealed: Set(context.sealer.seal_text(&store::message_place(number, ordinal), &text)?),
    })
    .exec_without_returning(&**tx)
    .await?;
    events::publish_message(tx, context, &case, &thread, side).await?;
    queries::thread::told(&**tx, ports, actor, &case).await
}
