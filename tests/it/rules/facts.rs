//! Who reads whose facts and who calls whom, as the sources say it; calls have no cycle.

use std::collections::{BTreeMap, BTreeSet};

use chassis::server::GATEWAY;

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

#[test]
fn who_may_call_what_is_who_calls_it() {
    let mut called: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let methods = methods();
    for (path, text) in rust_files().iter().filter(|(path, _)| path.contains("/src/") && !path.contains("/testing")) {
        for (context, method, _) in methods.iter().filter(|(_, _, call)| text.contains(call.as_str())) {
            let through = text.contains(&format!("channel(\"{context}\")"));
            let callers: Vec<&str> = match service(path) {
                Some(caller) if through => vec![caller],
                // What the chassis does every service does.
                None if through && path.starts_with("services/chassis/") => CONTEXTS.to_vec(),
                None if path.starts_with("gateway/") && text.contains(&format!(".{context}()")) => vec![GATEWAY],
                Some(_) | None => Vec::new(),
            };
            let known = called.entry(((*context).to_owned(), method.clone())).or_default();
            known.extend(callers.into_iter().filter(|caller| caller != context).map(str::to_owned));
        }
    }
    let mut wrong = Vec::new();
    for (context, listed) in portal::services::callers() {
        for (_, method, _) in methods.iter().filter(|(of, _, _)| *of == context) {
            let found = called.get(&(context.to_owned(), method.clone())).cloned().unwrap_or_default();
            let may = listed.iter().find(|(name, _)| name == method).map_or(&[GATEWAY][..], |(_, callers)| *callers);
            // Programs come the gateway's way, and the gateway itself need not call everything.
            let missing = found.iter().filter(|caller| !may.contains(&caller.as_str()));
            wrong.extend(missing.map(|caller| format!("{caller} calls {context}.{method} and may not")));
            let idle = may.iter().filter(|caller| **caller != GATEWAY && !found.contains(**caller));
            wrong.extend(idle.map(|caller| format!("{caller} may call {context}.{method} and does not")));
        }
        let unknown =
            listed.iter().filter(|(name, _)| !methods.iter().any(|(of, method, _)| *of == context && method == name));
        wrong.extend(unknown.map(|(name, _)| format!("{context} has no method {name}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Context, name and the call in the sources of each RPC.
fn methods() -> Vec<(&'static str, String, String)> {
    let set = <prost_types::FileDescriptorSet as prost::Message>::decode(proto::DESCRIPTORS).unwrap();
    let mut found = Vec::new();
    for context in CONTEXTS {
        let package = format!("portal.{context}.v1");
        let services = set.file.iter().filter(|file| file.package() == package).flat_map(|file| &file.service);
        for method in services.flat_map(|service| &service.method) {
            found.push((context, method.name().to_owned(), format!(".{}(", snake(method.name()))));
        }
    }
    found
}

fn snake(name: &str) -> String {
    name.chars().enumerate().fold(String::new(), |mut text, (at, letter)| {
        if at > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}

fn service(path: &str) -> Option<&'static str> {
    let name = path.strip_prefix("services/")?.split('/').next()?;
    CONTEXTS.into_iter().find(|context| *context == name)
}
