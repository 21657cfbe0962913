//! Sends what is due: asks identity for address and language, renders, mails. A task is claimed by lease, so a worker
//! that dies leaves it to the next; the same message then goes out under the same Message-ID.

use std::time::Duration;

use chassis::{Error, Tx, crash, dial, status, telemetry};
use futures::future::join_all;
use kernel::{Email, Locale};
use proto::identity::v1::{
    self as identity, Contact, GetContactRequest, ListStaffContactsRequest, PrepareLetterRequest,
    identity_client::IdentityClient,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, LockBehavior, LockType},
};
use tracing::Instrument as _;

use super::{
    Ports, notify,
    render::{self, Rendered, params, render, render_text},
};
use crate::{
    domain::{
        delivery::{Delivery, pause},
        stale::{self, Known},
    },
    mail::{Letter, SendError},
    store::{self, case, message, text_version},
};

/// Messages sent side by side.
const AT_ONCE: u64 = 8;
/// Held longer than one message can take.
const LEASE: Duration = Duration::from_mins(2);

/// One step of the worker.
pub(crate) async fn step(ports: &Ports) -> Result<u64, Error> {
    let due = claim(ports).await?;
    let done = join_all(due.iter().map(|row| work(ports, row).instrument(span(row)))).await;
    for (row, outcome) in due.iter().zip(done) {
        if let Err(error) = outcome {
            tracing::warn!(message = row.id, %error, "a message could not be sent and will be tried again");
            settle(ports, row, Outcome::Again(error.to_string())).await?;
        }
    }
    Ok(u64::try_from(due.len()).unwrap_or(0))
}

/// What is done for a message is a trace of its own, and links to the fact that asked for it.
fn span(row: &message::Model) -> tracing::Span {
    telemetry::task_span(if row.role.is_empty() { "send mail" } else { "tell a role" }, &row.traceparent)
}

async fn claim(ports: &Ports) -> Result<Vec<message::Model>, Error> {
    let now = ports.context.sources.now();
    let lease = now.plus(LEASE).micros();
    ports
        .context
        .db
        .write(move |tx| async move {
            let mut due = message::Entity::find()
                .filter(message::Column::State.eq(Delivery::Waiting.code()))
                .filter(message::Column::DueAt.lte(now.micros()))
                .filter(message::Column::LeasedUntil.lte(now.micros()))
                .order_by_asc(message::Column::DueAt)
                .limit(AT_ONCE)
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .all(&*tx)
                .await?;
            let ids: Vec<&str> = due.iter().map(|row| &*row.id).collect();
            if !ids.is_empty() {
                message::Entity::update_many()
                    .col_expr(message::Column::LeasedUntil, Expr::value(lease))
                    .filter(message::Column::Id.is_in(ids))
                    .exec(&*tx)
                    .await?;
            }
            for row in &mut due {
                row.leased_until = lease;
            }
            Ok(due)
        })
        .await
}

/// What became of a message.
enum Outcome {
    Done(Delivery),
    /// To be tried again, unless it was tried often enough.
    Again(String),
    /// Refused for good.
    Refused(String),
    /// No longer so, for this reason.
    Overtaken(&'static str),
}

async fn work(ports: &Ports, row: &message::Model) -> Result<(), Error> {
    if !row.role.is_empty() {
        return expand(ports, row).await;
    }
    if let Some(why) = overtaken(ports, row).await? {
        return settle(ports, row, Outcome::Overtaken(why)).await;
    }
    let letter_id = params(row)?.letter_id;
    let found =
        if letter_id.is_empty() { contact(ports, &row.account_id).await? } else { prepared(ports, letter_id).await? };
    let Some(reader) = found else {
        return settle(ports, row, Outcome::Done(Delivery::Suppressed)).await;
    };
    let rendered = rendered(ports, row, &reader).await?;
    if !reader.phone.is_empty() {
        let Some(texter) = &ports.texter else {
            return settle(ports, row, Outcome::Refused("no SMS gateway is set up".to_owned())).await;
        };
        let text = render_text(ports, row, reader.locale, &reader.secret)?;
        return settle(ports, row, outcome(texter.send(&reader.phone, &text).await)).await;
    }
    let Some(mailer) = &ports.mailer else {
        return settle(ports, row, Outcome::Done(Delivery::PortalOnly)).await;
    };
    let letter = Letter {
        to_name: &reader.name,
        to_address: &reader.email,
        message_id: &row.message_id,
        subject: &rendered.subject,
        body: &rendered.body,
    };
    crash::point("mail-before-send");
    let sent = mailer.send(&letter).await;
    crash::point("mail-after-send");
    settle(ports, row, outcome(sent)).await
}

/// Why what it would say is no longer so, by what is known of its case now.
async fn overtaken(ports: &Ports, row: &message::Model) -> Result<Option<&'static str>, Error> {
    let (kind, params) = (render::kind(row)?, params(row)?);
    if params.test || row.application_number == 0 {
        return Ok(None);
    }
    let known = case::known(ports.context.db.read(), row.application_number).await?;
    let known = known.as_ref().map_or(Known { state: "", payment_status: "" }, |known| Known {
        state: &known.state,
        payment_status: &known.payment_status,
    });
    Ok(stale::overtaken(kind, &known, params.start_at_micros, ports.context.sources.now().micros()))
}

fn outcome(sent: Result<(), SendError>) -> Outcome {
    match sent {
        Ok(()) => Outcome::Done(Delivery::Sent),
        Err(SendError::Again(reason)) => Outcome::Again(reason),
        Err(SendError::Refused(reason)) => Outcome::Refused(reason),
    }
}

/// Who is written to, as identity knows it at this moment.
struct Reader {
    email: String,
    name: String,
    locale: Locale,
    /// Of the letter's link, or a code; empty where there is none.
    secret: String,
    /// Where it goes as a text message; empty: by mail.
    phone: String,
}

/// Address and language; none for an account that is gone or disabled.
async fn contact(ports: &Ports, account_id: &str) -> Result<Option<Reader>, Error> {
    let call = ports.context.system_call().await?;
    let request = dial::request(GetContactRequest { account_id: account_id.to_owned() }, &call);
    let answer = IdentityClient::new(ports.context.dialer.channel("identity")?).get_contact(request).await;
    let contact = known(answer)?.filter(|contact| !contact.disabled);
    Ok(contact.map(|Contact { email, name, locale, .. }| Reader {
        email,
        name,
        locale: Locale::parse(&locale).unwrap_or_default(),
        secret: String::new(),
        phone: String::new(),
    }))
}

/// The same for a letter of identity's, with the secret of its link; none when it is not due any more.
async fn prepared(ports: &Ports, letter_id: String) -> Result<Option<Reader>, Error> {
    let call = ports.context.system_call().await?;
    let request = dial::request(PrepareLetterRequest { letter_id }, &call);
    let answer = IdentityClient::new(ports.context.dialer.channel("identity")?).prepare_letter(request).await;
    Ok(known(answer)?.map(|identity::Letter { email, name, locale, secret, phone }| Reader {
        email,
        name,
        locale: Locale::parse(&locale).unwrap_or_default(),
        secret,
        phone,
    }))
}

fn known<T>(answer: Result<tonic::Response<T>, tonic::Status>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found.into_inner())),
        Err(refused) if refused.code() == tonic::Code::NotFound => Ok(None),
        Err(refused) => Err(status::into_error(&refused)),
    }
}

/// The text for the mail.
async fn rendered(ports: &Ports, row: &message::Model, reader: &Reader) -> Result<Rendered, Error> {
    let kept = kept(ports, row, reader).await?;
    if reader.secret.is_empty() {
        return Ok(kept);
    }
    // With the same words, and the secret among them.
    let kind = render::kind(row)?;
    let version = store::message_text_version(ports.context.db.read(), &row.id).await?;
    let wording = render::wording(ports, kind, version, reader.locale).await?;
    render(ports, row, &reader.name, reader.locale, &reader.secret, wording.as_ref())
}

/// The text as it stands in the portal, rendered once and kept: without the secret of a link.
async fn kept(ports: &Ports, row: &message::Model, reader: &Reader) -> Result<Rendered, Error> {
    let sealer = ports.context.sealer.clone();
    if let Some((subject, body)) = store::open(row, &sealer)? {
        return Ok(Rendered { subject, body });
    }
    let (kind, params) = (render::kind(row)?, params(row)?);
    let today = ports.context.zone.date(ports.context.sources.now()).to_string();
    let in_force = text_version::in_force(ports.context.db.read(), kind, &today).await?;
    let version = if params.test { params.text_version } else { in_force.map_or(0, |row| row.version) };
    let locale = if params.test { Locale::parse(&params.locale).unwrap_or(reader.locale) } else { reader.locale };
    let wording = render::wording(ports, kind, version, locale).await?;
    let rendered = render(ports, row, &reader.name, locale, "", wording.as_ref())?;
    let subject = sealer.seal_text(&store::place("subject_sealed", &row.id), &rendered.subject)?;
    let body = sealer.seal_text(&store::place("body_sealed", &row.id), &rendered.body)?;
    let id = row.id.clone();
    let masked = Email::parse(&reader.email).map(|email| email.masked()).unwrap_or_default();
    ports
        .context
        .db
        .write(move |tx| async move {
            message::Entity::update_many()
                .col_expr(message::Column::ReaderMasked, Expr::value(masked))
                .col_expr(message::Column::TextVersion, Expr::value(version))
                .col_expr(message::Column::SubjectSealed, Expr::value(subject))
                .col_expr(message::Column::BodySealed, Expr::value(body))
                .filter(message::Column::Id.eq(id))
                .exec(&*tx)
                .await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(rendered)
}

/// A message to a role becomes one to each of its members.
async fn expand(ports: &Ports, row: &message::Model) -> Result<(), Error> {
    let call = ports.context.system_call().await?;
    let request = dial::request(ListStaffContactsRequest { role: row.role.clone() }, &call);
    let members = IdentityClient::new(ports.context.dialer.channel("identity")?)
        .list_staff_contacts(request)
        .await
        .map_err(|refused| status::into_error(&refused))?
        .into_inner()
        .contacts;
    let (inner, row) = (ports.clone(), row.clone());
    ports
        .context
        .db
        .write(move |tx| async move {
            for member in members {
                let fresh = message::Fresh {
                    event_id: row.event_id.clone(),
                    account_id: member.account_id,
                    role: String::new(),
                    kind: row.kind.clone(),
                    application_number: row.application_number,
                    params: row.params.clone(),
                    created_at: row.created_at,
                    due_at: row.due_at,
                    traceparent: row.traceparent.clone(),
                };
                notify::insert(&tx, &inner, fresh).await?;
            }
            mark(&tx, &row.id, Delivery::Expanded, row.attempts, row.due_at, None, "").await
        })
        .await
}

async fn settle(ports: &Ports, row: &message::Model, outcome: Outcome) -> Result<(), Error> {
    let now = ports.context.sources.now();
    let attempts = row.attempts.saturating_add(1);
    let (state, due_at, reason) = match outcome {
        Outcome::Done(state) => (state, row.due_at, String::new()),
        Outcome::Refused(reason) => (Delivery::Failed, row.due_at, reason),
        Outcome::Overtaken(reason) => (Delivery::Overtaken, row.due_at, reason.to_owned()),
        Outcome::Again(reason) => match pause(attempts, &ports.config.retry_seconds) {
            Some(pause) => (Delivery::Waiting, now.plus(ports.context.sources.jittered(pause)).micros(), reason),
            None => (Delivery::Failed, row.due_at, reason),
        },
    };
    let outcome = if state == Delivery::Waiting { "again" } else { state.code() };
    ports.told.add(1, &[("outcome", outcome)]);
    if matches!(state, Delivery::Waiting | Delivery::Failed) {
        tracing::Span::current().record("otel.status_code", "ERROR");
    }
    let sent_at = (state == Delivery::Sent).then_some(now.micros());
    let id = row.id.clone();
    ports
        .context
        .db
        .write(move |tx| async move { mark(&tx, &id, state, attempts, due_at, sent_at, &reason).await })
        .await
}

async fn mark(
    tx: &Tx,
    id: &str,
    state: Delivery,
    attempts: i32,
    due_at: i64,
    sent_at: Option<i64>,
    reason: &str,
) -> Result<(), Error> {
    message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(state.code()))
        .col_expr(message::Column::Attempts, Expr::value(attempts))
        .col_expr(message::Column::DueAt, Expr::value(due_at))
        .col_expr(message::Column::SentAt, Expr::value(sent_at))
        .col_expr(message::Column::LastError, Expr::value(reason))
        .col_expr(message::Column::LeasedUntil, Expr::value(0_i64))
        .filter(message::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}
