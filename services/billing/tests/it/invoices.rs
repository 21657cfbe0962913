//! From approval to invoice: the payer's fields, numbers, who sees what, and how a case is closed.

use billing::Billing;
use chassis::testing::{Alone, Coverage, Delivered, people, refusal};
use kernel::{Actor, Scope};
use proto::billing::v1::{
    GetBillableRequest, GetInvoicePdfRequest, GetInvoiceRequest, InvoiceIssued, InvoiceVoided, ListInvoicesRequest,
    Payer, PaymentStatus,
};

use super::{NUMBER, TOTAL, approved, billable, cancelled, client, company, invoiced, issuing, payer, tenge};

const BILLABLE: GetBillableRequest = GetBillableRequest { application_number: NUMBER };

pub async fn what_was_approved_is_to_be_paid_once(coverage: &Coverage) {
    let world = Alone::start::<Billing>(coverage).await;
    let mut applicant = client(&world, people::applicant());
    assert_eq!(refusal(applicant.get_billable(BILLABLE).await), ["NOT_FOUND"]);
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let opened = billable(&mut applicant).await;
    assert_eq!((opened.payment_status(), opened.total, opened.payer), (PaymentStatus::NotPaid, tenge(TOTAL), None));
    assert!(opened.disclaimer.unwrap().kk.contains("45"));
    assert_eq!(refusal(client(&world, people::stranger()).get_billable(BILLABLE).await), ["NOT_FOUND"]);
    // A free case has nothing to pay.
    let free = proto::applications::v1::ApplicationApproved { lines: Vec::new(), total: tenge(0), ..approved(103) };
    world.tell(103, 4, &free).await;
    let asked = GetBillableRequest { application_number: 103 };
    assert_eq!(refusal(applicant.get_billable(asked).await), ["NOT_FOUND"]);
    // Lines that do not make up the total are nobody's to guess at.
    let wrong = proto::applications::v1::ApplicationApproved { total: tenge(TOTAL + 1), ..approved(104) };
    let delivered = world.deliver(&world.envelope(104, 4, &wrong), 1).await;
    assert!(matches!(&delivered, Delivered::Parked(reason) if reason.contains("add up")), "{delivered:?}");
}

pub async fn a_payer_is_checked_field_by_field(coverage: &Coverage) {
    let world = Alone::start::<Billing>(coverage).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    let told = refusal(applicant.issue_invoice(issuing(Payer::default())).await);
    for field in ["given_name", "surname", "residency", "citizenship", "identity_number", "country", "zip_code", "city"]
    {
        assert!(told.iter().any(|fault| fault.ends_with(&format!(" at {field}"))), "{field}: {told:?}");
    }
    let with = |change: fn(&mut Payer)| {
        let mut changed = payer();
        change(&mut changed);
        issuing(changed)
    };
    for (request, fault) in [
        (with(|payer| payer.payment = "cash".into()), "CHOICE_UNKNOWN at payment"),
        (with(|payer| payer.payment_type = "state".into()), "CHOICE_UNKNOWN at payment_type"),
        (with(|payer| payer.tax_number = "900101390003".into()), "IIN_CHECK_DIGIT at tax_number"),
        (
            with(|payer| {
                payer.residency = "DE".into();
                payer.tax_number = "12-34".into();
            }),
            "TAX_NUMBER_MALFORMED at tax_number",
        ),
    ] {
        assert_eq!(refusal(applicant.issue_invoice(request).await), [fault]);
    }
    assert!(world.outbox().await.is_empty());
    let foreign = with(|payer| {
        payer.residency = "DE".into();
        payer.tax_number = String::new();
    });
    applicant.issue_invoice(foreign).await.unwrap();
    world.end().await;
}

pub async fn a_legal_entity_is_asked_for_its_own_fields(coverage: &Coverage) {
    let world = Alone::start::<Billing>(coverage).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    let empty = Payer { payment: "online".into(), payment_type: "legal".into(), ..Payer::default() };
    let told = refusal(applicant.issue_invoice(issuing(empty)).await);
    let at: Vec<_> = told.iter().filter_map(|fault| fault.split(" at ").nth(1)).collect();
    let asked = ["company_name", "residency", "bin", "bank", "iban", "bic", "zip_code", "country", "city", "district"];
    assert_eq!(at, [&asked[..], &["address"]].concat());
    for (change, fault) in [
        ((|payer| payer.bin = "151240022477".into()) as fn(&mut Payer), "BIN_CHECK_DIGIT at bin"),
        (|payer| payer.iban = "KZ149491100000810596".into(), "IBAN_CHECK at iban"),
        (|payer| payer.iban = "DE89370400440532013000".into(), "IBAN_MALFORMED at iban"),
        (|payer| payer.bic = "ATYN".into(), "BIC_MALFORMED at bic"),
    ] {
        let mut wrong = company();
        change(&mut wrong);
        assert_eq!(refusal(applicant.issue_invoice(issuing(wrong)).await), [fault]);
    }
    // What was typed for a person before the kind was changed is no part of it.
    let typed = Payer { given_name: "Әйгерім".into(), tax_number: "12".into(), ..company() };
    let invoice = applicant.issue_invoice(issuing(typed)).await.unwrap().into_inner();
    assert_eq!((invoice.payer_name.as_str(), invoice.payer_bin.as_str()), ("Example LLP", "151240022476"));
    assert_eq!((invoice.payer_code.as_str(), invoice.payer_tax_number.as_str()), ("17", ""));
    assert_eq!(billable(&mut applicant).await.payer, Some(company()));
    // Elsewhere neither a BIN nor a Kazakh account is asked for.
    let abroad = Payer {
        residency: "DE".into(),
        bin: "HRB 12345".into(),
        iban: "DE89 3704 0044 0532 0130 00".into(),
        ..company()
    };
    let foreign = applicant.issue_invoice(issuing(abroad)).await.unwrap().into_inner();
    assert_eq!((foreign.payer_code.as_str(), foreign.payer_iban.as_str()), ("27", "DE89370400440532013000"));
    world.end().await;
}

pub async fn numbers_follow_each_other_without_a_gap(coverage: &Coverage) {
    let (world, mut applicant, first) = invoiced(coverage).await;
    assert_eq!((first.document_number.as_str(), first.reference_number.as_str()), ("P-O/2026/1", "400482"));
    assert_eq!((first.document_date.as_str(), first.due_date.as_str()), ("2026-11-23", "2026-12-23"));
    assert_eq!((first.total, first.vat, first.vat_rate_bp), (tenge(TOTAL), tenge(137_931), 1600));
    // The same payer sees the same invoice, another payer gets another number, a refused one takes none.
    assert_eq!(applicant.issue_invoice(issuing(payer())).await.unwrap().into_inner().id, first.id);
    let mut unknown = payer();
    unknown.country = "XX".into();
    assert_eq!(refusal(applicant.issue_invoice(issuing(unknown)).await), ["COUNTRY_UNKNOWN at country"]);
    let mut other = payer();
    other.city = "Almaty".into();
    let second = applicant.issue_invoice(issuing(other.clone())).await.unwrap().into_inner();
    assert_eq!((second.document_number.as_str(), second.reference_number.as_str()), ("P-O/2026/2", "400483"));
    let voided = world.published::<InvoiceVoided>().await;
    assert_eq!((voided.len(), voided[0].invoice_id.as_str()), (1, first.id.as_str()));
    // The next year has a series of its own.
    world.pass_hours(24 * 60);
    other.city = "Aktobe".into();
    let third = applicant.issue_invoice(issuing(other)).await.unwrap().into_inner();
    assert_eq!(third.document_number, "P-O/2027/1");
    assert_eq!(world.published::<InvoiceIssued>().await.len(), 3);
    assert_eq!(world.audited("INVOICE_ISSUED").await, 3);
    let stranger = client(&world, people::stranger()).issue_invoice(issuing(payer())).await;
    assert_eq!(refusal(stranger), ["NOT_FOUND"]);
    world.end().await;
}

pub async fn an_invoice_is_shown_to_its_owner_and_readers(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    let one = || GetInvoiceRequest { invoice_id: invoice.id.clone() };
    let pdf = || GetInvoicePdfRequest { invoice_id: invoice.id.clone(), locale: "kk".to_owned() };
    for reader in [people::applicant(), people::manager(), people::finance(), people::program(&[Scope::BillingRead])] {
        assert_eq!(client(&world, reader).get_invoice(one()).await.unwrap().into_inner(), invoice);
    }
    for other in [people::stranger(), people::admin(), people::program(&[Scope::BookingRead]), Actor::Anonymous] {
        assert_eq!(refusal(client(&world, other.clone()).get_invoice(one()).await), ["NOT_FOUND"]);
        assert_eq!(refusal(client(&world, other).get_invoice_pdf(pdf()).await), ["NOT_FOUND"]);
    }
    let printed = applicant.get_invoice_pdf(pdf()).await.unwrap().into_inner();
    assert_eq!(printed.file_name, "P-O-2026-1.pdf");
    assert!(printed.data.starts_with(b"%PDF-"));
    let own = applicant.list_invoices(ListInvoicesRequest::default()).await.unwrap().into_inner();
    assert_eq!((own.invoices.len(), own.page.unwrap().total), (1, 1));
    let others = client(&world, people::stranger()).list_invoices(ListInvoicesRequest::default()).await.unwrap();
    assert!(others.into_inner().invoices.is_empty());
    let nobody = client(&world, Actor::Anonymous).list_invoices(ListInvoicesRequest::default()).await;
    assert_eq!(refusal(nobody), ["NOT_SIGNED_IN"]);
    world.end().await;
}

pub async fn a_cancelled_case_is_closed(coverage: &Coverage) {
    let (world, mut applicant, invoice) = invoiced(coverage).await;
    world.tell(NUMBER, 12, &cancelled(NUMBER)).await;
    let closed = billable(&mut applicant).await;
    assert!(closed.closed);
    assert_eq!(closed.invoice.unwrap().state, "void");
    assert_eq!(world.published::<InvoiceVoided>().await[0].invoice_id, invoice.id);
    assert_eq!(refusal(applicant.issue_invoice(issuing(payer())).await), ["BILLABLE_CLOSED"]);
    let late = applicant.reserve_invoice(super::reserving(&invoice, "att_1")).await;
    assert_eq!(refusal(late), ["INVOICE_NOT_PAYABLE"]);
    world.end().await;
}

pub async fn an_approval_that_comes_after_the_cancellation_opens_nothing(coverage: &Coverage) {
    let world = Alone::start::<Billing>(coverage).await;
    world.tell(NUMBER, 12, &cancelled(NUMBER)).await;
    world.tell(NUMBER, 9, &approved(NUMBER)).await;
    let mut applicant = client(&world, people::applicant());
    assert_eq!(refusal(applicant.get_billable(BILLABLE).await), ["NOT_FOUND"]);
    assert_eq!(refusal(applicant.issue_invoice(issuing(payer())).await), ["NOT_FOUND"]);
    world.end().await;
}
