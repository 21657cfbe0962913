//! SMTP as much as a submitting client needs (RFC 5321): one session per connection, plain text.

mod command;
mod session;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::mailbox::Mailbox;

const SESSIONS_MAX: usize = 100;

/// Takes mail until told to end.
pub(crate) async fn serve(listener: TcpListener, mailbox: Mailbox, shutdown: CancellationToken) {
    let sessions = TaskTracker::new();
    let places = Arc::new(Semaphore::new(SESSIONS_MAX));
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        match shutdown.run_until_cancelled(next).await {
            None => break,
            Some((place, Ok((stream, _)))) => {
                let (mailbox, shutdown) = (mailbox.clone(), shutdown.clone());
                sessions.spawn(async move {
                    let talk = session::talk(stream, mailbox);
                    if let Some(Err(error)) = shutdown.run_until_cancelled(talk).await {
                        tracing::debug!(%error, "mail session broke off");
                    }
                    drop(place);
                });
            }
            Some((_, Err(error))) => {
                tracing::warn!(%error, "a mail connection failed");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    sessions.close();
    sessions.wait().await;
}
