//! A file on its way from a service to whoever asked for it: never held whole.

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::StreamExt as _;
use proto::common::v1::FileChunk;
use tonic::Streaming;

use crate::pages::{Answer, attachment, view};
use crate::problem::Problem;
use crate::visit::Visit;

/// A file whose first piece is here: the service has let it go.
pub(crate) struct Download {
    file_name: String,
    media_type: String,
    body: Body,
}

impl Download {
    pub(crate) async fn open(mut chunks: Streaming<FileChunk>) -> Result<Self, Problem> {
        let first = chunks.message().await?.ok_or_else(Problem::not_found)?;
        let head = futures::stream::once(std::future::ready(Ok(Bytes::from(first.data))));
        let rest = chunks.map(|chunk| chunk.map(|chunk| Bytes::from(chunk.data)));
        let body = Body::from_stream(head.chain(rest));
        Ok(Self { file_name: first.file_name, media_type: first.media_type, body })
    }

    /// To be kept.
    pub(crate) fn attached(self) -> Response {
        attachment(&self.file_name, &self.media_type, self.body)
    }

    /// By a link of a page, shown within it or attached as the link says. Whether the link holds is looked at last, so
    /// that whoever may not see the file learns nothing of it.
    pub(crate) fn linked(self, visit: &Visit) -> Answer {
        visit.file_link_holds()?;
        if visit.query.has("view") {
            Ok(view(&self.file_name, &self.media_type, self.body))
        } else {
            Ok(self.attached())
        }
    }
}
