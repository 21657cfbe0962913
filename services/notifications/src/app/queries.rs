//! Reads: a person's own messages; for staff, what was told about an application, without the texts' bodies.

use chassis::{Error, audit, auth::permit, command::Call, page::Page};
use kernel::{AccountId, Actor, MessageId, Role};
use proto::notifications::v1::SearchDeliveriesRequest;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::Ports;
use crate::{domain::delivery::SHOWN, store::message};

const STAFF: &[Role] = &[Role::Manager, Role::Supervisor];
/// Deliveries of one application that are told at most.
const DELIVERIES_MAX: u64 = 500;

/// Own messages, newest first.
pub(crate) async fn own(ports: &Ports, actor: &Actor, page: Page) -> Result<(Vec<message::Model>, u64), Error> {
    let account = permit::user(actor)?;
    let db = ports.context.db.read();
    let found = message::Entity::find()
        .filter(message::Column::AccountId.eq(account.to_string()))
        .filter(message::Column::State.is_in(SHOWN))
        .filter(message::Column::SubjectSealed.is_not_null());
    let total = found.clone().count(db).await?;
    let rows = found
        .order_by_desc(message::Column::CreatedAt)
        .order_by_desc(message::Column::Id)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    Ok((rows, total))
}

/// One own message.
pub(crate) async fn one(ports: &Ports, actor: &Actor, id: &str) -> Result<message::Model, Error> {
    let account = permit::user(actor)?;
    let id: MessageId = id.parse().map_err(|_| Error::NotFound)?;
    message::Entity::find_by_id(id.to_string())
        .filter(message::Column::AccountId.eq(account.to_string()))
        .filter(message::Column::State.is_in(SHOWN))
        .filter(message::Column::SubjectSealed.is_not_null())
        .one(ports.context.db.read())
        .await?
        .ok_or(Error::NotFound)
}

/// What was told about an application, newest first; the read is noted.
pub(crate) async fn deliveries(ports: &Ports, call: &Call, number: i64) -> Result<Vec<message::Model>, Error> {
    permit::staff(&call.actor, STAFF)?;
    let context = ports.context.clone();
    let actor = call.actor.clone();
    ports
        .context
        .db
        .write(move |tx| async move {
            audit::record(&tx, &context.sources, &actor, "DELIVERIES_READ", format!("application:{number}"), "").await
        })
        .await?;
    let rows = message::Entity::find()
        .filter(message::Column::ApplicationNumber.eq(number))
        .filter(message::Column::Role.eq(""))
        .order_by_desc(message::Column::CreatedAt)
        .order_by_desc(message::Column::Id)
        .limit(DELIVERIES_MAX)
        .all(ports.context.db.read())
        .await?;
    Ok(rows)
}

/// The ledger of all messages, newest first; the read is noted.
pub(crate) async fn ledger(
    ports: &Ports,
    call: &Call,
    asked: &SearchDeliveriesRequest,
) -> Result<(Vec<message::Model>, u64), Error> {
    permit::staff(&call.actor, STAFF)?;
    let (context, actor, number) = (ports.context.clone(), call.actor.clone(), asked.application_number);
    let subject = if number == 0 { "applications".to_owned() } else { format!("application:{number}") };
    ports
        .context
        .db
        .write(
            move |tx| async move { audit::record(&tx, &context.sources, &actor, "DELIVERIES_READ", subject, "").await },
        )
        .await?;
    let mut found = message::Entity::find().filter(message::Column::Role.eq(""));
    if number != 0 {
        found = found.filter(message::Column::ApplicationNumber.eq(number));
    }
    if !asked.delivery.is_empty() {
        found = found.filter(message::Column::State.eq(asked.delivery.as_str()));
    }
    let (db, page) = (ports.context.db.read(), Page::new(asked.page.as_ref()));
    let total = found.clone().count(db).await?;
    let rows = found
        .order_by_desc(message::Column::CreatedAt)
        .order_by_desc(message::Column::Id)
        .offset(page.offset())
        .limit(page.limit())
        .all(db)
        .await?;
    Ok((rows, total))
}

/// Own messages that are not read.
pub(crate) async fn unread(db: &impl ConnectionTrait, account: AccountId) -> Result<u64, Error> {
    let found = message::Entity::find()
        .filter(message::Column::AccountId.eq(account.to_string()))
        .filter(message::Column::State.is_in(SHOWN))
        .filter(message::Column::SubjectSealed.is_not_null())
        .filter(message::Column::ReadAt.is_null());
    Ok(found.count(db).await?)
}
