//! One draft in two places, and a session that ends before a form is sent: nothing that was typed is lost, and nothing
//! of somebody else's is overwritten unseen. In a browser with scripts on a company's draft for many persons, and in one
//! without them.

use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{
    Api, World,
    browser::Browser,
    journey as j,
    pages::{Page, Pages, Typed, typed},
    world::PASSWORD,
};

const BIN: &str = "230440990806";
const SERVICES: [(&str, u32); 3] = [("INVB1S", 1), ("INVC3S", 2), ("FNGRPR", 40)];
const CONFLICT: &str = "Someone has saved since you opened this page";
const ENDED: &str = "Nothing you entered is lost";

#[tokio::test(flavor = "multi_thread")]
async fn a_member_company_files_for_forty_three_persons_in_two_tabs_and_two_sessions() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let who = j::sign_up_company(&world.api, "Silk Gate Fintech Ltd.", BIN).await;
    let member = json!({ "kind": "MEMBERSHIP_KIND_MEMBER", "bin": BIN });
    let draft = j::complete_draft_as(&who, &SERVICES, member).await;
    assert_eq!((&draft["missing"], &draft["membership"]["verified"]), (&json!([]), &json!(true)));
    assert_eq!(draft["membership"]["organisation_name"], "Silk Gate Fintech Ltd.");
    // 1 x 10 000, 2 x 15 000, 40 x 5 000 KZT.
    let whole = json!(24_000_000);
    assert_eq!(draft["total"]["amount_minor"], whole);
    let number = j::number(&draft);
    let address = format!("{base}/applications/{number}");

    let browser = Browser::open(true, 1280).await;
    let email = j::email(&who).await;
    browser.sign_in(&base, &email).await;
    browser.go(&address).await;
    browser.count("#persons .task-list > li", 43).await;
    browser.picture("company-application").await;
    for (amount, total) in [("41", "245\u{a0}000\u{a0}KZT"), ("40", "240\u{a0}000\u{a0}KZT")] {
        browser.fill("quantity.FNGRPR", amount).await;
        browser.says(total).await;
        browser.press("Save").await;
        browser.find(".notice.good").await;
        browser.says(total).await;
    }
    assert_eq!(j::get(&who, number).await["total"]["amount_minor"], whole, "the server counts as the page does");

    // Two tabs: the second one's save is told of the first one's, and keeps what was typed.
    let first = browser.open_tab().await;
    browser.go(&address).await;
    let second = browser.turn_to(first).await;
    browser.fill("phone", "+77011111111").await;
    browser.press("Save").await;
    browser.find(".notice.good").await;
    let first = browser.turn_to(second).await;
    browser.fill("address", "Kabanbay batyr 10").await;
    browser.find(".fault.autosave").await;
    browser.says(CONFLICT).await;
    browser.press("Save").await;
    browser.find(".error-summary").await;
    browser.says(CONFLICT).await;
    assert_eq!(browser.value("address").await, "Kabanbay batyr 10");
    assert_eq!(j::get(&who, number).await["contact"]["phone"], "+77011111111", "the first tab's is not overwritten");
    browser.fill("phone", "+77011111111").await;
    browser.press("Save").await;
    browser.find(".notice.good").await;
    assert_eq!(contact(&who, number).await, json!(["+77011111111", "Kabanbay batyr 10"]));

    // Signed out in one tab while something is typed in the other.
    let second = browser.turn_to(first).await;
    browser.go(&address).await;
    browser.turn_to(second).await;
    browser.click("form[action='/logout'] button").await;
    browser.find("a[href='/login']").await;
    let tabs = browser.client.windows().await.unwrap();
    browser.turn_to(tabs[0].clone()).await;
    browser.fill("address", "Turan 1, flat 7").await;
    browser.press("Save").await;
    browser.says(ENDED).await;
    browser.picture("session-ended").await;
    browser.fill("email", &email).await;
    browser.fill("password", PASSWORD).await;
    browser.click("form[action='/login'] button").await;
    browser.press("Send").await;
    browser.find(".notice.good").await;
    assert_eq!(browser.value("address").await, "Turan 1, flat 7");
    assert_eq!(contact(&who, number).await, json!(["+77011111111", "Turan 1, flat 7"]));
    browser.close().await;

    // To its end, as everybody's.
    let filed = j::submit(&who, &j::get(&who, number).await).await;
    assert_eq!(filed["total"]["amount_minor"], whole);
    j::approve(&world, number).await;
    let invoice = j::invoice(&who, number).await;
    assert_eq!(invoice["total"]["amount_minor"], whole);
    world.end().await;
}

async fn contact(who: &Api, number: i64) -> Value {
    let seen = j::get(who, number).await;
    json!([seen["contact"]["phone"], seen["contact"]["address"]])
}

/// What a browser sends of an application's page, with another address.
fn filled(page: &Page, action: &str, address: &str) -> Typed {
    let rest = [
        ("membership", "not_member"),
        ("quantity.IINREG", "1"),
        ("given_name", "Nora"),
        ("surname", "Lind"),
        ("email", "nora@mail.example"),
        ("phone", "+77012345678"),
        ("address", address),
        ("action", "save"),
    ];
    typed(page.hidden(action), &rest)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_too_nothing_typed_is_lost_and_nobody_else_gets_it() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let (who, other) = (j::sign_up(&world.api).await, j::sign_up(&world.api).await);
    let (mine, others) = (j::email(&who).await, j::email(&other).await);
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = j::number(&draft);
    let path = format!("/applications/{number}");

    // By the API a version that is no longer the last is told so, and changes nothing.
    let body = json!({ "contact": draft["contact"] });
    let stale = who.put_at(&format!("{path}/contact"), j::version(&draft) - 1, body).await;
    assert_eq!((stale.status, stale.refused()), (StatusCode::CONFLICT, "VERSION_CONFLICT"));
    assert_eq!(j::get(&who, number).await, draft);

    let one = Pages::sign_in(&base, &mine).await;
    let (first, second) = (one.get(&path).await, one.get(&path).await);
    let saved = one.post(&path, &filled(&first, &path, "Turan 1")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let by_itself = typed(filled(&second, &path, "Kabanbay batyr 10"), &[("action", "autosave")]);
    let told = one.post(&path, &by_itself).await;
    let told: Value = serde_json::from_str(&told.text).expect("a script is answered in JSON");
    assert!(told["text"].as_str().unwrap().starts_with(CONFLICT), "{told}");
    let met = one.post(&path, &filled(&second, &path, "Kabanbay batyr 10")).await;
    assert_eq!(met.status, StatusCode::CONFLICT);
    assert!(met.text.contains(CONFLICT) && met.holds("address", "Kabanbay batyr 10"), "{}", met.text);
    assert!(met.text.contains("Address: saved meanwhile is “Turan 1”"), "{}", met.text);
    assert_eq!(j::get(&who, number).await["contact"]["address"], "Turan 1");
    let again = one.post(&path, &filled(&met, &path, "Kabanbay batyr 10")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(j::get(&who, number).await["contact"]["address"], "Kabanbay batyr 10");

    for (signs_in, is_owner) in [(&others, false), (&mine, true)] {
        let browser = Pages::sign_in(&base, &mine).await;
        let page = browser.get(&path).await;
        browser.end_session(&page, &path).await;
        let met = browser.post(&path, &filled(&page, &path, "Syganak 15, flat 3")).await;
        assert_eq!(met.status, StatusCode::UNAUTHORIZED);
        assert!(met.text.contains(ENDED) && !met.text.contains("Syganak"), "{}", met.text);
        let form = typed(met.hidden("/login"), &[("email", signs_in), ("password", PASSWORD)]);
        let entered = browser.post("/login", &form).await;
        if !is_owner {
            assert_eq!(entered.status, StatusCode::SEE_OTHER, "another account is simply signed in");
            assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
            continue;
        }
        assert_eq!(entered.status, StatusCode::OK);
        let sent = browser.post(&path, &entered.hidden(&path)).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert_eq!(j::get(&who, number).await["contact"]["address"], "Syganak 15, flat 3");
    }
    world.end().await;
}
