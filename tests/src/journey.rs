//! The guide's journey over the API, one step at a time, so that a test says only what is special about it.

use serde_json::{Value, json};

use crate::{
    api::Api,
    bank, poll,
    world::{PASSWORD, World},
};

/// A small PDF without anything active in it.
pub const PAPER: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Signs a new person up and in.
pub async fn sign_up(api: &Api) -> Api {
    sign_up_as(api, json!({ "kind": "ACCOUNT_KIND_PERSON" })).await
}

/// Signs a new company up and in.
pub async fn sign_up_company(api: &Api, name: &str, bin: &str) -> Api {
    sign_up_as(api, json!({ "kind": "ACCOUNT_KIND_COMPANY", "company_name": name, "bin": bin })).await
}

async fn sign_up_as(api: &Api, kind: Value) -> Api {
    let email = format!("person.{}@mail.example", uuid::Uuid::new_v4().simple());
    let mut form = json!({
        "email": email, "password": PASSWORD, "given_name": "Nora", "surname": "Lind", "phone": "+77012345678",
        "locale": "en", "consent_version": 1,
    });
    form.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
    api.post("/accounts", form).await.ok();
    api.sign_in(&email, PASSWORD).await
}

/// The address that somebody signed up with.
pub async fn email(who: &Api) -> String {
    who.get("/account").await.ok()["email"].as_str().unwrap().to_owned()
}

/// The answers of a person, good for every form of the catalogue.
pub fn person(surname: &str, passport: &str) -> Value {
    json!({
        "surname": surname, "given_names": "ALEX", "sex": "male", "birth_date": "14.03.1988", "birth_place": "Oslo",
        "citizenship": "NO", "residence_country": "NO", "passport_number": passport,
        "passport_issued_on": "2022-01-10", "passport_expires_on": "2032-01-09", "visa_category": "B1",
        "purpose": "Business meetings", "stay_from": "2027-02-01", "stay_to": "2027-03-01", "post": "Engineer",
        "entry_date": "2026-10-01", "housing_address": "Mangilik el 55",
    })
}

/// What a draft has of an application's page.
pub fn version(application: &Value) -> i64 {
    application["version"].as_i64().unwrap()
}

pub fn number(application: &Value) -> i64 {
    application["number"].as_i64().unwrap()
}

/// A draft of these services, complete but for its submission: Amount persons on each line, a passport copy for each.
pub async fn complete_draft(who: &Api, services: &[(&str, u32)]) -> Value {
    complete_draft_as(who, services, json!({ "kind": "MEMBERSHIP_KIND_NOT_MEMBER" })).await
}

/// The same for a member, or for none.
pub async fn complete_draft_as(who: &Api, services: &[(&str, u32)], membership: Value) -> Value {
    let draft = opened(who, services).await;
    complete_as(who, number(&draft), services, membership, "N").await
}

/// The same with persons whom no other draft has: their passports begin so.
pub async fn complete_draft_of(who: &Api, services: &[(&str, u32)], passports: &str) -> Value {
    let draft = opened(who, services).await;
    let membership = json!({ "kind": "MEMBERSHIP_KIND_NOT_MEMBER" });
    complete_as(who, number(&draft), services, membership, passports).await
}

async fn opened(who: &Api, services: &[(&str, u32)]) -> Value {
    let codes: Vec<&str> = services.iter().map(|(code, _)| *code).collect();
    who.post("/applications", json!({ "type": "expat_centre", "services": codes })).await.ok()
}

/// The same with a draft that is there.
pub async fn complete(who: &Api, number: i64, services: &[(&str, u32)]) -> Value {
    complete_as(who, number, services, json!({ "kind": "MEMBERSHIP_KIND_NOT_MEMBER" }), "N").await
}

async fn complete_as(who: &Api, number: i64, services: &[(&str, u32)], membership: Value, passports: &str) -> Value {
    let draft = get(who, number).await;
    let lines: Vec<Value> = services
        .iter()
        .map(|(code, quantity)| json!({ "service_code": code, "quantity": quantity, "personal_manager": false }))
        .collect();
    let path = format!("/applications/{number}");
    let draft = who
        .put_at(
            &format!("{path}/services"),
            version(&draft),
            json!({ "membership": membership, "lines": lines, "walk_in": false }),
        )
        .await
        .ok();
    let mut draft = who
        .put_at(
            &format!("{path}/contact"),
            version(&draft),
            json!({ "contact": {
                "given_name": "Nora", "surname": "Lind", "email": "nora@mail.example", "phone": "+77012345678",
                "address": "Mangilik el 55, Astana",
            } }),
        )
        .await
        .ok();
    for (index, line) in draft["lines"].as_array().unwrap().clone().iter().enumerate() {
        let letters = ["A", "B", "C", "D"].iter().cycle();
        for (person_index, letter) in (0..line["quantity"].as_u64().unwrap()).zip(letters) {
            let answers = person(&format!("LIND{letter}"), &format!("{passports}{index}{person_index:06}"));
            draft = who
                .post_at(
                    &format!("{path}/persons"),
                    version(&draft),
                    json!({ "line_id": line["id"], "values": answers }),
                )
                .await
                .ok();
        }
    }
    for (item, code) in papers(&draft) {
        who.upload(number, &item, &code, &format!("{code}.pdf"), PAPER.to_vec()).await.ok();
    }
    get(who, number).await
}

/// What must be uploaded: the person item (empty: the application as a whole) and the paper's code.
pub fn papers(application: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let asked = |item: &str, list: &Value| -> Vec<(String, String)> {
        let list = list.as_array().cloned().unwrap_or_default();
        let due =
            list.iter().filter(|paper| paper["required"] == true && paper["files"].as_array().unwrap().is_empty());
        due.map(|paper| (item.to_owned(), text(&paper["code"]))).collect()
    };
    let lines = application["lines"].as_array().unwrap();
    let persons = lines.iter().flat_map(|line| line["persons"].as_array().unwrap());
    let of_persons = persons.flat_map(|person| asked(person["id"].as_str().unwrap(), &person["documents"]));
    of_persons.chain(asked("", &application["documents"])).collect()
}

/// Ids of all person items.
pub fn items(application: &Value) -> Vec<String> {
    let lines = application["lines"].as_array().unwrap();
    lines
        .iter()
        .flat_map(|line| line["persons"].as_array().unwrap())
        .map(|person| person["id"].as_str().unwrap().to_owned())
        .collect()
}

pub async fn get(who: &Api, number: i64) -> Value {
    who.get(&format!("/applications/{number}")).await.ok()
}

/// Waits until the application is in a state.
pub async fn in_state(who: &Api, number: i64, state: &str) -> Value {
    poll::until(&format!("application {number} in {state}"), || get(who, number), |seen| seen["state"] == state).await
}

pub async fn submit(who: &Api, draft: &Value) -> Value {
    let offer = who.get("/public-offer?locale=en").await.ok();
    let body = json!({ "accept_offer": true, "offer_version": offer["version"], "consent_version": 1 });
    who.post_at(&format!("/applications/{}/submit", number(draft)), version(draft), body).await.ok()
}

/// A move of the case by staff.
pub async fn step(staff: &Api, number: i64, name: &str, body: Value) -> Value {
    let seen = get(staff, number).await;
    staff.post_at(&format!("/applications/{number}/{name}"), version(&seen), body).await.ok()
}

/// Claimed, papers accepted, recommended by the manager; approved by the supervisor.
pub async fn approve(world: &World, number: i64) {
    let (manager, supervisor) = (world.demo("manager").await, world.demo("supervisor").await);
    review(&manager, number).await;
    step(&supervisor, number, "approve", json!({})).await;
}

/// A new person's case of these services, approved: who, and its number.
pub async fn approved(world: &World, services: &[(&str, u32)]) -> (Api, i64) {
    let who = sign_up(&world.api).await;
    let draft = complete_draft(&who, services).await;
    let number = number(&submit(&who, &draft).await);
    approve(world, number).await;
    (who, number)
}

/// The same, paid by card and confirmed: its visit may be booked.
pub async fn paid(world: &World, services: &[(&str, u32)]) -> (Api, i64) {
    let (who, number) = approved(world, services).await;
    let invoice = invoice(&who, number).await;
    pay(&who, &invoice, bank::PAYS).await;
    confirm(&world.demo("manager").await, number).await;
    in_state(&who, number, "STATE_AWAITING_DOCUMENTS").await;
    (who, number)
}

/// Claimed, papers accepted and recommended.
pub async fn review(manager: &Api, number: i64) {
    step(manager, number, "claim", json!({})).await;
    accept_papers(manager, number).await;
    step(manager, number, "recommend", json!({})).await;
}

/// Accepts every uploaded file.
pub async fn accept_papers(manager: &Api, number: i64) {
    let seen = get(manager, number).await;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let lines = list(&seen["lines"]);
    let persons = lines.iter().flat_map(|line| list(&line["persons"]));
    let of_persons = persons.flat_map(|person| list(&person["documents"]));
    for item in of_persons.chain(list(&seen["documents"])) {
        for file in list(&item["files"]) {
            let path = format!("documents/{}/review", file["id"].as_str().unwrap());
            step(manager, number, &path, json!({ "accept": true })).await;
        }
    }
}

/// The guide's payer form, filled in.
pub fn payer() -> Value {
    json!({
        "payment": "online", "payment_type": "individual", "given_name": "Nora", "surname": "Lind", "patronymic": "",
        "residency": "KZ", "citizenship": "KZ", "tax_number": "900101390002", "identity_number": "N1234567",
        "zip_code": "010000", "country": "KZ", "city": "Astana", "district": "Astana",
    })
}

/// "Next": the invoice, once billing has heard of the approval.
pub async fn invoice(who: &Api, number: i64) -> Value {
    let path = format!("/applications/{number}/billing");
    poll::until("what there is to pay", || who.get(&path), |seen| seen.status.is_success()).await;
    who.post(&format!("/applications/{number}/invoices"), json!({ "payer": payer() })).await.ok()
}

/// "Pay", the bank's page by card, "Close". Answers the attempt's id.
pub async fn pay(who: &Api, invoice: &Value, card: &str) -> String {
    let started = start_attempt(who, invoice).await;
    bank::pay(started["invoice_link"].as_str().unwrap(), card).await;
    let attempt = started["attempt"]["id"].as_str().unwrap().to_owned();
    who.post(&format!("/attempts/{attempt}/check"), json!({})).await.ok();
    attempt
}

pub async fn start_attempt(who: &Api, invoice: &Value) -> Value {
    let id = invoice["id"].as_str().unwrap();
    who.post(&format!("/invoices/{id}/attempts"), json!({ "terms_accepted": true, "locale": "en" })).await.ok()
}

/// A manager confirms the money.
pub async fn confirm(manager: &Api, number: i64) {
    let path = format!("/applications/{number}/billing");
    let seen = poll::until(
        "payment \"Pending\"",
        || async { manager.get(&path).await.ok() },
        |seen| seen["payment_status"] == "PAYMENT_STATUS_PENDING",
    )
    .await;
    manager.post_at(&format!("/payments/{number}/confirm"), version(&seen), json!({})).await.ok();
}

/// Books all persons into the first free slots.
pub async fn book(who: &Api, application: &Value) -> Value {
    let number = number(application);
    let path = format!("/applications/{number}/slots");
    let slots = poll::until("slots", || who.get(&path), |seen| seen.status.is_success()).await.ok();
    let mut free: Vec<i64> = Vec::new();
    for slot in slots["slots"].as_array().unwrap() {
        for _ in 0..slot["free"].as_u64().unwrap() {
            free.push(slot["start_at_micros"].as_i64().unwrap());
        }
    }
    let choices: Vec<Value> = items(application)
        .iter()
        .zip(free)
        .map(|(item, start)| json!({ "person_item_id": item, "start_at_micros": start }))
        .collect();
    who.post(&format!("/applications/{number}/appointments"), json!({ "appointments": choices })).await.ok()
}

/// Originals received, every person granted, ready, handed out.
pub async fn finish(manager: &Api, number: i64) {
    let seen = get(manager, number).await;
    step(manager, number, "originals", json!({ "person_item_ids": items(&seen) })).await;
    for item in items(&seen) {
        step(manager, number, "decisions", json!({ "person_item_id": item, "granted": true, "note": "KZ-1" })).await;
    }
    step(manager, number, "ready", json!({})).await;
    let given = json!({ "person_item_ids": items(&seen), "way": "in_person" });
    step(manager, number, "hand-outs", given).await;
    step(manager, number, "complete", json!({})).await;
}
