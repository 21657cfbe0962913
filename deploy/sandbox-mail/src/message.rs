//! A message as received, and as decoded for people.

use mailparse::{MailHeaderMap, ParsedMail};
use serde::Serialize;

/// A message; deliveries with the same Message-ID are one.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// Its number here, rising.
    pub id: u64,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Decoded.
    pub subject: String,
    /// The plain text part, decoded; empty if none.
    pub text: String,
    /// The HTML part, decoded; empty if none.
    pub html: String,
    /// The Message-ID header; empty if none.
    pub message_id: String,
    /// RFC 3339, UTC.
    pub received: String,
    /// Names of attached files.
    pub attachments: Vec<String>,
    /// How often it was delivered.
    pub deliveries: u32,
    /// As received, without the envelope.
    #[serde(skip)]
    pub raw: Vec<u8>,
}

/// Who sent what to whom, when.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) received: String,
    pub(crate) raw: Vec<u8>,
}

const FROM: &str = "X-Sandbox-From: ";
const TO: &str = "X-Sandbox-To: ";
const RECEIVED: &str = "X-Sandbox-Received: ";

impl Delivery {
    /// The file that keeps it: the envelope as headers before the message.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let to = self.to.join(", ");
        let mut file = format!("{FROM}{}\r\n{TO}{to}\r\n{RECEIVED}{}\r\n", self.from, self.received).into_bytes();
        file.extend_from_slice(&self.raw);
        file
    }

    /// A text message in a mail's clothes.
    pub(crate) fn text_message(from: &str, to: &str, text: &str, received: String) -> Self {
        let head = "Subject: SMS\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
                    Content-Transfer-Encoding: 8bit";
        let from = if from.is_empty() { "SMS" } else { from };
        let raw = format!("{head}\r\n\r\n{text}\r\n").into_bytes();
        Self { from: from.replace(['\r', '\n'], " "), to: vec![to.to_owned()], received, raw }
    }

    /// Reads such a file.
    pub(crate) fn from_file(file: &[u8]) -> Option<Self> {
        let (from, rest) = header(file, FROM)?;
        let (to, rest) = header(rest, TO)?;
        let (received, raw) = header(rest, RECEIVED)?;
        let to = to.split(", ").map(str::to_owned).collect();
        Some(Self { from, to, received, raw: raw.to_vec() })
    }
}

fn header<'a>(file: &'a [u8], name: &str) -> Option<(String, &'a [u8])> {
    let rest = file.strip_prefix(name.as_bytes())?;
    let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
    let value = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    Some((value, rest.get(end + 2..)?))
}

impl Message {
    /// Decodes a delivery; what cannot be decoded is shown as it came.
    pub(crate) fn decode(id: u64, delivery: Delivery) -> Self {
        let mut message = Self {
            id,
            from: delivery.from,
            to: delivery.to,
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            message_id: String::new(),
            received: delivery.received,
            attachments: Vec::new(),
            deliveries: 1,
            raw: Vec::new(),
        };
        match mailparse::parse_mail(&delivery.raw) {
            Ok(mail) => {
                message.subject = mail.headers.get_first_value("Subject").unwrap_or_default();
                message.message_id = mail.headers.get_first_value("Message-ID").unwrap_or_default();
                message.take(&mail);
            }
            Err(_) => message.text = String::from_utf8_lossy(&delivery.raw).into_owned(),
        }
        message.raw = delivery.raw;
        message
    }

    fn take(&mut self, mail: &ParsedMail<'_>) {
        for part in &mail.subparts {
            self.take(part);
        }
        let disposition = mail.get_content_disposition();
        let name = disposition.params.get("filename").or_else(|| mail.ctype.params.get("name"));
        if let Some(name) = name {
            self.attachments.push(name.clone());
            return;
        }
        let place = match mail.ctype.mimetype.as_str() {
            "text/plain" => &mut self.text,
            "text/html" => &mut self.html,
            _ => return,
        };
        if place.is_empty() {
            *place = mail.get_body().unwrap_or_default();
        }
    }
}
