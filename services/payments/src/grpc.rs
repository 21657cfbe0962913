//! gRPC: parse, use-case, encode; nothing else.

mod wire;

use std::sync::Arc;

use chassis::page::Page;
use proto::payments::v1::{self as pb, payments_server::Payments};
use tonic::{Request, Response, Status};

use crate::app::{self, Ports, queries};

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Payments for Grpc {
    async fn start_attempt(&self, request: Request<pb::StartAttemptRequest>) -> Answer<pb::StartedAttempt> {
        self.ports
            .context
            .query(request, async |call, message| {
                let started = app::start_attempt::run(&self.ports, &call, &message).await?;
                Ok(pb::StartedAttempt {
                    attempt: Some(wire::attempt(&started.attempt, queries::sees_codes(&call.actor))),
                    script_url: self.ports.config.script_url.clone(),
                    payment_object: started.payment_object,
                    invoice_link: started.invoice_link,
                })
            })
            .await
    }

    async fn get_attempt(&self, request: Request<pb::GetAttemptRequest>) -> Answer<pb::Attempt> {
        self.ports
            .context
            .query(request, async |call, message| {
                let attempt = queries::attempt(&self.ports, &call.actor, &message.attempt_id).await?;
                Ok(wire::attempt(&attempt, queries::sees_codes(&call.actor)))
            })
            .await
    }

    async fn list_attempts(&self, request: Request<pb::ListAttemptsRequest>) -> Answer<pb::ListAttemptsResponse> {
        self.ports
            .context
            .query(request, async |call, message| {
                let attempts = queries::attempts(&self.ports, &call.actor, message.application_number).await?;
                let codes = queries::sees_codes(&call.actor);
                Ok(pb::ListAttemptsResponse {
                    attempts: attempts.iter().map(|attempt| wire::attempt(attempt, codes)).collect(),
                })
            })
            .await
    }

    async fn check_attempt(&self, request: Request<pb::CheckAttemptRequest>) -> Answer<pb::Attempt> {
        self.ports
            .context
            .query(request, async |call, message| {
                let attempt = app::check_attempt::run(&self.ports, &call.actor, &message.attempt_id).await?;
                Ok(wire::attempt(&attempt, queries::sees_codes(&call.actor)))
            })
            .await
    }

    async fn record_callback(&self, request: Request<pb::RecordCallbackRequest>) -> Answer<pb::RecordCallbackResponse> {
        self.ports
            .context
            .query(request, async |call, message| {
                let pb::RecordCallbackRequest { attempt_id, body, client_address } = message;
                app::record_callback::run(&self.ports, call.actor, &attempt_id, &body, client_address).await?;
                Ok(pb::RecordCallbackResponse {})
            })
            .await
    }

    async fn list_mismatches(&self, request: Request<pb::ListMismatchesRequest>) -> Answer<pb::ListMismatchesResponse> {
        self.ports
            .context
            .query(request, async |call, message| {
                let page = Page::new(message.page.as_ref());
                let (rows, total) = queries::mismatches(&self.ports, &call.actor, page, &message.date).await?;
                let mismatches = rows.into_iter().map(wire::mismatch).collect();
                Ok(pb::ListMismatchesResponse { mismatches, page: Some(page.info(total)) })
            })
            .await
    }
}
