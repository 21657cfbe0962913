//! Staff file for a client at the desk.

use chassis::{
    demo,
    testing::{Coverage, people, refusal},
};
use kernel::{AccountId, Role};
use proto::applications::v1::{
    Application, CreateApplicationRequest, GetApplicationRequest, ListApplicationsRequest, ListWorkRequest,
    SaveContactRequest, State, SubmitApplicationRequest,
};

use super::{
    Client, case, client, create, seen, start,
    steps::{PDF, fill, judging, submitting, upload},
};

fn filing(owner: &str) -> CreateApplicationRequest {
    CreateApplicationRequest {
        r#type: "expat_centre".to_owned(),
        services: vec!["INVB1S".to_owned()],
        owner_account_id: owner.to_owned(),
    }
}

async fn filed(staff: &mut Client) -> Application {
    let owner: AccountId = demo::APPLICANTS[0];
    staff.create_application(filing(&owner.to_string())).await.unwrap().into_inner()
}

async fn with_mandate(staff: &mut Client, draft: &Application) -> Application {
    let parts = upload(draft, "", "mandate", PDF);
    staff.upload_document(tokio_stream::iter(parts)).await.unwrap().into_inner().application.unwrap()
}

fn actions(of: &Application) -> Vec<&str> {
    of.timeline.iter().map(|row| row.action.as_str()).collect()
}

/// Would have found: a draft in a stranger's name, a draft that every manager reads, a submission without the client's word,
/// a history that does not say who acted.
pub async fn staff_file_for_a_client_by_his_mandate(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let mut supervisor = client(&world, people::supervisor());
    let other = people::person(demo::MANAGERS[1], &[Role::Manager]);
    let owner = demo::APPLICANTS[0].to_string();
    for denied in [people::applicant(), people::finance(), people::admin()] {
        assert_eq!(refusal(client(&world, denied).create_application(filing(&owner)).await), ["NOT_PERMITTED"]);
    }
    for nobody in [demo::FINANCE.to_string(), "somebody".to_owned()] {
        let refused = manager.create_application(filing(&nobody)).await;
        assert_eq!(refusal(refused), ["OWNER_UNKNOWN at owner_account_id"]);
    }
    let draft = filed(&mut manager).await;
    assert!(draft.filed_at_desk && draft.filed_by == demo::MANAGERS[0].to_string());
    let get = GetApplicationRequest { number: draft.number };
    for closed in [other.clone(), people::finance(), people::stranger()] {
        assert_eq!(refusal(client(&world, closed).get_application(get).await), ["NOT_FOUND"]);
    }
    seen(&mut supervisor, draft.number).await;
    // A draft of the applicant's own stays his own.
    let own = create(&mut applicant, &["INVB1S"]).await;
    let foreign = SaveContactRequest { number: own.number, version: own.version, contact: None };
    for mut staff in [client(&world, people::manager()), client(&world, people::supervisor())] {
        assert_eq!(refusal(staff.get_application(GetApplicationRequest { number: own.number }).await), ["NOT_FOUND"]);
        assert_eq!(refusal(staff.save_contact(foreign.clone()).await), ["NOT_FOUND"]);
    }
    let desk = || ListWorkRequest { list: "desk".to_owned(), ..ListWorkRequest::default() };
    for (staff, count) in [(people::manager(), 1), (other, 0), (people::supervisor(), 1)] {
        let listed = client(&world, staff).list_work(desk()).await.unwrap().into_inner();
        assert_eq!(listed.applications.len(), count);
    }
    assert_eq!(refusal(client(&world, people::finance()).list_work(desk()).await), ["NOT_PERMITTED"]);

    let draft = fill(&mut manager, draft, 1).await;
    assert_eq!(actions(&draft), ["FILED_AT_DESK", "EDITED_ON_BEHALF", "UPLOADED_ON_BEHALF"]);
    let lacking: Vec<_> = draft.missing.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(lacking, ["documents[mandate]"]);
    let told = refusal(manager.submit_application(submitting(&draft)).await);
    assert_eq!(told, ["DOCUMENT_MISSING at documents[mandate]"]);
    let draft = with_mandate(&mut manager, &draft).await;
    for (consent_version, told) in [(0, "CONSENT_MISSING at consent"), (9, "CONSENT_CHANGED at consent")] {
        let request = SubmitApplicationRequest { consent_version, ..submitting(&draft) };
        assert_eq!(refusal(manager.submit_application(request).await), [told]);
    }
    let sent = manager.submit_application(submitting(&draft)).await.unwrap().into_inner();
    assert_eq!((sent.state(), sent.offer_by_mandate), (State::New, true));
    assert_eq!(sent.offer_accepted_by, demo::MANAGERS[0].to_string());
    assert_eq!(actions(&sent).last(), Some(&"SUBMITTED_BY_MANDATE"));
    let consent = &sent.consents[0];
    assert_eq!((consent.text_version, consent.client.as_str(), consent.at_desk), (1, "192.0.*.*", true));
    let his = seen(&mut applicant, draft.number).await;
    assert!(his.offer_by_mandate && his.offer_accepted_by.is_empty() && his.filed_by.is_empty());
    world.end().await;
}

pub async fn who_filed_a_case_does_not_approve_it(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut manager, mut supervisor) = (client(&world, people::manager()), client(&world, people::supervisor()));
    let draft = filed(&mut supervisor).await;
    let draft = fill(&mut supervisor, draft, 1).await;
    let draft = with_mandate(&mut supervisor, &draft).await;
    let sent = supervisor.submit_application(submitting(&draft)).await.unwrap().into_inner();
    let mut found = manager.claim_application(case(&sent, "")).await.unwrap().into_inner();
    let persons = found.lines[0].persons.clone();
    let items = persons.iter().flat_map(|person| &person.documents).chain(&found.documents);
    let files: Vec<_> = items.flat_map(|item| &item.files).map(|file| file.id.clone()).collect();
    for file in files {
        found = manager.review_document(judging(&found, &file, true, "")).await.unwrap().into_inner();
    }
    let found = manager.recommend_approval(case(&found, "")).await.unwrap().into_inner();
    assert_eq!(refusal(supervisor.approve_application(case(&found, "")).await), ["FOUR_EYES"]);
    world.end().await;
}

pub async fn a_client_goes_on_himself(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let draft = filed(&mut manager).await;
    let listed = applicant.list_applications(ListApplicationsRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.applications[0].number, draft.number);
    let draft = seen(&mut applicant, draft.number).await;
    let draft = fill(&mut applicant, draft, 1).await;
    assert_eq!(actions(&draft), ["FILED_AT_DESK"], "his own edits are nobody else's");
    assert!(draft.missing.is_empty(), "the client himself needs no mandate: {:?}", draft.missing);
    let sent = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    assert!(!sent.offer_by_mandate && !sent.consents[0].at_desk);
    world.end().await;
}
