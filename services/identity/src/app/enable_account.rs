//! Lets an account that was disabled sign in again.

use chassis::{Error, Tx, audit};
use kernel::{AccountId, Actor};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, letters};
use crate::{
    domain::letter::LetterKind,
    store::{self, account},
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<(), Error> {
    let charge = super::in_charge(tx, ports, actor).await?;
    let context = &ports.context;
    let id: AccountId = id.parse().map_err(|_| Error::NotFound)?;
    let found = store::locked(tx, &context.sealer, id).await?;
    charge.over(&found)?;
    if found.closed {
        // What its owner has closed is nobody's to open.
        return Err(Error::NotFound);
    }
    if !found.disabled {
        return Ok(());
    }
    account::Entity::update(account::ActiveModel {
        id: Set(id.to_string()),
        disabled_at: Set(None),
        version: Set(found.version + 1),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    letters::write(tx, ports, &found, LetterKind::AccountEnabled, &found.email).await?;
    audit::record(tx, &context.sources, actor, "ACCOUNT_ENABLED", id, "").await
}
