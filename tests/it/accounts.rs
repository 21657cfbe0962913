//! An account from sign-up on: its address verified by a letter, its password forgotten and set anew, in a browser without
//! JavaScript.

use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::json;
use testkit::{World, journey as j, poll, world::PASSWORD};

const NEW_PASSWORD: &str = "Indigo-Kettle-Gravel-7";

fn browser() -> Client {
    Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap()
}

async fn page(browser: &Client, url: &str) -> String {
    browser.get(url).send().await.unwrap().text().await.unwrap()
}

/// Sends the form that a page holds, with what is typed into it.
async fn send(browser: &Client, base: &str, path: &str, page: &str, typed: &[(&str, &str)]) -> (StatusCode, String) {
    let hidden = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    };
    let mut form = vec![("form_token", hidden("form_token")), ("form_key", uuid::Uuid::new_v4().to_string())];
    if page.contains("name=\"token\"") {
        form.push(("token", hidden("token")));
    }
    form.extend(typed.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let answer = browser.post(format!("{base}{path}")).header("origin", base).form(&form).send().await.unwrap();
    let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status(), place)
}

/// The link in the newest letter to an address that holds one to a page.
async fn link(world: &World, to: &str, page: &str) -> String {
    let mark = format!("{page}?token=");
    let letters = poll::until(
        &format!("a letter to {to} with a link to {page}"),
        || async { world.mailbox().messages() },
        |seen| seen.iter().any(|letter| letter.to.iter().any(|found| found == to) && letter.text.contains(&mark)),
    )
    .await;
    let letter =
        letters.iter().find(|letter| letter.to.iter().any(|found| found == to) && letter.text.contains(&mark)).unwrap();
    letter.text.split_whitespace().find(|word| word.contains(&mark)).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_verified_and_a_forgotten_password_set_anew_by_mail() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let who = j::sign_up(&world.api).await;
    let account = who.get("/account").await.ok();
    let email = account["email"].as_str().unwrap().to_owned();
    assert_eq!(account["email_verified"], false);

    // On another device, signed out; a program that looked the mail through has followed the link before.
    let phone = browser();
    let verify = link(&world, &email, "/verify-email").await;
    assert!(verify.starts_with(&base), "{verify}");
    page(&browser(), &verify).await;
    let shown = page(&phone, &verify).await;
    assert_eq!(who.get("/account").await.ok()["email_verified"], false);
    let done = send(&phone, &base, "/verify-email", &shown, &[]).await;
    assert_eq!(done, (StatusCode::SEE_OTHER, "/verify-email?done".to_owned()));
    assert_eq!(who.get("/account").await.ok()["email_verified"], true);
    let (twice, _) = send(&phone, &base, "/verify-email", &shown, &[]).await;
    assert_eq!(twice, StatusCode::UNPROCESSABLE_ENTITY);

    // Two devices are signed in, and their owner has forgotten the password.
    let (laptop, program) = (browser(), world.api.clone());
    let login = page(&laptop, &format!("{base}/login")).await;
    let typed = [("email", email.as_str()), ("password", PASSWORD)];
    assert_eq!(send(&laptop, &base, "/login", &login, &typed).await.0, StatusCode::SEE_OTHER);
    let pair = program.post("/tokens", json!({ "email": email, "password": PASSWORD })).await.ok();
    let mut answers = Vec::new();
    for address in [email.as_str(), "nobody.at.all@mail.example"] {
        let asking = browser();
        let form = page(&asking, &format!("{base}/forgot-password")).await;
        let (status, place) = send(&asking, &base, "/forgot-password", &form, &[("email", address)]).await;
        assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, "/forgot-password?sent"));
        let shown = page(&asking, &format!("{base}{place}")).await;
        // Form tokens are each browser's own.
        answers.push(shown.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned());
    }
    assert_eq!(answers[0], answers[1], "an unknown address looks the same");
    let reset = link(&world, &email, "/reset-password").await;
    let form = page(&phone, &reset).await;
    let typed = [("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)];
    let done = send(&phone, &base, "/reset-password", &form, &typed).await;
    assert_eq!(done, (StatusCode::SEE_OTHER, "/login?reset".to_owned()));
    let ended = laptop.get(format!("{base}/account")).send().await.unwrap();
    assert_eq!(
        (ended.status(), ended.headers()["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/login?next=account")
    );
    let refreshed = program.post("/tokens/refresh", json!({ "refresh_token": pair["refresh_token"] })).await;
    assert_eq!(refreshed.status, StatusCode::UNAUTHORIZED);
    let former = program.post("/tokens", json!({ "email": email, "password": PASSWORD })).await;
    assert_eq!(former.refused(), "CREDENTIALS_WRONG");
    let again = world.api.sign_in(&email, NEW_PASSWORD).await;
    let messages = poll::until(
        "the owner is told",
        || async { again.get("/messages").await.ok() },
        |seen| seen["messages"].as_array().unwrap().iter().any(|message| message["kind"] == "password_changed"),
    )
    .await;
    // What stands in the portal is no way in.
    assert!(!messages.to_string().contains("token="), "{messages}");
    assert!(world.mailbox().messages().iter().all(|letter| letter.to != ["nobody.at.all@mail.example"]));
    world.end().await;
}

/// Would have found: a letter to the new address that anyone but its reader could use, sessions that can't be told apart.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_changed_by_mail_and_other_devices_are_signed_out() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let who = j::sign_up(&world.api).await;
    let email = who.get("/account").await.ok()["email"].as_str().unwrap().to_owned();
    let moved = format!("moved.{email}");
    let wrong = who.post("/account/email", json!({ "email": moved, "password": "wrong" })).await;
    assert_eq!(wrong.at("password"), Some("PASSWORD_WRONG"));
    who.post("/account/email", json!({ "email": moved, "password": PASSWORD })).await.ok();
    let confirm = link(&world, &moved, "/confirm-email").await;
    let phone = Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .user_agent("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0")
        .build()
        .unwrap();
    let shown = page(&phone, &confirm).await;
    assert_eq!(who.get("/account").await.ok()["email"], json!(email));
    assert_eq!(send(&phone, &base, "/confirm-email", &shown, &[]).await.0, StatusCode::SEE_OTHER);
    let account = who.get("/account").await.ok();
    assert_eq!((&account["email"], &account["email_verified"]), (&json!(moved), &json!(true)));
    poll::until(
        "the former address is told",
        || async { world.mailbox().messages() },
        |seen| {
            let to_former = |letter: &&sandbox_mail::Message| letter.to.iter().any(|found| *found == email);
            seen.iter().filter(to_former).any(|letter| letter.subject == "Your account has a new e-mail address")
        },
    )
    .await;

    let login = page(&phone, &format!("{base}/login")).await;
    let typed = [("email", moved.as_str()), ("password", PASSWORD)];
    assert_eq!(send(&phone, &base, "/login", &login, &typed).await.0, StatusCode::SEE_OTHER);
    let shown = page(&phone, &format!("{base}/account/sessions")).await;
    assert!(shown.contains("Firefox, Android") && shown.contains("127.0.*.*"), "{shown}");
    assert!(!shown.contains("127.0.0.1<"), "{shown}");
    let sessions = who.get("/account/sessions").await.ok();
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 2, "sign-up's and the phone's");
    let (status, place) = send(&phone, &base, "/account/sessions/end-others", &shown, &[]).await;
    assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, "/account/sessions?ended"));
    let left = who.get("/account/sessions").await.ok();
    assert_eq!(left["sessions"].as_array().unwrap().len(), 1);
    let form = page(&phone, &format!("{base}/account/password")).await;
    let typed = [("old_password", PASSWORD), ("new_password", NEW_PASSWORD), ("new_password_again", NEW_PASSWORD)];
    let (status, place) = send(&phone, &base, "/account/password", &form, &typed).await;
    assert_eq!((status, place.as_str()), (StatusCode::SEE_OTHER, "/account?password"));
    let own = page(&phone, &format!("{base}{place}")).await;
    assert!(own.contains("Your password was changed") && own.contains("confirmed"), "{own}");
    world.api.sign_in(&moved, NEW_PASSWORD).await;
    world.end().await;
}

/// Would have found: a download that leaves a service out, a closed account whose owner is told nothing or whose case stops.
#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_takes_the_data_and_closes_the_account() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let email = who.get("/account").await.ok()["email"].as_str().unwrap().to_owned();
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = j::number(&j::submit(&who, &draft).await);
    who.post("/account/persons", json!({ "values": { "surname": "HARPER" } })).await.ok();
    let data = who.get("/account/data").await.ok();
    assert_eq!(data["account"]["email"], email.as_str());
    assert_eq!(data["persons"][0]["values"]["surname"], "HARPER");
    assert_eq!(data["applications"][0]["application"]["number"], number);
    assert!(data["invoices"].is_array() && data["messages"].is_array(), "{data}");
    let refused = who.post("/account/close", json!({ "password": "a wrong one" })).await;
    assert_eq!(refused.refused(), "INPUT_INVALID");
    who.post("/account/close", json!({ "password": PASSWORD })).await.ok();
    let signs_in = world.api.post("/tokens", json!({ "email": email, "password": PASSWORD })).await;
    assert_eq!(signs_in.refused(), "CREDENTIALS_WRONG");
    poll::until(
        "the last letter",
        || async { world.mailbox().messages() },
        |seen| seen.iter().any(|letter| letter.to.contains(&email) && letter.text.contains("was closed")),
    )
    .await;
    // The case goes on at the centre.
    j::step(&world.demo("manager").await, number, "claim", json!({})).await;
    world.end().await;
}

/// The code goes out as a text message to the number that is to be the account's, and not by mail.
#[tokio::test(flavor = "multi_thread")]
async fn another_phone_is_confirmed_by_a_text_message() {
    const PHONE: &str = "+77017654321";
    let world = World::start().await;
    let base = world.api.base.clone();
    let who = j::sign_up(&world.api).await;
    let email = who.get("/account").await.ok()["email"].as_str().unwrap().to_owned();
    let laptop = browser();
    let login = page(&laptop, &format!("{base}/login")).await;
    send(&laptop, &base, "/login", &login, &[("email", &email), ("password", PASSWORD)]).await;
    let profile = page(&laptop, &format!("{base}/account")).await;
    let typed = [("given_name", "Anna"), ("surname", "Schmidt"), ("phone", PHONE), ("locale", "en")];
    assert_eq!(send(&laptop, &base, "/account", &profile, &typed).await.1, "/account/phone");
    let asked = page(&laptop, &format!("{base}/account/phone")).await;
    assert!(asked.contains(PHONE), "{asked}");
    let messages = poll::until(
        "a text message",
        || async { world.mailbox().messages() },
        |seen| seen.iter().any(|message| message.to == [PHONE]),
    )
    .await;
    let text = messages.iter().find(|message| message.to == [PHONE]).unwrap().text.clone();
    let code = text.split_whitespace().next().unwrap().to_owned();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let (refused, _) = send(&laptop, &base, "/account/phone", &asked, &[("code", wrong)]).await;
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert_ne!(who.get("/account").await.ok()["phone"], PHONE);
    let done = send(&laptop, &base, "/account/phone", &asked, &[("code", &code)]).await;
    assert_eq!(done, (StatusCode::SEE_OTHER, "/account?phone".to_owned()));
    assert_eq!(who.get("/account").await.ok()["phone"], PHONE);
    let mailed =
        world.mailbox().messages().iter().any(|message| message.to == [email.clone()] && message.text.contains(&code));
    assert!(!mailed, "whoever reads the mail alone can't confirm it");
}
