//! The bank's statement beside the books: imported twice it changes nothing, a transfer that fits becomes evidence, and what
//! differs is named.

use chassis::testing::{Coverage, people, refusal};
use proto::{
    billing::v1::{BankDay, GetBankDayRequest, ImportStatementRequest, ImportStatementResponse, PaymentStatus},
    payments::v1::ChargeVerified,
};

use super::{Client, TOTAL, billable, charge, client, invoiced, reserving, tenge};

const HEADER: &str = "date;reference;debit;credit;sender;purpose\n";

fn importing(lines: &str) -> ImportStatementRequest {
    ImportStatementRequest { file_name: "day.csv".to_owned(), content: format!("{HEADER}{lines}").into_bytes() }
}

async fn day(client: &mut Client) -> BankDay {
    client.get_bank_day(GetBankDayRequest { date: "2026-11-23".to_owned() }).await.unwrap().into_inner()
}

fn differences(day: &BankDay) -> Vec<(&str, i64)> {
    day.differences.iter().map(|one| (one.kind.as_str(), one.amount.as_ref().unwrap().amount_minor)).collect()
}

pub async fn a_statement_is_read_once_and_what_differs_is_named(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut finance = client(&world, people::finance());
    assert_eq!(refusal(client(&world, people::supervisor()).import_statement(importing("")).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.get_bank_day(GetBankDayRequest::default()).await), ["NOT_PERMITTED"]);
    for (lines, fault) in [
        ("", "STATEMENT_EMPTY at rows[0]"),
        ("soon;PD-1;;1;;x\n", "STATEMENT_DATE at rows[1]"),
        ("23.11.2026;;;1;;x\n", "STATEMENT_REFERENCE at rows[1]"),
        ("23.11.2026;PD-1;;;;x\n", "STATEMENT_SUM at rows[1]"),
        ("23.11.2099;PD-1;;1;;x\n", "DATE_AHEAD at rows[1]"),
    ] {
        assert_eq!(refusal(finance.import_statement(importing(lines)).await), [fault]);
    }
    let other = ImportStatementRequest { content: b"\xff\xfe".to_vec(), ..importing("") };
    assert_eq!(refusal(finance.import_statement(other).await), ["STATEMENT_HEADER at file"]);
    let large = ImportStatementRequest { content: vec![b' '; 2 * 1024 * 1024 + 1], ..importing("") };
    assert_eq!(refusal(finance.import_statement(large).await), ["FILE_TOO_LARGE at file"]);
    let long = importing(&"23.11.2026;PD-1;;1;;x\n".repeat(5_001));
    assert_eq!(refusal(finance.import_statement(long).await), ["STATEMENT_LONG at rows[5001]"]);

    let reference = &invoice.reference_number;
    let lines = format!(
        "23.11.2026;PD-1;;9999,99;Example LLP;invoice {reference}\n\
         23.11.2026;PD-2;;10 000,00;Example LLP;\"for {reference}; thank you\"\n\
         23.11.2026;PD-3;;10 000,00;Example LLP;again {}\n\
         23.11.2026;PD-4;;5;;interest\n",
        invoice.document_number
    );
    let told = finance.import_statement(importing(&lines)).await.unwrap().into_inner();
    let counts = |matched, recorded, proposed, unmatched, known| ImportStatementResponse {
        matched,
        recorded,
        proposed,
        unmatched,
        known,
    };
    assert_eq!(told, counts(0, 1, 2, 1, 0), "one pays the invoice; another sum and a second one wait for people");
    let paid = billable(&mut finance).await;
    assert_eq!((paid.payment_status(), paid.evidence.len()), (PaymentStatus::Pending, 1));
    assert_eq!(paid.evidence[0].reference, "PD-2");
    // The same file, and one of its lines in another file.
    for again in [lines.as_str(), "2026-11-23;PD-4;0;5.00;;interest\n"] {
        let told = finance.import_statement(importing(again)).await.unwrap().into_inner();
        assert_eq!(
            (told.known, told.matched + told.recorded + told.proposed + told.unmatched),
            (u32::try_from(again.lines().count()).unwrap(), 0)
        );
    }
    assert_eq!(billable(&mut finance).await.evidence.len(), 1);
    let seen = day(&mut finance).await;
    assert_eq!((seen.transferred.clone(), seen.statement_in.clone()), (tenge(TOTAL), tenge(2 * TOTAL + 999_999 + 500)));
    assert_eq!(differences(&seen), [("line_proposed", 999_999), ("line_proposed", TOTAL), ("line_unmatched", 500)]);
    // Recorded by hand, it is in the books.
    finance.record_transfer(super::transfers::recording("PD-3", TOTAL)).await.unwrap();
    assert_eq!(differences(&day(&mut client(&world, people::supervisor())).await).len(), 2);
    world.end().await;
}

pub async fn a_charge_is_found_on_the_statement(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut finance = client(&world, people::finance());
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell("att_1", 2, &charge(&invoice, "att_1", "op-1", TOTAL)).await;
    let seen = day(&mut finance).await;
    assert_eq!((differences(&seen), seen.charged.clone()), (vec![("charge_not_on_statement", TOTAL)], tenge(TOTAL)));
    assert_eq!(seen.differences[0].invoice_id, invoice.id);
    // The bank books it the day after, by its reference, and charges something that nobody knows.
    let lines = "23.11.2026;BK-1;;10000;;Card settlement 632613500102\n23.11.2026;BK-2;250;;;Commission\n";
    let told = finance.import_statement(importing(lines)).await.unwrap().into_inner();
    assert_eq!((told.matched, told.unmatched), (1, 1));
    assert_eq!(differences(&day(&mut finance).await), [("line_unmatched", 25_000)]);
    // Another one is named by its order number alone: not a sum that only looks like it.
    let second = ChargeVerified { reference: "632613500199".to_owned(), ..charge(&invoice, "att_1", "op-2", 500_000) };
    world.tell("att_2", 2, &second).await;
    let order = &second.order_number;
    let lines = format!("23.11.2026;BK-3;;4000;;Order {order}\n23.11.2026;BK-4;;5000;;Order {order} settled\n");
    let told = finance.import_statement(importing(&lines)).await.unwrap().into_inner();
    assert_eq!((told.matched, told.unmatched), (1, 1));
    world.end().await;
}

/// Would have found: a line that was imported before the charge was verified, or before its transfer was recorded, and is a
/// difference for ever on both sides.
pub async fn a_statement_may_come_before_the_books_know(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut finance = client(&world, people::finance());
    let lines = "23.11.2026;BK-1;;10000;;Card settlement 632613500102\n23.11.2026;PD-1;;2500,00;Example LLP;services\n";
    let told = finance.import_statement(importing(lines)).await.unwrap().into_inner();
    assert_eq!((told.matched, told.unmatched), (0, 2));
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell("att_1", 2, &charge(&invoice, "att_1", "op-1", TOTAL)).await;
    finance.record_transfer(super::transfers::recording("PD-1", 250_000)).await.unwrap();
    // With the next statement the former ones are looked at again.
    let next = finance.import_statement(importing("23.11.2026;BK-2;250;;;Commission\n")).await.unwrap().into_inner();
    assert_eq!((next.matched, next.unmatched), (0, 1), "only what is in the file is counted");
    assert_eq!(differences(&day(&mut finance).await), [("line_unmatched", 25_000)]);
    world.end().await;
}

/// Would have found: two payers who pay the same sum on one day under the same number of their own, of whom one is lost.
pub async fn two_payments_alike_are_two_payments(coverage: &Coverage) {
    let (world, _, _) = invoiced(coverage).await;
    let mut finance = client(&world, people::finance());
    let alike = "23.11.2026;1;;5000;Example LLP;one\n23.11.2026;1;;5000;Sample LLP;other\n";
    let told = finance.import_statement(importing(alike)).await.unwrap().into_inner();
    assert_eq!((told.unmatched, told.known), (2, 0));
    // Whole or in part, the same file again is known.
    for (again, known) in [(alike, 2), ("23.11.2026;1;;5000;Example LLP;one\n", 1)] {
        assert_eq!(finance.import_statement(importing(again)).await.unwrap().into_inner().known, known);
    }
    assert_eq!(day(&mut finance).await.statement_in, tenge(TOTAL));
    // One of them is recorded; the other is no less a difference for it.
    finance.record_transfer(super::transfers::recording("1", 500_000)).await.unwrap();
    assert_eq!(differences(&day(&mut finance).await), [("line_unmatched", 500_000)]);
    world.end().await;
}
