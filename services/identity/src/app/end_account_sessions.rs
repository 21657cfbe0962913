//! Ends all sessions and refresh tokens of an account, for an admin.

use chassis::{Error, Tx, audit};
use kernel::{AccountId, Actor};

use super::{Ports, sessions, tokens};
use crate::store;

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<(), Error> {
    super::admin(tx, ports, actor).await?;
    let context = &ports.context;
    let id: AccountId = id.parse().map_err(|_| Error::NotFound)?;
    store::by_id(&**tx, &context.sealer, id).await?;
    let ended = sessions::end_all(tx, id, None).await?;
    tokens::end_all(tx, id).await?;
    audit::record(tx, &context.sources, actor, "SESSIONS_ENDED", id, &ended.to_string()).await
}
