//! Reads: the catalogue, the public offer, own and work lists, who sees which case.

use chassis::{
    demo,
    testing::{Coverage, people, refusal},
};
use kernel::{Actor, Role, Scope};
use proto::{
    applications::v1::{
        GetApplicationRequest, GetCatalogueRequest, GetPublicOfferRequest, ListApplicationsRequest, ListWorkRequest,
        MembershipKind,
    },
    billing::v1::InvoiceIssued,
    participants::v1::{LookUpParticipantRequest, Participant},
};

use super::{
    Client, client, create, start,
    steps::{filled, in_review, saving, submitting, with_papers},
};

pub async fn the_catalogue_and_the_offer_are_public(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let catalogue = nobody.get_catalogue(GetCatalogueRequest {}).await.unwrap().into_inner();
    assert_eq!(catalogue.types[0].code, "expat_centre");
    let offer = |version: u32| GetPublicOfferRequest { version, locale: "ru".to_owned() };
    let shown = nobody.get_public_offer(offer(0)).await.unwrap().into_inner();
    assert_eq!((shown.version, shown.title.as_str()), (1, "Публичная оферта"));
    assert_eq!(refusal(nobody.get_public_offer(offer(99)).await), ["NOT_FOUND"]);
    let printed = nobody.get_public_offer_pdf(offer(1)).await.unwrap().into_inner();
    assert_eq!(printed.file_name, "public-offer-1-ru.pdf");
    assert!(printed.data.starts_with(b"%PDF-"));
    world.end().await;
}

async fn work(client: &mut Client, list: &str, search: &str) -> Vec<i64> {
    let request = ListWorkRequest { page: None, search: search.to_owned(), list: list.to_owned() };
    let found = client.list_work(request).await.unwrap().into_inner();
    found.applications.into_iter().map(|summary| summary.number).collect()
}

pub async fn each_sees_his_own_list(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let claimed = in_review(&world, 1).await.number;
    let draft = filled(&mut applicant, 1).await;
    let new = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner().number;
    let draft = create(&mut applicant, &["IINREG"]).await.number;
    let own = |search: &str| ListApplicationsRequest { page: None, search: search.to_owned() };
    let mut numbers = Vec::new();
    for search in ["", "#101", "identification", "work visa"] {
        let found = applicant.list_applications(own(search)).await.unwrap().into_inner().applications;
        assert!(found.iter().all(|summary| summary.applicant_name.is_empty()), "names are for staff");
        numbers.push(found.into_iter().map(|summary| summary.number).collect::<Vec<_>>());
    }
    assert_eq!(numbers, [vec![draft, new, claimed], vec![101], vec![draft], Vec::new()]);
    let strangers = client(&world, people::stranger()).list_applications(own("")).await.unwrap().into_inner();
    assert!(strangers.applications.is_empty());

    // A manager's lists hold what is his and what is nobody's; no list holds a draft.
    let mut manager = client(&world, people::manager());
    assert_eq!(work(&mut manager, "mine", "").await, [claimed]);
    assert_eq!(work(&mut manager, "new", "").await, [new]);
    assert_eq!(work(&mut manager, "all", "schmidt").await, [new, claimed]);
    let mut other = client(&world, people::person(demo::MANAGERS[1], &[Role::Manager]));
    assert_eq!(work(&mut other, "all", "").await, [new]);
    let mut program = client(&world, people::program(&[Scope::ApplicationsRead]));
    assert_eq!(work(&mut program, "", "").await, [new, claimed]);
    let wrong = ListWorkRequest { list: "lost".to_owned(), ..ListWorkRequest::default() };
    assert_eq!(refusal(manager.list_work(wrong).await), ["MALFORMED"]);
    assert_eq!(refusal(applicant.list_work(ListWorkRequest::default()).await), ["NOT_PERMITTED"]);

    // Finance sees the sums of a filed case, never its persons.
    let mut finance = client(&world, people::finance());
    let seen = finance.get_application(GetApplicationRequest { number: claimed }).await.unwrap().into_inner();
    assert!(seen.contact.is_none() && seen.lines.iter().all(|line| line.persons.is_empty()));
    for hidden in [people::stranger(), people::admin(), people::person(demo::MANAGERS[1], &[Role::Manager])] {
        let answer = client(&world, hidden).get_application(GetApplicationRequest { number: claimed }).await;
        assert_eq!(refusal(answer), ["NOT_FOUND"]);
    }
    world.end().await;
}

pub async fn the_same_person_twice_is_told(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let first = in_review(&world, 1).await.number;
    let draft = filled(&mut applicant, 1).await;
    assert_eq!(draft.lines[0].persons[0].duplicates, [first]);
    let told = super::seen(&mut manager, first).await;
    assert_eq!(told.lines[0].persons[0].duplicates, Vec::<i64>::new(), "a draft is its owner's");
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    let told = super::seen(&mut manager, first).await;
    assert_eq!(told.lines[0].persons[0].duplicates, [filed.number]);
    // Another service is another matter, and so is another applicant's application to an applicant.
    let other = create(&mut applicant, &["INVC3S"]).await;
    let other = super::steps::person(&mut applicant, &other, 0).await;
    assert!(other.lines[0].persons[0].duplicates.is_empty());
    let mut stranger = client(&world, people::stranger());
    let theirs = filled(&mut stranger, 1).await;
    assert!(theirs.lines[0].persons[0].duplicates.is_empty(), "nobody learns of others' applications");
    world.end().await;
}

pub async fn staff_find_a_case_by_what_they_know(coverage: &Coverage) {
    const BIN: &str = "240140990004";
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    world.fakes.on("participants.Participants/LookUpParticipant", |request: LookUpParticipantRequest| {
        Ok(Participant { bin: request.bin, name: "Құрылыс Capital Ltd.".to_owned(), ..Participant::default() })
    });
    let draft = filled(&mut applicant, 1).await;
    let member = saving(&draft, &[("INVB1S", 1)], MembershipKind::Member, BIN);
    let draft = applicant.save_services(member).await.unwrap().into_inner();
    let draft = with_papers(&mut applicant, draft).await;
    assert_eq!(work(&mut manager, "all", "schmidt").await, Vec::<i64>::new(), "a draft is its owner's");
    let filed = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    let number = filed.number;
    // Any word of the names from its beginning, in any order and case; BIN and passport as a whole.
    for search in [&format!("#{number}"), "schm", "ANNA Schmidt", "anna anna", "құрылыс", BIN, "c01x 00t47"] {
        assert_eq!(work(&mut manager, "new", search).await, [number], "{search}");
    }
    for search in ["midt", "anna petrov", "C01X00T4", "240140990012", "#9", "—"] {
        assert_eq!(work(&mut manager, "all", search).await, Vec::<i64>::new(), "{search}");
    }
    let request = |search: &str| ListWorkRequest { search: search.to_owned(), ..ListWorkRequest::default() };
    let found = manager.list_work(request("C01X00T47")).await.unwrap().into_inner().applications.remove(0);
    let person = (found.found[0].name.as_str(), found.found[0].passport_masked.as_str());
    assert_eq!(person, ("ANNA ANNA", "••••0T47"));
    // An invoice is found by its number and by its reference, one that is void too.
    let issued = |document_number: &str, reference_number: &str| InvoiceIssued {
        application_number: number,
        document_number: document_number.to_owned(),
        reference_number: reference_number.to_owned(),
        ..InvoiceIssued::default()
    };
    for (version, fact) in [issued("P-O/2026/7", "400490"), issued("P-O/2026/9", "400492")].iter().enumerate() {
        world.tell(number, i64::try_from(version).unwrap() + 1, fact).await;
    }
    for search in ["P-O/2026/7", "p-o/2026/9", " 400490", "400 492"] {
        assert_eq!(work(&mut manager, "all", search).await, [number], "{search}");
    }
    assert_eq!(work(&mut manager, "all", "P-O/2026").await, Vec::<i64>::new());
    // Finance works with sums: persons are not told, nor found by their passports.
    let mut finance = client(&world, people::finance());
    assert_eq!(work(&mut finance, "all", "C01X00T47").await, Vec::<i64>::new());
    let found = finance.list_work(request("anna")).await.unwrap().into_inner().applications;
    assert!(found.iter().all(|case| case.found.is_empty()) && found.len() == 1);
    // What is found is what may be seen.
    manager.claim_application(super::case(&filed, "")).await.unwrap();
    let mut other = client(&world, people::person(demo::MANAGERS[1], &[Role::Manager]));
    assert_eq!(work(&mut other, "all", "C01X00T47").await, Vec::<i64>::new());
    world.end().await;
}
