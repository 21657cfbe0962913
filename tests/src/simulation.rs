//! The money and booking rules under a bus, a bank and a clock that misbehave: applications, billing, payments and
//! booking as they are, side by side in one thread, and a seed that decides everything else. The same seed gives the
//! same run.

mod bank;
mod chance;
mod check;
mod command;
mod ending;
mod pay;
mod people;
mod place;
mod transit;

use std::collections::{BTreeMap, BTreeSet};

use kernel::Actor;
use proto::{
    applications::v1::{
        Application, GetApplicationRequest, GetCatalogueRequest, PaymentStatus, State,
        applications_client::ApplicationsClient,
    },
    booking::v1::{GetBookingRightRequest, ListSlotsRequest, booking_client::BookingClient},
};
use tokio::task::JoinHandle;

use chance::Chance;
use command::Command;
use people::Forms;
use place::{HERE, Place};
use transit::Transit;

/// Steps of one run before everything is let settle.
pub const STEPS: u64 = 800;
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
        let broken = check::now(&simulation.place, &mut simulation.paid).await;
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
        match self.chance.below(100) {
            0..=44 => self.somebody_acts().await,
            45..=58 => self.relay().await,
            59..=76 => self.deliver().await,
            77..=82 => {
                let done = self.place.bank.act();
                self.note("bank", &done, true);
            }
            83..=85 => self.callback().await,
            86..=88 => self.inquire().await,
            89..=92 => self.pass_time(),
            93..=94 => self.repeat().await,
            95 => self.restart().await,
            96 => self.lose_tail().await,
            97..=98 => self.let_go().await,
            _ => self.check_attempt().await,
        }
    }

    async fn somebody_acts(&mut self) {
        if self.cases.len() < 3 || (self.cases.len() < CASES_MAX && self.chance.percent(6)) {
            let who = people::owner(self.cases.len());
            let command = people::creating(&mut self.chance);
            self.send(who, command).await;
            return;
        }
        let place = self.chance.below(self.cases.len());
        let (number, owner) = (self.cases[place].number, self.cases[place].owner.clone());
        let stale = self.cases[place].known.clone().filter(|_| self.chance.percent(6));
        let Some(found) = (match stale {
            Some(stale) => Some(stale),
            None => self.read(number, &owner).await,
        }) else {
            return;
        };
        self.cases[place].known = Some(found.clone());
        if self.chance.percent(3) {
            let (who, command) = people::cancelling(&mut self.chance, &found, &owner);
            return self.send(who, command).await;
        }
        let ended = matches!(found.state(), State::Completed | State::Cancelled);
        let paid = matches!(found.payment_status(), PaymentStatus::Paid | PaymentStatus::PartlyRefunded);
        let often = match (ended, paid) {
            (true, _) => 60,
            (false, true) => 30,
            (false, false) => 3,
        };
        if self.chance.percent(often) {
            return self.refund(number, &owner).await;
        }
        let awaits_visit = matches!(found.state(), State::AwaitingDocuments | State::DocsPartial);
        if found.state() == State::AwaitingPayment || self.chance.percent(5) {
            return self.money(number, &owner).await;
        }
        if (awaits_visit && self.chance.percent(70)) || self.chance.percent(5) {
            return self.visit(number, &owner).await;
        }
        match people::step(&mut self.chance, &self.forms, &found, &owner) {
            Some((who, command)) => self.send(who, command).await,
            None => self.visit(number, &owner).await,
        }
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

    async fn visit(&mut self, number: i64, owner: &Actor) {
        let mut client = BookingClient::new(self.place.together.by("booking", owner.clone()));
        let request = GetBookingRightRequest { application_number: number };
        let Ok(right) = client.get_booking_right(request).await else { return self.note("visit", "no right", false) };
        let request =
            ListSlotsRequest { application_number: number, date: String::new(), ..ListSlotsRequest::default() };
        let slots = client.list_slots(request).await.map(|listed| listed.into_inner().slots).unwrap_or_default();
        match people::visiting(&mut self.chance, right.get_ref(), &slots, owner) {
            Some((who, command)) => self.send(who, command).await,
            None => self.note("visit", "nothing to do", false),
        }
    }

    /// Sends a command, mostly under a key; its answer may be lost on the way.
    async fn send(&mut self, who: Actor, command: Command) {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        let lost = self.chance.percent(4);
        let service = command.service();
        // A cancellation asks billing first, whose answer may be the one that is lost.
        let inner = matches!(command, Command::Cancel(_)) && self.chance.percent(12);
        let caller = self.place.together.by(service, who.clone()).with_key(&key);
        self.place.together.lose_answer(service, lost);
        self.place.together.lose_answer("billing", inner || (lost && service == "billing"));
        let answer = command.clone().send(caller).await;
        self.place.together.lose_answer(service, false);
        self.place.together.lose_answer("billing", false);
        let shown = answer.clone().unwrap_or_else(|code| code);
        self.note(&command.name(), &shown, answer.is_ok());
        if let Ok(done) = &answer {
            self.acknowledge(&command, done, &who);
        }
        let unknown = (lost || inner) && answer.is_err();
        self.sent.push(Sent { who, command, key, answer: (!unknown).then_some(answer) });
    }

    /// What a client may rely on from now on.
    fn acknowledge(&mut self, command: &Command, done: &str, who: &Actor) {
        let words: Vec<&str> = done.split(' ').collect();
        let first = words.first().copied().unwrap_or_default().to_owned();
        match command {
            Command::Create(_) => {
                if let Ok(number) = first.parse()
                    && !self.cases.iter().any(|case| case.number == number)
                {
                    self.cases.push(Case { number, owner: who.clone(), known: None });
                }
                self.acknowledged.insert(("application", first));
            }
            Command::Approve(_) => drop(self.acknowledged.insert(("approved", first))),
            Command::Complete(_) => drop(self.acknowledged.insert(("completed", first))),
            Command::Confirm(_) => drop(self.acknowledged.insert(("paid", first))),
            Command::Issue(_) => drop(self.acknowledged.insert(("invoice", words[1].to_owned()))),
            Command::Book(_) => {
                for booked in &words[1..] {
                    let id = booked.split(':').next().unwrap_or_default();
                    self.acknowledged.insert(("appointment", id.to_owned()));
                }
            }
            Command::SaveServices(_)
            | Command::SaveContact(_)
            | Command::SavePerson(_)
            | Command::Submit(_)
            | Command::Cancel(_)
            | Command::Claim(_)
            | Command::Return(_)
            | Command::Recommend(_)
            | Command::SendBack(_)
            | Command::Reject(_)
            | Command::Receive(_)
            | Command::Decide(_)
            | Command::Ready(_)
            | Command::HandOut(_)
            | Command::Decline(_)
            | Command::AskRefund(_)
            | Command::ReviewRefund(_)
            | Command::DecideRefund(_)
            | Command::SendRefund(_)
            | Command::ExecuteRefund(_)
            | Command::CancelVisit(_)
            | Command::CheckIn(_)
            | Command::Served(_)
            | Command::Missed(_)
            | Command::Callback(_) => {}
        }
    }

    /// A client sends a request again under its key: it has one effect and the same answer.
    async fn repeat(&mut self) {
        if self.sent.is_empty() {
            return;
        }
        let place = self.sent.len() - 1 - self.chance.below(self.sent.len().min(25));
        let (who, command, key) = {
            let sent = &self.sent[place];
            (sent.who.clone(), sent.command.clone(), sent.key.clone())
        };
        let caller = self.place.together.by(command.service(), who.clone()).with_key(&key);
        let answer = command.clone().send(caller).await;
        let shown = answer.clone().unwrap_or_else(|code| code);
        self.note(&format!("again {}", command.name()), &shown, answer.is_ok());
        if let Some(Ok(before)) = &self.sent[place].answer
            && answer.as_ref() != Ok(before)
            && !matches!(command, Command::Callback(_))
        {
            self.broken.push(format!("{}: answered '{before}', and again '{shown}'", command.name()));
        }
        if let Ok(done) = &answer {
            self.acknowledge(&command, done, &who);
        }
        self.sent[place].answer = Some(answer);
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
            0..=44 => self.chance.seconds(1, 120),
            45..=74 => self.chance.seconds(120, 3600),
            75..=93 => self.chance.seconds(3600, 40_000),
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
