//! What a merchant asks to be paid: the object given to `halyk.pay`, or a payment link's request.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::amount::Amount;
use crate::fields::Fields;

/// The least and the most the bank takes, in tiyn (10 and 10,000,000 KZT).
const AMOUNT_MIN: Amount = Amount(1_000);
const AMOUNT_MAX: Amount = Amount(1_000_000_000);

/// Descriptions are bounded in bytes, not letters.
const DESCRIPTION_BYTES_MAX: usize = 125;

/// The way an order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// By `halyk.pay` with a payment token.
    Page,
    /// By a payment link.
    Link,
}

/// An order, checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// The merchant's number.
    pub invoice_id: String,
    /// The merchant's other number.
    pub invoice_id_alt: String,
    /// The merchant's client.
    pub account_id: String,
    /// What is to be paid.
    pub amount: Amount,
    /// Shown to the payer.
    pub description: String,
    /// `rus`, `kaz` or `eng`.
    pub language: String,
    /// Opaque, given back.
    pub data: String,
    /// Payer.
    pub name: String,
    /// Payer.
    pub email: String,
    /// Payer.
    pub phone: String,
    /// Where the browser goes after success.
    pub back_link: String,
    /// Where the browser goes after failure.
    pub failure_back_link: String,
    /// Return without pressing Close.
    pub auto_back_link: bool,
    /// Told of success.
    pub post_link: Option<String>,
    /// Told of failure.
    pub failure_post_link: Option<String>,
    /// Given back in the notices; payment links have none.
    pub secret_hash: Option<String>,
    /// The way it came.
    pub source: Source,
}

/// Why an order is refused; the text is the bank's message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrderError {
    #[error("invoiceId must be 6 to 15 digits")]
    InvoiceId,
    #[error("amount must be from 10 to 10000000 with at most 2 decimals")]
    Amount,
    #[error("currency must be KZT")]
    Currency,
    #[error("3298: description is longer than 125 bytes")]
    Description,
    #[error("{0} must be an http address")]
    Address(&'static str),
    #[error("name must be in Latin letters")]
    Name,
    #[error("invoiceId, or its last six digits, was used before")]
    Used,
}

/// A merchant's number: 6 to 15 digits.
pub(crate) fn invoice_id(text: &str) -> Result<String, OrderError> {
    let digits = (6..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { Ok(text.to_owned()) } else { Err(OrderError::InvoiceId) }
}

/// A sum the bank takes, in the only currency it takes here.
pub(crate) fn amount(text: &str, currency: &str) -> Result<Amount, OrderError> {
    if currency != "KZT" {
        return Err(OrderError::Currency);
    }
    let bounds = AMOUNT_MIN..=AMOUNT_MAX;
    Amount::parse(text).filter(|amount| bounds.contains(amount)).ok_or(OrderError::Amount)
}

impl Order {
    /// The order of a `halyk.pay` object.
    pub(crate) fn of_page(fields: &Fields) -> Result<Self, OrderError> {
        let names = Names {
            invoice_id: "invoiceId",
            account_id: "accountId",
            back_link: "backLink",
            failure_back_link: "failureBackLink",
            post_link: "postLink",
            failure_post_link: "failurePostLink",
            email: "email",
            phone: "phone",
        };
        Self::read(fields, &names, Source::Page)
    }

    /// The order of a payment link's request.
    pub(crate) fn of_link(fields: &Fields) -> Result<Self, OrderError> {
        let names = Names {
            invoice_id: "invoice_id",
            account_id: "account_id",
            back_link: "back_link",
            failure_back_link: "failure_back_link",
            post_link: "post_link",
            failure_post_link: "failure_post_link",
            email: "recipient_contact",
            phone: "recipient_contact_sms",
        };
        Self::read(fields, &names, Source::Link)
    }

    fn read(fields: &Fields, names: &Names, source: Source) -> Result<Self, OrderError> {
        let description = fields.get("description").to_owned();
        if description.len() > DESCRIPTION_BYTES_MAX {
            return Err(OrderError::Description);
        }
        let name = fields.get("name").to_owned();
        if !name.is_ascii() {
            return Err(OrderError::Name);
        }
        let back_link = address(fields, names.back_link)?.ok_or(OrderError::Address(names.back_link))?;
        let failure_back_link = address(fields, names.failure_back_link)?;
        let language = match fields.get("language").to_ascii_lowercase().as_str() {
            "kaz" | "kk" | "kz" => "kaz",
            "eng" | "en" => "eng",
            _ => "rus",
        };
        Ok(Self {
            invoice_id: invoice_id(fields.get(names.invoice_id))?,
            invoice_id_alt: fields.get("invoiceIdAlt").to_owned(),
            account_id: fields.get(names.account_id).to_owned(),
            amount: amount(fields.get("amount"), fields.get("currency"))?,
            description,
            language: language.to_owned(),
            data: fields.get("data").to_owned(),
            name,
            email: fields.get(names.email).to_owned(),
            phone: fields.get(names.phone).to_owned(),
            failure_back_link: failure_back_link.unwrap_or_else(|| back_link.clone()),
            back_link,
            auto_back_link: fields.get("autoBackLink") == "true",
            post_link: address(fields, names.post_link)?,
            failure_post_link: address(fields, names.failure_post_link)?,
            secret_hash: None,
            source,
        })
    }
}

/// How the two ways spell the same things.
struct Names {
    invoice_id: &'static str,
    account_id: &'static str,
    back_link: &'static str,
    failure_back_link: &'static str,
    post_link: &'static str,
    failure_post_link: &'static str,
    email: &'static str,
    phone: &'static str,
}

fn address(fields: &Fields, name: &'static str) -> Result<Option<String>, OrderError> {
    let Some(text) = fields.some(name) else {
        return Ok(None);
    };
    let http = Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if http { Ok(Some(text)) } else { Err(OrderError::Address(name)) }
}
