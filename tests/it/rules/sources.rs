//! What a source file may say.

use super::{root, rust_files};

/// The rules of a domain know no database, wire, runtime, clock or chance.
const BANNED_IN_DOMAIN: [&str; 10] =
    ["sea_orm", "tonic", "prost", "tokio", "axum", "proto::", "chassis::", "SystemTime", "rand::", "reqwest"];

#[test]
fn every_file_says_first_what_it_is_for() {
    let silent: Vec<_> =
        rust_files().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn domains_are_pure() {
    let mut found = Vec::new();
    for (path, text) in rust_files() {
        if !(path.contains("/src/domain/") || path.starts_with("services/kernel/src/")) {
            continue;
        }
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            found.extend(
                BANNED_IN_DOMAIN.iter().filter(|word| line.contains(**word)).map(|word| format!("{path}: {word}")),
            );
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// The portal's currency is a setting: sources name none but where the bank's own protocol and the kernel do.
#[test]
fn no_source_names_a_currency() {
    let mut found = Vec::new();
    for (path, text) in rust_files() {
        let ours = path.starts_with("gateway/src/") || path.starts_with("services/") && path.contains("/src/");
        let named = ["services/kernel/", "services/payments/src/bank/"].iter().any(|place| path.starts_with(place));
        if !ours || named || path.ends_with("_tests.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if ["Money::kzt", "Currency::KZT", "\"KZT\""].iter().any(|name| line.contains(name)) {
                found.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn no_module_is_a_drawer_for_anything() {
    let drawers = ["utils", "helpers", "common", "manager", "misc", "mod"];
    let found: Vec<_> = rust_files()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| drawers.iter().any(|drawer| path.ends_with(&format!("/{drawer}.rs"))))
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_template_stands_beside_a_page() {
    let templates = root().join("gateway/templates");
    let mut lost = Vec::new();
    for area in std::fs::read_dir(&templates).unwrap() {
        let area = area.unwrap().path();
        if !area.is_dir() || area.ends_with("macros") {
            continue;
        }
        let name = area.file_name().unwrap().to_str().unwrap().to_owned();
        let pages: String = rust_files()
            .into_iter()
            .filter(|(path, _)| path.starts_with("gateway/src/"))
            .map(|(_, text)| text)
            .collect();
        for template in std::fs::read_dir(&area).unwrap() {
            let file = template.unwrap().file_name().to_str().unwrap().to_owned();
            let used = pages.contains(&format!("{name}/{file}"));
            let included = std::fs::read_dir(&area).unwrap().any(|other| {
                std::fs::read_to_string(other.unwrap().path()).unwrap().contains(&format!("{name}/{file}"))
            });
            if !used && !included {
                lost.push(format!("{name}/{file}"));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}
