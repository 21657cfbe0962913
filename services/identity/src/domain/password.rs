//! What a password must be: long enough, and nothing that a guesser tries first. No composition rules.

use kernel::{Code, Violation, Violations};

use super::codes;

/// Longer ones are refused before they are hashed.
const LENGTH_MAX: usize = 128;

/// Words that guessers try first; compared without case, spaces, digits and punctuation at the ends.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "qwerty123",
    "asdfghjkl",
    "zxcvbnm",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "admin",
    "changeme",
    "football",
    "baseball",
    "superman",
    "princess",
    "sunshine",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "michael",
    "whatever",
    "trustno",
    "starwars",
    "computer",
    "internet",
    "samsung",
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
    "qazwsx",
    "qazwsxedc",
    "1q2w3e4r",
    "1qaz2wsx",
];

/// Refuses a password that is too short, too long, common, or made of the address it protects.
pub(crate) fn check(password: &str, length_min: usize, email: &str, violations: &mut Violations) {
    let length = password.chars().count();
    if length < length_min {
        violations.push(Violation::new("password", codes::PASSWORD_TOO_SHORT).with("min", length_min.to_string()));
    } else if length > LENGTH_MAX {
        violations.push(Violation::new("password", codes::PASSWORD_TOO_LONG).with("max", LENGTH_MAX.to_string()));
    } else if let Some(code) = guessable(password, email) {
        violations.add("password", code);
    }
}

fn guessable(password: &str, email: &str) -> Option<Code> {
    let lowered = password.to_lowercase();
    let mut distinct: Vec<char> = lowered.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let core = lowered.trim_matches(|c: char| !c.is_alphabetic());
    let run = lowered
        .chars()
        .zip(lowered.chars().skip(1))
        .all(|(a, b)| u32::from(b) == u32::from(a) + 1 || (a == '9' && b == '0'));
    if distinct.len() <= 3 || run || COMMON.contains(&core) || COMMON.contains(&lowered.as_str()) {
        return Some(codes::PASSWORD_COMMON);
    }
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    if name.chars().count() >= 4 && (lowered.contains(&name) || lowered == email.to_lowercase()) {
        return Some(codes::PASSWORD_LIKE_EMAIL);
    }
    None
}
