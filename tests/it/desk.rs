//! Staff file for a client at the desk, over the whole portal: identity, applications and the edge together.

use serde_json::json;
use testkit::{World, journey as j};

/// Would have found: services that do not know each other, a case that its owner never sees.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_filed_at_the_desk_is_its_clients() {
    let world = World::start().await;
    let (manager, other) = (world.demo("manager").await, world.demo("manager2").await);
    let who = j::sign_up(&world.api).await;
    let account = who.get("/account").await.ok();
    let found = manager.post("/clients/find", json!({ "email": account["email"] })).await.ok();
    assert_eq!(found["account_id"], account["id"]);
    let unknown = manager.post("/clients/find", json!({ "email": "nobody@mail.example" })).await;
    assert_eq!(unknown.at("email"), Some("CLIENT_UNKNOWN"));
    let filing = json!({ "type": "expat_centre", "services": ["INVB1S"], "owner_account_id": account["id"] });
    let number = j::number(&manager.post("/applications", filing).await.ok());
    let draft = j::complete(&manager, number, &[("INVB1S", 1)]).await;
    assert_eq!(draft["missing"][0]["field"], "documents[mandate]");
    assert_eq!(other.get(&format!("/applications/{number}")).await.status.as_u16(), 404);
    manager.upload(number, "", "mandate", "mandate.pdf", j::PAPER.to_vec()).await.ok();
    let sent = j::submit(&manager, &j::get(&manager, number).await).await;
    assert_eq!(sent["offer_by_mandate"], true);
    let his = j::get(&who, number).await;
    assert_eq!((&his["state"], &his["filed_at_desk"]), (&json!("STATE_NEW"), &json!(true)));
    assert_eq!(his["filed_by"], "", "who works here is the centre's own matter");

    // A person without an account gets one, and a mail with a link.
    let form = json!({
        "kind": "ACCOUNT_KIND_PERSON", "email": "walk.in@mail.example", "given_name": "Kenji", "surname": "Watanabe",
        "phone": "+77012345678", "locale": "en", "consent_version": 1,
    });
    let opened = manager.post("/clients", form).await.ok();
    let filing = json!({ "type": "expat_centre", "services": ["PMTA01"], "owner_account_id": opened["account_id"] });
    assert_eq!(manager.post("/applications", filing).await.ok()["filed_at_desk"], true);
    world.end().await;
}
