//! What an applicant keeps for later applications: answers about persons, and payers. They are bounded texts under known
//! keys and no more; the form where they are used checks what they say.

use std::collections::BTreeMap;

use kernel::{ErrorCode as _, LineText, Refusal, Violation, Violations};

use super::codes;

/// Characters of one answer.
const LENGTH_MAX: usize = 200;

/// Answers by field key.
pub(crate) type Values = BTreeMap<String, String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SavedKind {
    /// As the persons' forms ask (applications).
    Person,
    /// As the payer form asks (billing).
    Payer,
}

impl SavedKind {
    /// Stable code, as stored.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Payer => "payer",
        }
    }

    /// How many an account may keep.
    pub(crate) fn count_max(self) -> u32 {
        match self {
            Self::Person => 100,
            Self::Payer => 20,
        }
    }

    /// Keys that can be kept, in the order of a form. What speaks of one application only (its stay, its employer) is
    /// not kept.
    pub(crate) fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Person => &[
                "surname",
                "given_names",
                "patronymic",
                "sex",
                "birth_date",
                "birth_place",
                "citizenship",
                "residence_country",
                "passport_number",
                "passport_issued_on",
                "passport_expires_on",
                "passport_authority",
                "iin",
                "email",
                "phone",
            ],
            Self::Payer => &[
                "given_name",
                "surname",
                "patronymic",
                "residency",
                "citizenship",
                "tax_number",
                "identity_number",
                "zip_code",
                "country",
                "city",
                "district",
                "payment_type",
                "company_name",
                "bin",
                "address",
                "bank",
                "iban",
                "bic",
                "contract_number",
            ],
        }
    }

    /// Keys of the names, the first to sort by. One of them must be answered, or nobody knows whose answers these are.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Person => &["surname", "given_names"],
            Self::Payer => &["surname", "given_name", "company_name"],
        }
    }

    /// What the answers are sorted by.
    pub(crate) fn name_key(self, values: &Values) -> String {
        let names: Vec<&str> = self.names().iter().filter_map(|key| values.get(*key)).map(String::as_str).collect();
        kernel::name_key(&names.join(" "))
    }

    /// The answers as they are kept: trimmed, without those left empty.
    pub(crate) fn check(self, entered: &Values) -> Result<Values, Refusal> {
        let mut faults = Violations::new();
        for key in entered.keys().filter(|key| !self.fields().contains(&key.as_str())) {
            faults.add(key, codes::SAVED_FIELD_UNKNOWN);
        }
        let mut kept = Values::new();
        for key in self.fields() {
            let answer = entered.get(*key).map_or("", |answer| answer.trim());
            match LineText::<LENGTH_MAX>::parse(answer) {
                _ if answer.is_empty() => {}
                Ok(answer) => {
                    kept.insert((*key).to_owned(), answer.into());
                }
                Err(error) => {
                    faults.push(Violation { params: error.params(), ..Violation::new(*key, error.code()) });
                }
            }
        }
        if faults.is_empty() && !self.names().iter().any(|name| kept.contains_key(*name)) {
            faults.add("surname", kernel::codes::NAME_EMPTY);
        }
        faults.into_result(kept)
    }

    /// Refuses one more than there may be.
    pub(crate) fn check_count(self, kept_already: u64) -> Result<(), Refusal> {
        if kept_already < u64::from(self.count_max()) {
            return Ok(());
        }
        Err(Refusal::new(codes::SAVED_TOO_MANY).with("max", self.count_max().to_string()))
    }
}
