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

    async fn get_participant(&self, request: Request<pb::GetParticipantRequest>) -> Answer<pb::ParticipantRecord> {
        self.ports
            .context
            .query(request, async |call, message| {
                let (found, versions) = app::record::get(&self.ports, &call.actor, &message.bin).await?;
                Ok(pb::ParticipantRecord {
                    participant: Some(wire::participant(found)),
                    versions: versions.into_iter().map(wire::version).collect::<Result<_, _>>()?,
                })
            })
            .await
    }

    async fn save_participant(&self, request: Request<pb::SaveParticipantRequest>) -> Answer<pb::Participant> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("SaveParticipant", request, |tx, call, message| async move {
                let given = message.participant.unwrap_or_default();
                let version = given.version;
                let saved =
                    app::save::run(&tx, &ports, &call.actor, version, &wire::row(given), &message.reason).await?;
                Ok(wire::participant(saved))
            })
            .await
    }

    async fn preview_import(&self, request: Request<pb::ImportParticipantsRequest>) -> Answer<pb::ImportPreview> {
        self.ports
            .context
            .query(request, async |call, message| {
                let import = wire::import(message)?;
                Ok(wire::preview(app::import::preview(&self.ports, &call.actor, &import).await?))
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
                let plan = app::import::run(&tx, &ports, &call.actor, &wire::import(message)?).await?;
                Ok(wire::imported(&plan))
            })
            .await
    }

    async fn list_imports(&self, request: Request<pb::ListImportsRequest>) -> Answer<pb::ListImportsResponse> {
        self.ports
            .context
            .query(request, async |call, message| {
                let page = Page::new(message.page.as_ref());
                let (rows, total) = app::record::imports(&self.ports, &call.actor, page).await?;
                let imports = rows.into_iter().map(wire::import_row).collect();
                Ok(pb::ListImportsResponse { imports, page: Some(page.info(total)) })
            })
            .await
    }
}
