//! Texts of messages as data: written, held against the shipped ones, tried out, published; what was sent keeps its own.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    applications::v1::ApplicationRejected,
    notifications::v1::{
        GetTextRequest, LanguageText, ListTextsRequest, PreviewTextRequest, PublishTextRequest, SaveTextDraftRequest,
    },
};

use super::{NUMBER, client, identity_knows, inbox, owner, send_all, start};

const KIND: &str = "application_rejected";

fn text(locale: &str, body: &str) -> LanguageText {
    LanguageText { locale: locale.to_owned(), subject: "About { $number }".to_owned(), body: body.to_owned() }
}

fn draft(draft_version: u32, written_at_micros: i64, bodies: [&str; 3]) -> SaveTextDraftRequest {
    let texts = ["en", "ru", "kk"].into_iter().zip(bodies).map(|(locale, body)| text(locale, body)).collect();
    SaveTextDraftRequest { kind: KIND.to_owned(), draft_version, written_at_micros, texts }
}

fn publish(version: u32, from: &str, reason: &str) -> PublishTextRequest {
    let (kind, from_date, reason) = (KIND.to_owned(), from.to_owned(), reason.to_owned());
    PublishTextRequest { kind, version, from_date, reason }
}

fn tried(version: u32) -> PreviewTextRequest {
    PreviewTextRequest { kind: KIND.to_owned(), version, locale: "kk".to_owned() }
}

pub async fn texts_are_written_tried_and_published(coverage: &Coverage) {
    let world = start(coverage).await;
    identity_knows(&world, "en", false);
    let mut admin = client(&world, people::admin());
    let denied = client(&world, people::manager()).list_texts(ListTextsRequest {}).await;
    assert_eq!(refusal(denied), ["NOT_PERMITTED"]);
    let nothing = admin.get_text(GetTextRequest { kind: "no_such".to_owned() }).await;
    assert_eq!(refusal(nothing), ["NOT_FOUND"]);
    let all = admin.list_texts(ListTextsRequest {}).await.unwrap().into_inner().texts;
    assert!(all.len() > 50 && all.iter().all(|text| text.version == 0));
    let shipped = admin.get_text(GetTextRequest { kind: KIND.to_owned() }).await.unwrap().into_inner();
    assert!(shipped.placeholders.iter().any(|one| one.name == "number" && one.required), "{shipped:?}");

    let fine = "We are sorry, { $number } was rejected.";
    let wrong = ["", "{ $iban } { $number }", "{ $number"];
    let told = refusal(admin.save_text_draft(draft(0, 0, wrong)).await);
    assert_eq!(told, ["TEXT_EMPTY at en.body", "PLACEHOLDER_UNKNOWN at ru.body", "TEXT_MALFORMED at kk.body"]);
    let mut missing = draft(0, 0, ["No.", fine, fine]);
    missing.texts[0].subject = "No".to_owned();
    assert_eq!(refusal(admin.save_text_draft(missing).await), ["PLACEHOLDER_MISSING at en.body"]);
    let saved = admin.save_text_draft(draft(0, 0, [fine; 3])).await.unwrap().into_inner();
    assert_eq!((saved.version, saved.versions[0].state.as_str()), (0, "draft"));
    assert_eq!(refusal(admin.save_text_draft(draft(0, 0, [fine; 3])).await), ["VERSION_CONFLICT"]);
    let at = saved.versions[0].written_at_micros;
    admin.save_text_draft(draft(1, at, [fine; 3])).await.unwrap();

    let preview = admin.preview_text(tried(1)).await.unwrap().into_inner();
    assert_eq!(preview.subject, "About 101");
    assert!(preview.body.contains("101 was rejected") && preview.html.contains("<p>"), "{preview:?}");
    admin.send_test_text(tried(1)).await.unwrap();
    send_all(&world).await;
    let mine = inbox(&world, people::admin()).await;
    assert!(mine[0].subject.starts_with("[Сынақ] About"), "{mine:?}");

    // It counts from its day on; what was sent before keeps its own words.
    let told = |version| (NUMBER, version, ApplicationRejected { number: NUMBER, account_id: owner() });
    let (number, version, fact) = told(2);
    world.tell(number, version, &fact).await;
    send_all(&world).await;
    assert_eq!(refusal(admin.publish_text(publish(1, "2026-11-01", "x")).await), ["TEXT_DAY_PAST at from_date"]);
    assert_eq!(refusal(admin.publish_text(publish(1, "", " ")).await), ["REASON_MISSING at reason"]);
    assert_eq!(refusal(admin.publish_text(publish(7, "", "x")).await), ["TEXT_NO_DRAFT"]);
    let ahead = admin.publish_text(publish(1, "2026-11-24", "Kinder words")).await.unwrap().into_inner();
    assert_eq!((ahead.version, ahead.versions[0].from_date.as_str()), (0, "2026-11-24"));
    world.pass_hours(24);
    let (number, version, fact) = told(3);
    world.tell(number, version, &fact).await;
    send_all(&world).await;
    let subjects: Vec<_> = inbox(&world, people::applicant()).await.into_iter().map(|one| one.subject).collect();
    assert_eq!(subjects[0], format!("About {NUMBER}"));
    assert_ne!(subjects[1], subjects[0]);
    let now = admin.get_text(GetTextRequest { kind: KIND.to_owned() }).await.unwrap().into_inner();
    assert_eq!((now.version, now.versions.len()), (1, 2));
    assert_eq!(world.audited("MESSAGE_TEXT_PUBLISHED").await, 1);
    world.end().await;
}
