//! The process killed at each named point, and at random moments of the journey: whatever was answered is there, once,
//! and the next start goes on.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{
    api::{Answer, Api},
    bank,
    child::{ClientLog, Ports, Process},
    journey as j,
    world::PASSWORD,
};

/// A portal that is started again whenever it is found dead.
struct Survivor {
    folder: tempfile::TempDir,
    ports: Ports,
    process: Option<Process>,
    log: ClientLog,
    starts: u32,
}

impl Survivor {
    async fn new(crash_point: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = ClientLog(folder.path().join("client.log"));
        let ports = Ports::free();
        let mut survivor = Self { folder, ports, process: None, log, starts: 0 };
        // A point may be passed during the very first start.
        survivor.process = Process::start(survivor.data().as_path(), ports, crash_point).await;
        survivor.alive().await;
        survivor
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    async fn alive(&mut self) {
        let runs = self.process.as_mut().is_some_and(Process::runs);
        if !runs {
            self.starts += 1;
            assert!(self.starts < 10, "the portal does not come back");
            self.process = Process::start(self.data().as_path(), self.ports, None).await;
        }
    }

    async fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
        self.starts = 0;
        self.alive().await;
    }

    /// Sends until there is an answer: the same key makes a repeated request safe.
    async fn send(
        &mut self,
        who: &Api,
        method: Method,
        path: &str,
        body: Option<Value>,
        version: Option<i64>,
    ) -> Value {
        let key = uuid::Uuid::new_v4().to_string();
        for _ in 0..200 {
            let answer: Answer = who.send(method.clone(), path, body.clone(), Some(&key), version).await;
            let again = answer.status.as_u16() == 599
                || answer.status == StatusCode::SERVICE_UNAVAILABLE
                || answer.status == StatusCode::GATEWAY_TIMEOUT;
            if !again {
                return answer.ok();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.alive().await;
        }
        panic!("{method} {path} is never answered");
    }

    async fn until(&mut self, who: &Api, path: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1500 {
            let answer = who.get(path).await;
            if answer.status.is_success() && fits(&answer.body) {
                return answer.body;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.alive().await;
        }
        panic!("waited in vain for {what} at {path}");
    }

    async fn sign_in(&mut self, api: &Api, name: &str) -> Api {
        let body = json!({ "email": format!("{name}@demo.example"), "password": PASSWORD });
        let pair = self.send(api, Method::POST, "/tokens", Some(body), None).await;
        api.with_token(pair["access_token"].as_str().unwrap())
    }

    async fn step(&mut self, who: &Api, number: i64, name: &str, body: Value) -> Value {
        let path = format!("/applications/{number}");
        let seen = self.until(who, &path, "the case", |_| true).await;
        self.send(who, Method::POST, &format!("{path}/{name}"), Some(body), Some(j::version(&seen))).await
    }
}

/// The journey, every acknowledged write noted.
async fn walk(survivor: &mut Survivor) {
    let api = Api::new(&format!("http://{}", survivor.ports.portal));
    let who = survivor.sign_in(&api, "applicant").await;
    let manager = survivor.sign_in(&api, "manager").await;
    let supervisor = survivor.sign_in(&api, "supervisor").await;

    let body = json!({ "type": "expat_centre", "services": ["INVB1S"] });
    let draft = survivor.send(&who, Method::POST, "/applications", Some(body), None).await;
    let number = j::number(&draft);
    survivor.log.note("application", number);
    let path = format!("/applications/{number}");
    let services = json!({
        "membership": { "kind": "MEMBERSHIP_KIND_NOT_MEMBER" }, "walk_in": false,
        "lines": [{ "service_code": "INVB1S", "quantity": 1, "personal_manager": false }],
    });
    let draft =
        survivor.send(&who, Method::PUT, &format!("{path}/services"), Some(services), Some(j::version(&draft))).await;
    let contact = json!({ "contact": { "given_name": "Nora", "surname": "Lind", "email": "nora@mail.example",
        "phone": "+77012345678", "address": "Mangilik el 55" } });
    let draft =
        survivor.send(&who, Method::PUT, &format!("{path}/contact"), Some(contact), Some(j::version(&draft))).await;
    let person = json!({ "line_id": draft["lines"][0]["id"], "values": j::person("LIND", "N1234567") });
    let draft =
        survivor.send(&who, Method::POST, &format!("{path}/persons"), Some(person), Some(j::version(&draft))).await;
    let item = j::items(&draft)[0].clone();
    // An upload that breaks off is made again by choosing the file again.
    while !who.upload(number, &item, "passport_copy", "passport.pdf", j::PAPER.to_vec()).await.status.is_success() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        survivor.alive().await;
    }
    survivor.step(&who, number, "submit", json!({ "accept_offer": true, "offer_version": 1 })).await;
    survivor.log.note("submitted", number);

    survivor.step(&manager, number, "claim", json!({})).await;
    let seen = survivor.until(&manager, &path, "the case", |_| true).await;
    for file in seen["lines"][0]["persons"][0]["documents"][0]["files"].as_array().unwrap() {
        let review = format!("documents/{}/review", file["id"].as_str().unwrap());
        survivor.step(&manager, number, &review, json!({ "accept": true })).await;
    }
    survivor.step(&manager, number, "recommend", json!({})).await;
    survivor.step(&supervisor, number, "approve", json!({})).await;
    survivor.log.note("approved", number);

    let billing = format!("{path}/billing");
    survivor.until(&who, &billing, "what there is to pay", |_| true).await;
    let payer = json!({ "payer": j::payer() });
    let invoice = survivor.send(&who, Method::POST, &format!("{path}/invoices"), Some(payer), None).await;
    let invoice_id = invoice["id"].as_str().unwrap().to_owned();
    survivor.log.note("invoice", &invoice_id);
    let terms = json!({ "terms_accepted": true, "locale": "en" });
    let attempts = format!("/invoices/{invoice_id}/attempts");
    let started = survivor.send(&who, Method::POST, &attempts, Some(terms), None).await;
    let attempt = started["attempt"]["id"].as_str().unwrap().to_owned();
    survivor.log.note("attempt", &attempt);
    while bank::try_pay(started["invoice_link"].as_str().unwrap(), bank::PAYS).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
        survivor.alive().await;
    }
    survivor.send(&who, Method::POST, &format!("/attempts/{attempt}/check"), Some(json!({})), None).await;
    let pending = survivor
        .until(&manager, &billing, "\"Pending\"", |seen| seen["payment_status"] == "PAYMENT_STATUS_PENDING")
        .await;
    let confirm = format!("/payments/{number}/confirm");
    survivor.send(&manager, Method::POST, &confirm, Some(json!({})), Some(j::version(&pending))).await;
    survivor.log.note("paid", number);

    survivor.until(&who, &format!("{path}/booking"), "the right to book", |seen| seen["open"] == true).await;
    let slots = survivor.until(&who, &format!("{path}/slots"), "slots", |_| true).await;
    let free = slots["slots"].as_array().unwrap().iter().find(|slot| slot["free"].as_u64() > Some(0)).unwrap().clone();
    let choice = json!({ "appointments": [{ "person_item_id": item, "start_at_micros": free["start_at_micros"] }] });
    let booked = survivor.send(&who, Method::POST, &format!("{path}/appointments"), Some(choice), None).await;
    survivor.log.note("appointment", booked["appointments"][0]["id"].as_str().unwrap());
    survivor.until(&manager, &path, "documents awaited", |seen| seen["state"] == "STATE_AWAITING_DOCUMENTS").await;
    survivor.step(&manager, number, "originals", json!({ "person_item_ids": [item] })).await;
    survivor.step(&manager, number, "decisions", json!({ "person_item_id": item, "granted": true })).await;
    survivor.step(&manager, number, "ready", json!({})).await;
    survivor.step(&manager, number, "complete", json!({})).await;
    survivor.log.note("completed", number);
}

/// Everything delivered, everything acknowledged there once, and a clean stop.
async fn prove(mut survivor: Survivor) {
    survivor.alive().await;
    let (data, log) = (survivor.data(), survivor.log.0.clone());
    testkit::poll::until(
        "all promises kept",
        || async {
            let places = portal::check::Places::in_folder(&data).unwrap();
            portal::check::run(&places, Some(&log), true).await.unwrap()
        },
        portal::check::Report::is_sound,
    )
    .await;
    let status = survivor.process.take().unwrap().terminate().await;
    assert!(status.success(), "a stop by SIGTERM ends with {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_each_named_point_nothing_that_was_answered_is_lost_or_doubled() {
    for point in chassis::crash::POINTS {
        let passes = if point.starts_with("command") || point.starts_with("relay") || point.starts_with("inbox") {
            9
        } else {
            1
        };
        let mut survivor = Survivor::new(Some(&format!("{point}:{passes}"))).await;
        walk(&mut survivor).await;
        assert!(survivor.starts > 0, "the point {point} was never passed");
        prove(survivor).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_twenty_random_moments_nothing_that_was_answered_is_lost_or_doubled() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut survivor = Survivor::new(None).await;
    let mut kills = 0;
    while kills < 20 {
        // One journey runs until a random moment, then the process dies under it and the journey goes on.
        let moment = Duration::from_millis(random.random_range(50..1500));
        let pid = survivor.process.as_ref().and_then(Process::pid).unwrap();
        let killer = tokio::spawn(async move {
            tokio::time::sleep(moment).await;
            let _ = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
        });
        walk(&mut survivor).await;
        killer.await.unwrap();
        survivor.starts = 0;
        survivor.alive().await;
        kills += 1;
    }
    survivor.kill().await;
    prove(survivor).await;
}
