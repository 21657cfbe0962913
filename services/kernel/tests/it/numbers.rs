//! BIN, IIN, IBAN, BIC, phones, passports, identifiers.

use kernel::refusal::ErrorCode;
use kernel::{
    ApplicationNumber, Bic, Bin, BinError, Country, Iban, IbanError, Iin, InvoiceId, Locale, PassportNumber, Phone,
    Postcode, SessionId,
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::Test;

const VALID: &[&str] = &[
    "151240022476",
    "990240002235",
    "940140000385",
    "971240001315",
    "020540003431",
    "941240000193",
    "081140000436",
    "020240000555",
    "970240000816",
    "980740000057",
    "900101390002",
    "050615690007",
    "851231490007",
    "900101390307",
    "900101390319",
    "050615690802",
    "240140990004",
    "240141990109",
    "240250990002",
    "240140990501",
];

const WRONG_CHECK: &[&str] =
    &["900101390003", "990240002236", "151240022467", "940140000358", "111111111111", "123456789012"];

const MALFORMED: &[&str] =
    &["1111111111", "15124002247", "15124002247O", "000000000000", "", "1512400224761", "١٥١٢٤٠٠٢٢٤٧٦"];

#[test]
fn tax_numbers_of_the_table() {
    for text in VALID {
        assert!(Bin::parse(text).is_ok(), "BIN {text}");
        assert!(Iin::parse(text).is_ok(), "IIN {text}");
    }
    for text in WRONG_CHECK {
        assert_eq!(Bin::parse(text), Err(BinError::CheckDigit), "{text}");
        assert_eq!(Iin::parse(text).map_err(|e| e.code().as_str()), Err("IIN_CHECK_DIGIT"));
    }
    for text in MALFORMED {
        assert_eq!(Bin::parse(text), Err(BinError::Malformed), "{text}");
        assert_eq!(Iin::parse(text).map_err(|e| e.code().as_str()), Err("IIN_MALFORMED"));
    }
    for last in 0..=9 {
        assert_eq!(Bin::parse(&format!("24014099130{last}")), Err(BinError::CheckDigit));
        assert_eq!(Bin::parse(&format!("90010139037{last}")), Err(BinError::CheckDigit));
    }
}

#[test]
fn tax_numbers_drop_blanks_and_hide_persons() -> Test {
    let bin = Bin::parse(" 1512 4002 2476\u{a0}")?;
    assert_eq!(bin.to_string(), "151240022476");
    assert_eq!(format!("{:?}", Iin::parse("900101390002")?), "Iin(***)");
    Ok(())
}

#[test]
fn account_numbers_of_the_table() -> Test {
    for text in ["KZ149491100000810569", "KZ86125KZT5004100100", "KZ244350000012344567", "KZ77949TEST000000001"] {
        assert!(Iban::parse(text).is_ok(), "{text}");
    }
    assert_eq!(Iban::parse("KZ149491100000810596"), Err(IbanError::Check));
    assert_eq!(Iban::parse("DE89370400440532013000"), Err(IbanError::Malformed));
    let iban = Iban::parse("kz14 9491 1000 0081 0569")?;
    assert_eq!(iban.grouped(), "KZ14 9491 1000 0081 0569");
    assert_eq!(iban.bank_code(), "949");
    assert_eq!(Bic::parse("atynkzka")?.as_str(), "ATYNKZKA");
    assert!(Bic::parse("ATYNKZK").is_err());
    Ok(())
}

#[test]
fn phones() -> Test {
    for (text, canonical) in [
        ("+7 7172 64-73-40", "+77172647340"),
        ("8 (701) 234 56 78", "+77012345678"),
        ("77012345678", "+77012345678"),
        ("0044 20 7946 0958", "+442079460958"),
    ] {
        assert_eq!(Phone::parse(text)?.as_str(), canonical);
    }
    for text in ["", "+7701234567", "12345", "+0123456789", "call me", "+1234567890123456"] {
        assert!(Phone::parse(text).is_err(), "{text}");
    }
    assert!(Phone::parse("87012345678")?.is_kazakh());
    Ok(())
}

#[test]
fn documents_postcodes_countries() -> Test {
    assert_eq!(PassportNumber::parse("n 1234 5678")?.as_str(), "N12345678");
    assert_eq!(format!("{:?}", PassportNumber::parse("N12345678")?), "PassportNumber(***)");
    assert!(PassportNumber::parse("N-1").is_err());
    assert!(Postcode::parse("z05t3d6")?.is_kazakh() && Postcode::parse("010000")?.is_kazakh());
    assert!(!Postcode::parse("SW1A 1AA")?.is_kazakh());
    assert_eq!(Country::all().count(), 249);
    assert!(Country::all().map(|c| c.code()).is_sorted());
    for country in Country::all() {
        assert_eq!(Country::parse(country.code())?, country);
    }
    assert_eq!(Country::parse("kz")?.name(Locale::Kk), "Қазақстан");
    assert!(Country::parse("XX").is_err());
    Ok(())
}

#[test]
fn application_numbers() -> Test {
    assert_eq!(ApplicationNumber::parse("101")?.get(), 101);
    for text in ["0", "-1", "+1", "0101", "1000000000", "", "1e3"] {
        assert!(ApplicationNumber::parse(text).is_err(), "{text}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn ids_round_trip(bits: u128) {
        let id = InvoiceId::from_uuid(Uuid::from_u128(bits));
        let text = id.to_string();
        prop_assert!(text.starts_with("inv_") && text.len() == 36);
        prop_assert_eq!(InvoiceId::parse(&text), Ok(id));
        prop_assert!(SessionId::parse(&text).is_err());
        prop_assert!(InvoiceId::parse(&id.uuid().to_string()).is_err());
    }

    #[test]
    fn another_check_digit_is_refused(body in "[0-9]{11}") {
        let valid = (0..10).filter(|last| Bin::parse(&format!("{body}{last}")).is_ok()).count();
        prop_assert!(valid <= 1);
    }

    #[test]
    fn anything_may_be_parsed(text: String) {
        let _ = (Bin::parse(&text), Iban::parse(&text), Phone::parse(&text), Postcode::parse(&text));
        let _ = (PassportNumber::parse(&text), Country::parse(&text), InvoiceId::parse(&text));
    }
}
