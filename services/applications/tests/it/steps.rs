//! The way of a case step by step, for tests that begin in the middle of it.

use std::collections::BTreeMap;

use chassis::testing::{Alone, people};
use proto::applications::v1::{
    Application, Contact, GetCatalogueRequest, LineChoice, Membership, MembershipKind, ReviewDocumentRequest,
    SaveContactRequest, SavePersonRequest, SaveServicesRequest, SubmitApplicationRequest, UploadDocumentRequest,
    UploadStart, upload_document_request::Part,
};

use super::{Client, case, client, create, seen};

pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// Answers that every form takes, by the kind of question.
pub async fn answers(client: &mut Client, form: &str) -> BTreeMap<String, String> {
    let catalogue = client.get_catalogue(GetCatalogueRequest {}).await.unwrap().into_inner();
    let form = catalogue.forms.into_iter().find(|known| known.code == form).unwrap();
    let answer = |key: &str, kind: &str, first: Option<String>| match kind {
        "latin_name" => "ANNA".to_owned(),
        "date" => day(key).to_owned(),
        "number" => "7".to_owned(),
        "bin" => "151240022476".to_owned(),
        "country" => "DE".to_owned(),
        "passport" => "C01X00T47".to_owned(),
        "email" => "anna@example.org".to_owned(),
        "phone" => "+77011234567".to_owned(),
        "iin" => "900101390002".to_owned(),
        "choice" => first.unwrap(),
        _ => "Astana".to_owned(),
    };
    let fields = form.fields.into_iter();
    fields
        .map(|field| {
            let first = field.choices.first().map(|choice| choice.value.clone());
            let value = answer(&field.key, &field.kind, first);
            (field.key, value)
        })
        .collect()
}

/// Days of a person who lives and travels in the right order.
fn day(key: &str) -> &'static str {
    match key {
        "birth_date" => "1990-01-15",
        "passport_issued_on" => "2022-01-15",
        "passport_expires_on" => "2032-01-15",
        "entry_date" => "2026-01-15",
        _ => "2027-01-15",
    }
}

pub fn saving(of: &Application, lines: &[(&str, u32)], kind: MembershipKind, bin: &str) -> SaveServicesRequest {
    SaveServicesRequest {
        number: of.number,
        version: of.version,
        membership: Some(Membership { kind: kind.into(), bin: bin.to_owned(), ..Membership::default() }),
        lines: lines
            .iter()
            .map(|(code, quantity)| LineChoice {
                service_code: (*code).to_owned(),
                quantity: *quantity,
                personal_manager: false,
            })
            .collect(),
        walk_in: false,
    }
}

pub async fn person(client: &mut Client, of: &Application, line: usize) -> Application {
    let values = answers(client, &of.lines[line].form_code).await;
    let line_id = of.lines[line].id.clone();
    let request =
        SavePersonRequest { number: of.number, version: of.version, line_id, person_id: String::new(), values };
    client.save_person(request).await.unwrap().into_inner()
}

pub fn upload(of: &Application, person_id: &str, code: &str, content: &[u8]) -> Vec<UploadDocumentRequest> {
    let start = UploadStart {
        number: of.number,
        person_id: person_id.to_owned(),
        code: code.to_owned(),
        file_name: "../passport.pdf".to_owned(),
    };
    let parts = content.chunks(1024 * 512).map(|data| Part::Data(data.to_vec()));
    std::iter::once(Part::Start(start)).chain(parts).map(|part| UploadDocumentRequest { part: Some(part) }).collect()
}

pub async fn uploaded(client: &mut Client, of: &Application, person_id: &str) -> Application {
    let parts = upload(of, person_id, "passport_copy", PDF);
    let answer = client.upload_document(tokio_stream::iter(parts)).await.unwrap().into_inner();
    answer.application.unwrap()
}

/// A draft with everything that is asked for, for this many persons.
pub async fn filled(client: &mut Client, persons: u32) -> Application {
    let draft = create(client, &["INVB1S"]).await;
    fill(client, draft, persons).await
}

/// The same with a draft that is there.
pub async fn fill(client: &mut Client, draft: Application, persons: u32) -> Application {
    let lines = saving(&draft, &[("INVB1S", persons)], MembershipKind::NotMember, "");
    let draft = client.save_services(lines).await.unwrap().into_inner();
    let contact = Contact {
        given_name: "Anna".to_owned(),
        surname: "Schmidt".to_owned(),
        email: "anna@example.org".to_owned(),
        phone: "+77011234567".to_owned(),
        address: "Astana".to_owned(),
    };
    let request = SaveContactRequest { number: draft.number, version: draft.version, contact: Some(contact) };
    let mut draft = client.save_contact(request).await.unwrap().into_inner();
    for _ in 0..persons {
        draft = person(client, &draft, 0).await;
    }
    with_papers(client, draft).await
}

/// Every paper that must be there is uploaded.
pub async fn with_papers(client: &mut Client, draft: Application) -> Application {
    let mut draft = draft;
    let persons = draft.lines.iter().flat_map(|line| &line.persons);
    let of_persons = persons.flat_map(|person| person.documents.iter().map(|item| (person.id.clone(), item)));
    let asked: Vec<(String, String)> = of_persons
        .chain(draft.documents.iter().map(|item| (String::new(), item)))
        .filter(|(_, item)| item.required && item.files.is_empty())
        .map(|(person, item)| (person, item.code.clone()))
        .collect();
    for (person, code) in asked {
        let parts = upload(&draft, &person, &code, PDF);
        draft = client.upload_document(tokio_stream::iter(parts)).await.unwrap().into_inner().application.unwrap();
    }
    draft
}

pub fn submitting(of: &Application) -> SubmitApplicationRequest {
    SubmitApplicationRequest {
        number: of.number,
        version: of.version,
        accept_offer: true,
        offer_version: 1,
        client_address: "192.0.2.7".to_owned(),
        total_shown_minor: of.total.as_ref().map_or(0, |total| total.amount_minor),
        consent_version: 1,
    }
}

/// Filed by the applicant.
pub async fn filed(world: &Alone, persons: u32) -> Application {
    let mut applicant = client(world, people::applicant());
    let draft = filled(&mut applicant, persons).await;
    applicant.submit_application(submitting(&draft)).await.unwrap().into_inner()
}

/// Filed by the applicant and claimed by the manager.
pub async fn in_review(world: &Alone, persons: u32) -> Application {
    let filed = filed(world, persons).await;
    client(world, people::manager()).claim_application(case(&filed, "")).await.unwrap().into_inner()
}

pub fn judging(of: &Application, document_id: &str, accept: bool, reason: &str) -> ReviewDocumentRequest {
    ReviewDocumentRequest {
        number: of.number,
        version: of.version,
        document_id: document_id.to_owned(),
        accept,
        reason: reason.to_owned(),
    }
}

/// Every paper accepted and recommended to the supervisor.
pub async fn recommended(world: &Alone, persons: u32) -> Application {
    let mut manager = client(world, people::manager());
    let mut found = in_review(world, persons).await;
    for person in found.lines[0].persons.clone() {
        for file in person.documents.iter().flat_map(|item| &item.files) {
            found = manager.review_document(judging(&found, &file.id, true, "")).await.unwrap().into_inner();
        }
    }
    manager.recommend_approval(case(&found, "")).await.unwrap().into_inner()
}

pub async fn approved(world: &Alone, persons: u32) -> Application {
    let found = recommended(world, persons).await;
    client(world, people::supervisor()).approve_application(case(&found, "")).await.unwrap().into_inner()
}

/// Approved and paid.
pub async fn awaited(world: &Alone, persons: u32) -> Application {
    let found = approved(world, persons).await;
    world.tell(found.number, 2, &super::paid(found.number, "pending")).await;
    world.tell(found.number, 3, &super::paid(found.number, "paid")).await;
    seen(&mut client(world, people::manager()), found.number).await
}
