//! A small service: one RPC that counts, one that calls onward, one that waits; and a reader that can be made to fail.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chassis::{
    Context, Error, Tx,
    config::Validate,
    dial, inbox,
    service::{Reader, Service, Wired},
    status,
    testing::{Alone, Coverage},
};
use proto::{
    Fact as _,
    booking::v1::AppointmentBooked,
    common::v1::Envelope,
    identity::v1::{GetContactRequest, identity_client::IdentityClient},
    participants::v1::{
        self as pb,
        participants_server::{Participants, ParticipantsServer},
    },
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sea_orm_migration::{MigrationTrait, prelude::*, schema::*};
use tokio::sync::Semaphore;
use tonic::{Request, Response, Status};

/// The service, which stands where participants does.
pub struct Registry;

#[derive(serde::Deserialize)]
pub struct Nothing {}

impl Validate for Nothing {}

pub struct Tally;

impl MigrationName for Tally {
    fn name(&self) -> &'static str {
        "registry_m0001_tally"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tally {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create().table("tally").col(string("name").primary_key()).col(big_integer("value")).to_owned(),
            )
            .await
    }
}

pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(Tally)]
}

/// Who waits in `ListParticipants`, and what lets them go on.
pub struct Gate {
    pub inside: AtomicUsize,
    pub most: AtomicUsize,
    pub given_up: AtomicUsize,
    pub open: Semaphore,
}

/// One gate for the process: tests that use it do so one after another, within one test.
pub static GATE: Gate = Gate {
    inside: AtomicUsize::new(0),
    most: AtomicUsize::new(0),
    given_up: AtomicUsize::new(0),
    open: Semaphore::const_new(0),
};

struct Inside {
    passed: bool,
}

impl Inside {
    fn enter() -> Self {
        let inside = GATE.inside.fetch_add(1, Ordering::SeqCst) + 1;
        GATE.most.fetch_max(inside, Ordering::SeqCst);
        Self { passed: false }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        GATE.inside.fetch_sub(1, Ordering::SeqCst);
        GATE.given_up.fetch_add(usize::from(!self.passed), Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl Service for Registry {
    const NAME: &'static str = "participants";
    const DEFAULTS: &'static str = "[default]\n";
    type Config = Nothing;

    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations()
    }

    async fn start(context: Context, _: Nothing) -> anyhow::Result<Wired> {
        Ok(Wired {
            register: Box::new(move |routes| {
                routes.add_service(ParticipantsServer::new(Grpc { context: context.clone() }));
            }),
            readers: vec![Reader {
                name: "participants-from-booking",
                producer: "booking",
                facts: &[AppointmentBooked::TYPE],
                handler: Arc::new(Handler),
            }],
            workers: Vec::new(),
        })
    }
}

pub async fn start() -> Alone {
    Alone::start::<Registry>(&Coverage::default()).await
}

/// Adds to a count and tells what it is then, by reading first (and locking, where there are others who write) and
/// writing after.
pub async fn add(tx: &Tx, name: &str, by: i64) -> Result<i64, Error> {
    let fresh = format!("INSERT INTO tally (name, value) VALUES ('{name}', 0) ON CONFLICT (name) DO NOTHING");
    (**tx).execute_unprepared(&fresh).await?;
    let lock = if tx.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let read = format!("SELECT value FROM tally WHERE name = '{name}'{lock}");
    let row = (**tx).query_one_raw(Statement::from_string(tx.get_database_backend(), read)).await?;
    let before: i64 = row.unwrap().try_get("", "value")?;
    // Whoever reads at the same time has its chance here.
    tokio::task::yield_now().await;
    let after = before + by;
    (**tx).execute_unprepared(&format!("UPDATE tally SET value = {after} WHERE name = '{name}'")).await?;
    Ok(after)
}

/// A count as it stands.
pub async fn value(db: &impl ConnectionTrait, name: &str) -> Option<i64> {
    let sql = format!("SELECT value FROM tally WHERE name = '{name}'");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    row.map(|row| row.try_get("", "value").unwrap())
}

struct Grpc {
    context: Context,
}

#[tonic::async_trait]
impl Participants for Grpc {
    async fn look_up_participant(
        &self,
        request: Request<pb::LookUpParticipantRequest>,
    ) -> Result<Response<pb::Participant>, Status> {
        self.context
            .query(request, async |call, _| {
                let onward = dial::request(GetContactRequest::default(), &call.onward());
                let answer = IdentityClient::new(self.context.dialer.channel("identity")?).get_contact(onward).await;
                let contact = answer.map_err(|refused| status::into_error(&refused))?.into_inner();
                Ok(pb::Participant { name: contact.name, ..pb::Participant::default() })
            })
            .await
    }

    async fn list_participants(
        &self,
        _: Request<pb::ListParticipantsRequest>,
    ) -> Result<Response<pb::ListParticipantsResponse>, Status> {
        let mut inside = Inside::enter();
        GATE.open.acquire().await.unwrap().forget();
        inside.passed = true;
        Ok(Response::new(pb::ListParticipantsResponse::default()))
    }

    async fn import_participants(
        &self,
        request: Request<pb::ImportParticipantsRequest>,
    ) -> Result<Response<pb::ImportParticipantsResponse>, Status> {
        self.context
            .command("ImportParticipants", request, |tx, _, message| async move {
                if message.rows.is_empty() {
                    return Err(Error::at("rows", kernel::codes::INPUT_INVALID));
                }
                let added = add(&tx, "rows", 1).await?;
                let added = added.try_into().map_err(|_| Error::Internal(anyhow::anyhow!("so many rows")))?;
                Ok(pb::ImportParticipantsResponse { added, ..Default::default() })
            })
            .await
    }

    async fn get_participant(
        &self,
        _: Request<pb::GetParticipantRequest>,
    ) -> Result<Response<pb::ParticipantRecord>, Status> {
        not_here()
    }

    async fn save_participant(
        &self,
        _: Request<pb::SaveParticipantRequest>,
    ) -> Result<Response<pb::Participant>, Status> {
        not_here()
    }

    async fn preview_import(
        &self,
        _: Request<pb::ImportParticipantsRequest>,
    ) -> Result<Response<pb::ImportPreview>, Status> {
        not_here()
    }

    async fn list_imports(
        &self,
        _: Request<pb::ListImportsRequest>,
    ) -> Result<Response<pb::ListImportsResponse>, Status> {
        not_here()
    }
}

/// What this small service does not do.
fn not_here<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("this service does not"))
}

/// Aggregates whose facts have failed once.
static FAILED_ONCE: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

pub struct Handler;

#[async_trait::async_trait]
impl inbox::Handler for Handler {
    async fn handle(&self, tx: &Tx, envelope: &Envelope) -> Result<(), Error> {
        let visit = inbox::payload::<AppointmentBooked>(envelope)?.visit.unwrap_or_default();
        add(tx, &format!("fact-{}", envelope.aggregate_id), 1).await?;
        match visit.state.as_str() {
            "failing" => Err(Error::Unavailable("something is away".to_owned())),
            "failing-once" => {
                let mut failed = FAILED_ONCE.lock().unwrap();
                if failed.contains(&envelope.event_id) {
                    return Ok(());
                }
                failed.push(envelope.event_id.clone());
                Err(Error::Unavailable("something is away, this once".to_owned()))
            }
            "killing" => std::process::abort(),
            "panicking" => panic!("the handler's own fault"),
            _ => Ok(()),
        }
    }
}
