//! billing alone: every RPC, every refusal, every fact.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail where it stands")]

mod card_refunds;
mod charges;
mod desk;
mod documents;
mod invoices;
mod late;
mod refunds;
mod statements;
mod terms;
mod transfers;

use billing::Billing;
use chassis::testing::{Alone, Caller, Coverage, people};
use kernel::Actor;
use proto::{
    applications::v1::{ApplicationApproved, ApplicationCancelled, PricedLine},
    billing::v1::{
        Billable, GetBillableRequest, Invoice, IssueInvoiceRequest, Payer, ReserveInvoiceRequest,
        billing_client::BillingClient,
    },
    common::v1::Money,
    payments::v1::{AttemptClosed, ChargeVerified},
};

const NUMBER: i64 = 102;
const TOTAL: i64 = 1_000_000;

#[tokio::test]
async fn billing_alone_keeps_its_whole_contract() {
    let coverage = Coverage::default();
    // Each on the heap: all of them together are too much for the stack of a test.
    Box::pin(invoices::what_was_approved_is_to_be_paid_once(&coverage)).await;
    Box::pin(invoices::a_payer_is_checked_field_by_field(&coverage)).await;
    Box::pin(invoices::a_legal_entity_is_asked_for_its_own_fields(&coverage)).await;
    Box::pin(invoices::numbers_follow_each_other_without_a_gap(&coverage)).await;
    Box::pin(invoices::an_invoice_is_shown_to_its_owner_and_readers(&coverage)).await;
    Box::pin(invoices::a_cancelled_case_is_closed(&coverage)).await;
    Box::pin(invoices::an_approval_that_comes_after_the_cancellation_opens_nothing(&coverage)).await;
    Box::pin(charges::an_attempt_claims_the_invoice_alone(&coverage)).await;
    Box::pin(charges::a_case_under_cancellation_takes_no_payment(&coverage)).await;
    Box::pin(charges::each_charge_counts_once_in_any_order(&coverage)).await;
    Box::pin(charges::money_for_a_void_invoice_waits_for_staff(&coverage)).await;
    Box::pin(terms::an_unpaid_invoice_is_reminded_of_and_ends(&coverage)).await;
    Box::pin(terms::a_reservation_that_nobody_uses_ends(&coverage)).await;
    Box::pin(terms::many_unpaid_invoices_hold_up_none(&coverage)).await;
    Box::pin(late::money_after_the_term_goes_back_without_another_invoice(&coverage)).await;
    Box::pin(late::money_after_the_term_goes_back_when_the_case_is_cancelled(&coverage)).await;
    Box::pin(late::receipts_are_for_invoices_that_are_to_be_paid(&coverage)).await;
    Box::pin(desk::staff_confirm_on_evidence(&coverage)).await;
    Box::pin(desk::staff_decline_with_a_reason(&coverage)).await;
    Box::pin(desk::a_short_sum_is_not_confirmed(&coverage)).await;
    Box::pin(transfers::a_transfer_in_two_parts(&coverage)).await;
    Box::pin(transfers::one_transfer_pays_several_invoices(&coverage)).await;
    Box::pin(transfers::whoever_shows_a_receipt_for_the_payer_confirms_nothing(&coverage)).await;
    Box::pin(transfers::receipts_are_few_and_need_an_invoice(&coverage)).await;
    Box::pin(refunds::what_came_too_much_leaves_the_desk_once_it_has_gone_back(&coverage)).await;
    Box::pin(refunds::the_last_day_goes_by_the_holidays_that_were_told(&coverage)).await;
    Box::pin(refunds::one_person_of_three_gets_his_money_back(&coverage)).await;
    Box::pin(refunds::a_cancelled_case_gives_back_what_has_come(&coverage)).await;
    Box::pin(refunds::what_a_refund_left_of_a_cancelled_case_goes_back_too(&coverage)).await;
    Box::pin(refunds::no_sequence_of_events_gives_back_more_than_came(&coverage)).await;
    Box::pin(documents::each_step_of_the_money_leaves_its_document(&coverage)).await;
    Box::pin(documents::invoices_of_former_versions_get_their_codes(&coverage)).await;
    Box::pin(documents::settings_count_from_a_day_by_two_persons(&coverage)).await;
    Box::pin(statements::a_statement_is_read_once_and_what_differs_is_named(&coverage)).await;
    Box::pin(statements::a_charge_is_found_on_the_statement(&coverage)).await;
    Box::pin(statements::a_statement_may_come_before_the_books_know(&coverage)).await;
    Box::pin(statements::two_payments_alike_are_two_payments(&coverage)).await;
    Box::pin(card_refunds::one_person_of_three_gets_his_money_back_on_his_card(&coverage)).await;
    Box::pin(card_refunds::what_was_paid_twice_goes_back_to_the_card_it_came_from(&coverage)).await;
    Box::pin(card_refunds::what_came_by_transfer_does_not_go_back_by_card(&coverage)).await;
    coverage.assert_complete(billing::REFUSALS);
}

type Client = BillingClient<Caller>;

fn client(world: &Alone, actor: Actor) -> Client {
    BillingClient::new(world.by(actor))
}

fn owner() -> String {
    people::applicant().account().unwrap().to_string()
}

#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn tenge(minor: i64) -> Option<Money> {
    Some(Money { amount_minor: minor, currency: "KZT".to_owned() })
}

fn approved(number: i64) -> ApplicationApproved {
    let line = PricedLine {
        product_code: "PMTA01".to_owned(),
        description: format!("AEC Personal Manager/Team Assistant for PM/TA-{number}"),
        quantity: 1,
        unit_price: tenge(TOTAL),
        amount: tenge(TOTAL),
    };
    ApplicationApproved { number, account_id: owner(), lines: vec![line], total: tenge(TOTAL) }
}

fn cancelled(number: i64) -> ApplicationCancelled {
    ApplicationCancelled { number, account_id: owner(), by_staff: false }
}

fn payer() -> Payer {
    let texts = ["online", "individual", "Әйгерім", "Нұрланқызы", "", "KZ", "KZ", "900101390002", "N12345678"];
    let [payment, payment_type, given_name, surname, patronymic, residency, citizenship, tax_number, identity_number] =
        texts.map(str::to_owned);
    let [zip_code, country, city, district] = ["010000", "KZ", "Astana", "Esil"].map(str::to_owned);
    Payer {
        payment,
        payment_type,
        given_name,
        surname,
        patronymic,
        residency,
        citizenship,
        tax_number,
        identity_number,
        zip_code,
        country,
        city,
        district,
        ..Payer::default()
    }
}

fn company() -> Payer {
    let texts = ["online", "legal", "Example LLP", "KZ", "151240022476", "010000", "KZ", "Astana", "Esil"];
    let [payment, payment_type, company_name, residency, bin, zip_code, country, city, district] =
        texts.map(str::to_owned);
    let [address, bank, iban, bic, contract_number] =
        ["Mangilik El 55", "Altyn Bank", "KZ149491100000810569", "ATYNKZKA", "7/2026"].map(str::to_owned);
    Payer {
        payment,
        payment_type,
        company_name,
        residency,
        bin,
        zip_code,
        country,
        city,
        district,
        address,
        bank,
        iban,
        bic,
        contract_number,
        ..Payer::default()
    }
}

fn issuing(payer: Payer) -> IssueInvoiceRequest {
    IssueInvoiceRequest { application_number: NUMBER, payer: Some(payer) }
}

/// A world with one approved case and its invoice.
async fn invoiced(coverage: &Coverage) -> (Alone, Client, Invoice) {
    let world = Alone::start::<Billing>(coverage).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    let invoice = applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner();
    (world, applicant, invoice)
}

async fn billable(client: &mut Client) -> Billable {
    client.get_billable(GetBillableRequest { application_number: NUMBER }).await.unwrap().into_inner()
}

fn reserving(invoice: &Invoice, attempt: &str) -> ReserveInvoiceRequest {
    ReserveInvoiceRequest { invoice_id: invoice.id.clone(), attempt_id: attempt.to_owned(), terms_accepted: true }
}

fn charge(invoice: &Invoice, attempt: &str, operation: &str, minor: i64) -> ChargeVerified {
    ChargeVerified {
        attempt_id: attempt.to_owned(),
        invoice_id: invoice.id.clone(),
        application_number: NUMBER,
        amount: tenge(minor),
        bank_operation_id: operation.to_owned(),
        reference: "632613500102".to_owned(),
        approval_code: "157911".to_owned(),
        card_mask: "440563...5096".to_owned(),
        charged_at_micros: 1_795_410_000_000_000,
        order_number: format!("000{}", 1_795_410_000 + minor / 100_000),
    }
}

fn closed(invoice: &Invoice, attempt: &str) -> AttemptClosed {
    AttemptClosed {
        attempt_id: attempt.to_owned(),
        invoice_id: invoice.id.clone(),
        application_number: NUMBER,
        outcome: "failed".to_owned(),
        decline_class: "issuer".to_owned(),
    }
}
