//! Bank transfers: receipts, transfers that staff find on the account, parts, and what the ledger says of it all.

use chassis::testing::{Alone, Coverage, people, refusal};
use kernel::{Actor, Role};
use proto::{
    billing::v1::{
        Billable, DeclinePaymentRequest, DownloadReceiptRequest, Payer, PaymentStatus, PaymentStatusChanged,
        ReceiptStart, RecordTransferRequest, TransferPart, UploadReceiptRequest, upload_receipt_request::Part,
    },
    common::v1::FileChunk,
};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::{Response, Status};

use super::{
    Client, NUMBER, TOTAL, approved, billable, charge, client,
    desk::{confirming, declining},
    invoiced, issuing, payer, reserving, tenge,
};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

fn showing(minor: i64) -> ReceiptStart {
    ReceiptStart {
        application_number: NUMBER,
        amount: tenge(minor),
        paid_on: "2026-11-20".to_owned(),
        file_name: "receipt.pdf".to_owned(),
    }
}

async fn upload(by: &mut Client, start: ReceiptStart, content: &[u8]) -> Result<Response<Billable>, Status> {
    let mut parts = vec![UploadReceiptRequest { part: Some(Part::Start(start)) }];
    let pieces = content.chunks(1024 * 1024);
    parts.extend(pieces.map(|piece| UploadReceiptRequest { part: Some(Part::Data(piece.to_vec())) }));
    by.upload_receipt(futures::stream::iter(parts)).await
}

/// A receipt for all of it.
pub async fn shown(by: &mut Client) -> Result<Response<Billable>, Status> {
    upload(by, showing(TOTAL), PDF).await
}

pub fn recording(document: &str, minor: i64) -> RecordTransferRequest {
    RecordTransferRequest {
        application_number: NUMBER,
        bank_document_number: document.to_owned(),
        amount: tenge(minor),
        received_on: "2026-11-21".to_owned(),
        sender: "Example LLP".to_owned(),
        parts: vec![TransferPart { application_number: NUMBER, amount: tenge(minor) }],
        receipt_id: String::new(),
    }
}

/// Balances of the ledger's accounts; they and each transaction sum to nothing.
pub async fn balances(world: &Alone) -> Vec<(String, i64)> {
    let db = world.context.db.read();
    let rows = |query: &str| {
        let statement = Statement::from_string(db.get_database_backend(), query.to_owned());
        async move { db.query_all_raw(statement).await.unwrap() }
    };
    let unbalanced = "SELECT operation FROM ledger_entry GROUP BY operation HAVING SUM(amount) <> 0 OR COUNT(*) <> 2";
    assert!(rows(unbalanced).await.is_empty());
    let found = rows("SELECT account, balance FROM ledger_account WHERE balance <> 0 ORDER BY account").await;
    let found: Vec<(String, i64)> =
        found.iter().map(|row| (row.try_get("", "account").unwrap(), row.try_get("", "balance").unwrap())).collect();
    assert_eq!(found.iter().map(|(_, balance)| balance).sum::<i64>(), 0);
    found
}

pub fn accounts(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(account, balance)| ((*account).to_owned(), *balance)).collect()
}

/// A sum in another currency than the portal's.
#[expect(clippy::unnecessary_wraps, reason = "fields of messages are optional")]
fn foreign(amount_minor: i64) -> Option<proto::common::v1::Money> {
    Some(proto::common::v1::Money { amount_minor, currency: "EUR".to_owned() })
}

/// Would have found: a claim taken for money, the same money recorded twice, a part that makes an invoice paid, a part
/// that is lost when the rest is declined.
pub async fn a_transfer_in_two_parts(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut finance = client(&world, people::finance());
    assert_eq!(balances(&world).await, accounts(&[("receivable", TOTAL), ("revenue", -TOTAL)]));
    // Another way of paying is no other invoice, and leads not to the bank.
    let by_transfer = Payer { payment: "transfer".into(), ..payer() };
    assert_eq!(applicant.issue_invoice(issuing(by_transfer)).await.unwrap().into_inner().id, invoice.id);
    let online = applicant.reserve_invoice(reserving(&invoice, "att_1")).await;
    assert_eq!(refusal(online), ["INVOICE_NOT_PAYABLE"]);
    for (start, fault) in [
        (showing(0), "AMOUNT_MALFORMED at amount"),
        (ReceiptStart { amount: foreign(5), ..showing(5) }, "AMOUNT_MALFORMED at amount"),
        (ReceiptStart { paid_on: "2027-01-01".into(), ..showing(5) }, "DATE_AHEAD at paid_on"),
    ] {
        assert_eq!(refusal(upload(&mut applicant, start, PDF).await), [fault]);
    }
    assert_eq!(refusal(upload(&mut applicant, showing(5), b"MZ").await), ["FILE_TYPE at file"]);
    let large = [PDF, &vec![0; 10 * 1024 * 1024]].concat();
    assert_eq!(refusal(upload(&mut applicant, showing(5), &large).await), ["FILE_TOO_LARGE at file"]);
    let mut stranger = client(&world, people::stranger());
    assert_eq!(refusal(upload(&mut stranger, showing(5), PDF).await), ["NOT_FOUND"]);
    let pending = upload(&mut applicant, showing(400_000), PDF).await.unwrap().into_inner();
    assert_eq!((pending.payment_status(), pending.receipts[0].state.as_str()), (PaymentStatus::Pending, "waiting"));
    world.pass_hours(1);
    upload(&mut applicant, showing(600_000), PDF).await.unwrap();
    world.pass_hours(1);
    // What a payer shows is no money yet.
    let version = billable(&mut finance).await.version;
    assert_eq!(refusal(finance.confirm_payment(confirming(version)).await), ["EVIDENCE_SHORT"]);
    let first = RecordTransferRequest { receipt_id: pending.receipts[0].id.clone(), ..recording("BD-1", 400_000) };
    assert_eq!(refusal(applicant.record_transfer(first.clone()).await), ["NOT_PERMITTED"]);
    let recorded = finance.record_transfer(first).await.unwrap().into_inner();
    assert_eq!((recorded.receipts[0].state.as_str(), recorded.evidence[0].kind.as_str()), ("matched", "transfer"));
    let again = finance.record_transfer(recording("BD-1", 400_000)).await;
    assert_eq!(refusal(again), ["TRANSFER_KNOWN at bank_document_number"]);
    let part = |version| proto::billing::v1::ConfirmPaymentRequest { part: true, ..confirming(version) };
    let partly = finance.confirm_payment(part(recorded.version)).await.unwrap().into_inner();
    // The other receipt waits still.
    assert_eq!(partly.payment_status(), PaymentStatus::Pending);
    assert_eq!((partly.settled, partly.invoice.unwrap().state.as_str()), (tenge(400_000), "partly_paid"));
    let rest = partly.receipts[1].id.clone();
    let one =
        |receipt: &str, version| DeclinePaymentRequest { receipt_id: receipt.to_owned(), ..declining(version, "no") };
    let declined = finance.decline_payment(one(&rest, partly.version)).await.unwrap().into_inner();
    assert_eq!(
        (declined.payment_status(), declined.receipts[1].state.as_str()),
        (PaymentStatus::PartlyPaid, "declined")
    );
    let mut other = payer();
    other.city = "Almaty".into();
    assert_eq!(refusal(applicant.issue_invoice(issuing(other)).await), ["MONEY_RECEIVED"]);
    let shown = upload(&mut applicant, showing(600_000), PDF).await.unwrap().into_inner();
    assert_eq!(refusal(finance.decline_payment(one(&rest, shown.version)).await), ["RECEIPT_DECIDED"]);
    let taken = RecordTransferRequest { receipt_id: rest, ..recording("BD-3", 1) };
    assert_eq!(refusal(finance.record_transfer(taken).await), ["RECEIPT_DECIDED"]);
    // A little more than was due: what is too much stays in suspense, in plain sight.
    let whole = finance.record_transfer(recording("BD-2", 650_000)).await.unwrap().into_inner();
    let paid = finance.confirm_payment(confirming(whole.version)).await.unwrap().into_inner();
    assert_eq!((paid.payment_status(), paid.unapplied), (PaymentStatus::Paid, tenge(50_000)));
    assert_eq!(paid.receipts[2].state, "unneeded");
    let after = [("bank", 1_050_000), ("revenue", -TOTAL), ("suspense", -50_000)];
    assert_eq!(balances(&world).await, accounts(&after));
    assert_eq!(refusal(upload(&mut applicant, showing(5), PDF).await), ["ALREADY_PAID"]);
    let told: Vec<_> = world.published::<PaymentStatusChanged>().await.into_iter().map(|fact| fact.status).collect();
    assert_eq!(told.last().unwrap(), "paid");
    assert!(told.contains(&"partly_paid".to_owned()));
    // Whoever may see the case may see the paper, and staff's look is recorded.
    let wanted = || DownloadReceiptRequest { application_number: NUMBER, receipt_id: paid.receipts[0].id.clone() };
    let mut file = finance.download_receipt(wanted()).await.unwrap().into_inner();
    let head: FileChunk = file.message().await.unwrap().unwrap();
    assert_eq!((head.file_name.as_str(), head.media_type.as_str()), ("receipt.pdf", "application/pdf"));
    assert_eq!(file.message().await.unwrap().unwrap().data, PDF);
    assert_eq!(refusal(stranger.download_receipt(wanted()).await), ["NOT_FOUND"]);
    assert_eq!(world.audited("RECEIPT_READ").await, 1);
    world.end().await;
}

pub async fn one_transfer_pays_several_invoices(coverage: &Coverage) {
    let (world, mut applicant, _) = invoiced(coverage).await;
    world.tell(103, 9, &approved(103)).await;
    let second = proto::billing::v1::IssueInvoiceRequest { application_number: 103, payer: Some(payer()) };
    applicant.issue_invoice(second).await.unwrap();
    world.tell(104, 9, &approved(104)).await;
    let mut finance = client(&world, people::finance());
    let part = |application_number, minor| TransferPart { application_number, amount: tenge(minor) };
    let joint = |parts: Vec<TransferPart>| RecordTransferRequest { parts, ..recording("BD-7", 2 * TOTAL) };
    for (parts, fault) in [
        (vec![part(NUMBER, TOTAL)], "TRANSFER_PARTS at amount"),
        (vec![part(NUMBER, TOTAL), part(NUMBER, TOTAL)], "TRANSFER_PARTS at parts"),
        (vec![part(NUMBER, TOTAL), part(999, TOTAL)], "INVOICE_UNKNOWN at parts[1].application_number"),
        (vec![part(104, TOTAL), part(NUMBER, TOTAL)], "INVOICE_UNKNOWN at parts[0].application_number"),
    ] {
        assert_eq!(refusal(finance.record_transfer(joint(parts)).await), [fault]);
    }
    let both = vec![part(103, TOTAL), part(NUMBER, TOTAL)];
    let recorded = finance.record_transfer(joint(both)).await.unwrap().into_inner();
    assert_eq!((recorded.shown, recorded.evidence.len()), (tenge(TOTAL), 1));
    finance.confirm_payment(confirming(recorded.version)).await.unwrap();
    let after = [("bank", 2 * TOTAL), ("receivable", TOTAL), ("revenue", -2 * TOTAL), ("suspense", -TOTAL)];
    assert_eq!(balances(&world).await, accounts(&after));
    // Money for what is paid already counts for nothing, and is not lost.
    let late = finance.record_transfer(recording("BD-8", 10)).await.unwrap().into_inner();
    assert_eq!((late.payment_status(), late.unapplied), (PaymentStatus::Paid, tenge(10)));
    assert!(late.evidence.iter().any(|shown| shown.kind == "unapplied_transfer"));
    world.end().await;
}

pub async fn whoever_shows_a_receipt_for_the_payer_confirms_nothing(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let mut manager = client(&world, people::manager());
    let supervisor = upload(&mut client(&world, people::supervisor()), showing(TOTAL), PDF).await;
    assert_eq!(refusal(supervisor), ["NOT_PERMITTED"]);
    let pending = upload(&mut manager, showing(TOTAL), PDF).await.unwrap().into_inner();
    assert!(pending.receipts[0].on_behalf && !pending.pending_too_long);
    world.pass_hours(49);
    assert!(billable(&mut manager).await.pending_too_long);
    let mut finance = client(&world, people::finance());
    let recorded = finance.record_transfer(recording("BD-1", TOTAL)).await.unwrap().into_inner();
    assert_eq!(refusal(manager.confirm_payment(confirming(recorded.version)).await), ["RECEIPT_OWN"]);
    let own = people::person(chassis::demo::APPLICANTS[0], &[Role::Applicant, Role::Finance]);
    let own: Actor = own;
    let mine = client(&world, own).record_transfer(recording("BD-2", TOTAL)).await;
    assert_eq!(refusal(mine), ["NOT_PERMITTED"]);
    // Declined as a whole, the money waits to be given back, and is no evidence for what comes later.
    let declined = finance.decline_payment(declining(recorded.version, "another's money")).await.unwrap().into_inner();
    assert_eq!((declined.payment_status(), declined.unapplied), (PaymentStatus::NotPaid, tenge(TOTAL)));
    applicant.reserve_invoice(reserving(&invoice, "att_1")).await.unwrap();
    world.tell("att_1", 2, &charge(&invoice, "att_1", "op-1", TOTAL - 1)).await;
    let short = billable(&mut finance).await;
    assert_eq!(refusal(finance.confirm_payment(confirming(short.version)).await), ["EVIDENCE_SHORT"]);
    world.tell(NUMBER, 12, &super::cancelled(NUMBER)).await;
    assert_eq!(refusal(upload(&mut applicant, showing(5), PDF).await), ["BILLABLE_CLOSED"]);
    // Its invoice is void: nothing is owed by it any more, and all the money is in suspense.
    let after = [("bank", 2 * TOTAL - 1), ("suspense", 1 - 2 * TOTAL)];
    assert_eq!(balances(&world).await, accounts(&after));
    world.end().await;
}

pub async fn receipts_are_few_and_need_an_invoice(coverage: &Coverage) {
    let few = [("billing.receipts.files_max", serde_json::json!(1))];
    let world = Alone::start_with::<billing::Billing>(coverage, &few).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    assert_eq!(refusal(upload(&mut applicant, showing(5), PDF).await), ["INVOICE_NOT_PAYABLE"]);
    applicant.issue_invoice(issuing(payer())).await.unwrap();
    upload(&mut applicant, showing(5), PDF).await.unwrap();
    assert_eq!(refusal(upload(&mut applicant, showing(5), PDF).await), ["FILES_TOO_MANY at file"]);
    world.end().await;
}
