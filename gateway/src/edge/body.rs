//! The pace of a request's body: after a grace it must keep up a minimum rate, or the request ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::state::App;

/// Wraps the body of each request.
pub(crate) async fn pace(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = &app.config.limits;
    let grace = Duration::from_secs(limits.body_grace_seconds);
    let rate = limits.body_rate_min_bytes_per_second.max(1);
    next.run(request.map(|body| Body::new(PacedBody::new(body, grace, rate)))).await
}

struct PacedBody {
    body: Body,
    started: Instant,
    received: u64,
    grace: Duration,
    rate: u64,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl PacedBody {
    fn new(body: Body, grace: Duration, rate: u64) -> Self {
        Self { body, started: Instant::now(), received: 0, grace, rate, sleep: None }
    }

    /// The moment by which the next byte must be here.
    fn deadline(&self) -> Instant {
        let earned = self.received.saturating_mul(1000).checked_div(self.rate).unwrap_or(0);
        self.started + self.grace + Duration::from_millis(earned)
    }
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            if let Some(Ok(frame)) = &frame
                && let Some(data) = frame.data_ref()
            {
                this.received = this.received.saturating_add(data.len() as u64);
                this.sleep = None;
            }
            return Poll::Ready(frame);
        }
        let deadline = this.deadline();
        let sleep = this.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(axum::Error::new(TooSlow)))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the request's body came too slowly")]
struct TooSlow;

/// The whole body, up to `max` bytes; `None` when it is longer or breaks off.
pub(crate) async fn read(body: Body, max: usize) -> Option<Bytes> {
    let collected = http_body_util::Limited::new(body, max).collect().await.ok()?;
    Some(collected.to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_dribbling_body_ends() {
        let chunks = futures::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
        });
        let body = Body::new(PacedBody::new(Body::from_stream(chunks), Duration::from_secs(10), 1024));
        assert!(read(body, 1_000_000).await.is_none());
    }

    #[tokio::test]
    async fn an_honest_body_arrives_and_a_long_one_does_not() {
        let paced = |text: &'static str| Body::new(PacedBody::new(Body::from(text), Duration::from_secs(1), 1));
        assert_eq!(read(paced("hello"), 5).await.as_deref(), Some(b"hello".as_slice()));
        assert!(read(paced("hello!"), 5).await.is_none());
    }
}
