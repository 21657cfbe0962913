//! A socket whose first bytes must come in time. hyper's own timer for heads begins only when it is known whether HTTP/1
//! or HTTP/2 is spoken; until then a socket that says nothing, or no more than HTTP/2's first letters, had no limit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// What HTTP/2 begins with; anything else is HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(super) struct Prompt<S> {
    socket: S,
    /// None once the protocol is known.
    undecided: Option<Undecided>,
}

struct Undecided {
    /// Bytes of the preface that have come.
    seen: usize,
    late: Pin<Box<Sleep>>,
}

impl<S> Prompt<S> {
    pub(super) fn new(socket: S, within: Duration) -> Self {
        Self { socket, undecided: Some(Undecided { seen: 0, late: Box::pin(tokio::time::sleep(within)) }) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Prompt<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = into.filled().len();
        let polled = Pin::new(&mut this.socket).poll_read(context, into);
        let Some(undecided) = &mut this.undecided else { return polled };
        if polled.is_pending() {
            return undecided.late.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()));
        }
        let come = into.filled().get(before..).unwrap_or_default();
        let awaited = PREFACE.get(undecided.seen..).unwrap_or_default();
        if !come.is_empty() && come.len() < awaited.len() && awaited.starts_with(come) {
            undecided.seen += come.len();
        } else {
            this.undecided = None;
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Prompt<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}
