//! Looking participants up: one by its BIN, many by a search.

use std::time::Duration;

use chassis::testing::{Alone, Coverage, people, refusal};
use kernel::{Actor, Scope};
use participants::Participants;
use proto::{
    common::v1::PageRequest,
    participants::v1::{ListParticipantsRequest, LookUpParticipantRequest},
};

use super::{BIN, Client, OTHER_BIN, client, imported, row};

fn of(bin: &str) -> LookUpParticipantRequest {
    LookUpParticipantRequest { bin: bin.to_owned() }
}

pub async fn only_an_active_participant_is_found(coverage: &Coverage) {
    let world = Alone::start::<Participants>(coverage).await;
    imported(&world, &[row(BIN, "Example Ltd.", "active"), row(OTHER_BIN, "Gone Ltd.", "struck_off")]).await;
    let mut applicant = client(&world, people::applicant());
    let found = applicant.look_up_participant(of(BIN)).await.unwrap().into_inner();
    assert_eq!((found.name.as_str(), found.registered_on.as_str()), ("Example Ltd.", "2024-01-15"));
    for (bin, told) in [
        (OTHER_BIN, "PARTICIPANT_INACTIVE at bin"),
        ("990240002235", "PARTICIPANT_UNKNOWN at bin"),
        ("12", "BIN_MALFORMED at bin"),
        ("240140990005", "BIN_CHECK_DIGIT at bin"),
    ] {
        assert_eq!(refusal(applicant.look_up_participant(of(bin)).await), [told]);
    }
    let mut nobody = client(&world, Actor::Anonymous);
    assert_eq!(refusal(nobody.look_up_participant(of(BIN)).await), ["NOT_SIGNED_IN"]);
    let mut other = client(&world, people::program(&[Scope::BillingRead]));
    assert_eq!(refusal(other.look_up_participant(of(BIN)).await), ["NOT_PERMITTED"]);
    world.end().await;
}

pub async fn applicants_are_slowed_and_services_are_not(coverage: &Coverage) {
    let world = Alone::start_with::<Participants>(coverage, &[("participants.look_ups_per_minute", 2.into())]).await;
    imported(&world, &[row(BIN, "Example Ltd.", "active")]).await;
    let mut applicant = client(&world, people::applicant());
    // A wrong number counts as well: reading the registry off is what this hinders.
    assert_eq!(refusal(applicant.look_up_participant(of("12")).await), ["BIN_MALFORMED at bin"]);
    applicant.look_up_participant(of(BIN)).await.unwrap();
    assert_eq!(refusal(applicant.look_up_participant(of(BIN)).await), ["LOOK_UP_SLOWED at bin"]);
    for free in [people::stranger(), people::manager(), people::service("applications")] {
        client(&world, free).look_up_participant(of(BIN)).await.unwrap();
    }
    let mut manager = client(&world, people::manager());
    for _ in 0..5 {
        manager.look_up_participant(of(BIN)).await.unwrap();
    }
    world.clock.advance(Duration::from_mins(1));
    applicant.look_up_participant(of(BIN)).await.unwrap();
    world.end().await;
}

pub async fn the_list_is_searched_by_name_and_bin(coverage: &Coverage) {
    let world = Alone::start::<Participants>(coverage).await;
    imported(&world, &[row(BIN, "Ёлка Ltd.", "active"), row(OTHER_BIN, "100 % Plc", "dissolved")]).await;
    let mut manager = client(&world, people::manager());
    for (search, found) in [
        ("", vec![OTHER_BIN, BIN]),
        ("ёлк", vec![BIN]),
        ("PLC", vec![OTHER_BIN]),
        ("2401 40", vec![BIN]),
        ("nobody", vec![]),
        // No wildcard of the database's is one of the search's.
        ("_____", vec![OTHER_BIN, BIN]),
    ] {
        assert_eq!(listed(&mut manager, search, None).await, found, "{search}");
    }
    let second = PageRequest { page: 2, size: 1 };
    assert_eq!(listed(&mut manager, "", Some(second)).await, [BIN]);
    for (denied, told) in [(people::applicant(), "NOT_PERMITTED"), (Actor::Anonymous, "NOT_SIGNED_IN")] {
        let answer = client(&world, denied).list_participants(ListParticipantsRequest::default()).await;
        assert_eq!(refusal(answer), [told]);
    }
    world.end().await;
}

async fn listed(client: &mut Client, search: &str, page: Option<PageRequest>) -> Vec<String> {
    let request = ListParticipantsRequest { search: search.to_owned(), page };
    let answer = client.list_participants(request).await.unwrap().into_inner();
    answer.participants.into_iter().map(|found| found.bin).collect()
}
