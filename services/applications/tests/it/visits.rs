//! After approval: payment, originals, visits, decisions, the end.

use chassis::testing::{Alone, Coverage, Delivered, people, refusal};
use proto::{
    applications::v1::{
        Application, ApplicationProgressed, DocumentsAwaited, DocumentsNoLongerAwaited, GetActRequest,
        GetWorkReportRequest, ItemState, ItemsCommand, ListApplicationsRequest, Original, PaymentStatus,
        RecordDecisionRequest, RecordHandOutRequest, SendToStateBodyRequest, State,
    },
    booking::v1::{
        AppointmentBooked, AppointmentCancelled, AppointmentCheckedIn, AppointmentConfirmed, AppointmentDisplaced,
        AppointmentMissed, AppointmentMoved, AppointmentReminderDue, AppointmentServed, Visit,
    },
};

use super::{
    Client, case, client, paid, seen, start,
    steps::{approved, awaited, filled, recommended},
};

fn receiving(of: &Application, persons: &[String]) -> ItemsCommand {
    ItemsCommand {
        number: of.number,
        version: of.version,
        person_item_ids: persons.to_vec(),
        ..ItemsCommand::default()
    }
}

fn deciding(of: &Application, person_item_id: &str, granted: bool) -> RecordDecisionRequest {
    let (number, version, person_item_id) = (of.number, of.version, person_item_id.to_owned());
    RecordDecisionRequest { number, version, person_item_id, granted, note: "KZ 123".to_owned() }
}

fn persons(of: &Application) -> Vec<String> {
    of.lines[0].persons.iter().map(|person| person.id.clone()).collect()
}

pub async fn payment_opens_the_hand_over(coverage: &Coverage) {
    let world = start(coverage).await;
    let found = approved(&world, 1).await;
    let mut manager = client(&world, people::manager());
    let early = manager.receive_originals(receiving(&found, &persons(&found))).await;
    assert_eq!(refusal(early), ["ORIGINALS_NOT_DUE"]);
    // The newest status overtakes the one before, which is then old news.
    world.tell(found.number, 3, &paid(found.number, "paid")).await;
    world.tell(found.number, 2, &paid(found.number, "pending")).await;
    let opened = seen(&mut manager, found.number).await;
    assert_eq!((opened.state(), opened.payment_status()), (State::AwaitingDocuments, PaymentStatus::Paid));
    assert!(opened.booking_open);
    let told = world.published::<DocumentsAwaited>().await;
    assert_eq!((told.len(), &told[0].person_item_ids), (1, &persons(&found)));
    let nonsense = world.envelope(found.number, 9, &paid(found.number, "given"));
    assert!(matches!(world.deliver(&nonsense, 1).await, Delivered::Parked(_)));
}

pub async fn a_free_case_needs_no_payment(coverage: &Coverage) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.toml");
    let priced = include_str!("../../catalogue/catalogue.toml");
    std::fs::write(&file, priced.replace("\nprice = 10000\n", "\nprice = 0\n")).unwrap();
    let settings = [("applications.catalogue_file", file.to_str().unwrap().into())];
    let world = Alone::start_with::<applications::Applications>(coverage, &settings).await;
    let found = recommended(&world, 1).await;
    let free = client(&world, people::supervisor()).approve_application(case(&found, "")).await.unwrap().into_inner();
    assert_eq!((free.state(), free.payment_status()), (State::AwaitingDocuments, PaymentStatus::Unspecified));
    assert_eq!(world.published::<DocumentsAwaited>().await.len(), 1);
    // Nothing was paid, so the applicant may still give up, and is told so.
    let mine = seen(&mut client(&world, people::applicant()), free.number).await;
    assert_eq!(mine.allowed, ["CancelApplication"]);
    world.end().await;
}

pub async fn a_case_goes_to_its_end(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut manager = client(&world, people::manager());
    let found = awaited(&world, 2).await;
    let items = persons(&found);
    assert_eq!(refusal(manager.receive_originals(receiving(&found, &[])).await), ["ITEMS_NONE at person_item_ids"]);
    let unknown = manager.receive_originals(receiving(&found, &["itm_0".to_owned()])).await;
    assert_eq!(refusal(unknown), ["ITEM_UNKNOWN at person_item_ids"]);
    let mut applicant = client(&world, people::applicant());
    let own = applicant.receive_originals(receiving(&found, &items)).await;
    assert_eq!(refusal(own), ["NOT_PERMITTED"]);
    let some = manager.receive_originals(receiving(&found, &items[..1])).await.unwrap().into_inner();
    assert_eq!(some.state(), State::InProgress, "the first goes on before the second has come");
    assert!(world.published::<DocumentsNoLongerAwaited>().await.is_empty());
    let all = manager.receive_originals(receiving(&some, &items[1..])).await.unwrap().into_inner();
    assert_eq!(world.published::<DocumentsNoLongerAwaited>().await.len(), 1);
    let nobody = manager.record_decision(deciding(&all, "itm_0", true)).await;
    assert_eq!(refusal(nobody), ["ITEM_UNKNOWN at person_item_id"]);
    let one = manager.record_decision(deciding(&all, &items[0], true)).await.unwrap().into_inner();
    assert_eq!(refusal(manager.mark_ready(case(&one, "")).await), ["ITEMS_UNDECIDED"]);
    let two = manager.record_decision(deciding(&one, &items[1], false)).await.unwrap().into_inner();
    let ready = manager.mark_ready(case(&two, "")).await.unwrap().into_inner();
    let open = world.published::<DocumentsAwaited>().await;
    assert_eq!((open.len(), open[2].kind.as_str(), open[2].person_item_ids.len()), (3, "pick_up", 2));
    assert!(ready.booking_open, "what is ready may be fetched");
    let early = manager.complete_application(case(&ready, "")).await;
    assert_eq!(refusal(early), ["HAND_OUT_MISSING at person_item_ids"]);
    let ready = handed_out(&mut manager, &ready, &items).await;
    the_acts_tell_who_took_what(&world, &ready).await;
    // A week, of which five days are worked.
    world.pass_hours(7 * 24);
    let done = manager.complete_application(case(&ready, "")).await.unwrap().into_inner();
    assert_eq!(done.state(), State::Completed);
    let report = GetWorkReportRequest { since: "2026-11-01".to_owned(), until: "2026-11-30".to_owned() };
    let told = manager.get_work_report(report).await.unwrap().into_inner().services;
    assert_eq!((told[0].completed, told[0].median_working_days, told[0].ninth_decile_working_days), (1, 5, 5));
    let steps: Vec<_> = world.published::<ApplicationProgressed>().await.into_iter().map(|fact| fact.step).collect();
    let told = ["ORIGINALS_RECEIVED", "ORIGINALS_RECEIVED", "DECIDED", "DECIDED", "READY", "COMPLETED"];
    assert_eq!(steps, told);
    assert_eq!(world.published::<DocumentsNoLongerAwaited>().await.len(), 2);
    assert_eq!(refusal(manager.complete_application(case(&done, "")).await), ["MOVE_NOT_ALLOWED"]);
    world.end().await;
}

fn originals(of: &Application, person: usize, state: &str) -> Vec<String> {
    let papers = of.lines[0].persons[person].documents.iter();
    papers.filter(|paper| paper.original_state == state).map(|paper| paper.code.clone()).collect()
}

/// The first comes twice, since something of his was missing; he moves on before the second has come. Would have found:
/// a paper that is missing and not told, a second visit that can't be booked, a family that waits for its last member.
pub async fn originals_come_paper_by_paper(coverage: &Coverage) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("catalogue.toml");
    let signed = "help = { en = \"Signed by the person\"";
    let catalogue = include_str!("../../catalogue/catalogue.toml");
    std::fs::write(&file, catalogue.replace(signed, &format!("original = true\n{signed}"))).unwrap();
    let settings = [("applications.catalogue_file", file.to_str().unwrap().into())];
    let world = Alone::start_with::<applications::Applications>(coverage, &settings).await;
    let (world, manager) = (&world, &mut client(&world, people::manager()));
    let found = &awaited(world, 2).await;
    let items = &persons(found);
    let wanted = originals(found, 0, "awaited");
    assert_eq!(wanted.len(), 2);
    let lacks = |whose: &str, code: &str| Original { person_item_id: whose.to_owned(), code: code.to_owned() };
    let but = |missing: Vec<Original>| ItemsCommand { missing, ..receiving(found, &items[..1]) };
    for (missing, told) in [
        (vec![lacks(&items[0], "nothing_known")], "DOCUMENT_ITEM_UNKNOWN at missing[0]"),
        (vec![lacks(&items[1], &wanted[0])], "DOCUMENT_ITEM_UNKNOWN at missing[0]"),
        (vec![lacks("somebody", &wanted[0])], "ITEM_UNKNOWN at missing[0]"),
        (wanted.iter().map(|code| lacks(&items[0], code)).collect(), "ITEMS_NONE at person_item_ids"),
    ] {
        assert_eq!(refusal(manager.receive_originals(but(missing)).await), [told]);
    }
    let some = manager.receive_originals(but(vec![lacks(&items[0], &wanted[0])])).await.unwrap().into_inner();
    assert_eq!((some.state(), originals(&some, 0, "awaited")), (State::DocsPartial, vec![wanted[0].clone()]));
    assert_eq!(originals(&some, 0, "received"), wanted[1..]);
    assert!(some.booking_open && world.published::<DocumentsNoLongerAwaited>().await.is_empty());
    assert_eq!(refusal(manager.record_decision(deciding(&some, &items[0], true)).await), ["MOVE_NOT_ALLOWED"]);
    let asked = GetActRequest { number: some.number, kind: "hand_over".to_owned(), locale: "en".to_owned() };
    let act = client(world, people::applicant()).get_act(asked).await.unwrap().into_inner();
    let labels: Vec<_> = act.sections[1].rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["Service", "Originals received", "Still missing"]);

    let one = manager.receive_originals(receiving(&some, &items[..1])).await.unwrap().into_inner();
    assert_eq!((one.state(), one.booking_open), (State::InProgress, true));
    let awaited = world.published::<DocumentsAwaited>().await.pop().unwrap();
    assert_eq!((awaited.person_item_ids.as_slice(), awaited.again), (&items[1..], true));
    assert_eq!(
        refusal(manager.record_decision(deciding(&one, &items[1], true)).await),
        ["ITEM_DECIDED at person_item_id"]
    );
    let again = manager.receive_originals(receiving(&one, &items[..1])).await.unwrap().into_inner();
    assert_eq!(originals(&again, 0, "received"), wanted, "what is here stays as it is");
    let all = manager.receive_originals(receiving(&again, &items[1..])).await.unwrap().into_inner();
    assert_eq!((all.state(), all.booking_open), (State::InProgress, false));
    assert_eq!(world.published::<DocumentsNoLongerAwaited>().await.len(), 1);
    assert_eq!(refusal(manager.receive_originals(receiving(&all, items)).await), ["ORIGINALS_NOT_DUE"]);
}

fn giving(of: &Application, items: &[String], way: &str) -> RecordHandOutRequest {
    RecordHandOutRequest {
        number: of.number,
        version: of.version,
        person_item_ids: items.to_vec(),
        way: way.to_owned(),
        ..RecordHandOutRequest::default()
    }
}

/// The first took his papers himself, for the second somebody came; neither has a personal manager.
async fn handed_out(manager: &mut Client, ready: &Application, items: &[String]) -> Application {
    let mut refused = async |given| refusal(manager.record_hand_out(given).await);
    assert_eq!(refused(giving(ready, &[], "in_person")).await, ["ITEMS_NONE at person_item_ids"]);
    assert_eq!(refused(giving(ready, items, "by_post")).await, ["CHOICE_UNKNOWN at way"]);
    let mut delivered = giving(ready, items, "delivered");
    (delivered.delivered_on, delivered.address) = ("2026-11-20".to_owned(), "Astana".to_owned());
    assert_eq!(refused(delivered).await, ["DELIVERY_NONE at way"]);
    let mut other = giving(ready, &items[1..], "representative");
    other.document_kind = "passport".to_owned();
    other.document_number = "C01X00T47".to_owned();
    assert_eq!(refused(other.clone()).await, ["FIELD_REQUIRED at recipient_name"]);
    other.recipient_name = "Berta Schmidt".to_owned();
    let one = manager.record_hand_out(other).await.unwrap().into_inner();
    assert!(!one.allowed.contains(&"CompleteApplication".to_owned()));
    let both = manager.record_hand_out(giving(&one, &items[..1], "in_person")).await.unwrap().into_inner();
    assert!(both.allowed.contains(&"CompleteApplication".to_owned()));
    assert_eq!(both.acts, ["hand_over", "hand_out"]);
    both
}

async fn the_acts_tell_who_took_what(world: &Alone, ready: &Application) {
    let asked = |kind: &str, locale: &str| GetActRequest {
        number: ready.number,
        kind: kind.to_owned(),
        locale: locale.to_owned(),
    };
    let mut applicant = client(world, people::applicant());
    let act = applicant.get_act(asked("hand_out", "kk")).await.unwrap().into_inner();
    assert_eq!(act.title, "Құжаттарды беру актісі");
    let rows: Vec<_> = act.sections.iter().flat_map(|section| &section.rows).map(|row| row.value.as_str()).collect();
    assert!(rows.contains(&"Berta Schmidt (өкіл)") && rows.contains(&"паспорт, C01X00T47"), "{rows:?}");
    let mut chunks = applicant.download_act(asked("hand_over", "ru")).await.unwrap().into_inner();
    let first = chunks.message().await.unwrap().unwrap();
    assert_eq!(first.file_name, format!("act-hand-over-{}-ru.pdf", ready.number));
    assert!(chunks.message().await.unwrap().unwrap().data.starts_with(b"%PDF-"));
    let stranger = client(world, people::stranger()).get_act(asked("hand_out", "en")).await;
    assert_eq!(stranger.unwrap_err().code(), tonic::Code::NotFound);
    client(world, people::manager()).get_act(asked("hand_out", "en")).await.unwrap();
}

fn sending(of: &Application, items: &[String], sent_on: &str, expected_on: &str) -> SendToStateBodyRequest {
    SendToStateBodyRequest {
        number: of.number,
        version: of.version,
        person_item_ids: items.to_vec(),
        outgoing_number: "01-12/345".to_owned(),
        sent_on: sent_on.to_owned(),
        expected_on: expected_on.to_owned(),
    }
}

/// Would have found: papers sent before they were there or in the future, a number that gets lost, originals asked for
/// that nobody may bring.
pub async fn papers_go_to_the_state_body_and_it_may_want_more(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut manager = client(&world, people::manager());
    let found = awaited(&world, 2).await;
    let items = persons(&found);
    let early = manager.send_to_state_body(sending(&found, &items, "2026-11-23", "")).await;
    assert_eq!(refusal(early), ["MOVE_NOT_ALLOWED"]);
    let all = manager.receive_originals(receiving(&found, &items)).await.unwrap().into_inner();
    for (wrong, told) in [
        (sending(&all, &[], "2026-11-23", ""), "ITEMS_NONE at person_item_ids"),
        (sending(&all, &items, "2030-01-01", ""), "DATE_AHEAD at sent_on"),
        (sending(&all, &items, "soon", ""), "DATE_MALFORMED at sent_on"),
        (sending(&all, &items, "2026-11-23", "2026-11-01"), "DATE_ORDER at expected_on"),
    ] {
        assert_eq!(refusal(manager.send_to_state_body(wrong).await), [told]);
    }
    let sent =
        manager.send_to_state_body(sending(&all, &items, "2026-11-23", "2026-12-14")).await.unwrap().into_inner();
    let mut applicant = client(&world, people::applicant());
    let shown = seen(&mut applicant, sent.number).await.lines[0].persons[0].clone();
    let dispatch = shown.dispatch.clone().unwrap();
    assert_eq!((shown.item_state(), dispatch.outgoing_number.as_str()), (ItemState::Sent, "01-12/345"));
    assert_eq!((dispatch.sent_on.as_str(), dispatch.expected_on.as_str()), ("2026-11-23", "2026-12-14"));
    let decided = manager.record_decision(deciding(&sent, &items[0], true)).await.unwrap().into_inner();
    let again = manager.send_to_state_body(sending(&decided, &items[..1], "2026-11-23", "")).await;
    assert_eq!(refusal(again), ["ITEM_DECIDED at person_item_ids"]);
    let more = |reason: &str| ItemsCommand { reason: reason.to_owned(), ..receiving(&decided, &items[1..]) };
    assert_eq!(refusal(manager.request_originals(more("")).await), ["REASON_MISSING at reason"]);
    let asked = manager.request_originals(more("a newer photo")).await.unwrap().into_inner();
    assert_eq!(asked.state(), State::DocsPartial);
    let awaited = world.published::<DocumentsAwaited>().await.pop().unwrap();
    assert_eq!(awaited.person_item_ids, items[1..]);
    let back = manager.receive_originals(receiving(&asked, &items[1..])).await.unwrap().into_inner();
    assert_eq!(back.state(), State::InProgress);
    world.end().await;
}

pub async fn visits_are_shown_as_they_were_told_last(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut applicant = client(&world, people::applicant());
    let number = filled(&mut applicant, 1).await.number;
    let visit = |id: &str, start: i64, state: &str| {
        Some(Visit {
            appointment_id: id.to_owned(),
            application_number: number,
            account_id: people::applicant().account().unwrap().to_string(),
            person_item_id: "itm_1".to_owned(),
            kind: "hand_over".to_owned(),
            start_at_micros: start,
            state: state.to_owned(),
            ..Visit::default()
        })
    };
    world.tell("apt_1", 1, &AppointmentBooked { visit: visit("apt_1", 2_000, "booked") }).await;
    world.tell("apt_2", 2, &AppointmentMissed { visit: visit("apt_2", 1_000, "missed") }).await;
    world.tell("apt_2", 1, &AppointmentBooked { visit: visit("apt_2", 1_000, "booked") }).await;
    let shown = seen(&mut applicant, number).await;
    let states: Vec<_> = shown.visits.iter().map(|visit| visit.state.as_str()).collect();
    assert_eq!(states, ["missed", "booked"], "the late \"booked\" is old news");
    let listed = applicant.list_applications(ListApplicationsRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.applications[0].visit_at_micros, 2_000);
    let moved = AppointmentMoved { visit: visit("apt_1", 2_500, "booked"), former_start_at_micros: 2_000 };
    world.tell("apt_1", 2, &moved).await;
    let listed = applicant.list_applications(ListApplicationsRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.applications[0].visit_at_micros, 2_500);
    let asked = AppointmentReminderDue { visit: visit("apt_1", 2_500, "booked"), confirm_by_micros: 0 };
    world.tell("apt_1", 3, &asked).await;
    let again = world.envelope("apt_1", 3, &AppointmentDisplaced { visit: visit("apt_1", 1, "booked") });
    assert_eq!(world.deliver(&again, 1).await, Delivered::Applied);
    world.tell("apt_1", 4, &AppointmentConfirmed { visit: visit("apt_1", 2_500, "booked") }).await;
    world.tell("apt_1", 5, &AppointmentCheckedIn { visit: visit("apt_1", 2_500, "checked_in") }).await;
    world.tell("apt_1", 6, &AppointmentServed { visit: visit("apt_1", 2_500, "served") }).await;
    world.tell("apt_3", 2, &AppointmentCancelled { visit: visit("apt_3", 3_000, "cancelled") }).await;
    let states: Vec<_> = seen(&mut applicant, number).await.visits.into_iter().map(|visit| visit.state).collect();
    assert_eq!(states, ["missed", "served", "cancelled"]);
    let empty = world.envelope("apt_4", 1, &AppointmentBooked { visit: None });
    assert!(matches!(world.deliver(&empty, 1).await, Delivered::Parked(_)));
}
