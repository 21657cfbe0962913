//! notifications alone, with a post office of the test's own: every RPC, every refusal and every fact it reads; it
//! publishes nothing.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod facts;
mod ledger;
mod letters;
mod messages;
mod post_office;
mod texts;

use chassis::testing::{Alone, Caller, Coverage, people};
use kernel::{AccountId, Actor};
use notifications::Notifications;
use post_office::PostOffice;
use proto::{
    common::v1::PageRequest,
    identity::v1::{
        Contact, GetContactRequest, Letter, ListStaffContactsRequest, ListStaffContactsResponse, PrepareLetterRequest,
    },
    notifications::v1::{
        ListDeliveriesRequest, ListMessagesRequest, Message, notifications_client::NotificationsClient,
    },
};

use tonic::Status;

const NUMBER: i64 = 102;

#[tokio::test]
async fn notifications_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    facts::each_fact_is_told_to_whom_it_concerns(&coverage).await;
    facts::old_news_of_a_payment_is_not_told(&coverage).await;
    facts::a_failed_attempt_is_told_only_while_nothing_is_paid(&coverage).await;
    messages::a_visit_is_told_with_its_place(&coverage).await;
    messages::each_reads_his_own_messages(&coverage).await;
    messages::staff_see_what_was_told_and_not_its_text(&coverage).await;
    messages::a_message_speaks_its_readers_language(&coverage).await;
    ledger::what_is_no_longer_so_is_not_sent(&coverage).await;
    ledger::what_was_refused_is_tried_again(&coverage).await;
    ledger::what_is_read_is_marked(&coverage).await;
    ledger::the_staff_are_told_once_a_day_what_waits(&coverage).await;
    texts::texts_are_written_tried_and_published(&coverage).await;
    letters::a_letter_is_sent_once(&coverage).await;
    letters::a_letter_is_tried_again_and_refused_for_good(&coverage).await;
    letters::identity_away_loses_no_letter(&coverage).await;
    letters::a_links_secret_stands_in_the_mail_alone(&coverage).await;
    coverage.assert_complete(notifications::REFUSALS);
}

type Client = NotificationsClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    NotificationsClient::new(world.by(actor))
}

fn account(of: &Actor) -> String {
    of.account().unwrap().to_string()
}

fn owner() -> String {
    account(&people::applicant())
}

/// notifications with no mail server; identity knows everybody.
async fn start(coverage: &Coverage) -> Alone {
    started(Alone::start::<Notifications>(coverage).await)
}

/// notifications with a mail server.
async fn start_with_post(coverage: &Coverage) -> (Alone, PostOffice) {
    let post = PostOffice::open().await;
    let settings = [
        ("notifications.smtp.host", "127.0.0.1".into()),
        ("notifications.smtp.port", post.port.into()),
        ("notifications.smtp.tls", "none".into()),
    ];
    (started(Alone::start_with::<Notifications>(coverage, &settings).await), post)
}

fn started(world: Alone) -> Alone {
    identity_knows(&world, "kk", false);
    world.fakes.on("identity.Identity/PrepareLetter", |request: PrepareLetterRequest| {
        if request.letter_id == "ltr_overtaken" {
            return Err(Status::not_found("no letter"));
        }
        Ok(Letter {
            email: "new@example.org".to_owned(),
            name: "Әйгерім Нұрланқызы".to_owned(),
            locale: "en".to_owned(),
            secret: "s3cret".to_owned(),
            phone: String::new(),
        })
    });
    world.fakes.on("identity.Identity/ListStaffContacts", |request: ListStaffContactsRequest| {
        let member = match request.role.as_str() {
            "manager" => people::manager(),
            "supervisor" => people::supervisor(),
            _ => people::finance(),
        };
        Ok(ListStaffContactsResponse { contacts: vec![contact(&account(&member), "en", false)] })
    });
    world
}

fn identity_knows(world: &Alone, locale: &'static str, disabled: bool) {
    world.fakes.on("identity.Identity/GetContact", move |request: GetContactRequest| {
        Ok(contact(&request.account_id, locale, disabled))
    });
}

fn contact(account_id: &str, locale: &str, disabled: bool) -> Contact {
    let id: AccountId = account_id.parse().unwrap();
    Contact {
        account_id: account_id.to_owned(),
        email: format!("{}@example.org", id.uuid().simple()),
        name: "Әйгерім Нұрланқызы".to_owned(),
        locale: locale.to_owned(),
        disabled,
    }
}

/// Takes steps until nothing is due; tells how many messages were worked on.
async fn send_all(world: &Alone) -> u64 {
    let mut sent = 0;
    loop {
        match world.step("send-messages").await {
            0 => return sent,
            some => sent += some,
        }
    }
}

/// A person's messages, newest first.
async fn inbox(world: &Alone, of: Actor) -> Vec<Message> {
    let page = Some(PageRequest { page: 1, size: 100 });
    let answer = client(world, of).list_messages(ListMessagesRequest { page }).await;
    answer.unwrap().into_inner().messages
}

/// What was told about the case, as staff see it.
async fn told(world: &Alone) -> Vec<Message> {
    let asked = ListDeliveriesRequest { application_number: NUMBER };
    client(world, people::manager()).list_deliveries(asked).await.unwrap().into_inner().messages
}
