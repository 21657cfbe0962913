//! An upload that breaks off in the middle: no half of a file is shown, nothing else of the draft suffers, and the file
//! chosen again is taken.

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{World, journey as j, pages::Pages};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A file whose half is a whole PDF by its looks: only its length tells that something is missing.
fn paper() -> Vec<u8> {
    [j::PAPER, b"%\n".repeat(150_000).as_slice()].concat()
}

/// A request whose body stops in its middle.
async fn half(base: &str, head: &str, headers: &str, body: &[u8]) -> TcpStream {
    let address = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{head} HTTP/1.1\r\nhost: {address}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(&body[..body.len() / 2]).await.unwrap();
    stream
}

/// The same, and whatever is answered is waited for.
async fn cut(base: &str, head: &str, headers: &str, body: &[u8]) {
    let mut stream = half(base, head, headers, body).await;
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 3"), "{answer}");
}

fn files(application: &Value) -> usize {
    application["lines"][0]["persons"][0]["documents"][0]["files"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_breaks_off_is_not_there_and_is_taken_when_chosen_again() {
    let world = World::start().await;
    let base = world.api.base.clone();
    let who = j::sign_up(&world.api).await;
    let email = j::email(&who).await;
    let before = j::complete_draft(&who, &[("FNGRPR", 1)]).await;
    let (number, person) = (j::number(&before), j::items(&before)[0].clone());

    let path = format!("/api/v1/applications/{number}/documents?code=passport_copy&file_name=a.pdf&person_id={person}");
    let headers = format!(
        "authorization: Bearer {}\r\ncontent-type: application/octet-stream\r\nidempotency-key: {}\r\n",
        who.token.as_deref().unwrap(),
        uuid::Uuid::new_v4()
    );
    cut(&base, &format!("POST {path}"), &headers, &paper()).await;
    assert_eq!(j::get(&who, number).await, before, "half a file of a program is kept");

    let pages = Pages::sign_in(&base, &email).await;
    let line = before["lines"][0]["id"].as_str().unwrap();
    let own = format!("/applications/{number}/lines/{line}/persons/{person}");
    let action = format!("/applications/{number}/documents");
    let body = multipart(&pages.get(&own).await.hidden(&action));
    let headers =
        format!("origin: {base}\r\ncookie: {}\r\ncontent-type: multipart/form-data; boundary=part\r\n", pages.cookie());
    cut(&base, &format!("POST {action}"), &headers, &body).await;
    assert_eq!(j::get(&who, number).await, before, "half a file of a browser is kept");

    // The line is dead without a word; nobody waits for the answer any more.
    let stream = half(&base, &format!("POST {action}"), &headers, &body).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    let whole = who.upload(number, &person, "passport_copy", "again.pdf", paper()).await;
    whole.ok();
    let after = j::get(&who, number).await;
    assert_eq!(files(&after), files(&before) + 1);
    assert_eq!((&after["contact"], &after["missing"]), (&before["contact"], &before["missing"]));
    j::submit(&who, &after).await;
    world.end().await;
}

/// What a browser posts of an upload's form.
fn multipart(hidden: &[(String, String)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in hidden {
        body.extend(
            format!("--part\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
        );
    }
    body.extend(
        b"--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"b.pdf\"\r\ncontent-type: application/pdf\r\n\r\n",
    );
    body.extend(paper());
    body.extend(b"\r\n--part--\r\n");
    body
}

/// Would have found: an address that opens a paper for good, for another file or for another account.
#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_opened_by_a_link_of_its_own_that_ends() {
    let world = World::start_with(&[("gateway.limits.file_link_minutes", 1.into())]).await;
    let base = world.api.base.clone();
    let (who, other) = (j::sign_up(&world.api).await, j::sign_up(&world.api).await);
    let draft = j::complete_draft(&who, &[("IINREG", 1)]).await;
    let path = format!("/applications/{}", j::number(&draft));
    let (line, item) = (draft["lines"][0]["id"].as_str().unwrap(), &j::items(&draft)[0]);
    let owner = Pages::sign_in(&base, &j::email(&who).await).await;
    let page = owner.get(&format!("{path}/lines/{line}/persons/{item}")).await;
    let links: Vec<&str> =
        page.text.split('"').filter(|part| part.contains("/documents/") && part.contains('?')).collect();
    let (plain, pass) = links[0].split_once('?').unwrap();
    assert_eq!(owner.get(links[0]).await.status, StatusCode::OK);
    let expired = owner.get(plain).await;
    assert_eq!(expired.status, StatusCode::GONE);
    assert!(expired.text.contains("This link has expired") && expired.text.contains(&format!("href=\"{path}\"")));
    let another = links.iter().find(|link| !link.starts_with(plain)).map(|link| link.split_once('?').unwrap().0);
    if let Some(another) = another {
        assert_eq!(owner.get(&format!("{another}?{pass}")).await.status, StatusCode::GONE);
    }
    let stranger = Pages::sign_in(&base, &j::email(&other).await).await;
    assert_eq!(stranger.get(links[0]).await.status, StatusCode::NOT_FOUND);
    world.end().await;
}
