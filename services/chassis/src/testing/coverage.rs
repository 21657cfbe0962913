//! What the tests of one service have touched: RPCs, refusals, facts. A contract that no test touches fails by name.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use kernel::Code;
use prost::Message as _;

/// Shared by all worlds of one test; each adds what it is for and what was seen in it.
#[derive(Clone, Default)]
pub struct Coverage(Arc<Mutex<Marks>>);

#[derive(Default)]
struct Marks {
    promised: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Coverage {
    /// Everything that a service's contract promises, and the facts that it reads.
    pub(super) fn promise(&self, service: &str, read: impl Iterator<Item = &'static str>) {
        let package = format!("portal.{service}.v1");
        let mut promised: BTreeSet<String> = read.map(|fact| format!("read {fact}")).collect();
        let descriptors = prost_types::FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
        for file in descriptors.file.iter().filter(|file| file.package() == package) {
            for service in &file.service {
                let methods = service.method.iter();
                promised.extend(methods.map(|rpc| format!("call /{package}.{}/{}", service.name(), rpc.name())));
            }
        }
        let facts = proto::FACTS.iter().filter(|(name, _)| name.starts_with(&format!("{package}.")));
        promised.extend(facts.map(|(name, _)| format!("published {name}")));
        self.0.lock().unwrap().promised.extend(promised);
    }

    pub(super) fn called(&self, path: &str) {
        self.see(format!("call {path}"));
    }

    pub(super) fn refused(&self, code: &str) {
        self.see(format!("refusal {code}"));
    }

    /// Notes a refusal's code that was told in an answer, where a form shows what is missing.
    pub fn told(&self, code: &str) {
        self.refused(code);
    }

    pub(super) fn published(&self, fact: &str) {
        self.see(format!("published {fact}"));
    }

    pub(super) fn read(&self, fact: &str) {
        self.see(format!("read {fact}"));
    }

    fn see(&self, mark: String) {
        self.0.lock().unwrap().seen.insert(mark);
    }

    /// Fails by name for each RPC, refusal and fact of the service that no test has touched.
    pub fn assert_complete(&self, refusals: &[Code]) {
        let marks = self.0.lock().unwrap();
        assert!(!marks.promised.is_empty(), "no service was brought up");
        let mut promised = marks.promised.clone();
        promised.extend(refusals.iter().map(|code| format!("refusal {code}")));
        let missing: Vec<&String> = promised.difference(&marks.seen).collect();
        assert!(missing.is_empty(), "no test touched: {missing:#?}");
    }
}
