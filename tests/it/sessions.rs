//! A session that ends in the middle of a form: what was typed comes back to the one who typed it, and to nobody else.

use reqwest::{Client, StatusCode, redirect::Policy};
use testkit::{World, journey as j, world::PASSWORD};

/// Name and value of each hidden field of a page.
fn hidden(page: &str) -> Vec<(String, String)> {
    page.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        })
        .collect()
}

fn value(page: &str, name: &str) -> String {
    hidden(page).into_iter().find(|(found, _)| found == name).map(|(_, value)| value).unwrap_or_default()
}

async fn text(browser: &Client, url: &str) -> String {
    browser.get(url).send().await.unwrap().text().await.unwrap()
}

async fn sign_in(browser: &Client, base: &str, page: &str, email: &str) -> (StatusCode, String) {
    let mut form = hidden(page);
    form.extend([("email".to_owned(), email.to_owned()), ("password".to_owned(), PASSWORD.to_owned())]);
    let answer = browser.post(format!("{base}/login")).header("origin", base).form(&form).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_into_an_ended_session_comes_back_to_its_owner_alone() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let fresh = || Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let (owner, other) = (j::sign_up(&world.api).await, j::sign_up(&world.api).await);
    let email = async |who: &testkit::Api| who.get("/account").await.ok()["email"].as_str().unwrap().to_owned();
    let (owners, others) = (email(&owner).await, email(&other).await);

    for (who, is_owner) in [(&others, false), (&owners, true)] {
        let browser = fresh();
        let login = text(&browser, &format!("{base}/login")).await;
        assert_eq!(sign_in(&browser, &base, &login, &owners).await.0, StatusCode::SEE_OTHER);
        let profile = text(&browser, &format!("{base}/account")).await;
        // The session ends elsewhere, while the page is open.
        let away = [("form_token", value(&profile, "form_token")), ("form_key", value(&profile, "form_key"))];
        let cookie = browser.post(format!("{base}/logout")).header("origin", &base).form(&away).send().await.unwrap();
        assert_eq!(cookie.status(), StatusCode::SEE_OTHER);
        let mut form = hidden(&profile);
        for (name, typed) in
            [("given_name", "Nora-Jo"), ("surname", "Lind <b>"), ("phone", "+77015550011"), ("locale", "en")]
        {
            form.push((name.to_owned(), typed.to_owned()));
        }
        let met = browser.post(format!("{base}/account")).header("origin", &base).form(&form).send().await.unwrap();
        assert_eq!(met.status(), StatusCode::UNAUTHORIZED);
        let page = met.text().await.unwrap();
        assert!(page.contains("Nothing you entered is lost"), "{page}");
        assert!(!page.contains("Nora-Jo"), "what was typed stands in the open");
        let (status, offered) = sign_in(&browser, &base, &page, who).await;
        if !is_owner {
            assert_eq!(status, StatusCode::SEE_OTHER, "another account is simply signed in");
            continue;
        }
        assert_eq!(status, StatusCode::OK);
        let mut again = hidden(&offered);
        assert!(again.iter().any(|(name, value)| name == "given_name" && value == "Nora-Jo"), "{offered}");
        // A refusal still comes to its field, and nothing is lost by it either.
        let refused =
            browser.post(format!("{base}/account")).header("origin", &base).form(&again).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        for (name, value) in &mut again {
            if name == "surname" {
                "Lind".clone_into(value);
            } else if name == "form_key" {
                *value = uuid::Uuid::new_v4().to_string();
            }
        }
        let saved = browser.post(format!("{base}/account")).header("origin", &base).form(&again).send().await.unwrap();
        assert_eq!(saved.status(), StatusCode::SEE_OTHER);
        assert_eq!(owner.get("/account").await.ok()["given_name"], "Nora-Jo");
    }
    world.end().await;
}

/// A token is good for a while; a member of staff who was disabled writes nothing with it from then on.
#[tokio::test(flavor = "multi_thread")]
async fn staff_who_are_disabled_write_nothing_more() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = j::number(&j::submit(&who, &draft).await);
    let (manager, admin) = (world.demo("manager2").await, world.demo("admin").await);
    let seen = j::get(&manager, number).await;
    let account = manager.get("/account").await.ok()["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/staff/{account}/disable"), serde_json::json!({})).await.ok();
    let claim = format!("/applications/{number}/claim");
    let late = manager.post_at(&claim, j::version(&seen), serde_json::json!({})).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "{late:?}");
    assert_eq!(j::get(&who, number).await["state"], "STATE_NEW");
    let other = world.demo("manager").await;
    j::step(&other, number, "claim", serde_json::json!({})).await;
    world.end().await;
}

/// Would have found: a role that was taken away and still writes for as long as its token lives.
#[tokio::test(flavor = "multi_thread")]
async fn staff_whose_role_is_taken_write_nothing_more_with_it() {
    let world = World::start().await;
    let who = j::sign_up(&world.api).await;
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let number = j::number(&j::submit(&who, &draft).await);
    let (manager, admin) = (world.demo("manager3").await, world.demo("admin").await);
    let seen = j::get(&manager, number).await;
    let account = manager.get("/account").await.ok()["id"].as_str().unwrap().to_owned();
    let own = admin.get("/account").await.ok()["id"].as_str().unwrap().to_owned();
    let roles = serde_json::json!({ "roles": ["finance"] });
    let oneself = admin.post(&format!("/staff/{own}/roles"), roles.clone()).await;
    assert_eq!(oneself.refused(), "OWN_ACCOUNT");
    admin.post(&format!("/staff/{account}/roles"), roles).await.ok();
    let claim = format!("/applications/{number}/claim");
    let late = manager.post_at(&claim, j::version(&seen), serde_json::json!({})).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "{late:?}");
    let again = world.demo("manager3").await;
    assert_eq!(again.get("/account").await.ok()["roles"], serde_json::json!(["finance"]));
    world.end().await;
}
