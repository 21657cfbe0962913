//! Uploaded papers: what is taken, where it belongs, and what becomes of it.

use chassis::testing::{Alone, Conduct, Coverage, ObjectStorage, people, refusal, until::until};
use proto::applications::v1::{
    AddNoteRequest, CancelApplicationRequest, Contact, DownloadDocumentRequest, ItemsCommand, Mark, MembershipKind,
    PostMessageRequest, RemoveDocumentRequest, RemovePersonRequest, ReturnApplicationRequest,
};
use tokio_stream::StreamExt as _;

use super::{
    Client, case, client, create, start,
    steps::{PDF, awaited, filled, in_review, person, saving, submitting, upload, uploaded},
};

pub async fn a_file_is_what_its_content_says(coverage: &Coverage) {
    let world = Alone::start_with::<applications::Applications>(
        coverage,
        &[
            ("applications.documents.size_mib_max", 1.into()),
            ("applications.documents.files_max", 2.into()),
            ("applications.documents.pages_max", 2.into()),
        ],
    )
    .await;
    let mut applicant = client(&world, people::applicant());
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let draft = person(&mut applicant, &draft, 0).await;
    let id = draft.lines[0].persons[0].id.clone();
    let active = String::from_utf8_lossy(PDF)
        .replace("/Pages 2 0 R", "/Pages 2 0 R/OpenAction<</S/J#61vaScript/JS(app.alert(1))>>");
    let many = String::from_utf8_lossy(PDF).replace("Kids[3 0 R]/Count 1", "Kids[3 0 R 3 0 R 3 0 R]/Count 3");
    // A picture's head that promises four thousand million pixels.
    let vast = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00\xe3\xe6\xa7\xb4\x00\x00\x00\x0b\x49\x44\x41\x54\x78\x9c\x63\x60\x80\x01\x00\x00\x0a\x00\x01\x7f\x80\x74\x5e\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";
    for (parts, told) in [
        (upload(&draft, &id, "passport_copy", b""), "FILE_EMPTY at file"),
        (upload(&draft, &id, "passport_copy", b"MZ\x90\x00"), "FILE_TYPE at file"),
        (upload(&draft, &id, "passport_copy", active.as_bytes()), "FILE_ACTIVE_CONTENT at file"),
        (upload(&draft, &id, "passport_copy", b"%PDF-1.7\nnothing"), "FILE_DAMAGED at file"),
        (upload(&draft, &id, "passport_copy", many.as_bytes()), "FILE_TOO_MANY_PAGES at file"),
        (upload(&draft, &id, "passport_copy", vast), "FILE_TOO_MANY_PIXELS at file"),
        (upload(&draft, &id, "passport_copy", &vec![b'%'; 1024 * 1024 + 1]), "FILE_TOO_LARGE at file"),
        (upload(&draft, &id, "driving_licence", PDF), "DOCUMENT_ITEM_UNKNOWN at code"),
        (upload(&draft, "", "passport_copy", PDF), "DOCUMENT_ITEM_UNKNOWN at code"),
        (upload(&draft, &id, "company_registration", PDF), "DOCUMENT_ITEM_UNKNOWN at code"),
    ] {
        assert_eq!(refusal(applicant.upload_document(tokio_stream::iter(parts)).await), [told]);
    }
    let stranger = upload(&draft, &id, "passport_copy", PDF);
    let answer = client(&world, people::stranger()).upload_document(tokio_stream::iter(stranger)).await;
    assert_eq!(refusal(answer), ["NOT_FOUND"]);
    let headless = upload(&draft, &id, "passport_copy", PDF).split_off(1);
    assert_eq!(refusal(applicant.upload_document(tokio_stream::iter(headless)).await), ["MALFORMED"]);
    uploaded(&mut applicant, &draft, &id).await;
    let draft = uploaded(&mut applicant, &draft, &id).await;
    let third = upload(&draft, &id, "passport_copy", PDF);
    assert_eq!(refusal(applicant.upload_document(tokio_stream::iter(third)).await), ["FILES_TOO_MANY at file"]);
    let whole = upload(&draft, "", "company_registration", PDF);
    let answer = applicant.upload_document(tokio_stream::iter(whole)).await.unwrap().into_inner();
    assert_eq!(answer.document.unwrap().file_name, "passport.pdf", "no folder is kept");

    let file = draft.lines[0].persons[0].documents[0].files[0].id.clone();
    let asked =
        |document_id: &str| DownloadDocumentRequest { number: draft.number, document_id: document_id.to_owned() };
    assert_eq!(downloaded(&mut applicant, asked(&file)).await, PDF);
    for other in [people::stranger(), people::manager(), people::finance()] {
        assert_eq!(refusal(client(&world, other).download_document(asked(&file)).await), ["NOT_FOUND"]);
    }
    assert_eq!(refusal(applicant.download_document(asked("doc_0")).await), ["NOT_FOUND"]);
    world.end().await;
}

pub async fn papers_keep_their_versions_and_results_are_given(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    // Returned, replaced, submitted again: the former file stays, for staff.
    let claimed = in_review(&world, 1).await;
    let (line, person) = (claimed.lines[0].id.clone(), claimed.lines[0].persons[0].clone());
    let file = person.documents[0].files[0].id.clone();
    let mark = Mark {
        field: format!("lines[{line}].persons[{}].documents[passport_copy]", person.id),
        reason: "It can't be read".to_owned(),
        ..Mark::default()
    };
    let returning = ReturnApplicationRequest {
        number: claimed.number,
        version: claimed.version,
        reason: String::new(),
        marks: vec![mark],
    };
    let returned = manager.return_application(returning).await.unwrap().into_inner();
    let removing =
        RemoveDocumentRequest { number: returned.number, version: returned.version, document_id: file.clone() };
    applicant.remove_document(removing).await.unwrap();
    let mut clearer = PDF.to_vec();
    clearer.extend(b"% scanned again\n");
    let again = upload(&returned, &person.id, "passport_copy", &clearer);
    let again = applicant.upload_document(tokio_stream::iter(again)).await.unwrap().into_inner().application.unwrap();
    assert!(again.lines[0].persons[0].documents[0].former.is_empty(), "versions are for staff");
    let back = applicant.submit_application(submitting(&again)).await.unwrap().into_inner();
    let claimed = manager.claim_application(case(&back, "")).await.unwrap().into_inner();
    let paper = &claimed.lines[0].persons[0].documents[0];
    assert_eq!((paper.files.len(), paper.former.len(), paper.former[0].id.as_str()), (1, 1, file.as_str()));
    assert_ne!(paper.files[0].sha256, paper.former[0].sha256);
    let asked = DownloadDocumentRequest { number: claimed.number, document_id: file };
    assert_eq!(downloaded(&mut manager, asked).await, PDF);
    world.pass_hours(25);
    assert_eq!(world.step("sweep-uploads").await, 0, "what was submitted is not swept");
    world.end().await;

    // What came of it goes to the applicant, from the hand-over on.
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let mut manager = client(&world, people::manager());
    let case = awaited(&world, 1).await;
    let person = case.lines[0].persons[0].id.clone();
    let early = upload(&case, &person, "result", PDF);
    assert_eq!(refusal(manager.upload_document(tokio_stream::iter(early)).await), ["MOVE_NOT_ALLOWED"]);
    let received = ItemsCommand {
        number: case.number,
        version: case.version,
        person_item_ids: vec![person.clone()],
        ..ItemsCommand::default()
    };
    let case = manager.receive_originals(received).await.unwrap().into_inner();
    let own = upload(&case, &person, "result", PDF);
    assert_eq!(refusal(applicant.upload_document(tokio_stream::iter(own)).await), ["NOT_PERMITTED"]);
    let given = upload(&case, &person, "result", PDF);
    let given = manager.upload_document(tokio_stream::iter(given)).await.unwrap().into_inner();
    let seen = super::seen(&mut applicant, case.number).await;
    let result = seen.lines[0].persons[0].results[0].clone();
    assert_eq!(Some(&result), given.document.as_ref());
    let asked = || DownloadDocumentRequest { number: case.number, document_id: result.id.clone() };
    assert_eq!(downloaded(&mut applicant, asked()).await, PDF);
    assert_eq!(refusal(client(&world, people::stranger()).download_document(asked()).await), ["NOT_FOUND"]);
    world.end().await;
}

pub async fn what_an_ended_case_held_is_erased_after_its_term(coverage: &Coverage) {
    let days = [("applications.retention.ended_days", 30.into())];
    let world = Alone::start_with::<applications::Applications>(coverage, &days).await;
    let mut applicant = client(&world, people::applicant());
    let claimed = in_review(&world, 1).await;
    let open = in_review(&world, 1).await;
    let file = claimed.lines[0].persons[0].documents[0].files[0].id.clone();
    let gone = CancelApplicationRequest {
        number: claimed.number,
        version: claimed.version,
        reason: "Schmidt stays at home".to_owned(),
    };
    applicant.cancel_application(gone).await.unwrap();
    world.pass_hours(24 * 29);
    assert_eq!(world.step("erase-ended").await, 0, "its term is not over");
    world.pass_hours(24 * 2);
    assert_eq!(world.step("erase-ended").await, 1);
    assert_eq!(world.step("erase-ended").await, 0);
    let left = super::seen(&mut applicant, claimed.number).await;
    let person = &left.lines[0].persons[0];
    assert!(person.values.is_empty() && person.name.is_empty(), "{person:?}");
    assert!(person.documents.iter().all(|item| item.files.is_empty() && item.former.is_empty()));
    assert_eq!(left.contact.unwrap(), Contact::default());
    assert!(left.timeline.iter().all(|entry| entry.reason.is_empty()) && !left.timeline.is_empty());
    assert_eq!((left.total.unwrap().amount_minor, left.decision_reason.as_str()), (1_000_000, ""));
    let asked = DownloadDocumentRequest { number: claimed.number, document_id: file };
    assert_eq!(refusal(applicant.download_document(asked).await), ["NOT_FOUND"]);
    // Nothing personal gathers on it anew.
    let writing = PostMessageRequest { number: claimed.number, text: "hello".to_owned() };
    assert_eq!(refusal(applicant.post_message(writing).await), ["CASE_ERASED"]);
    let noting = AddNoteRequest { number: claimed.number, text: "Schmidt called".to_owned() };
    assert_eq!(refusal(client(&world, people::manager()).add_note(noting).await), ["CASE_ERASED"]);
    let kept = super::seen(&mut applicant, open.number).await;
    assert_eq!(kept.lines[0].persons[0].values, open.lines[0].persons[0].values, "an open case keeps everything");
    world.end().await;
}

async fn downloaded(client: &mut Client, asked: DownloadDocumentRequest) -> Vec<u8> {
    let mut pieces = client.download_document(asked).await.unwrap().into_inner();
    let mut content = Vec::new();
    while let Some(piece) = pieces.next().await {
        content.extend(piece.unwrap().data);
    }
    content
}

pub async fn papers_may_be_kept_in_s3_storage(coverage: &Coverage) {
    let storage = ObjectStorage::start().await;
    // Longer than any caller waits here.
    let settings = [storage.settings(), vec![("chassis.files.s3.timeout_seconds", 30.into())]].concat();
    let world = Alone::start_with::<applications::Applications>(coverage, &settings).await;
    let mut applicant = client(&world, people::applicant());
    let draft = create(&mut applicant, &["INVB1S"]).await;
    let draft = person(&mut applicant, &draft, 0).await;
    let person = draft.lines[0].persons[0].clone();
    let draft = uploaded(&mut applicant, &draft, &person.id).await;
    let person = draft.lines[0].persons[0].clone();
    let file = person.documents[0].files[0].id.clone();
    let asked = |id: &str| DownloadDocumentRequest { number: draft.number, document_id: id.to_owned() };
    assert_eq!(downloaded(&mut applicant, asked(&file)).await, PDF);
    let kept = storage.objects();
    assert_eq!(kept.keys().collect::<Vec<_>>(), [&format!("applications/{file}")]);
    assert!(!kept.values().any(|content| content.windows(5).any(|bytes| bytes == &PDF[..5])), "papers are sealed");

    // While the storage is away papers neither come nor go, and the rest of the draft does.
    storage.conduct(Conduct::Away);
    assert_eq!(refusal(applicant.download_document(asked(&file)).await), ["UNAVAILABLE"]);
    let parts = upload(&draft, &person.id, "passport_copy", PDF);
    assert_eq!(refusal(applicant.upload_document(tokio_stream::iter(parts)).await), ["UNAVAILABLE"]);
    let removing = RemoveDocumentRequest { number: draft.number, version: draft.version, document_id: file.clone() };
    let less = applicant.remove_document(removing).await.unwrap().into_inner();

    // Storage that never answers is given up when the caller's time is over, not when the storage's is.
    storage.conduct(Conduct::Hanging);
    let parts = upload(&less, &person.id, "passport_copy", PDF);
    let mut hasty = tonic::Request::new(tokio_stream::iter(parts));
    hasty.set_timeout(std::time::Duration::from_millis(500));
    assert_eq!(refusal(applicant.upload_document(hasty).await), ["UNAVAILABLE"]);
    until("the hanging request's end", async || storage.given_up(), |given_up| *given_up == 1).await;

    storage.conduct(Conduct::Answering);
    let again = uploaded(&mut applicant, &less, &person.id).await;
    let files = &again.lines[0].persons[0].documents[0].files;
    assert_eq!(files.len(), 1, "only what has arrived whole is shown");
    assert_eq!(downloaded(&mut applicant, asked(&files[0].id)).await, PDF);
    assert_eq!(refusal(applicant.download_document(asked(&file)).await), ["NOT_FOUND"]);
    world.pass_hours(25);
    assert_eq!(world.step("sweep-uploads").await, 3, "the one removed and the two that never arrived");
    assert_eq!(storage.objects().into_keys().collect::<Vec<_>>(), [format!("applications/{}", files[0].id)]);
    world.end().await;
}

pub async fn papers_go_with_their_person(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = filled(&mut applicant, 3).await;
    let persons = &draft.lines[0].persons;
    let file = |index: usize| persons[index].documents[0].files[0].id.clone();
    let removing =
        |document_id: String| RemoveDocumentRequest { number: draft.number, version: draft.version, document_id };
    let unknown = applicant.remove_document(removing("doc_0".to_owned())).await;
    assert_eq!(refusal(unknown), ["DOCUMENT_UNKNOWN at document_id"]);
    let less = applicant.remove_document(removing(file(0))).await.unwrap().into_inner();
    assert!(less.lines[0].persons[0].documents[0].files.is_empty());
    let person_id = persons[1].id.clone();
    let gone = RemovePersonRequest { number: less.number, version: less.version, person_id };
    let less = applicant.remove_person(gone).await.unwrap().into_inner();
    // The third goes with his whole line.
    let other = saving(&less, &[("INVB1M", 1)], MembershipKind::NotMember, "");
    applicant.save_services(other).await.unwrap();
    for index in 0..3 {
        let asked = DownloadDocumentRequest { number: draft.number, document_id: file(index) };
        assert_eq!(refusal(applicant.download_document(asked).await), ["NOT_FOUND"]);
    }
    // What was taken away does not stay on the disk for ever.
    assert_eq!(world.step("sweep-uploads").await, 0);
    world.pass_hours(25);
    assert_eq!(world.step("sweep-uploads").await, 6);
    assert_eq!(world.step("sweep-uploads").await, 0);
    world.end().await;
}
