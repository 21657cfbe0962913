//! What the bank is told of an order: the object for its script, and the payment link (DOMAIN 1.3, 1.10).

use kernel::Locale;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Bank, BankBody, BankCall, BankError, PaymentToken, loose::Loose};
use crate::domain::attempt::Attempt;

/// Descriptions are bounded in bytes.
const DESCRIPTION_BYTES_MAX: usize = 125;

/// An attempt as it is shown to the bank.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub attempt: &'a Attempt,
    pub locale: Locale,
}

/// Where the bank leads browsers and posts its callbacks.
pub(super) struct Links {
    pub back: String,
    pub post: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentObject<'a> {
    invoice_id: &'a str,
    back_link: &'a str,
    failure_back_link: &'a str,
    post_link: &'a str,
    failure_post_link: &'a str,
    language: &'a str,
    description: &'a str,
    account_id: String,
    terminal: &'a str,
    amount: Box<RawValue>,
    currency: &'a str,
    auth: &'a RawValue,
}

#[derive(Serialize)]
struct LinkRequest<'a> {
    shop_id: &'a str,
    account_id: String,
    invoice_id: &'a str,
    amount: Box<RawValue>,
    language: &'a str,
    description: &'a str,
    expire_period: String,
    recipient_contact: &'a str,
    recipient_contact_sms: &'a str,
    notifier_contact_sms: &'a str,
    currency: &'a str,
    post_link: &'a str,
    failure_post_link: &'a str,
    back_link: &'a str,
    failure_back_link: &'a str,
}

impl<'a> Order<'a> {
    /// Exact decimal text in tenge.
    pub(super) fn amount_text(&self) -> String {
        self.attempt.amount.decimal_text_short()
    }

    fn amount(&self) -> Result<Box<RawValue>, BankError> {
        RawValue::from_string(self.amount_text()).map_err(|_| BankError::Unreadable("amount"))
    }

    pub(super) fn links(&self, portal_url: &str) -> Links {
        let base = portal_url.trim_end_matches('/');
        let (number, id) = (self.attempt.application_number, self.attempt.id);
        Links {
            back: format!("{base}/applications/{number}/payment/return/{id}"),
            post: format!("{base}/bank/callback/{id}"),
        }
    }

    fn description(&self) -> &'a str {
        let text = self.attempt.document_number.as_str();
        text.get(..text.floor_char_boundary(DESCRIPTION_BYTES_MAX)).unwrap_or_default()
    }

    fn account_id(&self) -> String {
        format!("app-{}", self.attempt.application_number)
    }

    /// The object for `halyk.pay`, token included. Neither our credentials nor the callback's secret are in it.
    pub(crate) fn payment_object(&self, token: &PaymentToken, portal_url: &str) -> Result<String, BankError> {
        let links = self.links(portal_url);
        let object = PaymentObject {
            invoice_id: &self.attempt.bank_invoice_id,
            back_link: &links.back,
            failure_back_link: &links.back,
            post_link: &links.post,
            failure_post_link: &links.post,
            language: self.locale.bank_code(),
            description: self.description(),
            account_id: self.account_id(),
            terminal: &self.attempt.terminal,
            amount: self.amount()?,
            currency: self.attempt.amount.currency().code(),
            auth: &token.auth,
        };
        serde_json::to_string(&object).map_err(|_| BankError::Unreadable("payment object"))
    }
}

impl Bank {
    /// A link to the card page for browsers without JavaScript; none where no shop is configured.
    pub(crate) async fn invoice_link(&self, order: &Order<'_>) -> Result<Option<String>, BankError> {
        if self.config.shop_id.is_empty() || !self.config.has_bank() {
            return Ok(None);
        }
        let links = order.links(&self.config.portal_url);
        let request = LinkRequest {
            shop_id: &self.config.shop_id,
            account_id: order.account_id(),
            invoice_id: &order.attempt.bank_invoice_id,
            amount: order.amount()?,
            language: order.locale.bank_code(),
            description: order.description(),
            expire_period: format!("{}d", self.config.link_days),
            recipient_contact: "",
            recipient_contact_sms: "",
            notifier_contact_sms: "",
            currency: order.attempt.amount.currency().code(),
            post_link: &links.post,
            failure_post_link: &links.post,
            back_link: &links.back,
            failure_back_link: &links.back,
        };
        let url = format!("{}/invoice", self.config.api_url);
        let json = serde_json::to_string(&request).map_err(|_| BankError::Unreadable("payment link"))?;
        let call = |token| BankCall { url: url.clone(), token: Some(token), body: BankBody::Json(json.clone()) };
        let reply = self.as_service(call).await?;
        if reply.status != 200 {
            return Err(BankError::Refused { what: "payment link", status: reply.status });
        }
        let link = Loose::parse(&reply.body).and_then(|answer| answer.text("invoice_url"));
        let link = link.filter(|link| link.starts_with("https://") || link.starts_with("http://"));
        link.map(Some).ok_or(BankError::Unreadable("payment link"))
    }
}
