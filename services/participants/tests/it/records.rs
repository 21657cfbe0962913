//! One participant: its history, and a change by hand.

use chassis::testing::{Alone, Coverage, people, refusal};
use participants::Participants;
use proto::participants::v1::{GetParticipantRequest, Participant, SaveParticipantRequest};

use super::{BIN, OTHER_BIN, client, imported, row};

fn of(bin: &str) -> GetParticipantRequest {
    GetParticipantRequest { bin: bin.to_owned() }
}

fn saving(participant: &Participant, reason: &str) -> SaveParticipantRequest {
    SaveParticipantRequest { participant: Some(participant.clone()), reason: reason.to_owned() }
}

pub async fn a_change_by_hand_has_a_reason_and_overwrites_nobody(coverage: &Coverage) {
    let world = Alone::start::<Participants>(coverage).await;
    imported(&world, &[row(BIN, "Example Ltd.", "active")]).await;
    let mut supervisor = client(&world, people::supervisor());
    let seen = supervisor.get_participant(of(BIN)).await.unwrap().into_inner().participant.unwrap();
    let wanted = Participant {
        name: "Renamed Ltd.".to_owned(),
        status: "suspended".to_owned(),
        status_since: "2026-11-02".to_owned(),
        activities: vec!["Advice".to_owned()],
        licence_number: "AFSA-A-LA-2024-0009".to_owned(),
        ..seen.clone()
    };
    assert_eq!(refusal(supervisor.save_participant(saving(&wanted, " ")).await), ["TEXT_EMPTY at reason"]);
    let faulty = Participant { status: "closed".to_owned(), activities: vec!["A".to_owned(); 51], ..wanted.clone() };
    let told = refusal(supervisor.save_participant(saving(&faulty, "letter")).await);
    assert_eq!(told, ["STATUS_UNKNOWN at status", "LIST_TOO_LONG at activities"]);
    let unknown = Participant { bin: OTHER_BIN.to_owned(), ..wanted.clone() };
    assert_eq!(refusal(supervisor.save_participant(saving(&unknown, "letter")).await), ["NOT_FOUND"]);
    let saved = supervisor.save_participant(saving(&wanted, "Letter 17")).await.unwrap().into_inner();
    assert_eq!((saved.version, saved.former_names.as_slice()), (2, ["Example Ltd.".to_owned()].as_slice()));
    // A colleague who still sees the first version.
    let late = client(&world, people::admin()).save_participant(saving(&seen, "Letter 18")).await;
    assert_eq!(refusal(late), ["VERSION_CONFLICT"]);
    let record = supervisor.get_participant(of(BIN)).await.unwrap().into_inner();
    let newest = &record.versions[0];
    assert_eq!((newest.version, newest.source.as_str(), record.versions.len()), (2, "Letter 17", 2));
    let fields: Vec<_> = newest.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["name", "status", "status_since", "former_names", "licence_number", "activities"]);
    assert_eq!(record.participant.unwrap().status_since, "2026-11-02");
    assert_eq!(refusal(supervisor.get_participant(of(OTHER_BIN)).await), ["NOT_FOUND"]);
    assert_eq!(refusal(supervisor.get_participant(of("1")).await), ["BIN_MALFORMED at bin"]);
    let denied = client(&world, people::manager()).save_participant(saving(&wanted, "x")).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    assert_eq!(refusal(client(&world, people::applicant()).get_participant(of(BIN)).await), ["NOT_PERMITTED"]);
    assert_eq!(world.audited("PARTICIPANT_SAVED").await, 1);
    world.end().await;
}
