//! The reader's side: a durable pull consumer, rebuilt whenever it ends or falls silent. A fact is acknowledged after
//! the commit that applied it; one that must wait is given back with a delay.

use std::time::Duration;

use async_nats::jetstream::{
    AckKind, Message,
    consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
    stream::Stream,
};
use futures::StreamExt as _;
use tokio_util::sync::CancellationToken;

use super::{Nats, away, compare, stream_name};
use crate::{
    bus::Consumer,
    clock::Sources,
    crash,
    error::Error,
    inbox::{self, Arrived, Outcome},
};

/// Facts taken together at most.
const BATCH: usize = 64;
/// A consumer that gets nothing for this long is asked whether there is something.
const SILENCE: Duration = Duration::from_secs(60);
/// So many readings in a row that end without a fact and without a sign of the server, although facts wait: the server
/// has let the consumer go to sleep (2.9 does so under load), and a new one takes its place.
const SILENT_MAX: u32 = 2;
/// Between two tries to set the consumer up.
const REST: Duration = Duration::from_secs(1);
/// When a fact is delivered again though nobody gave it back: the reader died. It also bounds a handler's time. Longer
/// waits after several deliveries would not stay with the dead: the server counts them against a fact that was given
/// back with a delay too, so that one given back five times stood still for minutes. Said as the only step of a backoff,
/// so that a consumer with other steps is found different.
const AGAIN: Duration = Duration::from_secs(30);

/// What a reader's consumer is asked to be.
pub fn consumer_config(consumer: &Consumer) -> pull::Config {
    pull::Config {
        durable_name: Some(consumer.name.to_owned()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: AGAIN,
        backoff: vec![AGAIN],
        // Never the end of a fact: what can't be applied is parked by the reader. Old servers refuse -1 here.
        max_deliver: 1_000_000,
        // One wildcard: old servers drop lists of filters without a word. Other facts are passed by at arrival.
        filter_subject: format!("portal.{}.v1.>", consumer.producer),
        max_ack_pending: 1024,
        ..Default::default()
    }
}

/// Reads until stopped.
pub async fn run(nats: Nats, consumer: Consumer, sources: Sources, stop: CancellationToken) {
    let (mut told, mut silent) = (false, 0);
    while !stop.is_cancelled() {
        let ended = match set_up(&nats, &consumer).await {
            Ok(ready) => {
                told = false;
                let mut any = false;
                let ended = pump(ready.clone(), &consumer, &sources, &stop, &mut any).await;
                silent = if any || ended.is_ok() { 0 } else { silent + 1 };
                if silent >= SILENT_MAX && !stop.is_cancelled() {
                    silent = 0;
                    replace(&nats, &consumer, ready).await.and(ended)
                } else {
                    ended
                }
            }
            Err(error) => Err(error),
        };
        if let Err(error) = ended
            && !told
        {
            tracing::warn!(consumer = consumer.name, %error, "facts are waited for");
            told = true;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(sources.jittered(REST)) => {}
        }
    }
    nats.flush().await;
}

/// The durable, made where it is missing, and as it is asked to be: one that an earlier version made is changed.
async fn set_up(nats: &Nats, consumer: &Consumer) -> Result<PullConsumer, Error> {
    nats.connected()?;
    let stream = stream(nats, consumer).await?;
    let standing: Option<PullConsumer> = stream.get_consumer(consumer.name).await.ok();
    // Where it began, one that took another's place says otherwise, and that can't be changed.
    let asked = match &standing {
        Some(ready) => {
            pull::Config { deliver_policy: ready.cached_info().config.deliver_policy, ..consumer_config(consumer) }
        }
        None => consumer_config(consumer),
    };
    let ready = match standing {
        Some(ready) if compare::differences(&asked, &ready.cached_info().config).is_empty() => ready,
        // Asked for again under its name it keeps its place. What can't be changed is refused, or ignored and found below.
        Some(_) | None => {
            stream.create_consumer(asked.clone()).await.map_err(|error| away("making the consumer", error))?
        }
    };
    let found = &ready.cached_info().config;
    let differences = compare::differences(&asked, found);
    if differences.is_empty() {
        Ok(ready)
    } else {
        let differences = differences.join("; ");
        Err(Error::Unavailable(format!("the consumer {} is not as asked: {differences}", consumer.name)))
    }
}

async fn stream(nats: &Nats, consumer: &Consumer) -> Result<Stream<()>, Error> {
    let name = stream_name(consumer.producer);
    nats.jetstream.get_stream_no_info(name).await.map_err(|error| away("the stream", error))
}

/// Another consumer of the same name, which begins after what is acknowledged: where nothing waits for it, the old one
/// stays. What comes twice by it the inbox knows.
async fn replace(nats: &Nats, consumer: &Consumer, asleep: PullConsumer) -> Result<(), Error> {
    let info = asleep.get_info().await.map_err(|error| away("asking for the consumer", error))?;
    if info.num_pending == 0 && info.num_ack_pending == 0 {
        return Ok(());
    }
    let start_sequence = info.ack_floor.stream_sequence + 1;
    tracing::warn!(consumer = consumer.name, start_sequence, "the consumer is asleep and made anew");
    let stream = stream(nats, consumer).await?;
    stream.delete_consumer(consumer.name).await.map_err(|error| away("ending the consumer", error))?;
    let deliver_policy = DeliverPolicy::ByStartSequence { start_sequence };
    let anew = pull::Config { deliver_policy, ..consumer_config(consumer) };
    stream.create_consumer(anew).await.map_err(|error| away("making the consumer", error))?;
    Ok(())
}

/// Takes what comes, until the stop, the stream's end, or a silence although something waits.
async fn pump(
    ready: PullConsumer,
    consumer: &Consumer,
    sources: &Sources,
    stop: &CancellationToken,
    any: &mut bool,
) -> Result<(), Error> {
    let messages = ready
        .stream()
        .max_messages_per_batch(BATCH * 2)
        .expires(Duration::from_secs(10))
        .heartbeat(Duration::from_secs(5))
        .messages()
        .await
        .map_err(|error| away("subscribing", error))?;
    let mut chunks = messages.ready_chunks(BATCH);
    loop {
        let taken = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            taken = tokio::time::timeout(SILENCE, chunks.next()) => taken,
        };
        let chunk = match taken {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(()),
            Err(_) => {
                let info = ready.get_info().await.map_err(|error| away("asking for the consumer", error))?;
                if info.num_pending > 0 {
                    return Err(Error::Unavailable("facts wait and none is delivered".to_owned()));
                }
                continue;
            }
        };
        let mut broken = None;
        let mut taken = Vec::with_capacity(chunk.len());
        for message in chunk {
            match message {
                Ok(message) => taken.push(message),
                Err(error) => broken = Some(error.to_string()),
            }
        }
        *any |= !taken.is_empty();
        take(taken, consumer, sources).await;
        if let Some(error) = broken {
            return Err(away("reading", error));
        }
    }
}

/// Applies what was taken and answers the server about each.
async fn take(messages: Vec<Message>, consumer: &Consumer, sources: &Sources) {
    if messages.is_empty() {
        return;
    }
    let arrived: Vec<Arrived> = messages.iter().map(arrived).collect();
    let ids: Vec<String> = arrived.iter().map(|one| one.event_id.clone()).collect();
    let outcomes = inbox::apply(consumer, arrived, sources).await;
    crash::point("inbox-after-commit");
    let outcomes: std::collections::HashMap<String, Outcome> = match outcomes {
        Ok(outcomes) => outcomes.into_iter().collect(),
        Err(error) => {
            tracing::warn!(consumer = consumer.name, %error, "facts will be tried again");
            ids.iter().map(|id| (id.clone(), Outcome::Again(sources.jittered(REST * 4)))).collect()
        }
    };
    for (message, id) in messages.iter().zip(&ids) {
        let kind = match outcomes.get(id) {
            Some(Outcome::Done) => AckKind::Ack,
            Some(Outcome::Again(delay)) => AckKind::Nak(Some(*delay)),
            None => AckKind::Nak(Some(sources.jittered(REST * 4))),
        };
        // An answer that gets lost lets the fact come again, and the inbox knows it.
        if let Err(error) = message.ack_with(kind).await {
            tracing::debug!(consumer = consumer.name, %error, "an acknowledgement was not sent");
        }
    }
}

fn arrived(message: &Message) -> Arrived {
    let id = message.headers.as_ref().and_then(|headers| headers.get("Nats-Msg-Id")).map(|id| id.as_str().to_owned());
    let info = message.info().ok();
    let place = info.as_ref().map_or(0, |info| info.stream_sequence);
    Arrived {
        // Something that no relay of ours published has no id: its place names it.
        event_id: id.unwrap_or_else(|| format!("place-{place}")),
        body: message.payload.to_vec(),
        deliveries: info.map_or(1, |info| u32::try_from(info.delivered).unwrap_or(u32::MAX)),
    }
}
