//! Names, e-mail addresses, bounded texts, the search key, refusals.

use kernel::refusal::{Code, Refusal, Violations};
use kernel::{Bin, Email, FreeText, LatinName, LineText, Locale, NameError, PersonName, Secret, TextError, name_key};
use proptest::prelude::*;

use crate::Test;

#[test]
fn names() -> Test {
    for text in ["Әсел", "Jean-Luc", "O’Brien", "Мария", "李明", "محمد", "de la Cruz", "J."] {
        assert_eq!(PersonName::parse(text)?.as_str(), text);
    }
    assert_eq!(PersonName::parse("  Anna   Maria ")?.as_str(), "Anna Maria");
    assert_eq!(PersonName::parse("e\u{301}a")?.as_str(), "éa");
    assert_eq!(PersonName::parse(" "), Err(NameError::Empty));
    assert_eq!(PersonName::parse(&"a".repeat(101)), Err(NameError::TooLong));
    for text in ["<b>", "a\nb", "12", "a;b", "Robert\"", "x\u{202e}y", "-"] {
        assert_eq!(PersonName::parse(text), Err(NameError::Characters), "{text}");
    }
    assert_eq!(LatinName::parse("Анна"), Err(NameError::Characters));
    assert_eq!(format!("{:?}", PersonName::parse("Anna")?), "PersonName(***)");
    Ok(())
}

#[test]
fn email_addresses() -> Test {
    let email = Email::parse(" First.Last+tag@Example.KZ ")?;
    assert_eq!(email.as_str(), "First.Last+tag@example.kz");
    assert_eq!(email.key(), "first.last+tag@example.kz");
    assert_eq!(email.masked(), "F***@example.kz");
    assert_eq!(format!("{email:?}"), "Email(***)");
    for text in ["", "a@b", "@b.kz", "a@.kz", "a..b@c.kz", "a b@c.kz", "a@b.1", "a@-b.kz", "a@b.kz\nX"] {
        assert!(Email::parse(text).is_err(), "{text}");
    }
    Ok(())
}

#[test]
fn bounded_texts() -> Test {
    assert_eq!(FreeText::<10>::parse(" a\r\nb ")?.as_str(), "a\nb");
    assert_eq!(LineText::<10>::parse("a\nb"), Err(TextError::Characters));
    assert_eq!(FreeText::<2>::parse("абв"), Err(TextError::TooLong { max: 2 }));
    assert_eq!(FreeText::<2>::parse("\n"), Err(TextError::Empty));
    assert_eq!(format!("{:?}", Secret::new("x")), "Secret(***)");
    assert_eq!(Locale::parse("ru-KZ")?.bank_code(), "rus");
    Ok(())
}

#[test]
fn search_keys() {
    for (name, key) in [
        ("  José  ÁLVAREZ ", "jose alvarez"),
        ("Андрей Ёлкин", "андрей елкин"),
        ("ҚҰРБАН Әсел", "құрбан әсел"),
        ("И\u{306}од", "йод"),
        ("ﬁrm Ｗide", "firm wide"),
    ] {
        assert_eq!(name_key(name), key);
    }
}

#[test]
fn violations_are_gathered() {
    let mut v = Violations::new();
    assert!(v.check("bin", Bin::parse("151240022476")).is_some());
    assert!(v.check("note", FreeText::<3>::parse("long")).is_none());
    assert!(v.check_optional("other", " ", Bin::parse).is_none());
    v.add("terms", Code::new("TERMS_NOT_ACCEPTED"));
    let refusal = v.into_result(()).err().unwrap_or_else(|| Refusal::new(Code::new("NONE")));
    assert_eq!(refusal.to_string(), "INPUT_INVALID note=TEXT_TOO_LONG terms=TERMS_NOT_ACCEPTED");
    let max = refusal.violations.first().and_then(|v| v.params.get("max"));
    assert_eq!(max.map(String::as_str), Some("3"));
    let mut codes: Vec<_> = kernel::ALL_CODES.iter().map(Code::as_str).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), kernel::ALL_CODES.len());
}

proptest! {
    #[test]
    fn search_key_is_idempotent(name: String) {
        let key = name_key(&name);
        prop_assert_eq!(name_key(&key), key);
    }

    #[test]
    fn parsed_texts_parse_again(text: String) {
        if let Ok(name) = PersonName::parse(&text) {
            prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name));
        }
        if let Ok(free) = FreeText::<50>::parse(&text) {
            prop_assert_eq!(FreeText::<50>::parse(free.as_str()), Ok(free));
        }
    }
}
