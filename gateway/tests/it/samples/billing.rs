//! The invoice and what there is to pay.

use proto::billing::v1 as billing;
use proto::common::v1::{LocalizedText, Money};

use super::{CREATED, tenge, text};

pub fn invoice() -> billing::Invoice {
    billing::Invoice {
        id: "inv_1".to_owned(),
        application_number: 3,
        state: "issued".to_owned(),
        document_number: "P-O/2024/188".to_owned(),
        document_date: "2024-06-13".to_owned(),
        due_date: "2024-07-13".to_owned(),
        total: tenge(10_000),
        vat: Some(Money { amount_minor: 107_143, currency: "KZT".to_owned() }),
        vat_rate_bp: 1200,
        account_name: "Astana International Financial Centre Authority".to_owned(),
        reference_number: "400481".to_owned(),
        beneficiary: Some(billing::Beneficiary {
            legal_address: text("Z05T3D6, 55/18 Mangilik el Avenue, Block C3.3", "", ""),
            actual_address: text("Z05T3D6, 55/18 Mangilik el Avenue, Block C3.3", "", ""),
            code: "16".to_owned(),
            city: text("Astana", "Астана", "Астана"),
            country_code: "KZ".to_owned(),
            contact_phone: "+7(7172)647340/7261".to_owned(),
            identification_number: "151240022476".to_owned(),
            bank: "ALTYN BANK JSC".to_owned(),
            bank_code: "ATYNKZKA".to_owned(),
            iban: "KZ149491100000810569".to_owned(),
            iban_currency: "KZT".to_owned(),
            payment_purpose_code: "859".to_owned(),
        }),
        payer_name: "Example Example".to_owned(),
        payer_tax_number: "1111111111".to_owned(),
        payer_identity_number: "11111111".to_owned(),
        lines: vec![billing::InvoiceLine {
            number: 1,
            amount: tenge(10_000),
            product_code: "PMTA01".to_owned(),
            description: "AEC Personal Manager/Team Assistant for PM/TA-101".to_owned(),
            unit_price: tenge(10_000),
            quantity: 1,
        }],
        notes: vec![LocalizedText {
            en: "Invoice is valid for 30 days from the issue date.".to_owned(),
            ..LocalizedText::default()
        }],
        terms: text("By submitting this application you hereby agree …", "", ""),
        ..billing::Invoice::default()
    }
}

pub fn billable(number: i64) -> billing::Billable {
    billing::Billable {
        application_number: number,
        version: 3,
        payment_status: billing::PaymentStatus::NotPaid.into(),
        total: tenge(10_000),
        invoice: Some(invoice()),
        evidence: vec![billing::Evidence {
            attempt_id: "att_1".to_owned(),
            kind: "charge".to_owned(),
            amount: tenge(10_000),
            at_micros: CREATED,
            reference: "416012345678".to_owned(),
            approval_code: "123456".to_owned(),
            card_mask: "440043******1234".to_owned(),
            confirmed: false,
        }],
        receipts: vec![billing::Receipt {
            id: "doc_1".to_owned(),
            amount: tenge(4_000),
            paid_on: "2024-06-14".to_owned(),
            state: "waiting".to_owned(),
            file_name: "<script>alert(1)</script>.pdf".to_owned(),
            ..billing::Receipt::default()
        }],
        refunds: ["requested", "under_review", "approved", "failed", "done"]
            .map(|state| billing::Refund {
                id: format!("doc_{state}"),
                application_number: number,
                state: state.to_owned(),
                kind: "full".to_owned(),
                amount: tenge(4_000),
                reason: "<script>alert(1)</script>".to_owned(),
                due_date: "2024-08-14".to_owned(),
                alarm: "amber".to_owned(),
                by_card: state != "done",
                parts: vec![billing::RefundPart {
                    amount: tenge(4_000),
                    state: "failed".to_owned(),
                    reason: "too_much".to_owned(),
                    card_mask: "440043******1234".to_owned(),
                    ..billing::RefundPart::default()
                }],
                ..billing::Refund::default()
            })
            .into(),
        documents: documents().into_iter().take(3).collect(),
        disclaimer: text(
            "By submitting this application you hereby agree to obtain state services through the AIFC Expat Centre.",
            "",
            "",
        ),
        ..billing::Billable::default()
    }
}

pub fn documents() -> Vec<billing::Document> {
    let kinds = ["act", "credit_note", "payment_receipt", "invoice"];
    let document = |kind: &str| billing::Document {
        code: "0123456789ABCDEF".to_owned(),
        kind: kind.to_owned(),
        document_number: "P-O/2024/188".to_owned(),
        document_date: "2024-06-13".to_owned(),
        application_number: 3,
        total: tenge(10_000),
        vat: tenge(1_071),
        vat_rate_bp: 1200,
        state: "issued".to_owned(),
        invoice_id: "inv_1".to_owned(),
        invoice_number: "P-O/2024/188".to_owned(),
        payer_name: "<script>alert(1)</script>".to_owned(),
        payer_number: "1111111111".to_owned(),
        product_codes: vec!["PMTA01".to_owned()],
    };
    kinds.map(document).into()
}

pub fn verified() -> billing::VerifiedDocument {
    billing::VerifiedDocument {
        code: "0123456789ABCDEF".to_owned(),
        kind: "invoice".to_owned(),
        document_number: "P-O/2024/188".to_owned(),
        document_date: "2024-06-13".to_owned(),
        total: tenge(10_000),
        state: "paid".to_owned(),
        issuer: "Astana International Financial Centre Authority".to_owned(),
        sha256: "0".repeat(64),
    }
}

pub fn settings() -> billing::ListSettingsResponse {
    let (invoice, note) = (invoice(), text("<script>alert(1)</script>", "", "").unwrap_or_default());
    let beneficiary = billing::BeneficiarySetting { account_name: invoice.account_name, details: invoice.beneficiary };
    let texts = billing::TextsSetting { disclaimer: invoice.terms, notes: vec![note] };
    let change = |kind: &str, state: &str| billing::SettingChange {
        id: format!("doc_{kind}"),
        kind: kind.to_owned(),
        state: state.to_owned(),
        from_date: "2024-07-01".to_owned(),
        vat_rate_bp: 1250,
        beneficiary: (kind == "beneficiary").then(|| beneficiary.clone()),
        texts: (kind == "texts").then(|| texts.clone()),
        decidable: true,
        ..billing::SettingChange::default()
    };
    billing::ListSettingsResponse {
        changes: vec![change("vat", "proposed"), change("beneficiary", "proposed"), change("texts", "published")],
        settings: Some(billing::Settings { vat_rate_bp: 1200, beneficiary: Some(beneficiary), texts: Some(texts) }),
    }
}

pub fn money_report() -> billing::MoneyReport {
    billing::MoneyReport {
        months: vec![billing::MoneyMonth {
            month: "2024-06".to_owned(),
            received: tenge(30_000),
            credited: tenge(10_000),
            refunded: tenge(0),
        }],
        products: vec![billing::ProductSum { product_code: "PMTA01".to_owned(), quantity: 2, amount: tenge(20_000) }],
        refunds: vec![billing::RefundCount { state: "approved".to_owned(), count: 1, amount: tenge(10_000) }],
    }
}

/// A day with a line of each state and each difference.
pub fn bank_day() -> billing::BankDay {
    billing::BankDay {
        date: "2024-06-14".to_owned(),
        charged: tenge(10_000),
        lines: ["matched", "proposed", "unmatched"]
            .map(|state| billing::StatementLine {
                date: "2024-06-14".to_owned(),
                reference: "PD-1".to_owned(),
                direction: "in".to_owned(),
                amount: tenge(10_000),
                sender: "Example LLP".to_owned(),
                purpose: "<script>alert(1)</script>".to_owned(),
                state: state.to_owned(),
                application_number: 5,
                invoice_id: "inv_1".to_owned(),
                ..billing::StatementLine::default()
            })
            .into(),
        differences: ["charge_not_on_statement", "transfer_not_on_statement", "line_proposed", "line_unmatched"]
            .map(|kind| billing::BankDifference {
                kind: kind.to_owned(),
                application_number: 5,
                invoice_id: "inv_1".to_owned(),
                amount: tenge(10_000),
                reference: "416012345678".to_owned(),
            })
            .into(),
        ..billing::BankDay::default()
    }
}
