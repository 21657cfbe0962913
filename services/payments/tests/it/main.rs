//! payments alone, with a bank that says what the test wants: every RPC, every refusal, every fact.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod attempts;
mod bank;
mod callbacks;
mod holds;
mod refunds;
mod verdicts;

use bank::Bank;
use chassis::testing::{Alone, Caller, Coverage, people};
use kernel::{Actor, InvoiceId};
use payments::Payments;
use proto::{
    billing::v1::{ReserveInvoiceRequest, ReservedInvoice},
    common::v1::Money,
    payments::v1::{Attempt, GetAttemptRequest, StartAttemptRequest, StartedAttempt, payments_client::PaymentsClient},
};

const NUMBER: i64 = 102;
const TOTAL: i64 = 1_000_000;

#[tokio::test]
async fn payments_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    attempts::nothing_starts_without_terms_bank_and_invoice(&coverage).await;
    attempts::an_attempt_is_committed_before_the_bank_is_told(&coverage).await;
    attempts::a_live_attempt_is_taken_up_again(&coverage).await;
    attempts::a_sum_the_bank_does_not_take_frees_the_invoice(&coverage).await;
    attempts::each_sees_his_own_attempts(&coverage).await;
    callbacks::a_callback_only_makes_the_bank_be_asked(&coverage).await;
    callbacks::a_forged_callback_is_kept_and_refused(&coverage).await;
    verdicts::a_charge_is_told_once_however_often_it_is_seen(&coverage).await;
    verdicts::a_charge_wins_over_a_decline(&coverage).await;
    verdicts::silence_ends_no_watch(&coverage).await;
    verdicts::a_charge_that_does_not_fit_goes_to_staff(&coverage).await;
    verdicts::an_attempt_that_was_never_opened_is_given_up(&coverage).await;
    verdicts::a_void_invoice_is_led_to_no_bank(&coverage).await;
    holds::a_held_sum_is_taken_once(&coverage).await;
    holds::what_does_not_fit_is_let_go(&coverage).await;
    holds::a_hold_for_a_void_invoice_is_let_go(&coverage).await;
    refunds::a_charge_goes_back_whole_or_in_parts_and_never_more(&coverage).await;
    refunds::a_lost_answer_is_asked_for_and_a_lost_call_made_again(&coverage).await;
    refunds::a_refund_that_fails_says_why(&coverage).await;
    coverage.assert_complete(payments::REFUSALS);
}

type Client = PaymentsClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    PaymentsClient::new(world.by(actor))
}

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn tenge(minor: i64) -> Option<Money> {
    Some(Money { amount_minor: minor, currency: "KZT".to_owned() })
}

/// The n-th invoice of a test.
fn invoice(n: u128) -> String {
    InvoiceId::from_uuid(uuid::Uuid::from_u128(n)).to_string()
}

/// payments with its bank, and a billing that lets every invoice of this sum be paid.
async fn start(coverage: &Coverage, minor: i64) -> (Alone, Bank) {
    start_as(coverage, minor, false).await
}

/// The same with a terminal that may hold sums first.
async fn start_as(coverage: &Coverage, minor: i64, two_step: bool) -> (Alone, Bank) {
    let bank = Bank::open().await;
    let settings = [
        ("payments.oauth_url", format!("{}/oauth2/token", bank.url).into()),
        ("payments.api_url", bank.url.clone().into()),
        ("payments.script_url", format!("{}/halyk.pay.js", bank.url).into()),
        ("payments.client_id", "portal".into()),
        ("payments.client_secret", "only in this test".into()),
        ("payments.terminal", bank::TERMINAL.into()),
        ("payments.two_step", two_step.into()),
    ];
    let world = Alone::start_with::<Payments>(coverage, &settings).await;
    world.fakes.on("billing.Billing/ReserveInvoice", move |request: ReserveInvoiceRequest| {
        Ok(ReservedInvoice {
            invoice_id: request.invoice_id,
            application_number: NUMBER,
            document_number: "P-O/2026/1".to_owned(),
            amount: tenge(minor),
            account_id: people::applicant().account().unwrap().to_string(),
        })
    });
    (world, bank)
}

fn starting(invoice_id: String) -> StartAttemptRequest {
    StartAttemptRequest { invoice_id, terms_accepted: true, locale: "kk".to_owned() }
}

async fn started(client: &mut Client, invoice_id: String) -> StartedAttempt {
    client.start_attempt(starting(invoice_id)).await.unwrap().into_inner()
}

async fn seen(client: &mut Client, id: &str) -> Attempt {
    client.get_attempt(GetAttemptRequest { attempt_id: id.to_owned() }).await.unwrap().into_inner()
}
