//! Disables an account and ends its sessions.

use chassis::{Error, Tx, audit, outbox::Outbox};
use kernel::{AccountId, Actor};
use proto::identity::v1::UserDisabled;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, letters, sessions, tokens};
use crate::{
    domain::{codes, letter::LetterKind},
    store::{self, account},
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<(), Error> {
    let charge = super::in_charge(tx, ports, actor).await?;
    let context = &ports.context;
    let id: AccountId = id.parse().map_err(|_| Error::NotFound)?;
    if id == charge.who() {
        return Err(Error::refuse(codes::OWN_ACCOUNT));
    }
    let found = store::locked(tx, &context.sealer, id).await?;
    charge.over(&found)?;
    if found.disabled {
        return Ok(());
    }
    let version = found.version + 1;
    account::Entity::update(account::ActiveModel {
        id: Set(id.to_string()),
        disabled_at: Set(Some(context.sources.now().micros())),
        version: Set(version),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    sessions::end_all(tx, id, None).await?;
    tokens::end_all(tx, id).await?;
    letters::write(tx, ports, &found, LetterKind::AccountDisabled, &found.email).await?;
    audit::record(tx, &context.sources, actor, "ACCOUNT_DISABLED", id, "").await?;
    Outbox::new(tx, &context.sources, context.service, id, version)
        .append(&UserDisabled { account_id: id.to_string() })
        .await
}
