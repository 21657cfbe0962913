//! Every refusal has its text in three languages.

use super::root;

#[test]
fn every_refusal_is_told_in_three_languages() {
    let mut missing = Vec::new();
    for language in ["en", "ru", "kk"] {
        let mut texts = String::new();
        for file in std::fs::read_dir(root().join("gateway/i18n").join(language)).unwrap() {
            texts.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
            texts.push('\n');
        }
        for code in portal::refusals() {
            let key = format!("refusal-{}", code.as_str().to_lowercase().replace('_', "-"));
            if !texts.lines().any(|line| line.starts_with(&format!("{key} ="))) {
                missing.push(format!("{language}: {key}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
