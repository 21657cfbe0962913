//! Signed-up people, and the tokens they call with.

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::HeaderValue;
use serde_json::{Value, json};

use crate::{api::Api, pages::Pages, world::PASSWORD};

/// Somebody with an account.
#[derive(Clone)]
pub(super) struct Person {
    pub account: String,
    pub email: String,
    pub bearer: HeaderValue,
    pub api: Api,
    refresh_token: String,
}

/// Signs this many up, a few at a time: each costs two password hashes.
pub(super) async fn sign_up(base: &str, count: usize) -> anyhow::Result<Vec<Person>> {
    let api = Api::new(base);
    stream::iter(0..count).map(|_| one(&api)).buffer_unordered(4).try_collect().await
}

async fn one(api: &Api) -> anyhow::Result<Person> {
    let email = format!("person.{}@mail.example", uuid::Uuid::new_v4().simple());
    let form = json!({
        "kind": "ACCOUNT_KIND_PERSON", "email": email, "password": PASSWORD, "given_name": "Nora", "surname": "Lind",
        "phone": "+77012345678", "locale": "en", "consent_version": 1,
    });
    api.post("/accounts", form).await.ok();
    person(api, &api.post("/tokens", json!({ "email": email, "password": PASSWORD })).await.ok())
}

/// Gives everybody a fresh token: one lives for minutes, a run takes longer. To be called before each measurement.
pub(super) async fn renew(base: &str, people: &mut [Person]) -> anyhow::Result<()> {
    // New connections: the server is about to close those that have been idle during a measurement.
    let api = Api::new(base);
    for known in people {
        let pair = api.post("/tokens/refresh", json!({ "refresh_token": known.refresh_token })).await.ok();
        *known = person(&api, &pair)?;
    }
    Ok(())
}

/// Signs some of them in at the page, each in a browser of its own. Answers the browsers' cookies.
pub(super) async fn cookies(base: &str, people: &[Person]) -> anyhow::Result<Vec<HeaderValue>> {
    let mut cookies = Vec::new();
    for person in people {
        cookies.push(HeaderValue::from_str(&Pages::sign_in(base, &person.email).await.cookie())?);
    }
    Ok(cookies)
}

fn person(api: &Api, pair: &Value) -> anyhow::Result<Person> {
    let text = |value: &Value| value.as_str().map(str::to_owned).context("an incomplete pair of tokens");
    let token = text(&pair["access_token"])?;
    Ok(Person {
        account: text(&pair["account"]["id"])?,
        email: text(&pair["account"]["email"])?,
        bearer: HeaderValue::from_str(&format!("Bearer {token}"))?,
        api: api.with_token(&token),
        refresh_token: text(&pair["refresh_token"])?,
    })
}
