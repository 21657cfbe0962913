//! The house rules, kept by tests: who depends on whom, who reads whose facts, what the sources may say.

mod dependencies;
mod facts;
mod sources;
mod texts;

use std::path::{Path, PathBuf};

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every Rust file of the tree with its path from the root.
pub(crate) fn rust_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in ["proto", "services", "gateway", "deploy", "tests"] {
        walk(&root().join(part), &mut found);
    }
    found
}

fn walk(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Compares with a checked-in list; a new line is a reviewed line.
pub(crate) fn compare(snapshot: &str, mut found: Vec<String>) {
    found.sort();
    found.dedup();
    let file = root().join("tests/it/rules").join(snapshot);
    let listed: Vec<String> = std::fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect();
    assert_eq!(listed, found, "{snapshot} differs; what was found:\n{}\n", found.join("\n"));
}
