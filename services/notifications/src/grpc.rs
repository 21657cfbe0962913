//! gRPC: parse, use-case, encode; nothing else.

mod wire;

use std::sync::Arc;

use chassis::{auth::permit, page::Page};
use proto::notifications::v1::{self as pb, notifications_server::Notifications};
use tonic::{Request, Response, Status};

use crate::app::{Ports, deliver_again, edit_texts, mark_read, queries};

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

    async fn list_texts(&self, request: Request<pb::ListTextsRequest>) -> Answer<pb::ListTextsResponse> {
        self.ports.context.query(request, async |call, _| edit_texts::list(&self.ports, &call.actor).await).await
    }

    async fn get_text(&self, request: Request<pb::GetTextRequest>) -> Answer<pb::MessageText> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| edit_texts::get(&self.ports, &call.actor, &message.kind).await)
            .await
    }

    async fn save_text_draft(&self, request: Request<pb::SaveTextDraftRequest>) -> Answer<pb::MessageText> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("SaveTextDraft", request, |tx, call, message| async move {
                edit_texts::save(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn preview_text(&self, request: Request<pb::PreviewTextRequest>) -> Answer<pb::TextPreview> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| edit_texts::preview(&self.ports, &call.actor, &message).await)
            .await
    }

    async fn send_test_text(&self, request: Request<pb::PreviewTextRequest>) -> Answer<pb::SendTestTextResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("SendTestText", request, |tx, call, message| async move {
                edit_texts::send_test(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn publish_text(&self, request: Request<pb::PublishTextRequest>) -> Answer<pb::MessageText> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("PublishText", request, |tx, call, message| async move {
                edit_texts::publish(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn search_deliveries(
        &self,
        request: Request<pb::SearchDeliveriesRequest>,
    ) -> Answer<pb::ListMessagesResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let page = Page::new(message.page.as_ref());
                let (rows, total) = queries::ledger(&self.ports, &call, &message).await?;
                let messages = rows.iter().map(|row| wire::delivery(row, &context.sealer)).collect::<Result<_, _>>()?;
                Ok(pb::ListMessagesResponse { messages, page: Some(page.info(total)) })
            })
            .await
    }

    async fn retry_delivery(&self, request: Request<pb::RetryDeliveryRequest>) -> Answer<pb::Message> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("RetryDelivery", request, |tx, call, message| async move {
                let row = deliver_again::run(&tx, &ports, &call.actor, &message.message_id).await?;
                wire::delivery(&row, &ports.context.sealer)
            })
            .await
    }

    async fn mark_messages_read(&self, request: Request<pb::MarkMessagesReadRequest>) -> Answer<pb::UnreadMessages> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("MarkMessagesRead", request, |tx, call, message| async move {
                let count = mark_read::run(&tx, &ports, &call.actor, &message.message_ids).await?;
                Ok(pb::UnreadMessages { count })
            })
            .await
    }

    async fn count_unread_messages(
        &self,
        request: Request<pb::CountUnreadMessagesRequest>,
    ) -> Answer<pb::UnreadMessages> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| {
                let account = permit::user(&call.actor)?;
                Ok(pb::UnreadMessages { count: queries::unread(context.db.read(), account).await? })
            })
            .await
    }
}
