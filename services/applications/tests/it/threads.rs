//! What is written on a case: who reads what, what is unread, and that notes are the staff's alone.

use chassis::{
    demo,
    testing::{Alone, Coverage, people, refusal},
};
use kernel::{Role, Scope};
use proto::applications::v1::{
    AddNoteRequest, Application, GetThreadRequest, ListApplicationsRequest, ListWorkRequest, MessagePosted,
    PostMessageRequest, Thread,
};

use super::{
    Client, client, create, start,
    steps::{filled, in_review, submitting},
};

fn message(of: &Application, text: &str) -> PostMessageRequest {
    PostMessageRequest { number: of.number, text: text.to_owned() }
}

fn note(of: &Application, text: &str) -> AddNoteRequest {
    AddNoteRequest { number: of.number, text: text.to_owned() }
}

async fn thread(client: &mut Client, of: &Application) -> Thread {
    client.get_thread(GetThreadRequest { number: of.number }).await.unwrap().into_inner()
}

/// How many messages are marked as unread in the applicant's list and in the staff's.
async fn unread(world: &Alone) -> (u32, u32) {
    let own = client(world, people::applicant()).list_applications(ListApplicationsRequest::default()).await;
    let work = client(world, people::supervisor()).list_work(ListWorkRequest::default()).await;
    let first = |list: proto::applications::v1::ListApplicationsResponse| list.applications[0].unread_messages;
    (first(own.unwrap().into_inner()), first(work.unwrap().into_inner()))
}

pub async fn both_sides_write_to_each_other(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let case = in_review(&world, 1).await;
    for (text, told) in [(" ", "TEXT_EMPTY"), (&"x".repeat(2001), "TEXT_TOO_LONG"), ("a\u{7}", "TEXT_CHARACTERS")] {
        assert_eq!(refusal(applicant.post_message(message(&case, text)).await), [format!("{told} at text")]);
        assert_eq!(refusal(manager.add_note(note(&case, text)).await), [format!("{told} at text")]);
    }
    applicant.post_message(message(&case, "Which photo?\r\nMatt or glossy?")).await.unwrap();
    applicant.post_message(message(&case, "And when?")).await.unwrap();
    let told = world.published::<MessagePosted>().await;
    assert_eq!((told[0].by_staff, told[0].unread, told[1].unread), (false, 1, 2));
    assert_eq!(told[0].manager_id, demo::MANAGERS[0].to_string());
    assert_eq!(unread(&world).await, (0, 2));
    // A supervisor who looks in reads it for nobody but himself; whoever handles the case takes the mark off.
    let mut supervisor = client(&world, people::supervisor());
    assert!(thread(&mut supervisor, &case).await.messages.iter().all(|message| message.unread));
    assert_eq!(unread(&world).await, (0, 2));
    let read = thread(&mut manager, &case).await;
    assert!(read.messages.iter().all(|message| message.unread));
    assert_eq!(read.messages[0].text, "Which photo?\nMatt or glossy?");
    assert_eq!(unread(&world).await, (0, 0));
    assert!(thread(&mut manager, &case).await.messages.iter().all(|message| !message.unread));

    let answered = manager.post_message(message(&case, "Matt.")).await.unwrap().into_inner();
    assert_eq!(answered.messages[2].author, demo::MANAGERS[0].to_string());
    assert_eq!(unread(&world).await, (1, 0));
    let shown = thread(&mut applicant, &case).await.messages;
    assert_eq!(shown.iter().map(|message| message.unread).collect::<Vec<_>>(), [false, false, true]);
    assert!(shown.iter().all(|message| message.author.is_empty()), "who exactly answers is the centre's matter");
    assert_eq!(unread(&world).await, (0, 0));
    // A case is not moved by what is written on it: nobody's edit is in conflict for that.
    assert_eq!(super::seen(&mut manager, case.number).await.version, case.version);
    world.end().await;
}

pub async fn notes_are_the_staffs_alone(coverage: &Coverage) {
    let world = start(coverage).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let case = in_review(&world, 1).await;
    let noted = manager.add_note(note(&case, "calls every day")).await.unwrap().into_inner();
    let author = demo::MANAGERS[0].to_string();
    assert_eq!((noted.notes[0].text.as_str(), noted.notes[0].author.clone()), ("calls every day", author));
    assert_eq!(thread(&mut client(&world, people::supervisor()), &case).await.notes.len(), 1);
    let mut program = client(&world, people::program(&[Scope::ApplicationsRead]));
    for reader in [&mut applicant, &mut program] {
        assert!(thread(reader, &case).await.notes.is_empty());
        assert_eq!(refusal(reader.add_note(note(&case, "mine")).await), ["NOT_PERMITTED"]);
    }
    assert_eq!(refusal(program.post_message(message(&case, "hello")).await), ["NOT_PERMITTED"]);
    // For whoever does not see the case there is no thread; finance sees its sums only.
    let other = people::person(demo::MANAGERS[1], &[Role::Manager]);
    for hidden in [people::stranger(), people::admin(), other] {
        let mut hidden = client(&world, hidden);
        let answer = hidden.get_thread(GetThreadRequest { number: case.number }).await;
        assert_eq!(refusal(answer), ["NOT_FOUND"]);
        assert_eq!(refusal(hidden.post_message(message(&case, "hello")).await), ["NOT_FOUND"]);
        assert_eq!(refusal(hidden.add_note(note(&case, "hello")).await), ["NOT_FOUND"]);
    }
    let mut finance = client(&world, people::finance());
    let answer = finance.get_thread(GetThreadRequest { number: case.number }).await;
    assert_eq!(refusal(answer), ["NOT_PERMITTED"]);
    world.end().await;
}

pub async fn a_thread_has_an_end(coverage: &Coverage) {
    let few = [("applications.limits.thread_max", 1.into())];
    let world = Alone::start_with::<applications::Applications>(coverage, &few).await;
    let (mut applicant, mut manager) = (client(&world, people::applicant()), client(&world, people::manager()));
    let draft = create(&mut applicant, &["IINREG"]).await;
    assert_eq!(refusal(applicant.post_message(message(&draft, "hello")).await), ["MOVE_NOT_ALLOWED"]);
    let draft = filled(&mut applicant, 1).await;
    let case = applicant.submit_application(submitting(&draft)).await.unwrap().into_inner();
    applicant.post_message(message(&case, "hello")).await.unwrap();
    assert_eq!(refusal(manager.post_message(message(&case, "hello")).await), ["THREAD_FULL"]);
    manager.add_note(note(&case, "hello")).await.unwrap();
    assert_eq!(refusal(manager.add_note(note(&case, "hello")).await), ["THREAD_FULL"]);
    // Nobody handles it yet: any manager reads for the staff.
    thread(&mut manager, &case).await;
    let work = manager.list_work(ListWorkRequest::default()).await.unwrap().into_inner();
    assert_eq!(work.applications[0].unread_messages, 0);
    world.end().await;
}
