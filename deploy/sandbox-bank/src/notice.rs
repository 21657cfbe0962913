//! A notice to the merchant: what postLink and failurePostLink carry, kept until it is delivered.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::amount::Amount;
use crate::card;
use crate::clock;
use crate::scenario::PostLink;
use crate::transaction::Transaction;

/// A notice waiting, delivered or given up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// Its own id.
    pub id: String,
    /// The merchant's number.
    pub invoice_id: String,
    /// Where it goes.
    pub url: String,
    /// JSON.
    pub body: String,
    /// How often it was sent.
    pub tries: u32,
    /// How often it may be sent.
    pub tries_max: u32,
    /// When it is sent next, milliseconds since 1970.
    pub next_millis: i64,
    /// Answered with 2xx.
    pub delivered: bool,
}

impl Notice {
    /// Whether it is still to be sent.
    pub(crate) fn is_open(&self) -> bool {
        !self.delivered && self.tries < self.tries_max
    }
}

/// The fields of DOMAIN section 1.4, in the bank's spelling.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    account_id: &'a str,
    amount: Box<RawValue>,
    #[serde(rename = "amount_bonus", skip_serializing_if = "Option::is_none")]
    amount_bonus: Option<Box<RawValue>>,
    approval_code: &'a str,
    card_id: &'a str,
    card_mask: &'a str,
    card_type: &'a str,
    code: &'a str,
    currency: &'a str,
    date_time: String,
    description: &'a str,
    email: &'a str,
    id: &'a str,
    invoice_id: &'a str,
    invoice_id_alt: &'a str,
    ip: &'a str,
    ip_city: &'a str,
    ip_country: &'a str,
    ip_district: &'a str,
    ip_latitude: u8,
    ip_longitude: u8,
    ip_region: &'a str,
    issuer: &'a str,
    language: &'a str,
    name: &'a str,
    phone: &'a str,
    reason: &'a str,
    reason_code: u32,
    reference: &'a str,
    #[serde(rename = "secret_hash", skip_serializing_if = "Option::is_none")]
    secret_hash: Option<&'a str>,
    secure: &'a str,
    secure_details: &'a str,
    terminal: &'a str,
}

/// The notice's JSON.
pub(crate) fn body(transaction: &Transaction, terminal: &str, mode: PostLink) -> String {
    let order = &transaction.order;
    let success = transaction.reason_code == 0;
    let bonus = Some(transaction.bonus).filter(|bonus| bonus.0 > 0);
    let body = Body {
        account_id: &order.account_id,
        amount: match mode {
            PostLink::WrongAmount => transaction.original.and(Amount(100)),
            PostLink::Normal | PostLink::Lost | PostLink::Doubled | PostLink::WrongSecret | PostLink::NoSecret => {
                transaction.original
            }
        }
        .number(),
        amount_bonus: bonus.map(Amount::number),
        approval_code: &transaction.approval_code,
        card_id: if success { &transaction.card_id } else { "" },
        card_mask: &transaction.card_mask,
        card_type: &transaction.card_type,
        code: if success { "ok" } else { "error" },
        currency: "KZT",
        date_time: clock::print_millis(clock::now_millis()),
        description: &order.description,
        email: &order.email,
        id: &transaction.id,
        invoice_id: &order.invoice_id,
        invoice_id_alt: &order.invoice_id_alt,
        ip: "127.0.0.1",
        ip_city: "",
        ip_country: "",
        ip_district: "",
        ip_latitude: 0,
        ip_longitude: 0,
        ip_region: "",
        issuer: "Sandbox Bank",
        language: &order.language,
        name: &order.name,
        phone: &order.phone,
        reason: card::reason(transaction.reason_code),
        reason_code: transaction.reason_code,
        reference: &transaction.reference,
        secret_hash: match mode {
            PostLink::WrongSecret => Some("not-the-merchants-secret"),
            PostLink::NoSecret => None,
            PostLink::Normal | PostLink::Lost | PostLink::Doubled | PostLink::WrongAmount => {
                order.secret_hash.as_deref()
            }
        },
        secure: if transaction.secure { "yes" } else { "no" },
        secure_details: "",
        terminal,
    };
    serde_json::to_string(&body).unwrap_or_default()
}
