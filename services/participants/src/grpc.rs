//! gRPC: parse, use-case, encode; nothing else.

mod wire;

use std::sync::Arc;

use chassis::page::Page;
use proto::participants::v1::{self as pb, participants_server::Participants};
use tonic::{Request, Response, Status};

use crate::app::{self, Ports};

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Participants for Grpc {
    async fn look_up_participant(&self, request: Request<pb::LookUpParticipantRequest>) -> Answer<pb::Participant> {
        self.ports
            .context
            .query(request, async |call, message| {
                Ok(wire::participant(app::look_up::run(&self.ports, &call.actor, &message.bin).await?))
            })
            .await
    }

    async fn list_participants(
        &self,
        request: Request<pb::ListParticipantsRequest>,
    ) -> Answer<pb::ListParticipantsResponse> {
        self.ports
            .context
            .query(request, async |call, message| {
                let page = Page::new(message.page.as_ref());
                let (found, total) = app::list::run(&self.ports, &call.actor, &message.search, page).await?;
                let participants = found.into_iter().map(wire::participant).collect();
                Ok(pb::ListParticipantsResponse { participants, page: Some(page.info(total)) })
            })
            .await
    }

    async fn import_participants(
        &self,
        request: Request<pb::ImportParticipantsRequest>,
    ) -> Answer<pb::ImportParticipantsResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ImportParticipants", request, |tx, call, message| async move {
                app::import::run(&tx, &ports, &call.actor, message.rows).await
            })
            .await
    }
}
