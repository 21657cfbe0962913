//! The texts of messages as an administrator writes them: a draft in all languages, tried out with sample values, published
//! from a day on. Each change stands in the audit log.

use std::{collections::BTreeMap, time::Duration};

use chassis::{Error, Tx, audit, auth::permit, telemetry};
use kernel::{Actor, ErrorCode as _, FreeText, Locale, Refusal, Role, Violation};
use proto::notifications::v1 as pb;

use super::{
    Ports, notify,
    render::{self, Rendered},
};
use crate::{
    domain::{
        codes,
        kind::Kind,
        params::Params,
        wording::{self, Fault, Wording},
    },
    mail,
    store::{
        message,
        text_version::{self as rows, DRAFT, Model},
    },
    texts::Texts,
};

const ADMIN: &[Role] = &[Role::Admin];
const LOCALES: [Locale; 3] = [Locale::En, Locale::Ru, Locale::Kk];

/// A kind by its code, for an administrator.
fn asked(actor: &Actor, kind: &str) -> Result<Kind, Error> {
    permit::staff(actor, ADMIN)?;
    Kind::parse(kind).ok_or(Error::NotFound)
}

fn today(ports: &Ports) -> String {
    ports.context.zone.date(ports.context.sources.now()).to_string()
}

/// The kinds and what counts for each.
pub(crate) async fn list(ports: &Ports, actor: &Actor) -> Result<pb::ListTextsResponse, Error> {
    permit::staff(actor, ADMIN)?;
    let versions = rows::all(ports.context.db.read()).await?;
    let today = today(ports);
    let mut texts = Vec::new();
    for kind in Kind::all() {
        let own: Vec<&Model> = versions.iter().filter(|row| row.kind == kind.code()).collect();
        let counts = counting(&own, &today);
        let subject = match counts {
            Some(row) => row.wordings()?.remove(Locale::En.code()).unwrap_or_default().subject,
            None => Texts::of(Locale::En).shipped(*kind)?.subject,
        };
        let ahead = own.iter().filter(|row| row.from_date > today).map(|row| row.from_date.clone()).min();
        texts.push(pb::TextSummary {
            kind: kind.code().to_owned(),
            version: counts.map_or(0, |row| row.version.unsigned_abs()),
            subject,
            draft_version: own.iter().find(|row| row.state == DRAFT).map_or(0, |row| row.version.unsigned_abs()),
            next_from: ahead.unwrap_or_default(),
        });
    }
    Ok(pb::ListTextsResponse { texts })
}

/// Of the published ones the one with the latest day that has come.
fn counting<'a>(own: &[&'a Model], today: &str) -> Option<&'a Model> {
    let come = own.iter().copied().filter(|row| row.state != DRAFT && row.from_date.as_str() <= today);
    come.max_by(|one, other| (&one.from_date, one.version).cmp(&(&other.from_date, other.version)))
}

/// One kind with all its versions.
pub(crate) async fn get(ports: &Ports, actor: &Actor, kind: &str) -> Result<pb::MessageText, Error> {
    told(ports.context.db.read(), ports, asked(actor, kind)?).await
}

async fn told(db: &impl sea_orm::ConnectionTrait, ports: &Ports, kind: Kind) -> Result<pb::MessageText, Error> {
    let own = rows::of(db, kind).await?;
    let refs: Vec<&Model> = own.iter().collect();
    let version = counting(&refs, &today(ports)).map_or(0, |row| row.version.unsigned_abs());
    let shipped = Texts::of(Locale::En).shipped(kind)?;
    let unsound = |_| Error::Internal(anyhow::anyhow!("the shipped text of {} is not sound", kind.code()));
    let required = wording::required(&shipped).map_err(unsound)?;
    let samples: BTreeMap<&str, String> = render::samples(ports, Locale::En).into_iter().collect();
    let placeholders = wording::offered(&shipped).map_err(unsound)?.into_iter().map(|name| pb::Placeholder {
        required: required.contains(&name),
        sample: samples.get(name.as_str()).cloned().unwrap_or_default(),
        name,
    });
    let mut versions = Vec::new();
    for row in &own {
        versions.push(version_to_wire(row)?);
    }
    let mut texts = Vec::new();
    for locale in LOCALES {
        texts.push(language(locale.code(), Texts::of(locale).shipped(kind)?));
    }
    versions.push(pb::TextVersion { state: "shipped".to_owned(), texts, ..pb::TextVersion::default() });
    Ok(pb::MessageText { kind: kind.code().to_owned(), version, placeholders: placeholders.collect(), versions })
}

fn version_to_wire(row: &Model) -> Result<pb::TextVersion, Error> {
    let mut wordings = row.wordings()?;
    let texts = LOCALES.iter().map(|locale| {
        let written = wordings.remove(locale.code()).unwrap_or_default();
        language(locale.code(), written)
    });
    Ok(pb::TextVersion {
        version: row.version.unsigned_abs(),
        state: row.state.clone(),
        from_date: row.from_date.clone(),
        texts: texts.collect(),
        written_by: row.written_by.clone(),
        written_at_micros: row.written_at,
        published_by: row.published_by.clone(),
        published_at_micros: row.published_at,
        reason: row.reason.clone(),
    })
}

fn language(locale: &str, written: Wording) -> pb::LanguageText {
    pb::LanguageText { locale: locale.to_owned(), subject: written.subject, body: written.body }
}

/// Writes the draft, new or over the one that was seen.
pub(crate) async fn save(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::SaveTextDraftRequest,
) -> Result<pb::MessageText, Error> {
    let kind = asked(actor, &command.kind)?;
    let wordings = checked(kind, &command.texts)?;
    let texts = serde_json::to_string(&wordings).map_err(|error| Error::Internal(error.into()))?;
    let own = rows::of(&**tx, kind).await?;
    let draft = own.iter().find(|row| row.state == DRAFT);
    if draft.map_or(0, |row| row.version.unsigned_abs()) != command.draft_version {
        return Err(Error::VersionConflict);
    }
    let newest = own.first().map_or(0, |row| row.version);
    let row = Model {
        kind: kind.code().to_owned(),
        version: draft.map_or(newest + 1, |row| row.version),
        state: DRAFT.to_owned(),
        from_date: String::new(),
        texts,
        written_by: actor.principal(),
        written_at: ports.context.sources.now().micros(),
        published_by: String::new(),
        published_at: 0,
        reason: String::new(),
    };
    let version = row.version;
    match draft {
        Some(_) => rows::rewrite(tx, &row, command.written_at_micros).await?,
        None => rows::insert(tx, row).await?,
    }
    note(tx, ports, actor, "MESSAGE_TEXT_WRITTEN", kind, &format!("version {version}")).await?;
    told(&**tx, ports, kind).await
}

async fn note(tx: &Tx, ports: &Ports, actor: &Actor, action: &str, kind: Kind, detail: &str) -> Result<(), Error> {
    audit::record(tx, &ports.context.sources, actor, action, format!("message_text:{}", kind.code()), detail).await
}

/// All languages, each held against the shipped text.
fn checked(kind: Kind, given: &[pb::LanguageText]) -> Result<BTreeMap<String, Wording>, Error> {
    let (mut wordings, mut faults) = (BTreeMap::new(), Vec::new());
    for locale in LOCALES {
        let code = locale.code();
        let text = given.iter().find(|text| text.locale == code).cloned().unwrap_or_default();
        let subject = text.subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = text.body.replace("\r\n", "\n").trim().to_owned();
        let (before, at) = (faults.len(), |part: &str| format!("{code}.{part}"));
        if let Err(error) = FreeText::<200>::parse(&subject) {
            faults.push(Violation::new(at("subject"), error.code()));
        }
        if let Err(error) = FreeText::<5000>::parse(&body) {
            faults.push(Violation::new(at("body"), error.code()));
        }
        let written = Wording { subject, body };
        if faults.len() == before {
            let fault = written.check(&Texts::of(locale).shipped(kind)?).err();
            faults.extend(fault.map(|fault| violation(at("body"), fault)));
        }
        wordings.insert(code.to_owned(), written);
    }
    if faults.is_empty() { Ok(wordings) } else { Err(Refusal::invalid(faults).into()) }
}

fn violation(field: String, fault: Fault) -> Violation {
    match fault {
        Fault::Malformed => Violation::new(field, codes::TEXT_MALFORMED),
        Fault::Unknown(name) => Violation::new(field, codes::PLACEHOLDER_UNKNOWN).with("name", name),
        Fault::Missing(name) => Violation::new(field, codes::PLACEHOLDER_MISSING).with("name", name),
    }
}

/// A version in one language, filled with sample values.
pub(crate) async fn preview(
    ports: &Ports,
    actor: &Actor,
    command: &pb::PreviewTextRequest,
) -> Result<pb::TextPreview, Error> {
    let (kind, version) = known(ports, actor, command).await?;
    let locale = Locale::parse(&command.locale).unwrap_or_default();
    let wording = render::wording(ports, kind, version, locale).await?;
    let params = serde_json::to_string(&sample_params(ports)).map_err(|error| Error::Internal(error.into()))?;
    let row = message::Model::sample(kind.code(), render::SAMPLE_NUMBER, params);
    let name = render::sample_name(locale);
    let Rendered { subject, body } = render::render(ports, &row, name, locale, "", wording.as_ref())?;
    Ok(pb::TextPreview { html: mail::html_page(&subject, &body), subject, body })
}

/// The same as a letter to whoever asks.
pub(crate) async fn send_test(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::PreviewTextRequest,
) -> Result<pb::SendTestTextResponse, Error> {
    let (kind, version) = known(ports, actor, command).await?;
    let account = permit::staff(actor, ADMIN)?;
    let params = Params { test: true, locale: command.locale.clone(), text_version: version, ..sample_params(ports) };
    let now = ports.context.sources.now().micros();
    let fresh = message::Fresh {
        event_id: format!("test-{}", ports.context.sources.uuid().simple()),
        account_id: account.to_string(),
        role: String::new(),
        kind: kind.code().to_owned(),
        application_number: 0,
        params: serde_json::to_string(&params).map_err(|error| Error::Internal(error.into()))?,
        created_at: now,
        due_at: now,
        traceparent: telemetry::current_trace().0,
    };
    notify::insert(tx, ports, fresh).await?;
    note(tx, ports, actor, "MESSAGE_TEXT_TRIED", kind, &format!("version {version}")).await?;
    ports.wake.notify_one();
    Ok(pb::SendTestTextResponse {})
}

async fn known(ports: &Ports, actor: &Actor, command: &pb::PreviewTextRequest) -> Result<(Kind, i32), Error> {
    let kind = asked(actor, &command.kind)?;
    let version = i32::try_from(command.version).map_err(|_| Error::NotFound)?;
    if version != 0 && rows::one(ports.context.db.read(), kind, version).await?.is_none() {
        return Err(Error::NotFound);
    }
    Ok((kind, version))
}

fn sample_params(ports: &Ports) -> Params {
    let in_two_days = ports.context.sources.now().plus(Duration::from_hours(48));
    Params {
        amount_minor: Some(1_000_000),
        document_number: "P-O/2024/188".to_owned(),
        start_at_micros: Some(in_two_days.micros()),
        by_micros: Some(ports.context.sources.now().plus(Duration::from_hours(24)).micros()),
        code: "K7M3P".to_owned(),
        fresh: 3,
        overdue: 1,
        pending: 2,
        marks: 2,
        days: 3,
        date: ports.context.zone.date(in_two_days).to_string(),
        ..Params::default()
    }
}

/// The draft counts from a day on.
pub(crate) async fn publish(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::PublishTextRequest,
) -> Result<pb::MessageText, Error> {
    let kind = asked(actor, &command.kind)?;
    let today = today(ports);
    let from_date = match command.from_date.trim() {
        "" => today.clone(),
        day => kernel::time::parse_date(day).map_err(|error| Error::at("from_date", error.code()))?.to_string(),
    };
    if from_date < today {
        return Err(Error::at("from_date", codes::TEXT_DAY_PAST));
    }
    let reason: String = match FreeText::<500>::parse(&command.reason) {
        Ok(reason) => reason.into(),
        Err(_) if command.reason.trim().is_empty() => return Err(Error::at("reason", codes::REASON_MISSING)),
        Err(error) => return Err(Error::at("reason", error.code())),
    };
    let version = i32::try_from(command.version).unwrap_or_default();
    let draft = rows::one(&**tx, kind, version).await?.filter(|row| row.state == DRAFT);
    let mut draft = draft.ok_or_else(|| Error::refuse(codes::TEXT_NO_DRAFT))?;
    draft.from_date = from_date;
    draft.published_by = actor.principal();
    draft.published_at = ports.context.sources.now().micros();
    draft.reason = reason;
    rows::publish(tx, &draft).await?;
    let detail = format!("version {version} from {}", draft.from_date);
    note(tx, ports, actor, "MESSAGE_TEXT_PUBLISHED", kind, &detail).await?;
    told(&**tx, ports, kind).await
}
