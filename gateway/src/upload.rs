//! A multipart post of a page of ours; its token comes first among the fields.

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use futures::future;
use futures::stream::{self, Stream, StreamExt as _};
use tokio::sync::mpsc;

use crate::problem::Problem;
use crate::state::App;
use crate::visit::Visit;

/// Bytes of a short text field.
pub(crate) const SHORT: usize = 1024;

/// The fields are still to be read, the token among them to be checked.
pub(crate) struct Upload {
    pub(crate) visit: Visit,
    pub(crate) multipart: Multipart,
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visit = <Visit as FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        visit.check_origin(&parts.headers)?;
        let multipart = Multipart::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|rejection| Problem::of_status(rejection.status()))?;
        Ok(Self { visit, multipart })
    }
}

/// Pieces under way between the client and a service.
const PIECES: usize = 4;

/// A file's way to a service. The service takes what has come for the whole file once the way ends, so it ends only when
/// [`feed`] says that the file does: where the client breaks off, the way stays open until the call is given up.
pub(crate) struct Pieces<M>(mpsc::Sender<Option<M>>);

/// The way's two ends: where pieces are given in, and the stream that is the call's request.
pub(crate) fn pieces<M: Send + 'static>() -> (Pieces<M>, impl Stream<Item = M> + Send + 'static) {
    let (sender, receiver) = mpsc::channel(PIECES);
    let stream = stream::unfold(receiver, |mut receiver: mpsc::Receiver<Option<M>>| async move {
        match receiver.recv().await {
            Some(piece) => piece.map(|piece| (piece, receiver)),
            None => future::pending().await,
        }
    });
    (Pieces(sender), stream)
}

/// Sends a file on to a service, in pieces as they come. When the service ends the call early, the rest is read all the
/// same: a browser that is cut off shows no answer.
pub(crate) async fn feed<M, E>(
    mut file: impl Stream<Item = Result<Bytes, E>> + Unpin,
    pieces: Pieces<M>,
    first: M,
    piece: impl Fn(Vec<u8>) -> M,
    broken: impl Fn(E) -> Problem,
) -> Result<(), Problem> {
    let mut message = first;
    loop {
        if pieces.0.send(Some(message)).await.is_err() {
            while let Some(Ok(_)) = file.next().await {}
            return Ok(());
        }
        match file.next().await {
            Some(Ok(chunk)) => message = piece(chunk.into()),
            Some(Err(fault)) => return Err(broken(fault)),
            None => {
                // Where the service has ended the call meanwhile, its answer tells why.
                let _ = pieces.0.send(None).await;
                return Ok(());
            }
        }
    }
}

/// Feeds a call and waits for its answer. A file that breaks off gives the call up.
pub(crate) async fn fed<A>(
    call: impl Future<Output = A>,
    feed: impl Future<Output = Result<(), Problem>>,
) -> Result<A, Problem> {
    let answered = async { Ok(call.await) };
    let (answer, ()) = futures::try_join!(answered, feed)?;
    Ok(answer)
}

/// The fault of a form's field.
pub(crate) fn broken_field(fault: MultipartError) -> Problem {
    Problem::of_status(fault.status())
}

/// A field of at most so many bytes.
pub(crate) async fn bytes(field: &mut Field<'_>, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|fault| Problem::of_status(fault.status()))? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(Problem::of_status(http::StatusCode::PAYLOAD_TOO_LARGE));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A text field of at most so many bytes.
pub(crate) async fn text(field: &mut Field<'_>, bytes_max: usize) -> Result<String, Problem> {
    String::from_utf8(bytes(field, bytes_max).await?).map_err(|_| Problem::malformed())
}
