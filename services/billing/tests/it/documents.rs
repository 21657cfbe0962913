//! Documents that follow an invoice, their codes, what the books get of them, and the settings they are issued by.

use billing::Billing;
use chassis::testing::{Alone, Coverage, people, refusal};
use kernel::Role;
use proto::{
    applications::v1::ApplicationProgressed,
    billing::v1::{
        BeneficiarySetting, DecideSettingRequest, Document, ExportDocumentsRequest, GetBillableRequest,
        GetDocumentPdfRequest, GetInvoicePdfRequest, GetMoneyReportRequest, ListDocumentsRequest, ListSettingsRequest,
        ProposeSettingRequest, RefundLine, RequestRefundRequest, TextsSetting, VerifyDocumentRequest,
    },
    common::v1::LocalizedText,
};

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::{
    Client, NUMBER, TOTAL, approved, client, issuing, owner, payer,
    refunds::{asking, deciding, paid, reviewing},
    tenge,
};

async fn execute(world: &Alone, statement: &str) {
    let statement = Statement::from_string(DbBackend::Sqlite, statement.to_owned());
    world
        .context
        .db
        .write(move |tx| async move { tx.execute_raw(statement).await.map(drop).map_err(chassis::Error::from) })
        .await
        .unwrap();
}

fn completed() -> ApplicationProgressed {
    ApplicationProgressed {
        number: NUMBER,
        account_id: owner(),
        step: "COMPLETED".to_owned(),
        state: "completed".to_owned(),
        person_item_id: String::new(),
        originals_awaited: false,
    }
}

async fn own(by: &mut Client) -> Vec<Document> {
    by.list_documents(ListDocumentsRequest::default()).await.unwrap().into_inner().documents
}

fn days(since: &str, until: &str) -> ExportDocumentsRequest {
    ExportDocumentsRequest { since: since.to_owned(), until: until.to_owned(), page: None }
}

/// Would have found: a receipt for what was not confirmed, an act that bills what was given back, a document of somebody
/// else's, a code that anybody reads a payer from.
pub async fn each_step_of_the_money_leaves_its_document(coverage: &Coverage) {
    let (world, mut applicant) = paid(coverage).await;
    let (mut finance, mut supervisor) = (client(&world, people::finance()), client(&world, people::supervisor()));
    let lines = RequestRefundRequest { lines: vec![RefundLine { number: 1, quantity: 1 }], ..asking("lines") };
    let asked = applicant.request_refund(lines).await.unwrap().into_inner();
    let reviewed = finance.review_refund(reviewing(&asked)).await.unwrap().into_inner();
    supervisor.decide_refund(deciding(&reviewed, true, "")).await.unwrap();
    world.pass_hours(24);
    world.tell(NUMBER, 12, &ApplicationProgressed { step: "READY".into(), ..completed() }).await;
    world.tell(NUMBER, 13, &completed()).await;
    world.tell(NUMBER, 14, &completed()).await;
    let mut found = own(&mut applicant).await;
    found.sort_by(|one, other| one.kind.cmp(&other.kind));
    let told: Vec<_> =
        found.iter().map(|of| (of.kind.as_str(), of.document_number.as_str(), of.total.clone())).collect();
    assert_eq!(
        told,
        [
            ("act", "P-A/2026/1", tenge(2 * TOTAL)),
            ("credit_note", "P-C/2026/1", tenge(TOTAL)),
            ("invoice", "P-O/2026/1", tenge(3 * TOTAL)),
            ("payment_receipt", "P-R/2026/1", tenge(3 * TOTAL)),
        ]
    );
    assert_eq!((found[0].vat.clone(), found[0].vat_rate_bp), (tenge(275_862), 1600));
    let case = finance.get_billable(GetBillableRequest { application_number: NUMBER }).await.unwrap().into_inner();
    assert_eq!(case.documents.len(), 3);
    // Each can be taken along by its payer, in each language, and by nobody else's hand.
    for of in &found {
        for locale in ["en", "ru", "kk"] {
            let request = GetDocumentPdfRequest { code: of.code.clone(), locale: locale.to_owned() };
            let file = applicant.get_document_pdf(request).await.unwrap().into_inner();
            assert!(file.data.starts_with(b"%PDF-") && file.file_name.ends_with(".pdf"));
        }
        let request = GetDocumentPdfRequest { code: of.code.clone(), locale: "en".to_owned() };
        assert_eq!(refusal(client(&world, people::stranger()).get_document_pdf(request).await), ["NOT_FOUND"]);
    }
    assert_eq!(own(&mut client(&world, people::stranger())).await, []);
    // Whoever holds a copy learns what it must say, and nothing more.
    let typed: String = found[1].code.to_ascii_lowercase().chars().flat_map(|sign| [' ', sign]).collect();
    let mut anyone = client(&world, kernel::Actor::Anonymous);
    let seen = anyone.verify_document(VerifyDocumentRequest { code: typed }).await.unwrap().into_inner();
    assert_eq!((seen.document_number.as_str(), seen.total.clone()), ("P-C/2026/1", tenge(TOTAL)));
    assert_eq!((seen.state.as_str(), seen.sha256.len()), ("issued", 64));
    assert!(!format!("{seen:?}").contains("Нұрланқызы"));
    let invoice = VerifyDocumentRequest { code: found[2].code.clone() };
    assert_eq!(anyone.verify_document(invoice).await.unwrap().into_inner().state, "partly_credited");
    for code in ["", "0000000000000000", "not a code"] {
        let unknown = VerifyDocumentRequest { code: code.to_owned() };
        assert_eq!(refusal(anyone.verify_document(unknown).await), ["NOT_FOUND"]);
    }
    the_books_balance(&mut finance, &mut applicant).await;
    world.end().await;
}

async fn the_books_balance(finance: &mut Client, applicant: &mut Client) {
    let books = finance.export_documents(days("2026-11-01", "2026-11-30")).await.unwrap().into_inner();
    let told: Vec<_> = books.documents.iter().map(|of| of.kind.as_str()).collect();
    assert_eq!(told, ["credit_note", "invoice", "payment_receipt", "act"]);
    let invoice = &books.documents[1];
    assert_eq!((invoice.payer_name.as_str(), invoice.payer_number.as_str()), ("Әйгерім Нұрланқызы", "900101390002"));
    assert_eq!(invoice.product_codes, ["PMTA01"]);
    assert_eq!(finance.export_documents(days("2026-12-01", "2026-12-31")).await.unwrap().into_inner().documents, []);
    for (since, until, fault) in [
        ("2026-11-02", "2026-11-01", "DATE_ORDER at until"),
        ("2026-01-01", "2027-01-02", "SPAN_TOO_LONG at until"),
        ("x", "2026-11-01", "DATE_MALFORMED at since"),
    ] {
        assert_eq!(refusal(finance.export_documents(days(since, until)).await), [fault]);
        let report = GetMoneyReportRequest { since: since.to_owned(), until: until.to_owned() };
        assert_eq!(refusal(finance.get_money_report(report).await), [fault]);
    }
    assert_eq!(refusal(applicant.export_documents(days("2026-11-01", "2026-11-30")).await), ["NOT_PERMITTED"]);
    let report = GetMoneyReportRequest { since: "2026-10-15".into(), until: "2026-11-30".into() };
    assert_eq!(refusal(applicant.get_money_report(report.clone()).await), ["NOT_PERMITTED"]);
    let told = finance.get_money_report(report).await.unwrap().into_inner();
    let months: Vec<_> =
        told.months.iter().map(|of| (of.month.as_str(), of.received.clone(), of.credited.clone())).collect();
    assert_eq!(months, [("2026-10", tenge(0), tenge(0)), ("2026-11", tenge(3 * TOTAL), tenge(TOTAL))]);
    assert_eq!((told.products[0].quantity, told.products[0].amount.clone()), (2, tenge(2 * TOTAL)));
    assert_eq!((told.refunds[0].state.as_str(), told.refunds[0].count), ("approved", 1));
}

/// Would have found: an invoice of before codes that nobody can verify.
pub async fn invoices_of_former_versions_get_their_codes(coverage: &Coverage) {
    let world = Alone::start::<Billing>(coverage).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    let invoice = applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner();
    execute(&world, "DELETE FROM document").await;
    execute(&world, "DELETE FROM document_line").await;
    assert_eq!(own(&mut applicant).await, []);
    let request = GetInvoicePdfRequest { invoice_id: invoice.id.clone(), locale: "ru".to_owned() };
    assert!(applicant.get_invoice_pdf(request.clone()).await.unwrap().into_inner().data.starts_with(b"%PDF-"));
    assert_eq!(world.step("documents").await, 1);
    assert_eq!(world.step("documents").await, 0);
    assert_eq!(own(&mut applicant).await[0].invoice_id, invoice.id);
    // What is stored is no longer what was issued: it is not printed.
    execute(&world, "UPDATE invoice SET due_date = '2026-12-31'").await;
    assert_eq!(refusal(applicant.get_invoice_pdf(request).await), ["INTERNAL"]);
    world.end().await;
}

fn proposing(kind: &str, from_date: &str) -> ProposeSettingRequest {
    let (kind, from_date, reason) = (kind.to_owned(), from_date.to_owned(), "the law changed".to_owned());
    ProposeSettingRequest { kind, from_date, reason, vat_rate_bp: 2000, ..Default::default() }
}

fn settling(id: &str, publish: bool, reason: &str) -> DecideSettingRequest {
    DecideSettingRequest { id: id.to_owned(), publish, reason: reason.to_owned() }
}

fn three(text: &str) -> Option<LocalizedText> {
    Some(LocalizedText { en: text.to_owned(), ru: text.to_owned(), kk: text.to_owned() })
}

/// Would have found: one person who moves the centre's account number alone, a rate that counts before its day, an issued
/// invoice that changes with the settings.
pub async fn settings_count_from_a_day_by_two_persons(coverage: &Coverage) {
    let world = Alone::start::<Billing>(coverage).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    let (mut finance, mut admin) = (client(&world, people::finance()), client(&world, people::admin()));
    let before = applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner();
    assert_eq!(refusal(applicant.propose_setting(proposing("vat", "")).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(applicant.list_settings(ListSettingsRequest {}).await), ["NOT_PERMITTED"]);
    for (request, faults) in [
        (proposing("rate", ""), vec!["CHOICE_UNKNOWN at kind"]),
        (ProposeSettingRequest { vat_rate_bp: 5001, ..proposing("vat", "") }, vec!["VAT_RATE at vat_rate_bp"]),
        (proposing("vat", "2026-11-22"), vec!["EDITION_DATE at from_date"]),
        (ProposeSettingRequest { reason: " ".into(), ..proposing("vat", "") }, vec!["REASON_MISSING at reason"]),
        (ProposeSettingRequest { vat_rate_bp: 1600, ..proposing("vat", "") }, vec!["SETTING_UNCHANGED"]),
    ] {
        assert_eq!(refusal(finance.propose_setting(request).await), faults);
    }
    // Tomorrow's rate.
    let change = finance.propose_setting(proposing("vat", "2026-11-24")).await.unwrap().into_inner();
    let twice = finance.propose_setting(proposing("vat", "2026-11-24")).await.unwrap().into_inner();
    assert_eq!(twice.id, change.id, "said twice it waits once");
    assert!(!change.decidable);
    assert_eq!(refusal(finance.decide_setting(settling(&change.id, true, "")).await), ["FOUR_EYES"]);
    assert_eq!(refusal(admin.decide_setting(settling(&change.id, false, "")).await), ["REASON_MISSING at reason"]);
    assert_eq!(refusal(admin.decide_setting(settling("nothing", true, "")).await), ["NOT_FOUND"]);
    let listed = admin.list_settings(ListSettingsRequest {}).await.unwrap().into_inner();
    assert!(listed.changes[0].decidable);
    admin.decide_setting(settling(&change.id, true, "")).await.unwrap();
    assert_eq!(refusal(admin.decide_setting(settling(&change.id, true, "")).await), ["SETTING_DECIDED"]);
    assert_eq!(
        admin.list_settings(ListSettingsRequest {}).await.unwrap().into_inner().settings.unwrap().vat_rate_bp,
        1600
    );
    // A beneficiary with faults at each field, then a right one.
    let empty =
        ProposeSettingRequest { beneficiary: Some(BeneficiarySetting::default()), ..proposing("beneficiary", "") };
    let told = refusal(finance.propose_setting(empty).await);
    for at in ["account_name", "iban", "bank_code", "identification_number", "city_kk", "country_code", "code"] {
        assert!(told.iter().any(|fault| fault.ends_with(&format!(" at {at}"))), "{at}: {told:?}");
    }
    assert!(told.contains(&"CODE_DIGITS at payment_purpose_code".to_owned()));
    let mut beneficiary = listed.settings.clone().unwrap().beneficiary.unwrap();
    beneficiary.details.as_mut().unwrap().iban = "KZ86125KZT5004100100".to_owned();
    let other = ProposeSettingRequest { beneficiary: Some(beneficiary), ..proposing("beneficiary", "") };
    let moved = admin.propose_setting(other).await.unwrap().into_inner();
    finance.decide_setting(settling(&moved.id, true, "")).await.unwrap();
    let notes = vec![three("a note").unwrap(); 11];
    let texts =
        ProposeSettingRequest { texts: Some(TextsSetting { disclaimer: None, notes }), ..proposing("texts", "") };
    let told = refusal(finance.propose_setting(texts).await);
    assert_eq!(
        told,
        [
            "TEXT_EMPTY at disclaimer_en",
            "TEXT_EMPTY at disclaimer_ru",
            "TEXT_EMPTY at disclaimer_kk",
            "NOTES_TOO_MANY at notes"
        ]
    );
    let texts = TextsSetting { disclaimer: three("new terms"), notes: vec![three("a note").unwrap()] };
    let texts = ProposeSettingRequest { texts: Some(texts), ..proposing("texts", "") };
    let declined = finance.propose_setting(texts.clone()).await.unwrap().into_inner();
    admin.decide_setting(settling(&declined.id, false, "not yet")).await.unwrap();
    // Proposed for a day that is over when somebody looks at it.
    let late = finance.propose_setting(texts.clone()).await.unwrap().into_inner();
    world.pass_hours(24);
    assert_eq!(refusal(admin.decide_setting(settling(&late.id, true, "")).await), ["EDITION_DATE at from_date"]);
    let again = finance.propose_setting(texts).await.unwrap().into_inner();
    admin.decide_setting(settling(&again.id, true, "")).await.unwrap();
    let same = applicant.get_invoice(proto::billing::v1::GetInvoiceRequest { invoice_id: before.id.clone() }).await;
    assert_eq!(same.unwrap().into_inner().beneficiary, before.beneficiary);
    let mut another = payer();
    another.given_name = "Айгуль".to_owned();
    let after = applicant.issue_invoice(issuing(another)).await.unwrap().into_inner();
    assert_eq!((after.vat_rate_bp, after.notes.len()), (2000, 1));
    assert_eq!(after.beneficiary.unwrap().iban, "KZ86125KZT5004100100");
    let supervisor: Client = client(&world, people::person(chassis::demo::APPLICANTS[1], &[Role::Supervisor]));
    let mut supervisor = supervisor;
    assert_eq!(refusal(supervisor.propose_setting(proposing("vat", "")).await), ["NOT_PERMITTED"]);
    world.end().await;
}
