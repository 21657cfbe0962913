//! Beneficiary, VAT and texts: what counts on a day, and how it is changed.

use chassis::{Error, Tx, audit, auth::permit};
use jiff::civil::Date;
use kernel::{AccountId, Actor, DocumentId, Role, VatRate, Violations, parse_date};
use sea_orm::ConnectionTrait;

use super::Ports;
use crate::{
    config::{Beneficiary, Texts},
    domain::{
        codes, payer,
        setting::{Change, ChangeState, SettingKind, Value},
    },
    store,
};

/// Who changes them.
const EDITORS: [Role; 2] = [Role::Finance, Role::Admin];
/// Who reads them.
pub(crate) const READERS: [Role; 4] = [Role::Manager, Role::Supervisor, Role::Finance, Role::Admin];

/// Who may change anything here; asked before what he entered is looked at.
pub(crate) fn editor(actor: &Actor) -> Result<AccountId, Error> {
    permit::staff(actor, &EDITORS)
}

/// Whether the actor may publish or decline a change.
pub(crate) fn may_decide(actor: &Actor, change: &Change) -> bool {
    editor(actor).is_ok_and(|who| change.may_decide(who))
}

/// What counts on a day.
pub(crate) struct InForce {
    pub vat: VatRate,
    pub beneficiary: Beneficiary,
    pub texts: Texts,
}

/// The rate that counts on a day.
pub(crate) async fn vat(db: &impl ConnectionTrait, ports: &Ports, day: Date) -> Result<VatRate, Error> {
    let change = store::setting::on(db, SettingKind::Vat, day).await?;
    let known = ports.config.vat_change(day);
    Ok(match change.map(|change| (change.from, change.value)) {
        // A day that the settings file names later than the change counts.
        Some((from, Value::Vat(rate))) if known.is_none_or(|known| known.from <= from) => {
            VatRate::from_basis_points(rate)
        }
        _ => ports.config.vat_on(day),
    })
}

pub(crate) async fn texts(db: &impl ConnectionTrait, ports: &Ports, day: Date) -> Result<Texts, Error> {
    Ok(match store::setting::on(db, SettingKind::Texts, day).await?.map(|change| change.value) {
        Some(Value::Texts(texts)) => texts,
        _ => ports.config.texts.clone(),
    })
}

async fn beneficiary(db: &impl ConnectionTrait, ports: &Ports, day: Date) -> Result<Beneficiary, Error> {
    Ok(match store::setting::on(db, SettingKind::Beneficiary, day).await?.map(|change| change.value) {
        Some(Value::Beneficiary(beneficiary)) => beneficiary,
        _ => ports.config.beneficiary.clone(),
    })
}

pub(crate) async fn on(db: &impl ConnectionTrait, ports: &Ports, day: Date) -> Result<InForce, Error> {
    Ok(InForce {
        vat: vat(db, ports, day).await?,
        beneficiary: beneficiary(db, ports, day).await?,
        texts: texts(db, ports, day).await?,
    })
}

pub(crate) async fn propose(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    (value, from, reason): (Value, &str, &str),
) -> Result<Change, Error> {
    let who = editor(actor)?;
    let context = &ports.context;
    let now = context.sources.now();
    let today = context.zone.date(now);
    let mut faults = Violations::new();
    let value = value.check(&mut faults);
    let from = if from.trim().is_empty() { Some(today) } else { faults.check("from_date", parse_date(from)) };
    if from.is_some_and(|day| day < today) {
        faults.add("from_date", codes::EDITION_DATE);
    }
    let reason = match payer::reason(reason) {
        Ok(reason) => reason,
        Err(refusal) => {
            for violation in refusal.violations {
                faults.push(violation);
            }
            String::new()
        }
    };
    let (Some(from), true) = (from, faults.is_empty()) else { return Err(faults.into_refusal().into()) };
    let counts = on(&**tx, ports, from).await?;
    let unchanged = match &value {
        Value::Vat(rate) => counts.vat.basis_points() == *rate,
        Value::Beneficiary(beneficiary) => &counts.beneficiary == beneficiary,
        Value::Texts(texts) => &counts.texts == texts,
    };
    if unchanged {
        return Err(Error::refuse(codes::SETTING_UNCHANGED));
    }
    // Said twice it is one change, which waits once.
    if let Some(waiting) = store::setting::waiting(&**tx, &value, from).await? {
        return Ok(waiting);
    }
    let change = Change {
        id: DocumentId::from_uuid(context.sources.uuid()).to_string(),
        value,
        from,
        state: ChangeState::Proposed,
        reason,
        proposed_by: who,
        proposed_at: now,
        decided_by: None,
        decided_at: None,
        decision_reason: String::new(),
    };
    store::setting::insert(tx, &change).await?;
    let kind = change.value.kind().code();
    audit::record(tx, &context.sources, actor, "SETTING_PROPOSED", &change.id, kind).await?;
    Ok(change)
}

pub(crate) async fn decide(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    (id, publish, reason): (&str, bool, &str),
) -> Result<Change, Error> {
    let who = editor(actor)?;
    let context = &ports.context;
    let now = context.sources.now();
    let mut change = store::setting::load(&**tx, id).await?;
    let decline = if publish { None } else { Some(payer::reason(reason)?) };
    change.decide(who, decline, (context.zone.date(now), now))?;
    store::setting::decide(tx, &change).await?;
    let action = if publish { "SETTING_PUBLISHED" } else { "SETTING_DECLINED" };
    audit::record(tx, &context.sources, actor, action, &change.id, change.value.kind().code()).await?;
    Ok(change)
}
