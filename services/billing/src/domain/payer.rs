//! The payer of an invoice, as the form asks.

use kernel::{Country, ErrorCode as _, Iin, LineText, PassportNumber, PersonName, Refusal, Violations};
use serde::{Deserialize, Serialize};

use super::codes;

/// A checked payer; stored sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payer {
    /// "online".
    pub payment: String,
    /// "individual".
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
}

impl Payer {
    /// Checks every field and tells all faults at once.
    pub(crate) fn check(entered: Payer, strict: bool) -> Result<Payer, Refusal> {
        let mut faults = Violations::new();
        if entered.payment != "online" {
            faults.add("payment", codes::CHOICE_UNKNOWN);
        }
        if entered.payment_type != "individual" {
            faults.add("payment_type", codes::CHOICE_UNKNOWN);
        }
        let given_name = faults.check("given_name", PersonName::parse(&entered.given_name));
        let surname = faults.check("surname", PersonName::parse(&entered.surname));
        let patronymic = faults.check_optional("patronymic", &entered.patronymic, PersonName::parse);
        let residency = faults.check("residency", Country::parse(&entered.residency));
        let citizenship = faults.check("citizenship", Country::parse(&entered.citizenship));
        let identity_number = faults.check("identity_number", PassportNumber::parse(&entered.identity_number));
        let country = faults.check("country", Country::parse(&entered.country));
        let zip_code = faults.check("zip_code", LineText::<16>::parse(&entered.zip_code));
        let city = faults.check("city", LineText::<100>::parse(&entered.city));
        let district = faults.check("district", LineText::<100>::parse(&entered.district));
        let tax_number = entered.tax_number.trim().to_owned();
        match residency {
            Some(residency) if residency.is_kazakhstan() && strict => {
                faults.check("tax_number", Iin::parse(&tax_number));
            }
            _ if tax_number.chars().count() > 20 || !tax_number.chars().all(|c| c.is_ascii_alphanumeric()) => {
                faults.add("tax_number", codes::TAX_NUMBER_MALFORMED);
            }
            _ => {}
        }
        let (
            Some(given_name),
            Some(surname),
            Some(residency),
            Some(citizenship),
            Some(identity_number),
            Some(country),
            Some(zip_code),
            Some(city),
            Some(district),
            true,
        ) = (
            given_name,
            surname,
            residency,
            citizenship,
            identity_number,
            country,
            zip_code,
            city,
            district,
            faults.is_empty(),
        )
        else {
            return Err(faults.into_refusal());
        };
        Ok(Payer {
            payment: entered.payment,
            payment_type: entered.payment_type,
            given_name: given_name.to_string(),
            surname: surname.to_string(),
            patronymic: patronymic.map(|name| name.to_string()).unwrap_or_default(),
            residency: residency.code().to_owned(),
            citizenship: citizenship.code().to_owned(),
            tax_number,
            identity_number: identity_number.as_str().to_owned(),
            zip_code: zip_code.into(),
            country: country.code().to_owned(),
            city: city.into(),
            district: district.into(),
        })
    }

    /// "Payer Name" of the invoice.
    pub(crate) fn name(&self) -> String {
        [&self.given_name, &self.surname, &self.patronymic]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(crate) fn address(&self) -> String {
        [&self.zip_code, &self.country, &self.city, &self.district].map(String::as_str).join(", ")
    }
}

/// Why a text given as a reason is refused.
pub(crate) fn reason(text: &str) -> Result<String, Refusal> {
    match kernel::FreeText::<1000>::parse(text) {
        Ok(reason) => Ok(reason.into()),
        Err(_) if text.trim().is_empty() => Err(Refusal::at("reason", codes::REASON_MISSING)),
        Err(error) => Err(Refusal::at("reason", error.code())),
    }
}
