//! The bank's edge: Halyk ePay over HTTP (DOMAIN section 1). Sums cross it as exact decimal text, never as floats.

mod http;
mod loose;
mod operation;
mod order;
mod status;
mod way;

use std::sync::Arc;

use chassis::clock::Sources;
use kernel::{Secret, Time};
use serde_json::value::RawValue;
use tokio::sync::Mutex;

use crate::config::Config;
pub(crate) use http::Http;
pub(crate) use loose::Loose;
pub(crate) use operation::Answered;
pub(crate) use order::Order;
pub use way::{BankBody, BankCall, BankReply, BankWay, Unreached};

/// Why the bank gave no answer that could be used. None of these says anything about money.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BankError {
    #[error("no bank is connected")]
    NotConnected,
    #[error("the bank did not answer: {0}")]
    Unreached(#[from] Unreached),
    #[error("the bank answered {status} to {what}")]
    Refused { what: &'static str, status: u16 },
    #[error("the bank's answer to {0} can't be read")]
    Unreadable(&'static str),
}

impl From<BankError> for chassis::Error {
    fn from(error: BankError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// A token for one payment: the bank's whole answer, which its page wants back.
pub(crate) struct PaymentToken {
    pub auth: Box<RawValue>,
    pub expires_at: Time,
}

/// Everything the server itself may ask, as far as is known.
const SCOPE: &str = "webapi usermanagement email_send verification statement statistics payment";
/// A cached token is given up this long before its end.
const SERVICE_MARGIN: std::time::Duration = std::time::Duration::from_mins(1);

/// A client of the bank. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bank {
    way: Arc<dyn BankWay>,
    config: Arc<Config>,
    sources: Sources,
    service_token: Arc<Mutex<Option<(Secret, Time)>>>,
}

impl Bank {
    pub(crate) fn new(config: Arc<Config>, sources: Sources, way: Arc<dyn BankWay>) -> Self {
        Self { way, config, sources, service_token: Arc::default() }
    }

    /// A fresh token bound to one order, sum and terminal.
    pub(crate) async fn payment_token(&self, order: &Order<'_>) -> Result<PaymentToken, BankError> {
        let amount = order.amount_text();
        let links = order.links(&self.config.portal_url);
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", SCOPE),
            ("client_id", &self.config.client_id),
            ("client_secret", self.config.client_secret.expose()),
            ("invoiceID", &order.attempt.bank_invoice_id),
            ("amount", &amount),
            ("currency", order.attempt.amount.currency().code()),
            ("terminal", &order.attempt.terminal),
            ("secret_hash", &order.attempt.secret_hash),
            ("postLink", &links.post),
            ("failurePostLink", &links.post),
        ];
        let (body, _, expires_at) = self.token("payment token", &fields).await?;
        let auth = RawValue::from_string(body).map_err(|_| BankError::Unreadable("payment token"))?;
        Ok(PaymentToken { auth, expires_at })
    }

    async fn token(
        &self,
        what: &'static str,
        fields: &[(&'static str, &str)],
    ) -> Result<(String, Secret, Time), BankError> {
        if !self.config.has_bank() {
            return Err(BankError::NotConnected);
        }
        let asked_at = self.sources.now();
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let call = BankCall { url: self.config.oauth_url.clone(), token: None, body: BankBody::Form(fields) };
        let reply = self.way.send(call).await?;
        if reply.status != 200 {
            return Err(BankError::Refused { what, status: reply.status });
        }
        let loose = Loose::parse(&reply.body).ok_or(BankError::Unreadable(what))?;
        let token = loose.text("access_token").filter(|token| !token.is_empty()).ok_or(BankError::Unreadable(what))?;
        let seconds = loose.text("expires_in").and_then(|text| text.parse().ok()).unwrap_or(900);
        let expires_at = asked_at.plus(std::time::Duration::from_secs(seconds));
        Ok((reply.body, Secret::new(token), expires_at))
    }

    /// The token for the server's own questions; kept until shortly before its end.
    async fn service_token(&self) -> Result<Secret, BankError> {
        let mut kept = self.service_token.lock().await;
        if let Some((token, good_until)) = kept.as_ref()
            && *good_until > self.sources.now()
        {
            return Ok(token.clone());
        }
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", SCOPE),
            ("client_id", self.config.client_id.as_str()),
            ("client_secret", self.config.client_secret.expose()),
            ("terminal", self.config.terminal.as_str()),
        ];
        let (_, token, expires_at) = self.token("service token", &fields).await?;
        *kept = Some((token.clone(), expires_at.minus(SERVICE_MARGIN)));
        Ok(token)
    }

    /// Sends with the service token; a token that the bank no longer takes is replaced once.
    async fn as_service(&self, call: impl Fn(Secret) -> BankCall) -> Result<BankReply, BankError> {
        let reply = self.way.send(call(self.service_token().await?)).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        *self.service_token.lock().await = None;
        Ok(self.way.send(call(self.service_token().await?)).await?)
    }
}
