//! Who is the personal manager of a case: whoever handles it, by the name that the applicant sees.

use chassis::{Error, Tx, command::Call};
use kernel::AccountId;

use super::Ports;
use crate::{domain::case::Case, store};

/// The name of somebody who works here; empty where identity doesn't tell it now.
pub(crate) async fn name(ports: &Ports, call: &Call, account: &str) -> String {
    if !call.actor.is_staff() {
        return String::new();
    }
    let found = ports.colleagues.find(ports, call, account).await;
    found.ok().flatten().map(|one| one.name).unwrap_or_default()
}

/// The caller's own.
pub(crate) async fn own_name(ports: &Ports, call: &Call) -> String {
    match call.actor.account() {
        Some(account) => name(ports, call, &account.to_string()).await,
        None => String::new(),
    }
}

/// Names who handles a case now, where it has a personal manager.
pub(super) async fn set(tx: &Tx, case: &Case, account: AccountId, name: &str) -> Result<(), Error> {
    if case.assigned_to != Some(account) || !case.has_personal_manager() || name.is_empty() {
        return Ok(());
    }
    store::personal_manager::put(tx, case.number.get(), &account.to_string(), name).await
}
