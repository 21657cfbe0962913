//! Staff's hand on facts that could not be applied: served by each context for its own readers.

use std::sync::Arc;

use kernel::Role;
use proto::operations::v1::{self as pb, operations_server::Operations};
use tonic::{Request, Response, Status};

use crate::{
    auth::permit,
    bus::Consumer,
    command::Call,
    context::Context,
    error::Error,
    inbox::parked::{self, Model},
    status,
};

/// Parked facts shown at once.
const SHOWN_MAX: u64 = 200;

/// Serves the readers of one context, or of all contexts of a process.
#[derive(Clone)]
pub struct Grpc {
    contexts: Arc<Vec<(Context, Vec<Consumer>)>>,
}

type Answer<T> = Result<Response<T>, Status>;

impl Grpc {
    pub fn new(contexts: Vec<(Context, Vec<Consumer>)>) -> Self {
        Self { contexts: Arc::new(contexts) }
    }

    /// The reader that a command names, and its context.
    fn consumer(&self, name: &str) -> Result<(Context, Consumer), Status> {
        self.contexts
            .iter()
            .find_map(|(context, consumers)| {
                let consumer = consumers.iter().find(|consumer| consumer.name == name)?;
                Some((context.clone(), consumer.clone()))
            })
            .ok_or_else(|| status::encode("operations", Error::NotFound))
    }

    async fn list(&self, request: Request<pb::ListParkedEventsRequest>) -> Result<Vec<pb::ParkedEvent>, Error> {
        let Some((first, _)) = self.contexts.first() else { return Ok(Vec::new()) };
        let call = Call::read(first, request.metadata()).await?;
        permit::staff(&call.actor, &[Role::Admin])?;
        let mut events = Vec::new();
        for (context, _) in self.contexts.iter() {
            events.extend(parked::list(context.db.read(), SHOWN_MAX).await?.into_iter().map(event));
        }
        events.sort_by_key(|event| event.parked_at_micros);
        Ok(events)
    }
}

fn event(row: Model) -> pb::ParkedEvent {
    let r#type = <proto::common::v1::Envelope as prost::Message>::decode(row.envelope.as_slice())
        .map(|envelope| envelope.r#type)
        .unwrap_or_default();
    pb::ParkedEvent {
        consumer: row.consumer,
        event_id: row.event_id,
        r#type,
        aggregate_id: row.aggregate_id,
        aggregate_version: row.aggregate_version,
        reason: row.reason,
        deliveries: row.deliveries,
        state: row.state,
        parked_at_micros: row.parked_at,
    }
}

#[tonic::async_trait]
impl Operations for Grpc {
    async fn list_parked_events(
        &self,
        request: Request<pb::ListParkedEventsRequest>,
    ) -> Answer<pb::ListParkedEventsResponse> {
        let listed = self.list(request).await;
        listed
            .map(|events| Response::new(pb::ListParkedEventsResponse { events }))
            .map_err(|error| status::encode("operations", error))
    }

    async fn retry_parked_event(
        &self,
        request: Request<pb::ParkedEventCommand>,
    ) -> Answer<pb::RetryParkedEventResponse> {
        self.admin(&request).await?;
        let (context, consumer) = self.consumer(&request.get_ref().consumer)?;
        let sources = context.sources.clone();
        context
            .command("RetryParkedEvent", request, move |tx, call, message: pb::ParkedEventCommand| async move {
                let applied = parked::retry(&tx, &consumer, &message.event_id, &call.actor, &sources).await?;
                Ok(pb::RetryParkedEventResponse { applied })
            })
            .await
    }

    async fn skip_parked_event(&self, request: Request<pb::ParkedEventCommand>) -> Answer<pb::SkipParkedEventResponse> {
        self.admin(&request).await?;
        let (context, consumer) = self.consumer(&request.get_ref().consumer)?;
        let sources = context.sources.clone();
        context
            .command("SkipParkedEvent", request, move |tx, call, message: pb::ParkedEventCommand| async move {
                parked::skip(&tx, &consumer, &message.event_id, &call.actor, &sources).await?;
                Ok(pb::SkipParkedEventResponse {})
            })
            .await
    }
}

impl Grpc {
    /// Only admins learn which readers there are.
    async fn admin<T>(&self, request: &Request<T>) -> Result<(), Status> {
        let Some((first, _)) = self.contexts.first() else { return Ok(()) };
        let permitted = match Call::read(first, request.metadata()).await {
            Ok(call) => permit::staff(&call.actor, &[Role::Admin]).map(|_| ()),
            Err(error) => Err(error),
        };
        permitted.map_err(|error| status::encode("operations", error))
    }
}
