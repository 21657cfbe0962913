//! Beneficiary, VAT and texts of invoices: what counts today, what is proposed, and everything that was.

use askama::Template;
use axum::extract::Path;
use proto::billing::v1::{
    Beneficiary, BeneficiarySetting, DecideSettingRequest, ListSettingsRequest, ProposeSettingRequest, SettingChange,
    Settings, TextsSetting,
};
use proto::common::v1::LocalizedText;

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

/// Notes that the form has room for.
const NOTES: usize = 5;
/// The beneficiary's values in one language, and in three.
const PLAIN: [&str; 9] = [
    "account_name",
    "identification_number",
    "bank",
    "bank_code",
    "iban",
    "code",
    "payment_purpose_code",
    "country_code",
    "contact_phone",
];
const IN_THREE: [&str; 3] = ["legal_address", "actual_address", "city"];
const LANGUAGES: [&str; 3] = ["en", "ru", "kk"];

/// A control and its label.
struct Control {
    name: String,
    label: String,
}

#[derive(Template)]
#[template(path = "staff/invoice_settings.html")]
struct SettingsPage {
    frame: Frame,
    form: Form,
    /// Which of the forms was refused; empty for none.
    refused: String,
    vat: String,
    plain: Vec<Control>,
    in_three: Vec<Control>,
    texts: Vec<Control>,
    changes: Vec<SettingChange>,
    may_edit: bool,
    saved: bool,
}

impl SettingsPage {
    fn rate(&self, points: &u32) -> String {
        percent(*points)
    }
}

/// Basis points as per cent: 1600 as `16`, 1250 as `12.5`.
fn percent(points: u32) -> String {
    let text = format!("{}.{:02}", points / 100, points % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Per cent as somebody types it; what is none is refused by the service as too high.
fn points(typed: &str) -> u32 {
    let (whole, rest) = typed.trim().split_once(['.', ',']).unwrap_or((typed.trim(), ""));
    let hundredths = format!("{rest:0<2}");
    let parse = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|sign| sign.is_ascii_digit()));
    match (parse(whole), parse(&hundredths)) {
        (Some(whole), Some(rest)) if rest < 100 => whole.saturating_mul(100).saturating_add(rest),
        _ => u32::MAX,
    }
}

fn in_language<'a>(text: Option<&'a LocalizedText>, language: &str) -> &'a str {
    text.map_or("", |text| match language {
        "ru" => text.ru.as_str(),
        "kk" => text.kk.as_str(),
        _ => text.en.as_str(),
    })
}

/// What counts stands in the forms, to be changed.
fn preset(form: &mut Form, settings: &Settings) {
    form.preset("vat_rate_bp", &percent(settings.vat_rate_bp));
    let beneficiary = settings.beneficiary.clone().unwrap_or_default();
    let details = beneficiary.details.unwrap_or_default();
    for (name, value) in [
        ("account_name", &beneficiary.account_name),
        ("identification_number", &details.identification_number),
        ("bank", &details.bank),
        ("bank_code", &details.bank_code),
        ("iban", &details.iban),
        ("code", &details.code),
        ("payment_purpose_code", &details.payment_purpose_code),
        ("country_code", &details.country_code),
        ("contact_phone", &details.contact_phone),
    ] {
        form.preset(name, value);
    }
    let texts = settings.texts.clone().unwrap_or_default();
    for language in LANGUAGES {
        for (name, text) in [
            ("legal_address", &details.legal_address),
            ("actual_address", &details.actual_address),
            ("city", &details.city),
            ("disclaimer", &texts.disclaimer),
        ] {
            form.preset(&format!("{name}_{language}"), in_language(text.as_ref(), language));
        }
        for (note, number) in texts.notes.iter().zip(1..) {
            form.preset(&format!("note_{number}_{language}"), in_language(Some(note), language));
        }
    }
}

async fn page(visit: &Visit, mut form: Form, refused: &str) -> Result<SettingsPage, Problem> {
    let answer = visit.app.services.billing().list_settings(visit.ask(ListSettingsRequest {})).await?.into_inner();
    let settings = answer.settings.unwrap_or_default();
    preset(&mut form, &settings);
    let frame = Frame::new(visit, "staff-invoice-settings").with_colleagues(super::colleagues(visit).await);
    let control = |name: String, label: String| Control { name, label };
    let three = |name: &str, label: String| {
        LANGUAGES.map(|language| {
            control(format!("{name}_{language}"), format!("{label} ({})", frame.t.get(&format!("language-{language}"))))
        })
    };
    let label = |name: &str| frame.t.get(&format!("setting-{}", name.replace('_', "-")));
    let mut texts: Vec<Control> = three("disclaimer", label("disclaimer")).into();
    for number in 1..=NOTES {
        let label = frame.t.with("setting-note", &[("number", &number.to_string())]);
        texts.extend(three(&format!("note_{number}"), label));
    }
    Ok(SettingsPage {
        vat: percent(settings.vat_rate_bp),
        plain: PLAIN.iter().map(|name| control((*name).to_owned(), label(name))).collect(),
        in_three: IN_THREE.iter().flat_map(|name| three(name, label(name))).collect(),
        texts,
        changes: answer.changes,
        may_edit: visit.has_role("finance") || visit.has_role("admin"),
        saved: visit.query.has("saved"),
        refused: refused.to_owned(),
        form,
        frame,
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let form = Form::new(&visit, Fields::default());
    Ok(html(&page(&visit, form, "").await?))
}

fn localized(fields: &Fields, name: &str) -> LocalizedText {
    let text = |language: &str| fields.text(&format!("{name}_{language}"));
    LocalizedText { en: text("en"), ru: text("ru"), kk: text("kk") }
}

fn beneficiary(fields: &Fields) -> BeneficiarySetting {
    BeneficiarySetting {
        account_name: fields.text("account_name"),
        details: Some(Beneficiary {
            legal_address: Some(localized(fields, "legal_address")),
            actual_address: Some(localized(fields, "actual_address")),
            code: fields.text("code"),
            city: Some(localized(fields, "city")),
            country_code: fields.text("country_code"),
            contact_phone: fields.text("contact_phone"),
            identification_number: fields.text("identification_number"),
            bank: fields.text("bank"),
            bank_code: fields.text("bank_code"),
            iban: fields.text("iban"),
            iban_currency: String::new(),
            payment_purpose_code: fields.text("payment_purpose_code"),
        }),
    }
}

/// Notes end with the last one that has any text.
fn texts(fields: &Fields) -> TextsSetting {
    let mut notes: Vec<LocalizedText> =
        (1..=NOTES).map(|number| localized(fields, &format!("note_{number}"))).collect();
    while notes.last().is_some_and(|note| [&note.en, &note.ru, &note.kk].iter().all(|text| text.is_empty())) {
        notes.pop();
    }
    TextsSetting { disclaimer: Some(localized(fields, "disclaimer")), notes }
}

pub(super) async fn propose(Path(kind): Path<String>, posted: Posted) -> Answer {
    let fields = &posted.fields;
    let (from_date, reason) = (fields.text("from_date"), fields.text("reason"));
    let mut request = ProposeSettingRequest { kind: kind.clone(), from_date, reason, ..Default::default() };
    match kind.as_str() {
        "vat" => request.vat_rate_bp = points(fields.get("vat_rate_bp")),
        "beneficiary" => request.beneficiary = Some(beneficiary(fields)),
        "texts" => request.texts = Some(texts(fields)),
        _ => return Err(Problem::not_found()),
    }
    let answer = posted.visit.app.services.billing().propose_setting(posted.command(request)).await;
    done(&posted, answer.map(drop), &kind).await
}

pub(super) async fn decide(Path(id): Path<String>, posted: Posted) -> Answer {
    let (publish, reason) = (posted.fields.get("action") == "publish", posted.fields.text("decision_reason"));
    let request = DecideSettingRequest { id: id.clone(), publish, reason };
    let answer = posted.visit.app.services.billing().decide_setting(posted.command(request)).await;
    done(&posted, answer.map(drop), &id).await
}

async fn done(posted: &Posted, answer: Result<(), tonic::Status>, which: &str) -> Answer {
    match answer {
        Ok(()) => Ok(to("/staff/invoice-settings?saved=yes")),
        Err(status) => {
            let problem = Problem::from(status).refusal()?;
            let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&page(&posted.visit, form, which).await?, &problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_typed_as_per_cent() {
        for (typed, meant) in [("16", 1600), ("12,5", 1250), (" 12.05 ", 1205), ("0", 0)] {
            assert_eq!((points(typed), percent(points(typed))), (meant, typed.trim().replace(',', ".")));
        }
        for wrong in ["", "x", "-1", "1.234", "1e3", "99999999999"] {
            assert_eq!(points(wrong), u32::MAX, "{wrong}");
        }
    }
}
