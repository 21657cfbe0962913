//! Forgets what is not needed any more: old letters, counts of guesses, clients that have not come for long.

use std::sync::Arc;

use chassis::Error;

use super::{Ports, known_clients, letters, slowing};

/// One step of the worker.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let inner = Arc::clone(ports);
    ports
        .context
        .db
        .write(move |tx| async move {
            let letters = letters::forget(&tx, &inner.context).await?;
            let counts = slowing::forget_old(&tx, inner.context.sources.now()).await?;
            Ok(letters + counts + known_clients::forget_old(&tx, &inner).await?)
        })
        .await
}
