//! The four services as they stand in the simulation, each on its own database in memory.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use applications::Applications;
use billing::Billing;
use booking::Booking;
use chassis::{
    bus::Consumer,
    clock::{Sources, TestClock},
    service::Service as _,
    testing::{Running, Together, first_changed, sqlite},
};
use kernel::Time;
use payments::Payments;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use serde_json::json;
use tempfile::TempDir;

use super::bank::{Bank, TERMINAL};

pub const HERE: [&str; 4] = ["applications", "billing", "payments", "booking"];
/// Who has missed so many visits books no more by himself.
pub const MISSED_MAX: usize = 2;
/// A Monday, 10 o'clock at the centre.
const MONDAY: &str = "2026-11-23T05:00:00Z";

/// What differs from seed to seed.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The bank's terminal holds a sum first.
    pub two_step: bool,
    /// Days from an invoice to its due day.
    pub valid_days: u32,
}

impl Rules {
    fn of(seed: u64) -> Self {
        Self { two_step: seed % 4 == 3, valid_days: if seed % 3 == 0 { 30 } else { 4 } }
    }
}

pub struct Place {
    pub rules: Rules,
    pub clock: TestClock,
    pub sources: Sources,
    pub together: Together,
    pub services: BTreeMap<&'static str, Running>,
    pub bank: Bank,
    pub folder: TempDir,
}

impl Place {
    pub async fn open(seed: u64) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        // Papers are other tests' business; one service costs nothing, so that its case needs no payment.
        let catalogue = include_str!("../../../services/applications/catalogue/catalogue.toml");
        let asks = |line: &&str| line.starts_with("document_sets = ") || line.starts_with("papers = [{");
        let catalogue: String = catalogue.lines().filter(|line| !asks(line)).map(|line| format!("{line}\n")).collect();
        std::fs::write(folder.path().join("catalogue.toml"), catalogue.replace("price = 5000\n", "price = 0\n"))
            .unwrap();
        let clock = TestClock::at(Time::parse_rfc3339(MONDAY).unwrap());
        let sources = Sources::seeded(Arc::new(clock.clone()), seed);
        let together = Together::new(folder.path(), &sources, &HERE);
        let rules = Rules::of(seed);
        let bank = Bank::new(seed ^ 0xBA2C, &sources, rules.two_step);
        let mut place = Self { rules, clock, sources, together, services: BTreeMap::new(), bank, folder };
        for name in HERE {
            place.start(name).await;
        }
        place
    }

    async fn start(&mut self, name: &'static str) {
        let catalogue = self.folder.path().join("catalogue.toml").display().to_string();
        let running = match name {
            "applications" => {
                let changes = [("applications.catalogue_file", json!(catalogue))];
                self.together.start::<Applications, _>(&changes, Applications::start).await
            }
            "billing" => {
                let changes =
                    [("billing.valid_days", json!(self.rules.valid_days)), ("billing.grace_bank_days", json!(1))];
                self.together.start::<Billing, _>(&changes, Billing::start).await
            }
            "booking" => {
                let office = [("slot_capacity", json!(2)), ("slot_minutes", json!(90))];
                let changes = [
                    ("booking.offices", first_changed(Booking::DEFAULTS, "offices", &office)),
                    ("booking.missed_max", json!(MISSED_MAX)),
                ];
                self.together.start::<Booking, _>(&changes, Booking::start).await
            }
            _ => {
                let changes = [
                    ("payments.oauth_url", json!("https://bank.example/token")),
                    ("payments.api_url", json!("https://bank.example")),
                    ("payments.script_url", json!("https://bank.example/script.js")),
                    ("payments.client_id", json!("portal")),
                    ("payments.client_secret", json!("only here")),
                    ("payments.terminal", json!(TERMINAL)),
                    ("payments.two_step", json!(self.rules.two_step)),
                ];
                let bank = Arc::new(self.bank.clone());
                let wire = |context, config| async move { Ok(Payments::start_over(context, config, bank)) };
                self.together.start::<Payments, _>(&changes, wire).await
            }
        };
        self.services.insert(name, running);
    }

    /// A service goes down between two units of work and comes back.
    pub async fn restart(&mut self, name: &'static str) {
        if let Some(running) = self.services.remove(name) {
            self.together.stop(running).await;
        }
        self.start(name).await;
    }

    pub fn consumers(&self) -> Vec<&Consumer> {
        self.services.values().flat_map(|running| &running.consumers).collect()
    }

    /// Rows of a query on one service's database.
    pub async fn rows(&self, service: &str, query: &str) -> Vec<QueryResult> {
        let db = self.services[service].context.db.read();
        db.query_all_raw(Statement::from_string(DbBackend::Sqlite, query)).await.unwrap()
    }

    /// Ends all services and lays empty databases beside theirs, so that the portal's own check reads the folder.
    pub async fn close(mut self) -> TempDir {
        while let Some((_, running)) = self.services.pop_first() {
            self.together.stop(running).await;
        }
        self.together.end().await;
        for name in ["identity", "participants", "notifications"] {
            sqlite(self.folder.path(), name, Vec::new).await.close().await;
        }
        self.folder
    }
}

/// A column as text.
pub fn text(row: &QueryResult, column: &str) -> String {
    row.try_get("", column).unwrap()
}

pub fn number(row: &QueryResult, column: &str) -> i64 {
    row.try_get("", column).unwrap()
}

pub fn flag(row: &QueryResult, column: &str) -> bool {
    row.try_get("", column).unwrap()
}
