//! The browser came back: asks the bank now, for a few seconds at most, and answers what is known.

use std::time::Duration;

use chassis::Error;
use kernel::Actor;

use super::{Ports, inquire, queries};
use crate::domain::attempt::Attempt;

/// A page that waits for the bank waits no longer than this.
const WAIT: Duration = Duration::from_secs(4);
/// Reloading a page does not make the bank be asked more often than this.
const SPACING: Duration = Duration::from_secs(1);

pub(crate) async fn run(ports: &Ports, actor: &Actor, id: &str) -> Result<Attempt, Error> {
    let attempt = queries::attempt(ports, actor, id).await?;
    let just_asked = ports.context.sources.now().since(attempt.last_inquiry_at) < SPACING;
    if attempt.state.is_final() || just_asked || !ports.config.has_bank() {
        return Ok(attempt);
    }
    match tokio::time::timeout(WAIT, inquire::ask(ports, &attempt)).await {
        Ok(Ok((attempt, _))) => Ok(attempt),
        // The sweeper will know; meanwhile what is stored is the truth.
        Ok(Err(Error::VersionConflict)) | Err(_) => queries::attempt(ports, actor, id).await,
        Ok(Err(error)) => Err(error),
    }
}
