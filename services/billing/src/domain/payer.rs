//! The payer of an invoice, as the form asks: a person or a legal entity.

mod entry;

pub(crate) use entry::account;

use kernel::{Country, ErrorCode as _, Refusal, coded};
use serde::{Deserialize, Serialize};

use super::codes;

coded! {
    /// "Payment".
    PaymentWay {
        Online = "online",
        Transfer = "transfer",
    }
}

coded! {
    /// "Payment Type".
    PaymentType {
        Individual = "individual",
        Legal = "legal",
    }
}

/// A checked payer; stored sealed. What another kind of payer is asked stays empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payer {
    /// Code of [`PaymentWay`].
    pub payment: String,
    /// Code of [`PaymentType`].
    pub payment_type: String,
    pub given_name: String,
    pub surname: String,
    pub patronymic: String,
    /// ISO 3166-1 alpha-2.
    pub residency: String,
    pub citizenship: String,
    /// As entered; for residents of Kazakhstan a valid IIN, unless strictness is off.
    pub tax_number: String,
    pub identity_number: String,
    pub zip_code: String,
    pub country: String,
    pub city: String,
    pub district: String,
    #[serde(default)]
    pub company_name: String,
    /// A BIN for residents of Kazakhstan, else the number in the register of its country.
    #[serde(default)]
    pub bin: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub bank: String,
    #[serde(default)]
    pub iban: String,
    #[serde(default)]
    pub bic: String,
    #[serde(default)]
    pub contract_number: String,
}

impl Payer {
    /// Checks every field and tells all faults at once.
    pub(crate) fn check(entered: Payer, strict: bool) -> Result<Payer, Refusal> {
        entry::check(&entered, strict)
    }

    pub(crate) fn is_legal(&self) -> bool {
        self.payment_type == PaymentType::Legal.code()
    }

    pub(crate) fn by_transfer(&self) -> bool {
        self.payment == PaymentWay::Transfer.code()
    }

    /// Whether it is the same payer, whatever way is taken: an invoice does not say which.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Self { payment: other.payment.clone(), ..self.clone() } == *other
    }

    /// "Payer Name" of the invoice.
    pub(crate) fn name(&self) -> String {
        if self.is_legal() {
            return self.company_name.clone();
        }
        join([&self.given_name, &self.surname, &self.patronymic], " ")
    }

    pub(crate) fn address(&self) -> String {
        join([&self.zip_code, &self.country, &self.city, &self.district, &self.address], ", ")
    }

    /// "Kod" of a payment order: resident or not, then the sector: households 9, private companies 7.
    pub(crate) fn code(&self) -> &'static str {
        let resident = Country::parse(&self.residency).is_ok_and(|country| country.is_kazakhstan());
        match (resident, self.is_legal()) {
            (true, false) => "19",
            (false, false) => "29",
            (true, true) => "17",
            (false, true) => "27",
        }
    }
}

fn join<const N: usize>(parts: [&String; N], by: &str) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(by)
}

/// Why a text given as a reason is refused.
pub(crate) fn reason(text: &str) -> Result<String, Refusal> {
    match kernel::FreeText::<1000>::parse(text) {
        Ok(reason) => Ok(reason.into()),
        Err(_) if text.trim().is_empty() => Err(Refusal::at("reason", codes::REASON_MISSING)),
        Err(error) => Err(Refusal::at("reason", error.code())),
    }
}
