//! The typed clients of all services, and how a call of ours is dressed: the caller's token, the idempotency key, the deadline.

use std::time::Duration;

use chassis::dial::{CallContext, Channel, Dialer};
use proto::applications::v1::applications_client::ApplicationsClient;
use proto::billing::v1::billing_client::BillingClient;
use proto::booking::v1::booking_client::BookingClient;
use proto::identity::v1::identity_client::IdentityClient;
use proto::notifications::v1::notifications_client::NotificationsClient;
use proto::operations::v1::operations_client::OperationsClient;
use proto::participants::v1::participants_client::ParticipantsClient;
use proto::payments::v1::payments_client::PaymentsClient;

/// Largest answer of a call: a document's chunk or a PDF.
const ANSWER_BYTES_MAX: usize = 24 * 1024 * 1024;

/// All contexts.
pub const CONTEXTS: [&str; 7] =
    ["identity", "applications", "participants", "billing", "payments", "booking", "notifications"];

#[derive(Clone)]
pub struct Services {
    identity: Channel,
    applications: Channel,
    participants: Channel,
    billing: Channel,
    payments: Channel,
    booking: Channel,
    notifications: Channel,
}

impl Services {
    pub fn new(dialer: &Dialer) -> anyhow::Result<Self> {
        Ok(Self {
            identity: dialer.channel("identity")?,
            applications: dialer.channel("applications")?,
            participants: dialer.channel("participants")?,
            billing: dialer.channel("billing")?,
            payments: dialer.channel("payments")?,
            booking: dialer.channel("booking")?,
            notifications: dialer.channel("notifications")?,
        })
    }

    pub fn identity(&self) -> IdentityClient<Channel> {
        IdentityClient::new(self.identity.clone())
    }

    pub fn applications(&self) -> ApplicationsClient<Channel> {
        ApplicationsClient::new(self.applications.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub fn participants(&self) -> ParticipantsClient<Channel> {
        ParticipantsClient::new(self.participants.clone())
    }

    pub fn billing(&self) -> BillingClient<Channel> {
        BillingClient::new(self.billing.clone()).max_decoding_message_size(ANSWER_BYTES_MAX)
    }

    pub fn payments(&self) -> PaymentsClient<Channel> {
        PaymentsClient::new(self.payments.clone())
    }

    pub fn booking(&self) -> BookingClient<Channel> {
        BookingClient::new(self.booking.clone())
    }

    pub fn notifications(&self) -> NotificationsClient<Channel> {
        NotificationsClient::new(self.notifications.clone())
    }

    /// What staff may do about facts that a context could not apply.
    pub fn operations(&self, context: &'static str) -> OperationsClient<Channel> {
        OperationsClient::new(self.by_context(context).unwrap_or_else(|| self.identity.clone()))
    }

    /// The channel of a context by the first word of its proto package after `portal.`.
    pub fn by_context(&self, context: &str) -> Option<Channel> {
        match context {
            "identity" => Some(self.identity.clone()),
            "applications" => Some(self.applications.clone()),
            "participants" => Some(self.participants.clone()),
            "billing" => Some(self.billing.clone()),
            "payments" => Some(self.payments.clone()),
            "booking" => Some(self.booking.clone()),
            "notifications" => Some(self.notifications.clone()),
            _ => None,
        }
    }
}

/// A call in the name of `token`, if there is one.
pub fn request<M>(message: M, token: Option<&str>, idempotency_key: Option<&str>) -> tonic::Request<M> {
    chassis::dial::request(message, &context(token, idempotency_key))
}

/// A call that moves a file and may take as long as an upload.
pub fn long_request<M>(message: M, token: Option<&str>, longer: Duration) -> tonic::Request<M> {
    let mut context = context(token, None);
    context.deadline += longer;
    chassis::dial::request(message, &context)
}

fn context(token: Option<&str>, idempotency_key: Option<&str>) -> CallContext {
    CallContext::new(token.map(str::to_owned)).with_key(idempotency_key.map(str::to_owned))
}
