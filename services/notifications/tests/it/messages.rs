//! Messages in the portal: who reads what, in which language.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::{
    applications::v1::ApplicationSubmitted,
    booking::v1::{AppointmentBooked, Visit},
    common::v1::LocalizedText,
    notifications::v1::{GetMessageRequest, ListDeliveriesRequest, ListMessagesRequest},
};

use super::{NUMBER, client, identity_knows, inbox, owner, send_all, start, told};

fn submitted() -> ApplicationSubmitted {
    ApplicationSubmitted { number: NUMBER, account_id: owner() }
}

pub async fn each_reads_his_own_messages(coverage: &Coverage) {
    let world = start(coverage).await;
    world.tell(NUMBER, 2, &submitted()).await;
    assert!(inbox(&world, people::applicant()).await.is_empty(), "it has no text yet");
    send_all(&world).await;
    let mine = inbox(&world, people::applicant()).await;
    assert_eq!((mine.len(), mine[0].application_number, mine[0].delivery.as_str()), (1, NUMBER, "portal_only"));
    let asked = || GetMessageRequest { message_id: mine[0].id.clone() };
    let read = client(&world, people::applicant()).get_message(asked()).await.unwrap().into_inner();
    assert_eq!(read, mine[0]);
    assert!(read.body.contains("/applications/102"));
    for (other, told) in [
        (people::stranger(), "NOT_FOUND"),
        (people::manager(), "NOT_FOUND"),
        (people::program(&[]), "NOT_PERMITTED"),
        (Actor::Anonymous, "NOT_SIGNED_IN"),
    ] {
        assert_eq!(refusal(client(&world, other).get_message(asked()).await), [told]);
    }
    let nobody = client(&world, Actor::Anonymous).list_messages(ListMessagesRequest::default()).await;
    assert_eq!(refusal(nobody), ["NOT_SIGNED_IN"]);
    world.end().await;
}

pub async fn staff_see_what_was_told_and_not_its_text(coverage: &Coverage) {
    let world = start(coverage).await;
    world.tell(NUMBER, 2, &submitted()).await;
    send_all(&world).await;
    let mut shown: Vec<(String, String)> =
        told(&world).await.into_iter().map(|message| (message.kind, message.body)).collect();
    shown.sort();
    let expected = ["application_submitted", "staff_new_application"];
    assert_eq!(shown, expected.map(|kind| (kind.to_owned(), String::new())));
    assert_eq!(world.audited("DELIVERIES_READ").await, 1);
    let asked = ListDeliveriesRequest { application_number: NUMBER };
    for denied in [people::applicant(), people::finance()] {
        assert_eq!(refusal(client(&world, denied).list_deliveries(asked).await), ["NOT_PERMITTED"]);
    }
    world.end().await;
}

pub async fn a_message_speaks_its_readers_language(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut subjects = Vec::new();
    for (locale, version) in [("en", 2), ("ru", 3), ("kk", 4)] {
        identity_knows(&world, locale, false);
        world.tell(NUMBER, version, &submitted()).await;
        send_all(&world).await;
        world.pass_hours(1);
        let message = inbox(&world, people::applicant()).await.remove(0);
        assert!(message.body.contains("Әйгерім"), "{message:?}");
        subjects.push(message.subject);
    }
    assert_eq!(subjects[0], "Application 102 has been received");
    subjects.dedup();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    // An account that was disabled is written to no more.
    identity_knows(&world, "en", true);
    world.tell(NUMBER, 5, &submitted()).await;
    send_all(&world).await;
    assert_eq!(inbox(&world, people::applicant()).await.len(), 3);
    assert!(told(&world).await.iter().any(|message| message.delivery == "suppressed"));
    world.end().await;
}

/// Would have found: a message that sends its reader to another office than he booked in.
pub async fn a_visit_is_told_with_its_place(coverage: &Coverage) {
    let world = start(coverage).await;
    identity_knows(&world, "en", false);
    let text = |text: &str| {
        let (en, ru, kk) = (format!("{text} en"), format!("{text} ru"), format!("{text} kk"));
        Some(LocalizedText { en, ru, kk })
    };
    let visit = Visit {
        application_number: NUMBER,
        account_id: owner(),
        start_at_micros: 1_797_500_000_000_000,
        code: "K7M3P".to_owned(),
        ..Visit::default()
    };
    let placed = Visit { office_name: text("Second office"), office_address: text("Second street"), ..visit.clone() };
    let mut bodies = Vec::new();
    // A fact of an older release tells no place.
    for (version, visit) in [(1, visit), (2, placed)] {
        world.tell(NUMBER, version, &AppointmentBooked { visit: Some(visit) }).await;
        send_all(&world).await;
        world.pass_hours(1);
        bodies.push(inbox(&world, people::applicant()).await.remove(0).body);
    }
    assert!(!bodies[0].contains("Where") && bodies[0].contains("Say this code at the door: K7M3P"), "{}", bodies[0]);
    assert!(bodies[1].contains(" Where: Second office en, Second street en. Say this code"), "{}", bodies[1]);
    world.end().await;
}
