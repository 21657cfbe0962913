//! What is kept, for how long, and who read it.

use applications::Applications;
use chassis::testing::{Alone, Coverage, people, refusal};
use proto::applications::v1::{
    ApplicationCancelled, Contact, DownloadDocumentRequest, DraftExpiring, ExportReadsRequest, GetConsentTextRequest,
    RemoveDocumentRequest, SaveContactRequest, State,
};

use super::{
    client, know_people, seen, start,
    steps::{PDF, approved, filled, in_review, upload},
};

pub async fn a_draft_that_nobody_touches_is_erased(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let draft = filled(&mut applicant, 1).await;
    let file = draft.lines[0].persons[0].documents[0].files[0].id.clone();
    world.pass_hours(24 * 165);
    assert_eq!(world.step("erase-ended").await, 0);
    world.pass_hours(24 * 14);
    for reminded in [1, 0] {
        assert_eq!(world.step("erase-ended").await, reminded);
    }
    assert_eq!(world.published::<DraftExpiring>().await[0].number, draft.number);
    let contact = draft.contact.clone();
    let touching = SaveContactRequest { number: draft.number, version: draft.version, contact };
    applicant.save_contact(touching).await.unwrap();
    world.pass_hours(24 * 179);
    assert_eq!(world.step("erase-ended").await, 1, "it was touched since, and its owner is reminded anew");
    assert_eq!(world.published::<DraftExpiring>().await.len(), 2);
    assert_eq!(world.step("erase-ended").await, 0);
    world.pass_hours(24 * 13);
    assert_eq!(world.step("erase-ended").await, 0, "he was told that he has two weeks");
    world.pass_hours(24 * 2);
    assert_eq!(world.step("erase-ended").await, 1);
    assert_eq!(world.step("erase-ended").await, 0);
    let left = seen(&mut applicant, draft.number).await;
    assert_eq!((left.state(), left.contact.unwrap()), (State::Cancelled, Contact::default()));
    assert_eq!(left.timeline.last().unwrap().action, "ABANDONED");
    assert!(left.lines[0].persons[0].values.is_empty());
    assert_eq!(world.published::<ApplicationCancelled>().await.len(), 1, "its owner is told");
    let asked = DownloadDocumentRequest { number: draft.number, document_id: file };
    assert_eq!(refusal(applicant.download_document(asked).await), ["NOT_FOUND"]);
    world.end().await;
}

/// Would have found: an export for whoever asks, reads that are not in it, an export that nobody hears of.
pub async fn whom_a_breach_concerns_is_told_to_admins(coverage: &Coverage) {
    let world = Alone::start_with::<Applications>(coverage, &[("applications.limits.reads_max", 4.into())]).await;
    know_people(&world);
    let (mut manager, mut admin) = (client(&world, people::manager()), client(&world, people::admin()));
    let text = client(&world, kernel::Actor::Anonymous).get_consent_text(GetConsentTextRequest {}).await.unwrap();
    assert_eq!(text.into_inner().version, 1);
    let (before, found) = (world.now().micros(), in_review(&world, 1).await);
    let file = found.lines[0].persons[0].documents[0].files[0].id.clone();
    seen(&mut manager, found.number).await;
    seen(&mut manager, found.number).await;
    let asked = DownloadDocumentRequest { number: found.number, document_id: file };
    manager.download_document(asked).await.unwrap();
    world.pass_hours(1);
    let request = |from_micros, to_micros| ExportReadsRequest { from_micros, to_micros, ..Default::default() };
    let whole = request(before, world.now().micros());
    for denied in [people::manager(), people::supervisor(), people::applicant()] {
        assert_eq!(refusal(client(&world, denied).export_reads(whole.clone()).await), ["NOT_PERMITTED"]);
    }
    assert_eq!(refusal(admin.export_reads(request(5, 5)).await), ["DATE_ORDER at to_micros"]);
    let reads = admin.export_reads(whole.clone()).await.unwrap().into_inner().reads;
    let told: Vec<_> =
        reads.iter().map(|read| (read.what.as_str(), read.document_code.as_str(), read.times, read.persons)).collect();
    assert_eq!(told, [("APPLICATION_READ", "", 2, 1), ("DOCUMENT_READ", "passport_copy", 1, 1)]);
    assert_eq!(reads[0].owner_account_id, people::applicant().account().unwrap().to_string());
    assert_eq!(reads[0].reader, people::manager().principal());
    for (reader_account_id, numbers) in
        [(people::supervisor().account().unwrap().to_string(), Vec::new()), (String::new(), vec![7])]
    {
        let request = ExportReadsRequest { reader_account_id, numbers, ..whole.clone() };
        assert!(admin.export_reads(request).await.unwrap().into_inner().reads.is_empty());
    }
    let nobody = ExportReadsRequest { reader_account_id: "somebody".to_owned(), ..whole.clone() };
    assert_eq!(refusal(admin.export_reads(nobody).await), ["NOT_FOUND"]);
    assert_eq!(world.audited("READS_EXPORTED").await, 3);
    for _ in 0..2 {
        seen(&mut manager, found.number).await;
    }
    let more = request(before, world.now().micros() + 1);
    assert_eq!(refusal(admin.export_reads(more).await), ["READS_TOO_MANY"]);
    world.end().await;
}

pub async fn approved_papers_stay_the_same(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut supervisor) = (client(&world, people::applicant()), client(&world, people::supervisor()));
    let found = approved(&world, 2).await;
    let lines = found.lines[0].persons.iter().flat_map(|person| {
        let files = person.documents.iter().flat_map(|item| item.files.iter().map(move |file| (item, file)));
        files.map(|(item, file)| applications::frozen::line(&person.id, &item.code, &file.id, &file.sha256))
    });
    let set = applications::frozen::text(lines.collect());
    assert_eq!(found.papers_sha256, applications::papers_digest(&set));
    assert!(found.timeline.iter().any(|row| row.action == "PAPERS_FROZEN" && row.reason == found.papers_sha256));
    assert_eq!(seen(&mut applicant, found.number).await.papers_sha256, "", "it is the centre's own proof");
    let person = &found.lines[0].persons[0];
    let document_id = person.documents[0].files[0].id.clone();
    let removing = RemoveDocumentRequest { number: found.number, version: found.version, document_id };
    assert_eq!(refusal(applicant.remove_document(removing.clone()).await), ["NOT_EDITABLE"]);
    assert_eq!(refusal(supervisor.remove_document(removing).await), ["NOT_PERMITTED"]);
    let parts = upload(&found, &person.id, "passport_copy", PDF);
    assert_eq!(refusal(applicant.upload_document(tokio_stream::iter(parts)).await), ["NOT_EDITABLE"]);
    world.end().await;
}
