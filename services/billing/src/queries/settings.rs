//! Beneficiary, VAT and texts over the wire.

use chassis::{Error, auth::permit, db::Source, wire};
use kernel::{Actor, Localized};
use proto::{billing::v1 as pb, common::v1::LocalizedText};

use crate::{
    app::{Ports, settings},
    config::{Beneficiary, Texts},
    domain::{
        codes,
        setting::{Change, SettingKind, Value},
    },
    store,
};

/// Changes of one answer.
const CHANGES_MAX: u64 = 100;

fn beneficiary(counts: &Beneficiary) -> pb::BeneficiarySetting {
    pb::BeneficiarySetting {
        account_name: counts.account_name.clone(),
        details: Some(super::wire::beneficiary(counts, kernel::Currency::home().code())),
    }
}

fn texts(counts: &Texts) -> pb::TextsSetting {
    pb::TextsSetting {
        disclaimer: Some(wire::localized(&counts.disclaimer)),
        notes: counts.notes.iter().map(wire::localized).collect(),
    }
}

pub(crate) fn change(change: &Change, actor: &Actor) -> pb::SettingChange {
    let mut told = pb::SettingChange {
        id: change.id.clone(),
        kind: change.value.kind().code().to_owned(),
        from_date: change.from.to_string(),
        state: change.state.code().to_owned(),
        reason: change.reason.clone(),
        proposed_by: change.proposed_by.to_string(),
        proposed_at_micros: change.proposed_at.micros(),
        decided_by: change.decided_by.map(|by| by.to_string()).unwrap_or_default(),
        decided_at_micros: change.decided_at.map_or(0, |at| at.micros()),
        decision_reason: change.decision_reason.clone(),
        decidable: settings::may_decide(actor, change),
        ..pb::SettingChange::default()
    };
    match &change.value {
        Value::Vat(rate) => told.vat_rate_bp = u32::from(*rate),
        Value::Beneficiary(value) => told.beneficiary = Some(beneficiary(value)),
        Value::Texts(value) => told.texts = Some(texts(value)),
    }
    told
}

/// What counts today, and how it came and comes to be.
pub(crate) async fn all(db: &impl Source, ports: &Ports, actor: &Actor) -> Result<pb::ListSettingsResponse, Error> {
    permit::staff(actor, &settings::READERS)?;
    let today = ports.context.zone.date(ports.context.sources.now());
    let counts = settings::on(db, ports, today).await?;
    let changes = store::setting::newest(db, CHANGES_MAX).await?;
    Ok(pb::ListSettingsResponse {
        settings: Some(pb::Settings {
            vat_rate_bp: u32::from(counts.vat.basis_points()),
            beneficiary: Some(beneficiary(&counts.beneficiary)),
            texts: Some(texts(&counts.texts)),
        }),
        changes: changes.iter().map(|found| change(found, actor)).collect(),
    })
}

fn localized(text: Option<LocalizedText>) -> Localized {
    text.map(|text| Localized { en: text.en, ru: text.ru, kk: text.kk }).unwrap_or_default()
}

/// What was entered, unchecked.
pub(crate) fn entered(request: &pb::ProposeSettingRequest) -> Result<Value, Error> {
    let kind = SettingKind::parse(&request.kind).ok_or_else(|| Error::at("kind", codes::CHOICE_UNKNOWN))?;
    Ok(match kind {
        SettingKind::Vat => Value::Vat(u16::try_from(request.vat_rate_bp).unwrap_or(u16::MAX)),
        SettingKind::Beneficiary => {
            let entered = request.beneficiary.clone().unwrap_or_default();
            let details = entered.details.unwrap_or_default();
            Value::Beneficiary(Beneficiary {
                account_name: entered.account_name,
                legal_address: localized(details.legal_address),
                actual_address: localized(details.actual_address),
                code: details.code,
                city: localized(details.city),
                country_code: details.country_code,
                contact_phone: details.contact_phone,
                identification_number: details.identification_number,
                bank: details.bank,
                bank_code: details.bank_code,
                iban: details.iban,
                payment_purpose_code: details.payment_purpose_code,
            })
        }
        SettingKind::Texts => {
            let entered = request.texts.clone().unwrap_or_default();
            Value::Texts(Texts {
                disclaimer: localized(entered.disclaimer),
                notes: entered.notes.into_iter().map(|note| localized(Some(note))).collect(),
            })
        }
    })
}
