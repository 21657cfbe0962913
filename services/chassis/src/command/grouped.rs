//! Commands of one kind that wait at the same time are decided on and written together, in one transaction: where many
//! want the same row, its lock and the flush to disk are paid for once.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use futures::future::join_all;
use prost::Message;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _,
    sea_query::{Condition, ExprTrait as _, OnConflict, Query},
};
use tokio::sync::{mpsc, oneshot};
use tonic::{Request, Response, Status};
use tracing::Span;

use super::{Call, answer_place, kept, open, row};
use crate::{context::Context, db::Tx, error::Error, status, telemetry};

/// Commands decided on together at most.
const GROUP_MAX: usize = 64;
/// Commands that may wait; whoever comes then waits at the door.
const WAITING_MAX: usize = 1024;

/// Decides on several commands of one operation in one transaction.
#[async_trait::async_trait]
pub trait Group: Send + Sync + 'static {
    const OPERATION: &'static str;
    type Request: Message + 'static;
    type Answer: Message + Default;

    /// What a command is about. No two commands about the same are decided on together.
    fn subject(&self, request: &Self::Request) -> i64;

    /// Answers each command, in the order of `asked`; for one that is refused nothing is written. An error is nobody's
    /// answer: all is undone, and each command is tried by itself, unless the database itself is away.
    async fn run(&self, tx: &Tx, asked: &[&Asked<Self::Request>]) -> Result<Vec<Result<Self::Answer, Error>>, Error>;
}

/// A command in a group.
pub struct Asked<Req> {
    pub call: Call,
    pub message: Req,
    span: Span,
}

impl<Req> Asked<Req> {
    /// Does a part of the work as a part of this call's trace.
    pub fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        self.span.in_scope(work)
    }

    /// Under what its answer is kept: whose key.
    fn key(&self) -> Option<(String, String)> {
        Some((self.call.actor.principal(), self.call.idempotency_key.clone()?))
    }
}

struct Waiting<G: Group> {
    asked: Asked<G::Request>,
    answer: oneshot::Sender<Result<G::Answer, Error>>,
}

/// The door through which such commands come. Its queue ends with it.
pub struct Grouped<G: Group> {
    context: Context,
    waiting: mpsc::Sender<Waiting<G>>,
}

impl<G: Group> Grouped<G> {
    pub fn start(context: &Context, group: G) -> Self {
        let (waiting, queue) = mpsc::channel(WAITING_MAX);
        #[expect(clippy::disallowed_methods, reason = "lives as long as its door")]
        tokio::spawn(serve(context.clone(), Arc::new(group), queue));
        Self { context: context.clone(), waiting }
    }

    /// Runs a command once per idempotency key, together with those that wait beside it, and answers with its message.
    /// Whoever goes away does not stop it.
    pub async fn command(&self, request: Request<G::Request>) -> Result<Response<G::Answer>, Status> {
        let (metadata, _, message) = request.into_parts();
        let outcome = match Call::read(&self.context, &metadata).await {
            Ok(call) => self.wait(call, message).await,
            Err(error) => Err(error),
        };
        outcome.map(Response::new).map_err(|error| status::encode(self.context.service, error))
    }

    async fn wait(&self, call: Call, message: G::Request) -> Result<G::Answer, Error> {
        self.context.expect_enabled(&call).await?;
        let away = || Error::Unavailable("whoever decides has stopped".to_owned());
        let asked = Asked { call, message, span: telemetry::step_span("unit of work") };
        let (answer, answered) = oneshot::channel();
        self.waiting.send(Waiting { asked, answer }).await.map_err(|_| away())?;
        answered.await.unwrap_or_else(|_| Err(away()))
    }
}

/// While one group is written the next one gathers.
async fn serve<G: Group>(context: Context, group: Arc<G>, mut door: mpsc::Receiver<Waiting<G>>) {
    let mut queue = VecDeque::new();
    loop {
        if queue.is_empty() {
            let Some(first) = door.recv().await else { return };
            queue.push_back(first);
        }
        while queue.len() < GROUP_MAX
            && let Ok(next) = door.try_recv()
        {
            queue.push_back(next);
        }
        let (asked, answers): (Vec<_>, Vec<_>) =
            apart(&*group, &mut queue).into_iter().map(|one| (one.asked, one.answer)).unzip();
        for (answer, outcome) in answers.into_iter().zip(decide(&context, &group, asked).await) {
            // Whoever has gone away is not told.
            let _ = answer.send(outcome);
        }
    }
}

/// Takes those that may go together; whatever is about the same, or came under the same key, stays for the next group.
fn apart<G: Group>(group: &G, queue: &mut VecDeque<Waiting<G>>) -> Vec<Waiting<G>> {
    let (mut subjects, mut keys) = (HashSet::new(), HashSet::new());
    let (mut taken, mut left) = (Vec::new(), VecDeque::new());
    for one in queue.drain(..) {
        let key = one.asked.key();
        let same_key = key.as_ref().is_some_and(|key| keys.contains(key));
        if same_key || !subjects.insert(group.subject(&one.asked.message)) {
            left.push_back(one);
        } else {
            keys.extend(key);
            taken.push(one);
        }
    }
    *queue = left;
    taken
}

async fn decide<G: Group>(
    context: &Context,
    group: &Arc<G>,
    asked: Vec<Asked<G::Request>>,
) -> Vec<Result<G::Answer, Error>> {
    let asked: Vec<_> = asked.into_iter().map(Arc::new).collect();
    match write(context, group, asked.clone()).await {
        Ok(answers) => answers,
        Err(error) if asked.len() == 1 => vec![Err(error)],
        // Nobody's fault, and the commit may even have happened: whoever asks again under his key is told.
        Err(Error::Unavailable(reason)) => asked.iter().map(|_| Err(Error::Unavailable(reason.clone()))).collect(),
        Err(error) => {
            tracing::warn!(operation = G::OPERATION, %error, "commands could not be written together");
            let alone = asked.into_iter().map(async |one| {
                let mut answers = write(context, group, vec![one]).await?;
                answers.pop().unwrap_or_else(|| Err(Error::Internal(anyhow::anyhow!("a command without an answer"))))
            });
            join_all(alone).await
        }
    }
}

async fn write<G: Group>(
    context: &Context,
    group: &Arc<G>,
    asked: Vec<Arc<Asked<G::Request>>>,
) -> Result<Vec<Result<G::Answer, Error>>, Error> {
    let (inner, group) = (context.clone(), Arc::clone(group));
    context
        .db
        .write(move |tx| async move {
            let before = take_keys::<G>(&tx, &inner, &asked).await?;
            let fresh: Vec<&Asked<G::Request>> =
                asked.iter().zip(&before).filter(|(_, known)| known.is_none()).map(|(one, _)| &**one).collect();
            let answers = if fresh.is_empty() { Vec::new() } else { group.run(&tx, &fresh).await? };
            if answers.len() != fresh.len() {
                return Err(Error::Internal(anyhow::anyhow!("a command without an answer")));
            }
            keep_answers::<G>(&tx, &inner, &fresh, &answers).await?;
            let mut answers = answers.into_iter();
            Ok(before.into_iter().filter_map(|known| known.or_else(|| answers.next())).collect())
        })
        .await
}

/// Takes the keys of all, or tells what is kept under them. Requests elsewhere with one of these keys wait here for each
/// other's commit, in the order of the keys.
async fn take_keys<G: Group>(
    tx: &Tx,
    context: &Context,
    asked: &[Arc<Asked<G::Request>>],
) -> Result<Vec<Option<Result<G::Answer, Error>>>, Error> {
    let mut rows: Vec<row::ActiveModel> =
        asked.iter().filter_map(|one| kept_row::<G>(context, one, Vec::new())).collect();
    if rows.is_empty() {
        return Ok(asked.iter().map(|_| None).collect());
    }
    rows.sort_by(|one, other| {
        (one.key.as_ref(), one.principal.as_ref()).cmp(&(other.key.as_ref(), other.principal.as_ref()))
    });
    let mut insert = row::Entity::insert_many(rows).on_conflict(OnConflict::new().do_nothing().to_owned()).into_query();
    insert.returning(Query::returning().columns([row::Column::Principal, row::Column::Key]));
    let mut taken = HashSet::new();
    for row in tx.query_all(&insert).await? {
        taken.insert((row.try_get::<String>("", "principal")?, row.try_get::<String>("", "key")?));
    }
    let mut before = Vec::with_capacity(asked.len());
    for one in asked {
        before.push(match one.key() {
            Some(key) if !taken.contains(&key) => Some(known::<G>(tx, context, one, &key).await?),
            Some(_) | None => None,
        });
    }
    Ok(before)
}

/// The answer that an earlier request with the same key was given.
async fn known<G: Group>(
    tx: &Tx,
    context: &Context,
    one: &Asked<G::Request>,
    (principal, key): &(String, String),
) -> Result<Result<G::Answer, Error>, Error> {
    let hash = context.request_hash(&one.message);
    match kept(&**tx, principal, G::OPERATION, key, &hash).await {
        Ok(Some(sealed)) => Ok(open(context, &answer_place(principal, G::OPERATION, key), &sealed)),
        Ok(None) => Ok(Err(Error::Unavailable("the key's first request has just ended".to_owned()))),
        Err(Error::KeyReused) => Ok(Err(Error::KeyReused)),
        Err(error) => Err(error),
    }
}

fn kept_row<G: Group>(context: &Context, one: &Asked<G::Request>, answer: Vec<u8>) -> Option<row::ActiveModel> {
    let (principal, key) = one.key()?;
    Some(row::ActiveModel {
        principal: Set(principal),
        operation: Set(G::OPERATION.to_owned()),
        key: Set(key),
        request_hash: Set(context.request_hash(&one.message)),
        answer: Set(answer),
        created_at: Set(context.sources.now().micros()),
    })
}

/// Keeps what was answered under the keys; the key of what was refused is free again.
async fn keep_answers<G: Group>(
    tx: &Tx,
    context: &Context,
    asked: &[&Asked<G::Request>],
    answers: &[Result<G::Answer, Error>],
) -> Result<(), Error> {
    let (mut rows, mut refused) = (Vec::new(), Condition::any());
    for (one, answer) in asked.iter().zip(answers) {
        let Some((principal, key)) = one.key() else { continue };
        if let Ok(answer) = answer {
            let place = answer_place(&principal, G::OPERATION, &key);
            let sealed = context.sealer.seal(&place, &answer.encode_to_vec())?;
            rows.extend(kept_row::<G>(context, one, sealed));
        } else {
            refused = refused.add(row::Column::Principal.eq(principal).and(row::Column::Key.eq(key)));
        }
    }
    if !rows.is_empty() {
        let mut again = OnConflict::columns([row::Column::Principal, row::Column::Operation, row::Column::Key]);
        let again = again.update_column(row::Column::Answer).to_owned();
        row::Entity::insert_many(rows).on_conflict(again).exec_without_returning(&**tx).await?;
    }
    if !refused.is_empty() {
        row::Entity::delete_many().filter(row::Column::Operation.eq(G::OPERATION)).filter(refused).exec(&**tx).await?;
    }
    Ok(())
}
