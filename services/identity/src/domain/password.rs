//! What a password must be: long enough, and nothing that a guesser tries first. No composition rules.

use std::{collections::HashSet, sync::LazyLock};

use kernel::{Code, Violation, Violations};

use super::codes;

/// Longer ones are refused before they are hashed.
const LENGTH_MAX: usize = 128;

/// What is found most often where passwords have leaked: Openwall's list, which is in the public domain; lower case.
const LEAKED: &str = include_str!("common_passwords.txt");

/// What guessers try first in this country and for this portal, which that list does not know.
const LOCAL: &[&str] = &[
    "qwerty123",
    "administrator",
    "trustno",
    "kazakhstan",
    "astana",
    "almaty",
    "nursultan",
    "expatcentre",
    "aifcportal",
    "portal",
    "йцукен",
    "йцукенгшщз",
    "пароль",
    "қазақстан",
    "құпиясөз",
    "любовь",
    "привет",
    "qazwsxedc",
    "алматы",
    "астана",
    "казахстан",
    "нурсултан",
    "портал",
    "пароль123",
    "фывапролдж",
    "ячсмитьбю",
    "солнышко",
    "люблю",
    "наташа",
    "марина",
    "максим",
    "мамочка",
    "спартак",
    "асылым",
    "жаным",
    "махаббат",
    "отан",
    "шымкент",
    "караганда",
    "қарағанды",
    "тараз",
    "актобе",
    "ақтөбе",
    "атырау",
    "qarağandy",
    "shymkent",
    "karaganda",
    "nurlan",
    "aigerim",
    "baikonur",
    "байконур",
    "tenge",
    "теңге",
    "kaspi",
    "halyk",
    "baiterek",
    "байтерек",
    "бәйтерек",
];

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| LEAKED.lines().chain(LOCAL.iter().copied()).collect());

/// Whose password it is to be: what it may not be made of.
pub(crate) struct Owner<'a> {
    pub email: &'a str,
    pub names: &'a [String],
}

/// Refuses a password that is too short, too long, common, or made of the address or the names of its owner.
pub(crate) fn check(field: &str, password: &str, length_min: usize, owner: &Owner<'_>, violations: &mut Violations) {
    let length = password.chars().count();
    if length < length_min {
        violations.push(Violation::new(field, codes::PASSWORD_TOO_SHORT).with("min", length_min.to_string()));
    } else if length > LENGTH_MAX {
        violations.push(Violation::new(field, codes::PASSWORD_TOO_LONG).with("max", LENGTH_MAX.to_string()));
    } else if let Some(code) = guessable(password, owner) {
        violations.add(field, code);
    }
}

fn guessable(password: &str, owner: &Owner<'_>) -> Option<Code> {
    let email = owner.email;
    let lowered = password.to_lowercase();
    let mut distinct: Vec<char> = lowered.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let core = lowered.trim_matches(|c: char| !c.is_alphabetic());
    let run = lowered
        .chars()
        .zip(lowered.chars().skip(1))
        .all(|(a, b)| u32::from(b) == u32::from(a) + 1 || (a == '9' && b == '0'));
    if distinct.len() <= 3 || run || COMMON.contains(core) || COMMON.contains(lowered.as_str()) {
        return Some(codes::PASSWORD_COMMON);
    }
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    if name.chars().count() >= 4 && (lowered.contains(&name) || lowered == email.to_lowercase()) {
        return Some(codes::PASSWORD_LIKE_EMAIL);
    }
    let named = owner.names.iter().map(|name| name.to_lowercase());
    // A name of three letters stands in many words.
    let mut named = named.filter(|name| name.chars().count() >= 4);
    named.any(|name| lowered.contains(&name)).then_some(codes::PASSWORD_LIKE_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Owner<'_> = Owner { email: "aigerim.n@example.org", names: &[] };

    /// Would have found: a list that is there and not looked at, or only for what is typed in lower case.
    #[test]
    fn what_has_leaked_is_refused_with_and_without_decoration() {
        assert!(LEAKED.lines().count() > 3000);
        for word in LEAKED.lines().chain(LOCAL.iter().copied()) {
            for password in [word.to_owned(), word.to_uppercase()] {
                assert_eq!(guessable(&password, &OWNER), Some(codes::PASSWORD_COMMON), "{password}");
            }
            if word.chars().all(char::is_alphabetic) {
                let decorated = format!("{word}-2026!!");
                assert_eq!(guessable(&decorated, &OWNER), Some(codes::PASSWORD_COMMON), "{decorated}");
            }
        }
        assert_eq!(guessable("violet teapot 19", &OWNER), None);
    }

    #[test]
    fn names_and_address_of_the_owner_are_refused() {
        let names = ["Әйгерім".to_owned(), "Ли".to_owned()];
        let owner = Owner { names: &names, ..OWNER };
        assert_eq!(guessable("ӘЙГЕРІМ-kettle", &owner), Some(codes::PASSWORD_LIKE_NAME));
        assert_eq!(guessable("xx aigerim.n xx", &owner), Some(codes::PASSWORD_LIKE_EMAIL));
        assert_eq!(guessable("отличный чайник", &owner), None, "a name of two letters stands in many words");
        // Signs are counted, not bytes: 64 of any kind are a password.
        let mut faults = Violations::new();
        check("password", &"🫖🍵🫚🧉".repeat(16), 10, &owner, &mut faults);
        assert!(faults.is_empty());
    }
}
