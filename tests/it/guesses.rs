//! Whoever tries addresses learns nothing: one that nobody has is answered like one that somebody has.

use std::{collections::BTreeSet, time::Duration};

use serde_json::json;
use testkit::{
    World,
    pages::{Page, Pages, typed},
};
use tokio::time::Instant;

const NAMES: [&str; 6] = ["applicant", "applicant2", "applicant3", "manager", "supervisor", "finance"];

/// What of a page could tell: not the tokens, and not what was typed.
fn plain(page: &Page, form: &[(String, String)]) -> String {
    let mut text = format!("{} {}\n{}", page.status, page.location, page.text);
    for rest in page.text.split("<input type=\"hidden\" ").skip(1) {
        let value = rest.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        if !value.is_empty() {
            text = text.replace(value, "…");
        }
    }
    for (_, value) in form.iter().filter(|(name, _)| name == "email") {
        text = text.replace(value.as_str(), "…");
    }
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_has_is_answered_like_one_that_somebody_has() {
    let world = World::start_with(&[
        ("identity.guessing.free_attempts", json!(1000)),
        ("identity.letters.per_client.free_attempts", json!(1000)),
    ])
    .await;
    let pages = Pages::new(&world.api.base);
    for path in ["/login", "/forgot-password"] {
        let (mut told, mut times) = (BTreeSet::new(), [Vec::new(), Vec::new()]);
        for name in NAMES {
            for (place, domain) in ["demo.example", "none.example"].into_iter().enumerate() {
                let page = pages.get(path).await;
                let email = format!("{name}@{domain}");
                let mut form = typed(page.hidden(path), &[("email", &email)]);
                if path == "/login" {
                    form.push(("password".to_owned(), "not the right one".to_owned()));
                }
                let begun = Instant::now();
                let answer = pages.post(path, &form).await;
                times[place].push(begun.elapsed());
                told.insert(plain(&answer, &form));
            }
        }
        assert_eq!(told.len(), 1, "{told:#?}");
        let [known, unknown] = times.map(median);
        println!("{path}: nobody's address takes {:.2} times as long", unknown.as_secs_f64() / known.as_secs_f64());
    }
    let mut told = BTreeSet::new();
    for email in ["applicant@demo.example", "applicant@none.example"] {
        let answer = world.api.post("/tokens", json!({ "email": email, "password": "not the right one" })).await;
        told.insert((answer.status.as_u16(), answer.refused().to_owned()));
    }
    assert_eq!(told.len(), 1, "{told:?}");
    world.end().await;
}
