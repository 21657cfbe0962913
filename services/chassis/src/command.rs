//! The frame around every call: who calls, until when, with which key; and for commands, one transaction with the
//! answer kept under the key, so that a repeated request has one effect and the same answer.

mod grouped;

use std::time::{Duration, Instant};

use kernel::Actor;
use prost::Message;
use proto::identity::v1::{GetAccountRequest, identity_client::IdentityClient};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::OnConflict,
};
use tonic::{Request, Response, Status, metadata::MetadataMap};

use crate::{
    context::Context,
    db::Tx,
    dial::{self, CallContext},
    error::Error,
    seal, status,
};

pub use grouped::{Asked, Group, Grouped};

mod row {
    //! Answers kept under their keys.
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub principal: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub operation: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub request_hash: Vec<u8>,
        pub answer: Vec<u8>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Answers are kept this long.
const KEPT: Duration = Duration::from_secs(24 * 3600);
const KEY_LENGTH_MAX: usize = 200;

/// One incoming call.
#[derive(Debug, Clone)]
pub struct Call {
    pub actor: Actor,
    pub token: Option<String>,
    pub deadline: Instant,
    pub idempotency_key: Option<String>,
}

impl Call {
    /// Reads and verifies what came with the request.
    pub async fn read(context: &Context, metadata: &MetadataMap) -> Result<Self, Error> {
        let actor = context.auth.actor(metadata).await?;
        let token = text(metadata, "authorization").and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
        let idempotency_key = text(metadata, "idempotency-key").map(str::to_owned);
        if idempotency_key.as_ref().is_some_and(|key| key.len() > KEY_LENGTH_MAX) {
            return Err(Error::Malformed("the idempotency key is too long".to_owned()));
        }
        #[expect(clippy::disallowed_methods, reason = "deadlines are measured by the monotonic clock")]
        let deadline =
            Instant::now() + text(metadata, "grpc-timeout").and_then(timeout).unwrap_or(crate::dial::DEADLINE);
        Ok(Self { actor, token, deadline, idempotency_key })
    }

    /// For calls made on the caller's behalf: same token, what is left of the time.
    pub fn onward(&self) -> CallContext {
        CallContext { token: self.token.clone(), idempotency_key: None, deadline: self.deadline }
    }
}

fn text<'a>(metadata: &'a MetadataMap, key: &str) -> Option<&'a str> {
    metadata.get(key)?.to_str().ok()
}

fn timeout(header: &str) -> Option<Duration> {
    let (digits, unit) = header.split_at_checked(header.len().checked_sub(1)?)?;
    let number: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(number.saturating_mul(3600))),
        "M" => Some(Duration::from_secs(number.saturating_mul(60))),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

impl Context {
    /// Runs a command in one transaction, once per idempotency key, and answers with its message.
    pub async fn command<Req, Res, F, Fut>(
        &self,
        operation: &'static str,
        request: Request<Req>,
        work: F,
    ) -> Result<Response<Res>, Status>
    where
        Req: Message + 'static,
        Res: Message + Default + 'static,
        F: FnOnce(Tx, Call, Req) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Res, Error>> + Send + 'static,
    {
        let (metadata, _, message) = request.into_parts();
        let outcome = match Call::read(self, &metadata).await {
            Ok(call) => self.command_as(operation, call, message, work).await,
            Err(error) => Err(error),
        };
        outcome.map(Response::new).map_err(|error| status::encode(self.service, error))
    }

    /// The same for a call that is read already (the use-case had to ask elsewhere first).
    pub async fn command_as<Req, Res, F, Fut>(
        &self,
        operation: &'static str,
        call: Call,
        message: Req,
        work: F,
    ) -> Result<Res, Error>
    where
        Req: Message + 'static,
        Res: Message + Default + 'static,
        F: FnOnce(Tx, Call, Req) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Res, Error>> + Send + 'static,
    {
        self.expect_enabled(&call).await?;
        let context = self.clone();
        self.db
            .write(move |tx| async move {
                let Some(key) = call.idempotency_key.clone() else { return work(tx, call, message).await };
                let principal = call.actor.principal();
                let hash = context.request_hash(&message);
                let aad = answer_place(&principal, operation, &key);
                if let Some(kept) = take_key(&tx, &context, &principal, operation, &key, &hash).await? {
                    return open(&context, &aad, &kept);
                }
                let answer = work(tx.clone(), call, message).await?;
                let sealed = context.sealer.seal(&aad, &answer.encode_to_vec())?;
                row::Entity::update_many()
                    .col_expr(row::Column::Answer, sea_orm::sea_query::Expr::value(sealed))
                    .filter(row::Column::Principal.eq(principal))
                    .filter(row::Column::Operation.eq(operation))
                    .filter(row::Column::Key.eq(key))
                    .exec(&*tx)
                    .await?;
                Ok(answer)
            })
            .await
    }

    /// The answer that is kept under the call's key, for a use-case whose checks before the transaction would refuse
    /// what the first request has done.
    pub async fn answered<Req, Res>(
        &self,
        operation: &'static str,
        call: &Call,
        message: &Req,
    ) -> Result<Option<Res>, Error>
    where
        Req: Message,
        Res: Message + Default,
    {
        let Some(key) = &call.idempotency_key else { return Ok(None) };
        let principal = call.actor.principal();
        match kept(self.db.read(), &principal, operation, key, &self.request_hash(message)).await? {
            Some(answer) => open(self, &answer_place(&principal, operation, key), &answer).map(Some),
            None => Ok(None),
        }
    }

    /// Keyed, because a request may hold what a guesser would try out on a plain hash.
    fn request_hash(&self, message: &impl Message) -> Vec<u8> {
        self.sealer.blind_index("idempotency/request", &hex::encode(seal::digest(&message.encode_to_vec())))
    }

    /// Staff's writes end at once with their account, whatever their token says: identity is asked each time.
    async fn expect_enabled(&self, call: &Call) -> Result<(), Error> {
        if self.service == "identity" || !call.actor.is_staff() {
            return Ok(());
        }
        let request = dial::request(GetAccountRequest {}, &call.onward());
        match IdentityClient::new(self.dialer.channel("identity")?).get_account(request).await {
            Ok(_) => Ok(()),
            Err(refused) if matches!(refused.code(), tonic::Code::Unauthenticated | tonic::Code::NotFound) => {
                Err(Error::Unauthenticated)
            }
            Err(refused) => Err(Error::Unavailable(refused.message().to_owned())),
        }
    }

    /// Runs a read and encodes its error.
    pub async fn query<Req, Res, F, Fut>(&self, request: Request<Req>, work: F) -> Result<Response<Res>, Status>
    where
        F: FnOnce(Call, Req) -> Fut,
        Fut: Future<Output = Result<Res, Error>>,
    {
        let (metadata, _, message) = request.into_parts();
        let outcome = match Call::read(self, &metadata).await {
            Ok(call) => work(call, message).await,
            Err(error) => Err(error),
        };
        outcome.map(Response::new).map_err(|error| status::encode(self.service, error))
    }

    /// Forgets old answers; run by a worker.
    pub async fn forget_answers(&self) -> Result<u64, Error> {
        let before = self.sources.now().minus(KEPT).micros();
        self.db
            .write(move |tx| async move {
                let gone = row::Entity::delete_many().filter(row::Column::CreatedAt.lt(before)).exec(&*tx).await?;
                Ok(gone.rows_affected)
            })
            .await
    }
}

/// Takes the key, or answers what is kept under it. A concurrent request with the same key waits here for the
/// first one's commit.
async fn take_key(
    tx: &Tx,
    context: &Context,
    principal: &str,
    operation: &str,
    key: &str,
    hash: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let taken = row::Entity::insert(row::ActiveModel {
        principal: Set(principal.to_owned()),
        operation: Set(operation.to_owned()),
        key: Set(key.to_owned()),
        request_hash: Set(hash.to_vec()),
        answer: Set(Vec::new()),
        created_at: Set(context.sources.now().micros()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    if taken > 0 {
        return Ok(None);
    }
    match kept(&**tx, principal, operation, key, hash).await? {
        Some(answer) => Ok(Some(answer)),
        None => Err(Error::Unavailable("the key's first request has just ended".to_owned())),
    }
}

/// What is kept under a key, still sealed; another request's is refused.
async fn kept(
    db: &impl ConnectionTrait,
    principal: &str,
    operation: &str,
    key: &str,
    hash: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let kept = row::Entity::find_by_id((principal.to_owned(), operation.to_owned(), key.to_owned()))
        .select_only()
        .columns([row::Column::RequestHash, row::Column::Answer])
        .into_tuple::<(Vec<u8>, Vec<u8>)>()
        .one(db)
        .await?;
    match kept {
        Some((kept_hash, answer)) if kept_hash == hash => Ok(Some(answer)),
        Some(_) => Err(Error::KeyReused),
        None => Ok(None),
    }
}

fn answer_place(principal: &str, operation: &str, key: &str) -> String {
    format!("idempotency/answer/{principal}/{operation}/{key}")
}

fn open<Res: Message + Default>(context: &Context, place: &str, sealed: &[u8]) -> Result<Res, Error> {
    let answer = context.sealer.open(place, sealed)?;
    Res::decode(answer.as_slice()).map_err(|error| Error::Internal(error.into()))
}
