//! Edges between our own crates, as the manifests say them.

use super::{compare, root};

const OURS: [&str; 17] = [
    "proto",
    "kernel",
    "chassis",
    "typesetting",
    "intake",
    "identity",
    "applications",
    "participants",
    "billing",
    "payments",
    "booking",
    "notifications",
    "gateway",
    "portal",
    "sandbox-bank",
    "sandbox-mail",
    "testkit",
];

#[test]
fn internal_dependencies_are_the_listed_ones() {
    let mut edges = Vec::new();
    for folder in [
        "proto",
        "gateway",
        "tests",
        "deploy/portal",
        "deploy/sandbox-bank",
        "deploy/sandbox-mail",
        "services/kernel",
        "services/chassis",
        "services/typesetting",
        "services/intake",
        "services/identity",
        "services/applications",
        "services/participants",
        "services/billing",
        "services/payments",
        "services/booking",
        "services/notifications",
    ] {
        let text = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&text).unwrap();
        let name = manifest["package"]["name"].as_str().unwrap();
        for dependency in
            manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys)
        {
            if OURS.contains(&dependency.as_str()) {
                edges.push(format!("{name} -> {dependency}"));
            }
        }
    }
    compare("dependencies.txt", edges);
}
