//! A draft: what may be chosen, what is missing, and how it is filed.

use chassis::testing::{Coverage, people, refusal, refuse};
use proto::{
    applications::v1::{
        ApplicationSubmitted, Contact, CreateApplicationRequest, MembershipKind, RemovePersonRequest,
        SaveContactRequest, SavePersonRequest, State, SubmitApplicationRequest,
    },
    participants::v1::{LookUpParticipantRequest, Participant},
};
use tonic::Status;

use super::{
    client, create, seen, start,
    steps::{answers, filled, person, saving, submitting},
};

pub async fn a_draft_is_opened_for_what_the_catalogue_has(coverage: &Coverage) {
    let world = chassis::testing::Alone::start_with::<applications::Applications>(
        coverage,
        &[("applications.limits.lines_max", 2.into())],
    )
    .await;
    let mut applicant = client(&world, people::applicant());
    let asking = |kind: &str, services: &[&str]| CreateApplicationRequest {
        r#type: kind.to_owned(),
        services: services.iter().map(|code| (*code).to_owned()).collect(),
        ..CreateApplicationRequest::default()
    };
    for (request, told) in [
        (asking("embassy", &["INVB1S"]), "TYPE_UNKNOWN at type"),
        (asking("expat_centre", &[]), "SERVICES_NONE at services"),
        (asking("expat_centre", &["NOTHING"]), "SERVICE_UNKNOWN at services"),
        (asking("expat_centre", &["INVB1S", "INVB1M", "INVC3S"]), "SERVICES_TOO_MANY at services"),
    ] {
        assert_eq!(refusal(applicant.create_application(request).await), [told]);
    }
    let staff = client(&world, people::manager()).create_application(asking("expat_centre", &["INVB1S"])).await;
    assert_eq!(refusal(staff), ["NOT_PERMITTED"]);
    let nobody = client(&world, kernel::Actor::Anonymous).create_application(asking("expat_centre", &["INVB1S"])).await;
    assert_eq!(refusal(nobody), ["NOT_SIGNED_IN"]);
    // A service chosen twice stands once, wherever it was chosen again.
    let draft = create(&mut applicant, &["INVB1S", "INVB1M", "INVB1S"]).await;
    assert_eq!((draft.number, draft.state(), draft.lines.len()), (101, State::Draft, 2));
    assert_eq!(create(&mut applicant, &["INVB1S"]).await.number, 102);
    // Under a key it is opened once.
    let mut keyed = proto::applications::v1::applications_client::ApplicationsClient::new(
        world.by(people::applicant()).with_key("0190-1"),
    );
    let numbers = [create(&mut keyed, &["INVB1S"]).await.number, create(&mut keyed, &["INVB1S"]).await.number];
    assert_eq!(numbers, [103, 103]);
    world.end().await;
}

pub async fn services_are_checked_line_by_line(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let none = |lines: &[(&str, u32)]| saving(&draft, lines, MembershipKind::NotMember, "");
    let mut managed = none(&[("PMTA01", 1)]);
    managed.lines[0].personal_manager = true;
    for (request, told) in [
        (none(&[]), "SERVICES_NONE at services"),
        (none(&[("INVB1S", 0)]), "QUANTITY_OUT_OF_RANGE at lines[0].quantity"),
        (none(&[("INVB1S", 1), ("INVB1M", 101)]), "QUANTITY_OUT_OF_RANGE at lines[1].quantity"),
        (none(&[("NOTHING", 1)]), "SERVICE_UNKNOWN at lines[0].service_code"),
        (none(&[("INVB1S", 1), ("INVB1S", 2)]), "SERVICE_UNKNOWN at lines[1].service_code"),
        (managed, "PERSONAL_MANAGER_NONE at lines[0].personal_manager"),
    ] {
        assert_eq!(refusal(applicant.save_services(request).await), [told]);
    }
    let mut request = none(&[("INVB1S", 2)]);
    request.lines[0].personal_manager = true;
    request.walk_in = true;
    let saved = applicant.save_services(request.clone()).await.unwrap().into_inner();
    // (10 000 + 10 000) × 2 and the walk-in once.
    assert_eq!(saved.total.unwrap().amount_minor, 5_000_000);
    assert_eq!(refusal(applicant.save_services(request.clone()).await), ["VERSION_CONFLICT"]);
    let stranger = client(&world, people::stranger()).save_services(request).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    world.end().await;
}

pub async fn membership_is_what_the_registry_says(coverage: &Coverage) {
    const BIN: &str = "240140990004";
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let look_up = "participants.Participants/LookUpParticipant";
    let mut draft = filled(&mut applicant, 1).await;
    world.fakes.on(look_up, |_: LookUpParticipantRequest| {
        Err::<Participant, _>(refuse("INPUT_INVALID", &[("bin", "PARTICIPANT_INACTIVE")]))
    });
    let member = |draft: &_, bin: &str| saving(draft, &[("INVB1S", 1)], MembershipKind::Member, bin);
    let told = refusal(applicant.save_services(member(&draft, BIN)).await);
    assert_eq!(told, ["PARTICIPANT_INACTIVE at membership.bin"]);
    let told = refusal(applicant.save_services(member(&draft, "240140990005")).await);
    assert_eq!(told, ["BIN_CHECK_DIGIT at membership.bin"]);
    // A registry that is away hinders no draft, only its filing.
    world.fakes.on(look_up, |_: LookUpParticipantRequest| Err::<Participant, _>(Status::unavailable("away")));
    draft = applicant.save_services(member(&draft, BIN)).await.unwrap().into_inner();
    // Members bring the company's papers too.
    draft = super::steps::with_papers(&mut applicant, draft).await;
    assert_eq!(draft.missing.iter().map(|fault| fault.code.as_str()).collect::<Vec<_>>(), ["MEMBERSHIP_UNVERIFIED"]);
    coverage.told("MEMBERSHIP_UNVERIFIED");
    assert_eq!(refusal(applicant.submit_application(submitting(&draft)).await), ["UNAVAILABLE"]);
    world.fakes.on(look_up, |request: LookUpParticipantRequest| {
        Ok(Participant { bin: request.bin, name: "Example Ltd.".to_owned(), ..Participant::default() })
    });
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    assert_eq!(filed.membership.unwrap().organisation_name, "Example Ltd.");
    // The registry is asked in the applicant's name.
    assert!(world.fakes.calls("LookUpParticipant").iter().all(|call| call.authorization.starts_with("Bearer ")));
    world.end().await;
}

pub async fn everything_missing_is_told_at_its_field(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let line = draft.lines[0].id.clone();
    let told = refusal(applicant.submit_application(submitting(&draft)).await);
    for fault in ["MEMBERSHIP_MISSING at membership.kind", "FIELD_REQUIRED at contact.email"] {
        assert!(told.iter().any(|known| known == fault), "{fault}: {told:?}");
    }
    assert!(told.contains(&format!("PERSONS_MISSING at lines[{line}].persons")), "{told:?}");
    let member = saving(&draft, &[("INVB1S", 2)], MembershipKind::Member, "");
    let draft = applicant.save_services(member).await.unwrap().into_inner();
    let saving_person = |draft: &proto::applications::v1::Application, line_id: &str, person_id: &str, values| {
        let (line_id, person_id) = (line_id.to_owned(), person_id.to_owned());
        SavePersonRequest { number: draft.number, version: draft.version, line_id, person_id, values }
    };
    let mut values = answers(&mut applicant, "P1").await;
    for (key, value) in [("sex", "unknown"), ("stay_to", "2027-01-14"), ("purpose", ""), ("citizenship", "XX")] {
        values.insert(key.to_owned(), value.to_owned());
    }
    let draft = applicant.save_person(saving_person(&draft, &line, "", values.clone())).await.unwrap().into_inner();
    let id = draft.lines[0].persons[0].id.clone();
    let told = refusal(applicant.submit_application(submitting(&draft)).await);
    let path = format!("lines[{line}].persons[{id}]");
    for fault in [
        "BIN_MISSING at membership.bin".to_owned(),
        format!("CHOICE_UNKNOWN at {path}.sex"),
        format!("DATE_ORDER at {path}.stay_to"),
        format!("FIELD_REQUIRED at {path}.purpose"),
        format!("COUNTRY_UNKNOWN at {path}.citizenship"),
        format!("DOCUMENT_MISSING at {path}.documents[passport_copy]"),
    ] {
        assert!(told.contains(&fault), "{fault}: {told:?}");
    }
    for (line_id, person_id, fault) in
        [("lin_0", "", "LINE_UNKNOWN at line_id"), (line.as_str(), "itm_0", "PERSON_UNKNOWN at person_id")]
    {
        let answer = applicant.save_person(saving_person(&draft, line_id, person_id, values.clone())).await;
        assert_eq!(refusal(answer), [fault]);
    }
    let draft = person(&mut applicant, &draft, 0).await;
    let third = applicant.save_person(saving_person(&draft, &line, "", values)).await;
    assert_eq!(refusal(third), ["PERSONS_COMPLETE at persons"]);
    // Fewer than are entered: one must go.
    let fewer = saving(&draft, &[("INVB1S", 1)], MembershipKind::NotMember, "");
    let draft = applicant.save_services(fewer).await.unwrap().into_inner();
    let told = refusal(applicant.submit_application(submitting(&draft)).await);
    assert!(told.contains(&format!("PERSONS_TOO_MANY at lines[{line}].persons")), "{told:?}");
    let removing = |person_id: &str| RemovePersonRequest {
        number: draft.number,
        version: draft.version,
        person_id: person_id.to_owned(),
    };
    assert_eq!(refusal(applicant.remove_person(removing("itm_0")).await), ["PERSON_UNKNOWN at person_id"]);
    let draft = applicant.remove_person(removing(&id)).await.unwrap().into_inner();
    assert_eq!(draft.lines[0].persons.len(), 1);
    let long = Contact { address: "x".repeat(301), ..Contact::default() };
    let request = SaveContactRequest { number: draft.number, version: draft.version, contact: Some(long) };
    assert_eq!(refusal(applicant.save_contact(request).await), ["TEXT_TOO_LONG at contact.address"]);
    assert!(world.outbox().await.is_empty());
    world.end().await;
}

pub async fn the_offer_in_force_is_accepted(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = filled(&mut applicant, 1).await;
    assert!(draft.missing.is_empty(), "{:?}", draft.missing);
    let unread = SubmitApplicationRequest { accept_offer: false, ..submitting(&draft) };
    assert_eq!(refusal(applicant.submit_application(unread).await), ["OFFER_NOT_ACCEPTED at accept_offer"]);
    let old = SubmitApplicationRequest { offer_version: 7, ..submitting(&draft) };
    assert_eq!(refusal(applicant.submit_application(old).await), ["OFFER_CHANGED at accept_offer"]);
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    assert_eq!((filed.state(), filed.offer_version), (State::New, 1));
    assert_eq!(world.published::<ApplicationSubmitted>().await[0].number, filed.number);
    let again = saving(&filed, &[("INVB1S", 1)], MembershipKind::NotMember, "");
    assert_eq!(refusal(applicant.save_services(again).await), ["NOT_EDITABLE"]);
    let staff = seen(&mut client(&world, people::manager()), filed.number).await;
    assert_eq!(staff.owner_account_id, people::applicant().account().unwrap().to_string());
    assert_eq!(world.audited("APPLICATION_READ").await, 1);
    world.end().await;
}

pub async fn a_person_saved_again_under_its_key_is_there_once(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let request = SavePersonRequest {
        number: draft.number,
        version: draft.version,
        line_id: draft.lines[0].id.clone(),
        person_id: String::new(),
        values: answers(&mut applicant, &draft.lines[0].form_code).await,
    };
    let mut under_a_key = super::Client::new(world.by(people::applicant()).with_key("one person"));
    // Answers by key come over the wire in any order, and are the same request all the same.
    let first = under_a_key.save_person(request.clone()).await.unwrap().into_inner();
    for _ in 0..5 {
        let again = under_a_key.save_person(request.clone()).await.unwrap().into_inner();
        assert_eq!((again.version, again.lines[0].persons.len()), (first.version, 1));
    }
    world.end().await;
}
