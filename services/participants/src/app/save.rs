//! Changes one known participant by hand, with a reason.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{Actor, ErrorCode as _, LineText, Role};

use super::Ports;
use crate::{
    domain::{check, file::Row, participant::Participant, plan::Change},
    store,
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    version: i64,
    row: &Row,
    reason: &str,
) -> Result<Participant, Error> {
    permit::staff(actor, &[Role::Supervisor, Role::Admin])?;
    let reason = LineText::<300>::parse(reason).map_err(|fault| Error::at("reason", fault.code()))?;
    let row = check::one(row)?;
    let before = store::by_bin(&**tx, &row.bin).await?.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::VersionConflict);
    }
    let after = before.after(row);
    if after == before {
        return Ok(after);
    }
    let change = [Change::of(Some(&before), after.clone())];
    store::put(tx, &change).await?;
    let sources = &ports.context.sources;
    store::note_versions(tx, sources.now(), actor, &String::from(reason), &change).await?;
    let detail = format!("version {}", after.version);
    audit::record(tx, sources, actor, "PARTICIPANT_SAVED", format!("participant:{}", after.bin), &detail).await?;
    Ok(after)
}
