//! A message that no relay of ours wrote, on a stream that readers follow: it is parked and shown, nothing else waits for
//! it, and an admin passes it over.

use serde_json::json;
use testkit::{World, journey as j, poll, world::PASSWORD};

use super::{client, hasty};

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_is_parked_and_stops_nothing_else() {
    let mut world = World::start_separate(&hasty(), &[]).await;
    let data = world.dev().data().to_owned();
    let nats = world.dev().chassis().nats.clone();
    // As applications itself could: with its own key, into its own stream.
    let seed = std::fs::read_to_string(data.join("nkeys/applications.seed")).unwrap();
    let stream = async_nats::ConnectOptions::with_nkey(seed.trim().to_owned())
        .add_root_certificates(nats.ca_file.clone().into())
        .require_tls(true)
        .custom_inbox_prefix("_INBOX.applications")
        .connect(&nats.url)
        .await
        .unwrap();
    let poison =
        async_nats::jetstream::message::PublishMessage::build().payload("no envelope".into()).message_id("poison-1");
    async_nats::jetstream::new(stream)
        .send_publish("portal.applications.v1.application.approved", poison)
        .await
        .unwrap()
        .await
        .unwrap();
    client(&world).walk().await;

    let grpc = world.grpc().await;
    let form = json!({ "email": "admin@demo.example", "password": PASSWORD });
    let pair = grpc.call("portal.identity.v1.Identity/CreateToken", form, None).await.unwrap();
    let admin = pair["access_token"].as_str().unwrap().to_owned();
    let mut readers = Vec::new();
    for context in ["billing", "booking", "notifications"] {
        let operations = world.operations(context).await;
        let parked = poll::until(
            &format!("the message parked by {context}"),
            || async {
                operations
                    .call("portal.operations.v1.Operations/ListParkedEvents", json!({}), Some(&admin))
                    .await
                    .unwrap()
            },
            |listed| listed["events"].as_array().is_some_and(|events| !events.is_empty()),
        )
        .await;
        let event = &parked["events"][0];
        assert_eq!((event["event_id"].as_str(), event["state"].as_str()), (Some("poison-1"), Some("parked")));
        let command = json!({ "consumer": event["consumer"], "event_id": event["event_id"] });
        let again = operations
            .call("portal.operations.v1.Operations/RetryParkedEvent", command.clone(), Some(&admin))
            .await
            .unwrap();
        assert_eq!(again["applied"], false, "what can't be read can't be applied");
        operations.call("portal.operations.v1.Operations/SkipParkedEvent", command, Some(&admin)).await.unwrap();
        readers.push(event["consumer"].as_str().unwrap().to_owned());
    }
    assert_eq!(readers, ["billing-from-applications", "booking-from-applications", "notifications-from-applications"]);
    let again = j::sign_up(&world.api).await;
    assert!(again.token.is_some());
    super::prove(world).await;
}
