//! Papers kept with an account.

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    AccountDocument, AccountDocumentStart, AccountKind, CloseAccountRequest, DownloadAccountDocumentRequest,
    ListAccountDocumentsRequest, RemoveAccountDocumentRequest, SignUpRequest, TakeOwnDataRequest,
    UploadAccountDocumentRequest, upload_account_document_request::Part,
};
use tonic::{Response, Status};

use super::{Client, PASSWORD, client, form, owner, signed_up, start};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

async fn upload(
    client: &mut Client,
    code: &str,
    name: &str,
    content: &[u8],
) -> Result<Response<AccountDocument>, Status> {
    let start = AccountDocumentStart { code: code.to_owned(), file_name: name.to_owned() };
    let mut parts = vec![UploadAccountDocumentRequest { part: Some(Part::Start(start)) }];
    let pieces = content.chunks(1024 * 1024);
    parts.extend(pieces.map(|piece| UploadAccountDocumentRequest { part: Some(Part::Data(piece.to_vec())) }));
    client.upload_account_document(futures::stream::iter(parts)).await
}

async fn documents(client: &mut Client) -> Vec<AccountDocument> {
    client.list_account_documents(ListAccountDocumentsRequest {}).await.unwrap().into_inner().documents
}

/// Would have found: a program taken for a paper, a stranger's copy of a passport, files that outlive their account.
pub async fn papers_are_kept_for_their_owner_alone(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let actor = owner(&signed_up(&mut nobody, "aigerim@example.org").await);
    let mut own = client(&world, actor);
    let large = [PDF, &vec![0; 10 * 1024 * 1024]].concat();
    for (code, content, told) in [
        ("head_order", PDF, "DOCUMENT_ITEM_UNKNOWN at code"),
        ("id_copy", b"MZ", "FILE_TYPE at file"),
        ("id_copy", b"", "FILE_EMPTY at file"),
        ("id_copy", b"%PDF-1.7 nothing", "FILE_DAMAGED at file"),
        ("id_copy", &large, "FILE_TOO_LARGE at file"),
    ] {
        assert_eq!(refusal(upload(&mut own, code, "a.pdf", content).await), [told]);
    }
    let stored = upload(&mut own, "id_copy", "../My passport.pdf", PDF).await.unwrap().into_inner();
    assert_eq!((stored.file_name.as_str(), stored.media_type.as_str()), ("My passport.pdf", "application/pdf"));
    assert_eq!(documents(&mut own).await, std::slice::from_ref(&stored));
    for _ in 0..4 {
        upload(&mut own, "id_copy", "b.pdf", PDF).await.unwrap();
    }
    assert_eq!(refusal(upload(&mut own, "id_copy", "c.pdf", PDF).await), ["FILES_TOO_MANY at file"]);
    let asked = || DownloadAccountDocumentRequest { document_id: stored.id.clone() };
    let mut chunks = own.download_account_document(asked()).await.unwrap().into_inner();
    assert_eq!(chunks.message().await.unwrap().unwrap().file_name, "My passport.pdf");
    assert_eq!(chunks.message().await.unwrap().unwrap().data, PDF);
    assert_eq!(own.take_own_data(TakeOwnDataRequest {}).await.unwrap().into_inner().documents.len(), 5);
    let mut stranger = client(&world, owner(&signed_up(&mut nobody, "other@example.org").await));
    let removing = || RemoveAccountDocumentRequest { document_id: stored.id.clone() };
    assert_eq!(refusal(stranger.download_account_document(asked()).await), ["NOT_FOUND"]);
    assert_eq!(refusal(stranger.remove_account_document(removing()).await), ["NOT_FOUND"]);
    assert!(documents(&mut stranger).await.is_empty());
    let mut staff = client(&world, people::supervisor());
    assert_eq!(refusal(staff.download_account_document(asked()).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(staff.remove_account_document(removing()).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(upload(&mut staff, "id_copy", "a.pdf", PDF).await), ["NOT_PERMITTED"]);
    own.remove_account_document(removing()).await.unwrap();
    assert_eq!(refusal(own.remove_account_document(removing()).await), ["NOT_FOUND"]);
    assert_eq!(refusal(own.download_account_document(asked()).await), ["NOT_FOUND"]);
    // Its file goes with the sweep, and with the account go all.
    assert_eq!(world.step("sweep-account-documents").await, 1);
    own.close_account(CloseAccountRequest { password: PASSWORD.to_owned() }).await.unwrap();
    assert_eq!(world.step("sweep-account-documents").await, 4);
    world.pass_hours(31 * 24);
    assert_eq!(world.step("erase-closed-accounts").await, 1);
    world.end().await;
}

pub async fn a_company_keeps_its_own_papers(coverage: &Coverage) {
    let world = start(coverage).await;
    let company = SignUpRequest {
        kind: AccountKind::Company.into(),
        company_name: "Example Ltd.".to_owned(),
        bin: "240140990004".to_owned(),
        ..form("office@example.org")
    };
    let session = client(&world, Actor::Anonymous).sign_up(company).await.unwrap().into_inner();
    let mut own = client(&world, owner(&session));
    let listed = own.list_account_documents(ListAccountDocumentsRequest {}).await.unwrap().into_inner();
    assert_eq!(listed.codes, ["registration_certificate", "head_order", "power_of_attorney"]);
    for code in &listed.codes {
        upload(&mut own, code, "a.pdf", PDF).await.unwrap();
    }
    assert_eq!(refusal(upload(&mut own, "id_copy", "a.pdf", PDF).await), ["DOCUMENT_ITEM_UNKNOWN at code"]);
    assert_eq!(documents(&mut own).await.len(), 3);
    world.end().await;
}
