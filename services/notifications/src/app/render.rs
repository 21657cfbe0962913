//! A message in its reader's language: subject and text, with what may be said of the case.

use chassis::Error;
use kernel::{Locale, Money, Time};

use super::Ports;
use crate::{
    domain::{kind::Kind, params::Params},
    store::message,
    texts::Texts,
};

/// Subject and plain text; paragraphs are parted by an empty line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub subject: String,
    pub body: String,
}

/// `secret` is that of the link, for the mail; without it a message whose link holds one says where the link is.
pub(crate) fn render(
    ports: &Ports,
    row: &message::Model,
    name: &str,
    locale: Locale,
    secret: &str,
) -> Result<Rendered, Error> {
    let kind = kind(row)?;
    let params = params(row)?;
    let config = &ports.config;
    let number = row.application_number.to_string();
    let amount = params.amount_minor.map(|minor| Money::home(minor).format_page(locale)).unwrap_or_default();
    let moment = |micros: Option<i64>| {
        micros.map(|at| ports.context.zone.format_moment(Time::from_micros(at))).unwrap_or_default()
    };
    let (when, by) = (moment(params.start_at_micros), moment(params.by_micros));
    // A fact of an older release tells no code.
    let visit_code = if params.code.is_empty() { "none" } else { params.code.as_str() };
    let by = if by.is_empty() { "none" } else { by.as_str() };
    let marks = params.marks.to_string();
    let days = params.days.to_string();
    let date = kernel::time::parse_date(&params.date).map(kernel::time::format_date).unwrap_or_default();
    let class = if params.class.is_empty() { "none" } else { params.class.as_str() };
    let link = format!("{}{}", config.portal_url.trim_end_matches('/'), kind.link().replace("{}", &number));
    let values = [
        ("name", name),
        ("number", number.as_str()),
        ("amount", amount.as_str()),
        ("document", params.document_number.as_str()),
        ("when", when.as_str()),
        ("by", by),
        ("code", visit_code),
        ("marks", marks.as_str()),
        ("days", days.as_str()),
        ("date", date.as_str()),
        ("class", class),
        ("centre", config.centre.name.as_str()),
        ("email", config.centre.email.as_str()),
        ("phones", config.centre.phones.as_str()),
    ];
    let texts = Texts::of(locale);
    let key = kind.code().replace('_', "-");
    let way = match (kind.is_secret(), secret) {
        (false, "") if kind.has_code() => texts.text("by-code", &values)?,
        (false, code) if kind.has_code() => format!("{code}\n\n{}\n{link}", texts.text("open", &values)?),
        (false, _) => format!("{}\n{link}", texts.text("open", &values)?),
        (true, "") => texts.text("by-mail", &values)?,
        (true, secret) => format!("{}\n{link}?token={secret}", texts.text("open", &values)?),
    };
    let body = [
        texts.text("greeting", &values)?,
        texts.attribute(&key, "body", &values)?,
        way,
        texts.text("signature", &values)?,
    ]
    .join("\n\n");
    let subject = texts.attribute(&key, "subject", &values)?;
    // A subject is one line, whatever it was filled with.
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Rendered { subject, body })
}

/// A message with a code as a text message.
pub(crate) fn render_text(ports: &Ports, row: &message::Model, locale: Locale, code: &str) -> Result<String, Error> {
    let key = kind(row)?.code().replace('_', "-");
    let values = [("code", code), ("centre", ports.config.centre.name.as_str())];
    Texts::of(locale).attribute(&key, "sms", &values)
}

pub(crate) fn kind(row: &message::Model) -> Result<Kind, Error> {
    Kind::parse(&row.kind).ok_or_else(|| Error::corrupt("message", "kind", &row.id))
}

pub(crate) fn params(row: &message::Model) -> Result<Params, Error> {
    serde_json::from_str(&row.params).map_err(|_| Error::corrupt("message", "params", &row.id))
}
