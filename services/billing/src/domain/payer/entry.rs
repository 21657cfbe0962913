//! What was entered on the payer form, checked field by field in the form's order. Fields of the other kind of payer
//! are not looked at: they may hold what was typed before the kind was changed.

use kernel::{
    Bic, Bin, Code, Country, ErrorCode, Iban, IbanError, Iin, LineText, PassportNumber, PersonName, Refusal, Violations,
};

use super::{Payer, PaymentType, PaymentWay};
use crate::domain::codes;

pub(super) fn check(entered: &Payer, strict: bool) -> Result<Payer, Refusal> {
    let mut faults = Violations::new();
    if PaymentWay::parse(&entered.payment).is_none() {
        faults.add("payment", codes::CHOICE_UNKNOWN);
    }
    let kind = PaymentType::parse(&entered.payment_type).unwrap_or_else(|| {
        faults.add("payment_type", codes::CHOICE_UNKNOWN);
        PaymentType::Individual
    });
    let mut payer = match kind {
        PaymentType::Individual => individual(entered, strict, &mut faults),
        PaymentType::Legal => legal(entered, &mut faults),
    };
    payer.zip_code = line::<16>("zip_code", &entered.zip_code, &mut faults);
    payer.country =
        country("country", &entered.country, &mut faults).map(|known| known.code().to_owned()).unwrap_or_default();
    payer.city = line::<100>("city", &entered.city, &mut faults);
    payer.district = line::<100>("district", &entered.district, &mut faults);
    if kind == PaymentType::Legal {
        payer.address = line::<200>("address", &entered.address, &mut faults);
    }
    payer.payment.clone_from(&entered.payment);
    kind.code().clone_into(&mut payer.payment_type);
    faults.into_result(payer)
}

fn individual(entered: &Payer, strict: bool, faults: &mut Violations) -> Payer {
    let name = |parsed: Option<PersonName>| parsed.map(|name| name.to_string()).unwrap_or_default();
    let given_name = name(faults.check("given_name", PersonName::parse(&entered.given_name)));
    let surname = name(faults.check("surname", PersonName::parse(&entered.surname)));
    let patronymic = name(faults.check_optional("patronymic", &entered.patronymic, PersonName::parse));
    let residency = country("residency", &entered.residency, faults);
    let citizenship = country("citizenship", &entered.citizenship, faults);
    let tax_number = entered.tax_number.trim().to_owned();
    match &residency {
        Some(residency) if residency.is_kazakhstan() && strict => {
            faults.check("tax_number", Iin::parse(&tax_number));
        }
        _ if tax_number.chars().count() > 20 || !tax_number.chars().all(|c| c.is_ascii_alphanumeric()) => {
            faults.add("tax_number", codes::TAX_NUMBER_MALFORMED);
        }
        _ => {}
    }
    let identity_number = faults.check("identity_number", PassportNumber::parse(&entered.identity_number));
    Payer {
        given_name,
        surname,
        patronymic,
        residency: residency.map(|country| country.code().to_owned()).unwrap_or_default(),
        citizenship: citizenship.map(|country| country.code().to_owned()).unwrap_or_default(),
        tax_number,
        identity_number: identity_number.map(|number| number.as_str().to_owned()).unwrap_or_default(),
        ..Payer::default()
    }
}

fn legal(entered: &Payer, faults: &mut Violations) -> Payer {
    let company_name = line::<200>("company_name", &entered.company_name, faults);
    let residency = country("residency", &entered.residency, faults);
    let resident = residency.as_ref().is_none_or(Country::is_kazakhstan);
    let bin = if resident {
        faults.check("bin", Bin::parse(&entered.bin)).map(|bin| bin.as_str().to_owned()).unwrap_or_default()
    } else {
        line::<30>("bin", &entered.bin, faults)
    };
    let bank = line::<200>("bank", &entered.bank, faults);
    let iban = faults.check("iban", account(&entered.iban, resident)).unwrap_or_default();
    let bic = faults.check("bic", Bic::parse(&entered.bic)).map(|bic| bic.as_str().to_owned()).unwrap_or_default();
    let contract_number = faults
        .check_optional("contract_number", &entered.contract_number, LineText::<60>::parse)
        .map(Into::into)
        .unwrap_or_default();
    Payer {
        company_name,
        residency: residency.map(|country| country.code().to_owned()).unwrap_or_default(),
        bin,
        bank,
        iban,
        bic,
        contract_number,
        ..Payer::default()
    }
}

fn country(field: &str, text: &str, faults: &mut Violations) -> Option<Country> {
    faults.check(field, Country::parse(text))
}

fn line<const MAX: usize>(field: &str, text: &str, faults: &mut Violations) -> String {
    faults.check(field, LineText::<MAX>::parse(text)).map(Into::into).unwrap_or_default()
}

/// An account in Kazakhstan, or one of any other country: letters and digits, without blanks.
pub(crate) fn account(text: &str, resident: bool) -> Result<String, AccountError> {
    if resident || text.trim().to_ascii_uppercase().starts_with("KZ") {
        return Iban::parse(text).map(|iban| iban.as_str().to_owned()).map_err(AccountError);
    }
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let shape = (5..=34).contains(&plain.len()) && plain.chars().all(|c| c.is_ascii_alphanumeric());
    if shape { Ok(plain) } else { Err(AccountError(IbanError::Malformed)) }
}

/// Why a text is no account number.
pub(crate) struct AccountError(IbanError);

impl ErrorCode for AccountError {
    fn code(&self) -> Code {
        match self.0 {
            IbanError::Malformed => kernel::codes::IBAN_MALFORMED,
            IbanError::Check => kernel::codes::IBAN_CHECK,
        }
    }
}
