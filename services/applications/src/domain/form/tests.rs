//! Properties of the form engine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const FORM: &str = r#"
code = "T"
version = 1

[[fields]]
key = "kind"
kind = "choice"
required = true
label = { en = "Kind", ru = "Вид", kk = "Түрі" }
choices = [
  { value = "a", label = { en = "A", ru = "А", kk = "А" } },
  { value = "b", label = { en = "B", ru = "Б", kk = "Б" } },
]

[[fields]]
key = "more"
kind = "text"
required = true
label = { en = "More", ru = "Ещё", kk = "Тағы" }
when = { field = "kind", any_of = ["b"] }

[[fields]]
key = "most"
kind = "note"
label = { en = "Most", ru = "Больше", kk = "Көбірек" }
when = { field = "more" }

[[fields]]
key = "count"
kind = "number"
label = { en = "Count", ru = "Число", kk = "Саны" }
min = 2
max = 9

[[fields]]
key = "first"
kind = "date"
label = { en = "First", ru = "Первая", kk = "Бірінші" }
not_after = "today"

[[fields]]
key = "last"
kind = "date"
label = { en = "Last", ru = "Последняя", kk = "Соңғы" }
not_before = "first"
"#;

fn form() -> Form {
    toml::from_str(FORM).unwrap()
}

fn answered(pairs: &[(&str, &str)]) -> (Values, Vec<String>) {
    let answers = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (values, faults) = form().read(&answers, date(2026, 11, 27));
    (values, faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect())
}

#[test]
fn a_question_is_asked_only_where_its_condition_holds() {
    assert!(form().faults().is_empty(), "{:?}", form().faults());
    assert_eq!(answered(&[]).1, ["kind FIELD_REQUIRED"]);
    let (values, faults) = answered(&[("kind", "a"), ("more", "dropped"), ("most", "dropped"), ("other", "dropped")]);
    assert_eq!((values.len(), faults.len()), (1, 0));
    assert_eq!(answered(&[("kind", "b")]).1, ["more FIELD_REQUIRED"]);
    // One that hangs on one that hangs on another.
    let (values, faults) = answered(&[("kind", "b"), ("more", "x"), ("most", "y")]);
    assert_eq!((values["most"].as_str(), faults.len()), ("y", 0));
}

#[test]
fn bounds_are_told_at_their_field() {
    for (key, value, fault) in [
        ("count", "1", "count NUMBER_OUT_OF_RANGE"),
        ("count", "10", "count NUMBER_OUT_OF_RANGE"),
        ("count", "two", "count NUMBER_OUT_OF_RANGE"),
        ("first", "2026-11-28", "first DATE_AHEAD"),
        ("first", "30.02.2026", "first DATE_MALFORMED"),
    ] {
        let (values, faults) = answered(&[("kind", "a"), (key, value)]);
        assert_eq!(faults, [fault]);
        assert_eq!(values[key], value, "what was entered is kept");
    }
    assert_eq!(answered(&[("kind", "a"), ("first", "27.11.2026"), ("last", "2026-11-26")]).1, ["last DATE_ORDER"]);
    assert!(answered(&[("kind", "a"), ("count", "007")]).1.is_empty());
}

#[test]
fn a_mistaken_form_is_told_field_by_field() {
    for (good, bad, told) in [
        ("any_of = [\"b\"]", "any_of = [\"c\"]", "more: its condition waits for c, which kind never is"),
        (
            "when = { field = \"more\" }",
            "when = { field = \"last\" }",
            "most: its condition names last, which is not asked before it",
        ),
        ("key = \"last\"", "key = \"first\"", "first: stands twice"),
        ("not_before = \"first\"", "not_before = \"count\"", "last: its bound count is no date of this form"),
        ("min = 2", "min = 20", "count: its min is above its max"),
        ("ru = \"Ещё\"", "ru = \"\"", "more: its label lacks a language"),
        ("key = \"most\"", "key = \"Most!\"", "Most!: a key has up to 40 small letters, digits and underscores"),
    ] {
        let mistaken: Form = toml::from_str(&FORM.replacen(good, bad, 1)).unwrap();
        let faults: Vec<String> = mistaken.faults().into_iter().map(|(key, what)| format!("{key}: {what}")).collect();
        assert!(faults.contains(&told.to_owned()), "{told}: {faults:?}");
    }
}

fn any_answers() -> impl Strategy<Value = Values> {
    let key = prop_oneof![
        Just("kind"),
        Just("more"),
        Just("most"),
        Just("count"),
        Just("first"),
        Just("last"),
        Just("other")
    ];
    let value = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        "[0-9]{1,3}",
        "20[0-3][0-9]-[01][0-9]-[0-3][0-9]",
        "\\PC{0,40}",
        " {0,3}\\PC{0,300} {0,3}",
    ];
    prop::collection::btree_map(key.prop_map(str::to_owned), value, 0..7)
}

proptest! {
    #[test]
    fn reading_twice_changes_nothing_more(answers in any_answers()) {
        let today = date(2026, 11, 27);
        let (once, faults) = form().read(&answers, today);
        let (twice, again) = form().read(&once, today);
        prop_assert_eq!(&once, &twice);
        prop_assert_eq!(faults, again);
    }

    #[test]
    fn only_what_is_asked_comes_out_and_every_fault_has_its_question(answers in any_answers()) {
        let form = form();
        let (values, faults) = form.read(&answers, date(2026, 11, 27));
        for key in values.keys() {
            let field = form.fields.iter().find(|field| field.key == *key).unwrap();
            prop_assert!(field.when.as_ref().is_none_or(|when| when.holds(&values)), "{} is not asked", key);
        }
        for fault in faults {
            prop_assert!(form.fields.iter().any(|field| field.key == fault.field), "{} is no question", fault.field);
        }
    }
}
