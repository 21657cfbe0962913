//! A message in its reader's language: subject and text, with what may be said of the case.

use chassis::Error;
use kernel::{Locale, Money, Time};

use super::Ports;
use crate::{
    domain::{kind::Kind, params::Params, wording::Wording},
    store::{message, text_version},
    texts::Texts,
};

/// Subject and plain text; paragraphs are parted by an empty line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub subject: String,
    pub body: String,
}

/// The text of a kind at a version, in a language; none: as shipped.
pub(crate) async fn wording(ports: &Ports, kind: Kind, version: i32, locale: Locale) -> Result<Option<Wording>, Error> {
    if version == 0 {
        return Ok(None);
    }
    let row = text_version::one(ports.context.db.read(), kind, version).await?;
    let row = row.ok_or_else(|| Error::corrupt("text_version", "version", kind.code()))?;
    Ok(row.wordings()?.remove(locale.code()))
}

/// `secret` is that of the link, for the mail; without it a message whose link holds one says where the link is.
pub(crate) fn render(
    ports: &Ports,
    row: &message::Model,
    name: &str,
    locale: Locale,
    secret: &str,
    wording: Option<&Wording>,
) -> Result<Rendered, Error> {
    let kind = kind(row)?;
    let params = params(row)?;
    let config = &ports.config;
    let number = if params.test { SAMPLE_NUMBER } else { row.application_number }.to_string();
    let amount = params.amount_minor.map(|minor| Money::home(minor).format_page(locale)).unwrap_or_default();
    let moment = |micros: Option<i64>| {
        micros.map(|at| ports.context.zone.format_moment(Time::from_micros(at))).unwrap_or_default()
    };
    let (when, by) = (moment(params.start_at_micros), moment(params.by_micros));
    // A fact of an older release tells no code.
    let visit_code = if params.code.is_empty() { "none" } else { params.code.as_str() };
    let place = Some(params.place.get(locale)).filter(|place| !place.is_empty()).unwrap_or("none");
    let by = if by.is_empty() { "none" } else { by.as_str() };
    let marks = params.marks.to_string();
    let days = params.days.to_string();
    let date = kernel::time::parse_date(&params.date).map(kernel::time::format_date).unwrap_or_default();
    let class = if params.class.is_empty() { "none" } else { params.class.as_str() };
    let link = format!("{}{}", config.portal_url.trim_end_matches('/'), kind.link().replace("{}", &number));
    let [fresh, overdue, refunds, pending] =
        [params.fresh, params.overdue, params.refunds, params.pending].map(|count| count.to_string());
    let values = [
        ("fresh", fresh.as_str()),
        ("overdue", overdue.as_str()),
        ("refunds", refunds.as_str()),
        ("pending", pending.as_str()),
        ("name", name),
        ("number", number.as_str()),
        ("amount", amount.as_str()),
        ("document", params.document_number.as_str()),
        ("when", when.as_str()),
        ("by", by),
        ("visit", if params.visit.is_empty() { "hand_over" } else { params.visit.as_str() }),
        ("code", visit_code),
        ("place", place),
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
    let part = |name: &str| match wording {
        Some(written) => texts.edited(written, name, &values),
        None => texts.attribute(&key, name, &values),
    };
    let body = [texts.text("greeting", &values)?, part("body")?, way, texts.text("signature", &values)?].join("\n\n");
    let subject = part("subject")?;
    let subject = if params.test { format!("[{}] {subject}", texts.text("test", &values)?) } else { subject };
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

/// The application of samples.
pub(crate) const SAMPLE_NUMBER: i64 = 101;

/// Whom samples are addressed to.
pub(crate) fn sample_name(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Name Surname",
        Locale::Ru => "Имя Фамилия",
        Locale::Kk => "Аты Жөні",
    }
}

/// What each placeholder looks like.
pub(crate) fn samples(ports: &Ports, locale: Locale) -> Vec<(&'static str, String)> {
    let config = &ports.config;
    let moment = ports.context.zone.format_moment(ports.context.sources.now());
    vec![
        ("name", sample_name(locale).to_owned()),
        ("number", SAMPLE_NUMBER.to_string()),
        ("amount", Money::home(1_000_000).format_page(locale)),
        ("document", "P-O/2024/188".to_owned()),
        ("when", moment.clone()),
        ("by", moment),
        ("code", "K7M3P".to_owned()),
        ("place", config.centre.name.clone()),
        ("visit", "hand_over, pick_up".to_owned()),
        ("marks", "2".to_owned()),
        ("days", "3".to_owned()),
        ("date", kernel::time::format_date(ports.context.zone.date(ports.context.sources.now()))),
        ("class", "none".to_owned()),
        ("fresh", "3".to_owned()),
        ("overdue", "1".to_owned()),
        ("refunds", "0".to_owned()),
        ("pending", "2".to_owned()),
        ("centre", config.centre.name.clone()),
        ("email", config.centre.email.clone()),
        ("phones", config.centre.phones.clone()),
    ]
}
