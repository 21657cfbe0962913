//! The money and booking rules under a bus, a bank and a clock that misbehave: applications, billing, payments and
//! booking as they are, side by side in one thread, and a seed that decides everything else. The same seed gives the
//! same run.

mod account;
mod bank;
mod chance;
mod check;
mod command;
mod ending;
mod pay;
mod people;
mod place;
mod sending;
mod transfers;
mod transit;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

use kernel::Actor;
use proto::applications::v1::{
    Application, GetApplicationRequest, GetCatalogueRequest, PaymentStatus, State,
    applications_client::ApplicationsClient,
};
use tokio::task::JoinHandle;

use account::Account;
use chance::Chance;
use command::Command;
use people::Forms;
use place::{HERE, Place};
use transit::Transit;

/// Steps of one run before everything is let settle.
pub const STEPS: u64 = 1000;
/// Cases of one run at most.
const CASES_MAX: usize = 12;
/// Readers in a stream's batch at most.
const BATCH: usize = 12;

/// What came of a run.
pub struct Outcome {
    pub seed: u64,
    pub steps: u64,
    /// One line a step; the same for the same seed.
    pub log: Vec<String>,
    pub broken: Vec<String>,
    /// How often each thing was done, and how often with success.
    pub tally: BTreeMap<String, (u64, u64)>,
}

impl Outcome {
    /// Tells two runs apart.
    pub fn digest(&self) -> String {
        hex::encode(chassis::seal::digest(self.log.join("\n").as_bytes()))
    }
}

struct Case {
    number: i64,
    owner: Actor,
    /// As it was read before.
    known: Option<Application>,
}

/// A request as it was sent, and its answer where one came.
struct Sent {
    who: Actor,
    command: Command,
    key: String,
    answer: Option<Result<String, String>>,
}

struct Simulation {
    place: Place,
    transit: Transit,
    account: Account,
    chance: Chance,
    forms: Forms,
    cases: Vec<Case>,
    sent: Vec<Sent>,
    /// A call that waits for the bank, and what it is for.
    waiting: Option<(String, JoinHandle<Result<String, String>>)>,
    paid: BTreeSet<i64>,
    acknowledged: BTreeSet<(&'static str, String)>,
    keys: u64,
    log: Vec<String>,
    broken: Vec<String>,
    tally: BTreeMap<String, (u64, u64)>,
}

/// One run: so many steps, unless something breaks before, and then the check of everything at rest.
pub async fn run(seed: u64, steps: u64) -> Outcome {
    let place = Place::open(seed).await;
    let caller = place.together.by("applications", Actor::Anonymous);
    let catalogue = ApplicationsClient::new(caller).get_catalogue(GetCatalogueRequest {}).await.unwrap().into_inner();
    let mut simulation = Simulation {
        transit: Transit::new(seed ^ 0xB05, &place.sources),
        place,
        account: Account::default(),
        chance: Chance::new(seed ^ 0xC0DE),
        forms: people::forms(catalogue),
        cases: Vec::new(),
        sent: Vec::new(),
        waiting: None,
        paid: BTreeSet::new(),
        acknowledged: BTreeSet::new(),
        keys: 0,
        log: Vec::new(),
        broken: Vec::new(),
        tally: BTreeMap::new(),
    };
    let mut taken = 0;
    while taken < steps && simulation.broken.is_empty() {
        taken += 1;
        simulation.step().await;
        let broken = check::now(&simulation.place, &simulation.account, &mut simulation.paid).await;
        simulation.broken.extend(broken);
    }
    if simulation.broken.is_empty() {
        simulation.settle().await;
    }
    let Simulation { place, log, mut broken, tally, acknowledged, .. } = simulation;
    let folder = place.close().await;
    if broken.is_empty() {
        broken = ending::portal_check(folder.path(), &acknowledged).await;
    }
    Outcome { seed, steps: taken, log, broken, tally }
}

impl Simulation {
    fn note(&mut self, what: &str, outcome: &str, success: bool) {
        let line = format!("{} {} {what}: {outcome}", self.log.len() + 1, self.place.sources.now().rfc3339());
        self.log.push(line);
        let count = self.tally.entry(what.split(' ').next().unwrap_or_default().to_owned()).or_default();
        count.0 += 1;
        count.1 += u64::from(success);
        // A fault of our own is never an answer.
        if outcome.starts_with("INTERNAL") || outcome.starts_with("MALFORMED") || outcome.contains("KEY_REUSED") {
            self.broken.push(format!("{what}: {outcome}"));
        }
    }

    async fn step(&mut self) {
        match self.chance.below(140) {
            0..=59 => self.somebody_acts().await,
            60..=75 => self.relay().await,
            76..=97 => self.deliver().await,
            98..=104 => {
                let done = self.place.bank.act();
                self.note("bank", &done, true);
            }
            105..=107 => self.callback().await,
            108..=110 => self.work().await,
            111..=115 => self.pass_time(),
            116..=117 => self.repeat().await,
            118 => self.restart().await,
            119 => self.lose_tail().await,
            120..=122 => self.let_go().await,
            123..=124 => self.check_attempt().await,
            125..=129 => self.desk_day().await,
            130..=133 => self.queue().await,
            134..=135 => self.hours().await,
            _ => self.timers().await,
        }
    }

    async fn somebody_acts(&mut self) {
        if self.cases.len() < 3 || (self.cases.len() < CASES_MAX && self.chance.percent(9)) {
            let who = people::owner(self.cases.len());
            let command = people::creating(&mut self.chance);
            self.send(who, command).await;
            return;
        }
        let place = self.somebody();
        let (number, owner) = (self.cases[place].number, self.cases[place].owner.clone());
        let stale = self.cases[place].known.clone().filter(|_| self.chance.percent(6));
        let Some(found) = (match stale {
            Some(stale) => Some(stale),
            None => self.read(number, &owner).await,
        }) else {
            return;
        };
        self.cases[place].known = Some(found.clone());
        if self.chance.percent(1) {
            let (who, command) = people::cancelling(&mut self.chance, &found, &owner);
            return self.send(who, command).await;
        }
        let ended = matches!(found.state(), State::Completed | State::Cancelled);
        let paid = matches!(found.payment_status(), PaymentStatus::Paid | PaymentStatus::PartlyRefunded);
        let billed = found.payment_status() != PaymentStatus::Unspecified;
        let often = match (ended, paid) {
            (true, true) => 80,
            (true, false) if billed => 50,
            (false, true) => 20,
            (true | false, false) => 2,
        };
        if self.chance.percent(often) {
            return self.refund(number, &owner).await;
        }
        let awaits_visit = match found.state() {
            State::AwaitingDocuments | State::DocsPartial => true,
            // What is ready is fetched, with a visit or without one.
            State::ReadyForPickup => self.chance.percent(60),
            State::Unspecified
            | State::Draft
            | State::New
            | State::InReview
            | State::Returned
            | State::PendingApproval
            | State::AwaitingPayment
            | State::InProgress
            | State::Completed
            | State::Rejected
            | State::Cancelled
            | State::Expired => false,
        };
        if found.state() == State::Expired && self.chance.percent(40) {
            return self.late(number, &owner).await;
        }
        if found.state() == State::AwaitingPayment || self.chance.percent(if billed { 5 } else { 1 }) {
            return self.money(number, &owner).await;
        }
        if (awaits_visit && self.chance.percent(70)) || self.chance.percent(2) {
            return self.visit(number, &owner).await;
        }
        match people::step(&mut self.chance, &self.forms, &found, &owner) {
            Some((who, command)) => self.send(who, command).await,
            None => self.visit(number, &owner).await,
        }
    }

    /// Mostly one whose case goes on.
    fn somebody(&mut self) -> usize {
        let mut place = self.chance.below(self.cases.len());
        for _ in 0..3 {
            let state = self.cases[place].known.as_ref().map(Application::state);
            let over = matches!(state, Some(State::Completed | State::Cancelled | State::Rejected));
            if !over || self.chance.percent(20) {
                break;
            }
            place = self.chance.below(self.cases.len());
        }
        place
    }

    async fn read(&mut self, number: i64, owner: &Actor) -> Option<Application> {
        let mut client = ApplicationsClient::new(self.place.together.by("applications", owner.clone()));
        match command::told(client.get_application(GetApplicationRequest { number }).await, Application::clone) {
            Ok(found) => Some(found),
            Err(code) => {
                self.note("read", &code, false);
                None
            }
        }
    }

    async fn relay(&mut self) {
        let producer = self.chance.pick(&HERE).copied().unwrap_or("billing");
        let db = self.place.services[producer].context.db.clone();
        let done = self.transit.relay(producer, &db, &self.place.consumers()).await;
        let shown = done.as_ref().map_or_else(ToString::to_string, ToString::to_string);
        self.note(&format!("relay {producer}"), &shown, done.is_ok());
    }

    async fn deliver(&mut self) {
        let at_most = 1 + self.chance.below(BATCH);
        let readers = self.place.consumers().into_iter().cloned().collect::<Vec<_>>();
        let Some(reader) = self.chance.pick(&readers) else { return };
        let done = self.transit.deliver(reader, at_most).await;
        let shown = done.as_ref().map_or_else(ToString::to_string, ToString::to_string);
        self.note(&format!("deliver {}", reader.name), &shown, done.is_ok());
    }

    fn pass_time(&mut self) {
        let by = match self.chance.below(100) {
            0..=39 => self.chance.seconds(1, 120),
            40..=64 => self.chance.seconds(120, 3600),
            65..=87 => self.chance.seconds(3600, 40_000),
            _ => self.chance.seconds(86_400, 5 * 86_400),
        };
        self.place.clock.advance(by);
        self.note("clock", &format!("{} s", by.as_secs()), true);
    }

    async fn restart(&mut self) {
        let name = self.chance.pick(&HERE).copied().unwrap_or("billing");
        self.place.restart(name).await;
        self.note(&format!("restart {name}"), "", true);
    }

    async fn lose_tail(&mut self) {
        let producer = self.chance.pick(&HERE).copied().unwrap_or("billing");
        let db = self.place.services[producer].context.db.clone();
        let done = self.transit.lose_tail(producer, &db).await.unwrap_or_else(|error| error.to_string());
        self.note(&format!("loss {producer}"), &done, true);
    }
}
