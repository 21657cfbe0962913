//! A client that does not give up: it sends a request again, under the same key, until there is an answer, and notes what
//! was acknowledged. What it may do while a portal dies and comes back is the journey, whole.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    api::{Answer, Api},
    bank,
    child::ClientLog,
    journey as j,
    world::PASSWORD,
};

/// A portal that comes back, whoever sees to that.
#[expect(async_fn_in_trait, reason = "used within this crate's tests only")]
pub trait Revived {
    /// Called after each answer that never came.
    async fn alive(&mut self);
}

/// Somebody else starts what dies.
pub struct Kept;

impl Revived for Kept {
    async fn alive(&mut self) {}
}

/// The client and the log of what was acknowledged to it.
pub struct Steadfast<R> {
    pub base: String,
    pub log: ClientLog,
    pub portal: R,
}

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// Whether an answer says nothing about what became of the request.
pub fn is_unknown(answer: &Answer) -> bool {
    answer.status.as_u16() == 599
        || [StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT, StatusCode::BAD_GATEWAY]
            .contains(&answer.status)
}

impl<R: Revived> Steadfast<R> {
    /// Sends until there is an answer: the same key makes a repeated request safe.
    pub async fn ask(
        &mut self,
        who: &Api,
        method: Method,
        path: &str,
        body: Option<Value>,
        version: Option<i64>,
    ) -> Answer {
        let key = uuid::Uuid::new_v4().to_string();
        let mut last = None;
        for _ in 0..2400 {
            let answer: Answer = who.send(method.clone(), path, body.clone(), Some(&key), version).await;
            if !is_unknown(&answer) {
                return answer;
            }
            last = Some(answer);
            tokio::time::sleep(PAUSE).await;
            self.portal.alive().await;
        }
        panic!("{method} {path} is never answered: {last:?}");
    }

    /// What nobody refuses.
    pub async fn send(
        &mut self,
        who: &Api,
        method: Method,
        path: &str,
        body: Option<Value>,
        version: Option<i64>,
    ) -> Value {
        self.ask(who, method, path, body, version).await.ok()
    }

    /// Chooses among the times on offer, and again when somebody else was faster.
    async fn book(&mut self, who: &Api, path: &str, item: &str) -> Value {
        loop {
            let slots = self.until(who, &format!("{path}/slots"), "slots", |_| true).await;
            let slots = slots["slots"].as_array().unwrap();
            let free = slots.iter().find(|slot| slot["free"].as_u64() > Some(0)).unwrap();
            let choice =
                json!({ "appointments": [{ "person_item_id": item, "start_at_micros": free["start_at_micros"] }] });
            let path = format!("{path}/appointments");
            let answer = self.ask(who, Method::POST, &path, Some(choice), None).await;
            if answer.body["violations"][0]["code"] != "SLOT_FULL" {
                return answer.ok();
            }
        }
    }

    pub async fn until(&mut self, who: &Api, path: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = None;
        // A fact whose reader died is delivered again after half a minute, its second time after more; several wait in a row.
        for _ in 0..15_000 {
            let answer = who.get(path).await;
            if answer.status.is_success() && fits(&answer.body) {
                return answer.body;
            }
            last = Some(answer);
            tokio::time::sleep(Duration::from_millis(20)).await;
            self.portal.alive().await;
        }
        panic!("waited in vain for {what} at {path}: {last:?}");
    }

    pub async fn sign_in(&mut self, api: &Api, name: &str) -> Api {
        let body = json!({ "email": format!("{name}@demo.example"), "password": PASSWORD });
        let pair = self.send(api, Method::POST, "/tokens", Some(body), None).await;
        api.with_token(pair["access_token"].as_str().unwrap())
    }

    async fn step(&mut self, who: &Api, number: i64, name: &str, body: Value) -> Value {
        let path = format!("/applications/{number}");
        let seen = self.until(who, &path, "the case", |_| true).await;
        self.send(who, Method::POST, &format!("{path}/{name}"), Some(body), Some(j::version(&seen))).await
    }

    /// The journey, every acknowledged write noted.
    pub async fn walk(&mut self) {
        let api = Api::new(&self.base.clone());
        let who = self.sign_in(&api, "applicant").await;
        let manager = self.sign_in(&api, "manager").await;
        let supervisor = self.sign_in(&api, "supervisor").await;

        let body = json!({ "type": "expat_centre", "services": ["INVB1S"] });
        let draft = self.send(&who, Method::POST, "/applications", Some(body), None).await;
        let number = j::number(&draft);
        self.log.note("application", number);
        let path = format!("/applications/{number}");
        let services = json!({
            "membership": { "kind": "MEMBERSHIP_KIND_NOT_MEMBER" }, "walk_in": false,
            "lines": [{ "service_code": "INVB1S", "quantity": 1, "personal_manager": false }],
        });
        let draft =
            self.send(&who, Method::PUT, &format!("{path}/services"), Some(services), Some(j::version(&draft))).await;
        let contact = json!({ "contact": { "given_name": "Nora", "surname": "Lind", "email": "nora@mail.example",
            "phone": "+77012345678", "address": "Mangilik el 55" } });
        let draft =
            self.send(&who, Method::PUT, &format!("{path}/contact"), Some(contact), Some(j::version(&draft))).await;
        let person = json!({ "line_id": draft["lines"][0]["id"], "values": j::person("LIND", "N1234567") });
        let draft =
            self.send(&who, Method::POST, &format!("{path}/persons"), Some(person), Some(j::version(&draft))).await;
        let item = j::items(&draft)[0].clone();
        // An upload that breaks off is made again by choosing the file again.
        for (item, code) in j::papers(&draft) {
            while !who.upload(number, &item, &code, "paper.pdf", j::PAPER.to_vec()).await.status.is_success() {
                tokio::time::sleep(PAUSE).await;
                self.portal.alive().await;
            }
        }
        self.step(&who, number, "submit", json!({ "accept_offer": true, "offer_version": 1, "consent_version": 1 }))
            .await;
        self.log.note("submitted", number);

        self.step(&manager, number, "claim", json!({})).await;
        let seen = self.until(&manager, &path, "the case", |_| true).await;
        let items = seen["lines"][0]["persons"][0]["documents"].as_array().unwrap();
        for file in items.iter().flat_map(|item| item["files"].as_array().unwrap()) {
            let review = format!("documents/{}/review", file["id"].as_str().unwrap());
            self.step(&manager, number, &review, json!({ "accept": true })).await;
        }
        self.step(&manager, number, "recommend", json!({})).await;
        self.step(&supervisor, number, "approve", json!({})).await;
        self.log.note("approved", number);

        let billing = format!("{path}/billing");
        self.until(&who, &billing, "what there is to pay", |_| true).await;
        let payer = json!({ "payer": j::payer() });
        let invoice = self.send(&who, Method::POST, &format!("{path}/invoices"), Some(payer), None).await;
        let invoice_id = invoice["id"].as_str().unwrap().to_owned();
        self.log.note("invoice", &invoice_id);
        let terms = json!({ "terms_accepted": true, "locale": "en" });
        let attempts = format!("/invoices/{invoice_id}/attempts");
        let mut started = self.send(&who, Method::POST, &attempts, Some(terms.clone()), None).await;
        // A bank that made no payment link is asked again, as a payer presses "Pay" again.
        while started["invoice_link"].as_str().unwrap_or_default().is_empty() {
            tokio::time::sleep(PAUSE).await;
            started = self.send(&who, Method::POST, &attempts, Some(terms.clone()), None).await;
        }
        let attempt = started["attempt"]["id"].as_str().unwrap().to_owned();
        self.log.note("attempt", &attempt);
        while bank::try_pay(started["invoice_link"].as_str().unwrap(), bank::PAYS).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.portal.alive().await;
        }
        self.send(&who, Method::POST, &format!("/attempts/{attempt}/check"), Some(json!({})), None).await;
        let pending = self
            .until(&manager, &billing, "\"Pending\"", |seen| seen["payment_status"] == "PAYMENT_STATUS_PENDING")
            .await;
        let confirm = format!("/payments/{number}/confirm");
        self.send(&manager, Method::POST, &confirm, Some(json!({})), Some(j::version(&pending))).await;
        self.log.note("paid", number);

        self.until(&who, &format!("{path}/booking"), "the right to book", |seen| seen["open"] == true).await;
        let booked = self.book(&who, &path, &item).await;
        self.log.note("appointment", booked["appointments"][0]["id"].as_str().unwrap());
        self.until(&manager, &path, "documents awaited", |seen| seen["state"] == "STATE_AWAITING_DOCUMENTS").await;
        self.step(&manager, number, "originals", json!({ "person_item_ids": [item] })).await;
        self.step(&manager, number, "decisions", json!({ "person_item_id": item, "granted": true })).await;
        self.step(&manager, number, "ready", json!({})).await;
        self.step(&manager, number, "hand-outs", json!({ "person_item_ids": [item], "way": "in_person" })).await;
        self.step(&manager, number, "complete", json!({})).await;
        self.log.note("completed", number);
    }
}
