//! Who reads whose facts and who calls whom, as the sources say it; calls have no cycle.

use std::collections::{BTreeMap, BTreeSet};

use super::{compare, rust_files};

const CONTEXTS: [&str; 7] =
    ["identity", "applications", "participants", "billing", "payments", "booking", "notifications"];

#[test]
fn facts_are_published_and_read_as_listed() {
    let mut edges = Vec::new();
    for (path, text) in rust_files() {
        let Some(reader) = service(&path).filter(|_| path.ends_with("/events.rs")) else { continue };
        for (full, _) in proto::FACTS {
            let producer = full.split('.').nth(1).unwrap();
            let message = full.rsplit('.').next().unwrap();
            if producer != reader && text.contains(&format!("{message}::TYPE")) {
                edges.push(format!("{full} -> {reader}"));
            }
        }
    }
    compare("facts.txt", edges);
}

#[test]
fn calls_between_services_are_the_listed_ones_and_have_no_cycle() {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in rust_files() {
        let Some(caller) = service(&path) else { continue };
        for called in CONTEXTS.into_iter().filter(|context| *context != caller) {
            if text.contains(&format!("channel(\"{called}\")")) {
                graph.entry(caller.to_owned()).or_default().insert(called.to_owned());
            }
        }
    }
    for start in graph.keys() {
        let mut open: Vec<&String> = graph[start].iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            assert_ne!(next, start, "the calls of {start} come back to it");
            if seen.insert(next) {
                open.extend(graph.get(next).into_iter().flatten());
            }
        }
    }
    let edges =
        graph.iter().flat_map(|(caller, called)| called.iter().map(move |to| format!("{caller} -> {to}"))).collect();
    compare("calls.txt", edges);
}

fn service(path: &str) -> Option<&'static str> {
    let name = path.strip_prefix("services/")?.split('/').next()?;
    CONTEXTS.into_iter().find(|context| *context == name)
}
