//! Writes the task of telling somebody something, once per fact, kind and recipient.

use std::time::Duration;

use chassis::{Error, Tx, telemetry};
use kernel::{MessageId, Role};
use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};

use super::Ports;
use crate::{
    domain::{delivery::Delivery, kind::Kind, params::Params},
    store::message,
};

/// Who is told.
#[derive(Debug, Clone)]
pub(crate) enum Recipient {
    Account(String),
    /// Whoever holds the role at the time of sending.
    Role(Role),
}

impl Recipient {
    /// The case's manager, or all of them where it has none.
    pub(crate) fn manager(account_id: String) -> Self {
        if account_id.is_empty() { Self::Role(Role::Manager) } else { Self::Account(account_id) }
    }
}

pub(crate) struct Task<'a> {
    pub event_id: &'a str,
    pub kind: Kind,
    pub to: Recipient,
    pub number: i64,
    pub params: Params,
    pub delay: Duration,
}

pub(crate) async fn notify(tx: &Tx, ports: &Ports, task: Task<'_>) -> Result<(), Error> {
    let now = ports.context.sources.now();
    let (account_id, role) = match task.to {
        Recipient::Account(account_id) => (account_id, String::new()),
        Recipient::Role(role) => (String::new(), role.code().to_owned()),
    };
    let params = serde_json::to_string(&task.params).map_err(|error| Error::Internal(error.into()))?;
    let row = message::Fresh {
        event_id: task.event_id.to_owned(),
        account_id,
        role,
        kind: task.kind.code().to_owned(),
        application_number: task.number,
        params,
        created_at: now.micros(),
        due_at: now.plus(task.delay).micros(),
        traceparent: telemetry::current_trace().0,
    };
    insert(tx, ports, row).await?;
    // The worker's look comes after the commit: the wake is kept until then, and the period catches the rest.
    ports.wake.notify_one();
    Ok(())
}

/// Writes one message unless it is there already.
pub(crate) async fn insert(tx: &Tx, ports: &Ports, fresh: message::Fresh) -> Result<(), Error> {
    let source = format!("{}/{}/{}{}", fresh.event_id, fresh.kind, fresh.account_id, fresh.role);
    let digest: String = hex::encode(chassis::seal::digest(source.as_bytes())).chars().take(16).collect();
    message::Entity::insert(message::ActiveModel {
        id: Set(MessageId::from_uuid(ports.context.sources.uuid()).to_string()),
        message_id: Set(format!("<{}.{digest}@portal>", fresh.event_id)),
        source: Set(source),
        event_id: Set(fresh.event_id),
        account_id: Set(fresh.account_id),
        role: Set(fresh.role),
        kind: Set(fresh.kind),
        application_number: Set(fresh.application_number),
        params: Set(fresh.params),
        state: Set(Delivery::Waiting.code().to_owned()),
        attempts: Set(0),
        created_at: Set(fresh.created_at),
        due_at: Set(fresh.due_at),
        leased_until: Set(0),
        sent_at: Set(None),
        last_error: Set(String::new()),
        subject_sealed: Set(None),
        body_sealed: Set(None),
        text_version: Set(0),
        reader_masked: Set(String::new()),
        read_at: Set(None),
        traceparent: Set(fresh.traceparent),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}
