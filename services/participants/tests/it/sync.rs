//! The register fetched from a configured address.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, http::HeaderMap, routing::get};
use chassis::testing::{Alone, Coverage, people};
use participants::Participants;
use proto::participants::v1::{ListImportsRequest, ListParticipantsRequest};
use serde_json::json;

use super::{BIN, OTHER_BIN, client};

/// A registrar who tells this text to whoever shows the token.
async fn registrar(text: Arc<Mutex<String>>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let told = move |headers: HeaderMap| async move {
        let known = headers.get("authorization").is_some_and(|value| value == "Bearer of-the-registrar");
        if known { text.lock().unwrap().clone() } else { "bin,name,status\n".to_owned() }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/register", get(told))).await });
    format!("http://{address}/register?key=unseen")
}

pub async fn the_register_is_fetched_and_drastic_changes_are_held(coverage: &Coverage) {
    let text = Arc::new(Mutex::new(format!("bin,name,status\n{BIN},One Ltd.,active\n{OTHER_BIN},Two Ltd.,active\n")));
    let say = |new: String| *text.lock().unwrap() = new;
    let url = registrar(Arc::clone(&text)).await;
    let settings = [
        ("participants.sync.url", json!(url)),
        ("participants.sync.token", json!("of-the-registrar")),
        ("participants.sync.period_seconds", json!(3600)),
        ("participants.sync.changes_percent_max", json!(50)),
    ];
    let world = Alone::start_with::<Participants>(coverage, &settings).await;
    assert_eq!(world.step("sync").await, 2);
    assert_eq!(world.step("sync").await, 0, "it is not due yet");
    let hour = Duration::from_hours(1);

    // One of two is within the limit, both are not, and that is told once.
    say(format!("bin,name,status\n{BIN},One Ltd.,suspended\n"));
    world.clock.advance(hour);
    assert_eq!(world.step("sync").await, 1);
    say(format!("bin,name,status\n{BIN},One Ltd.,struck_off\n{OTHER_BIN},Two Ltd.,struck_off\n"));
    for _ in 0..2 {
        world.clock.advance(hour);
        assert_eq!(world.step("sync").await, 0);
    }
    // Neither nonsense nor silence changes anything.
    for nonsense in ["bin,name,status\n12,One Ltd.,active\n", "<html>", ""] {
        say(nonsense.to_owned());
        world.clock.advance(hour);
        assert_eq!(world.step("sync").await, 0);
    }
    let mut admin = client(&world, people::admin());
    let listed = admin.list_participants(ListParticipantsRequest::default()).await.unwrap().into_inner().participants;
    let statuses: Vec<_> = listed.iter().map(|found| found.status.as_str()).collect();
    assert_eq!(statuses, ["suspended", "active"]);
    let imports = admin.list_imports(ListImportsRequest::default()).await.unwrap().into_inner().imports;
    let outcomes: Vec<_> = imports.iter().map(|import| import.outcome.as_str()).collect();
    assert_eq!(outcomes, ["held", "applied", "applied"]);
    assert!(imports.iter().all(|import| !import.source.contains("unseen")), "an address may hold a key");
    world.end().await;
}
