//! Beneficiary, VAT and texts of invoices as they change: proposed by one person, published by another, counting from a
//! day on. What was issued keeps what it was issued with.

use jiff::civil::Date;
use kernel::{AccountId, Bic, Bin, Country, FreeText, Iban, LineText, Localized, Refusal, Time, Violations, coded};
use serde::{Deserialize, Serialize};

use super::codes;
use crate::config::{Beneficiary, Texts};

const NOTES_MAX: usize = 10;
const TEXT_MAX: usize = 4000;
/// A rate beyond it is a slip of the pen.
const VAT_RATE_MAX: u16 = 5000;

coded! {
    /// What changes.
    SettingKind {
        Vat = "vat",
        Beneficiary = "beneficiary",
        Texts = "texts",
    }
}

coded! {
    /// How far a change has come.
    ChangeState {
        Proposed = "proposed",
        Published = "published",
        Declined = "declined",
    }
}

/// What it changes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Value {
    /// Basis points.
    Vat(u16),
    Beneficiary(Beneficiary),
    Texts(Texts),
}

impl Value {
    pub(crate) fn kind(&self) -> SettingKind {
        match self {
            Self::Vat(_) => SettingKind::Vat,
            Self::Beneficiary(_) => SettingKind::Beneficiary,
            Self::Texts(_) => SettingKind::Texts,
        }
    }

    /// The value as it may be stored, or what is wrong with it, field by field.
    pub(crate) fn check(self, faults: &mut Violations) -> Self {
        match self {
            Self::Vat(rate) => {
                if rate > VAT_RATE_MAX {
                    faults.add("vat_rate_bp", codes::VAT_RATE);
                }
                Self::Vat(rate)
            }
            Self::Beneficiary(entered) => Self::Beneficiary(beneficiary(entered, faults)),
            Self::Texts(entered) => Self::Texts(texts(entered, faults)),
        }
    }
}

fn beneficiary(entered: Beneficiary, faults: &mut Violations) -> Beneficiary {
    let mut line = |field: &str, text: &str| -> String {
        faults.check(field, LineText::<200>::parse(text)).map(Into::into).unwrap_or_default()
    };
    let account_name = line("account_name", &entered.account_name);
    let bank = line("bank", &entered.bank);
    let contact_phone = line("contact_phone", &entered.contact_phone);
    let three = |field: &str, text: Localized, faults: &mut Violations| {
        for (language, text) in [("en", &text.en), ("ru", &text.ru), ("kk", &text.kk)] {
            faults.check(&format!("{field}_{language}"), LineText::<200>::parse(text));
        }
        text
    };
    let legal_address = three("legal_address", entered.legal_address, faults);
    let actual_address = three("actual_address", entered.actual_address, faults);
    let city = three("city", entered.city, faults);
    let identification_number = faults
        .check("identification_number", Bin::parse(&entered.identification_number))
        .map(|bin| bin.as_str().to_owned())
        .unwrap_or_default();
    let bank_code = faults
        .check("bank_code", Bic::parse(&entered.bank_code))
        .map(|bic| bic.as_str().to_owned())
        .unwrap_or_default();
    let iban =
        faults.check("iban", Iban::parse(&entered.iban)).map(|iban| iban.as_str().to_owned()).unwrap_or_default();
    let mut digits = |field: &str, text: &str, length: usize| {
        let text = text.trim().to_owned();
        if text.len() != length || !text.bytes().all(|sign| sign.is_ascii_digit()) {
            faults.add(field, codes::CODE_DIGITS);
        }
        text
    };
    let code = digits("code", &entered.code, 2);
    let payment_purpose_code = digits("payment_purpose_code", &entered.payment_purpose_code, 3);
    let country_code = faults
        .check("country_code", Country::parse(&entered.country_code))
        .map(|country| country.code().to_owned())
        .unwrap_or_default();
    Beneficiary {
        account_name,
        legal_address,
        actual_address,
        code,
        city,
        country_code,
        contact_phone,
        identification_number,
        bank,
        bank_code,
        iban,
        payment_purpose_code,
    }
}

fn texts(entered: Texts, faults: &mut Violations) -> Texts {
    let mut whole = |field: &str, text: &Localized| {
        for (language, text) in [("en", &text.en), ("ru", &text.ru), ("kk", &text.kk)] {
            faults.check(&format!("{field}_{language}"), FreeText::<TEXT_MAX>::parse(text));
        }
    };
    whole("disclaimer", &entered.disclaimer);
    for (note, number) in entered.notes.iter().zip(1..) {
        whole(&format!("note_{number}"), note);
    }
    if entered.notes.len() > NOTES_MAX {
        faults.add("notes", codes::NOTES_TOO_MANY);
    }
    entered
}

/// A change on its way.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub id: String,
    pub value: Value,
    pub from: Date,
    pub state: ChangeState,
    pub reason: String,
    pub proposed_by: AccountId,
    pub proposed_at: Time,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Time>,
    pub decision_reason: String,
}

impl Change {
    pub(crate) fn may_decide(&self, by: AccountId) -> bool {
        self.state == ChangeState::Proposed && self.proposed_by != by
    }

    /// Published from its day on, or declined with a reason.
    pub(crate) fn decide(
        &mut self,
        by: AccountId,
        decline: Option<String>,
        (today, now): (Date, Time),
    ) -> Result<(), Refusal> {
        if self.state != ChangeState::Proposed {
            return Err(Refusal::new(codes::SETTING_DECIDED));
        }
        if self.proposed_by == by {
            return Err(Refusal::new(codes::FOUR_EYES));
        }
        match decline {
            Some(reason) => {
                self.state = ChangeState::Declined;
                self.decision_reason = reason;
            }
            // A day that is over has invoices already.
            None if self.from < today => return Err(Refusal::at("from_date", codes::EDITION_DATE)),
            None => self.state = ChangeState::Published,
        }
        self.decided_by = Some(by);
        self.decided_at = Some(now);
        Ok(())
    }
}
