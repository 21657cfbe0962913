//! gRPC: parse, use-case, encode; nothing else.

mod wire;

use std::sync::Arc;

use chassis::page::Page;
use proto::notifications::v1::{self as pb, notifications_server::Notifications};
use tonic::{Request, Response, Status};

use crate::app::{Ports, queries};

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Notifications for Grpc {
    async fn list_messages(&self, request: Request<pb::ListMessagesRequest>) -> Answer<pb::ListMessagesResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let page = Page::new(message.page.as_ref());
                let (rows, total) = queries::own(&self.ports, &call.actor, page).await?;
                let messages = rows.iter().map(|row| wire::message(row, &context.sealer)).collect::<Result<_, _>>()?;
                Ok(pb::ListMessagesResponse { messages, page: Some(page.info(total)) })
            })
            .await
    }

    async fn get_message(&self, request: Request<pb::GetMessageRequest>) -> Answer<pb::Message> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                wire::message(&queries::one(&self.ports, &call.actor, &message.message_id).await?, &context.sealer)
            })
            .await
    }

    async fn list_deliveries(&self, request: Request<pb::ListDeliveriesRequest>) -> Answer<pb::ListMessagesResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let rows = queries::deliveries(&self.ports, &call, message.application_number).await?;
                let messages = rows.iter().map(|row| wire::delivery(row, &context.sealer)).collect::<Result<_, _>>()?;
                Ok(pb::ListMessagesResponse { messages, page: None })
            })
            .await
    }
}
