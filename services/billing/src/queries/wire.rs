//! Domain to message, and what was entered from it.

use chassis::wire;
use proto::billing::v1 as pb;

use crate::app::Ports;
use crate::config::Beneficiary;
use crate::domain::{
    evidence::Evidence,
    invoice::Invoice,
    payer::Payer,
    receipt::Receipt,
    refund::{
        Refund,
        part::{CardCharge, Part},
    },
    status::PaymentStatus,
};

pub(super) fn status(status: PaymentStatus) -> pb::PaymentStatus {
    match status {
        PaymentStatus::NotPaid => pb::PaymentStatus::NotPaid,
        PaymentStatus::Pending => pb::PaymentStatus::Pending,
        PaymentStatus::PartlyPaid => pb::PaymentStatus::PartlyPaid,
        PaymentStatus::Paid => pb::PaymentStatus::Paid,
        PaymentStatus::PartlyRefunded => pb::PaymentStatus::PartlyRefunded,
        PaymentStatus::Refunded => pb::PaymentStatus::Refunded,
    }
}

pub(super) fn evidence(shown: &Evidence, staff: bool) -> pb::Evidence {
    let for_staff = |text: &str| if staff { text.to_owned() } else { String::new() };
    pb::Evidence {
        attempt_id: shown.attempt.clone(),
        kind: format!("{}{}", if shown.applied { "" } else { "unapplied_" }, shown.kind.code()),
        amount: Some(wire::money(shown.amount)),
        at_micros: shown.at.micros(),
        reference: for_staff(&shown.reference),
        approval_code: for_staff(&shown.approval_code),
        card_mask: shown.card_mask.clone(),
        confirmed: shown.confirmed,
    }
}

pub(super) fn refund(ports: &Ports, shown: &Refund, charges: &[CardCharge]) -> pb::Refund {
    let details = &shown.details;
    pb::Refund {
        id: shown.id.clone(),
        application_number: shown.application.get(),
        state: shown.state.code().to_owned(),
        kind: shown.kind.code().to_owned(),
        amount: Some(wire::money(shown.amount())),
        lines: shown.lines.iter().map(|line| pb::RefundLine { number: line.number, quantity: line.quantity }).collect(),
        reason: details.reason.clone(),
        holder: details.holder.clone(),
        bank: details.bank.clone(),
        iban: details.iban.clone(),
        bic: details.bic.clone(),
        letter_number: details.letter_number.clone(),
        requested_at_micros: shown.requested_at.micros(),
        due_date: shown.due_date.to_string(),
        alarm: alarm(ports, shown).to_owned(),
        decline_reason: shown.decline_reason.clone(),
        credit_note_number: shown.credit_note.clone(),
        order_number: shown.order_number.clone(),
        order_date: shown.order_date.clone(),
        by_card: shown.is_open() && shown.by_card(charges).is_some(),
        parts: shown.parts.iter().map(part).collect(),
    }
}

fn part(shown: &Part) -> pb::RefundPart {
    pb::RefundPart {
        id: shown.id.clone(),
        amount: Some(wire::money(shown.amount)),
        state: shown.state.code().to_owned(),
        reason: shown.reason.clone(),
        card_mask: shown.card_mask.clone(),
        at_micros: shown.at.micros(),
    }
}

/// How near an open refund's due date is.
fn alarm(ports: &Ports, shown: &Refund) -> &'static str {
    let (zone, config) = (&ports.context.zone, &ports.config);
    let today = zone.date(ports.context.sources.now());
    let after = |days| ports.calendar.now().add_working_days(zone.date(shown.requested_at), days);
    if !shown.is_open() {
        ""
    } else if today >= after(config.refund_red_days) {
        "red"
    } else if today >= after(config.refund_amber_days) {
        "amber"
    } else {
        ""
    }
}

pub(super) fn receipt(shown: &Receipt) -> pb::Receipt {
    pb::Receipt {
        id: shown.id.clone(),
        amount: Some(wire::money(shown.amount)),
        paid_on: shown.paid_on.to_string(),
        state: shown.state.code().to_owned(),
        reason: shown.reason.clone(),
        file_name: shown.file_name.clone(),
        media_type: shown.media_type.clone(),
        size_bytes: shown.size_bytes.unsigned_abs(),
        uploaded_at_micros: shown.uploaded_at.micros(),
        on_behalf: shown.on_behalf,
    }
}

pub(super) fn payer(payer: &Payer) -> pb::Payer {
    pb::Payer {
        payment: payer.payment.clone(),
        payment_type: payer.payment_type.clone(),
        given_name: payer.given_name.clone(),
        surname: payer.surname.clone(),
        patronymic: payer.patronymic.clone(),
        residency: payer.residency.clone(),
        citizenship: payer.citizenship.clone(),
        tax_number: payer.tax_number.clone(),
        identity_number: payer.identity_number.clone(),
        zip_code: payer.zip_code.clone(),
        country: payer.country.clone(),
        city: payer.city.clone(),
        district: payer.district.clone(),
        company_name: payer.company_name.clone(),
        bin: payer.bin.clone(),
        address: payer.address.clone(),
        bank: payer.bank.clone(),
        iban: payer.iban.clone(),
        bic: payer.bic.clone(),
        contract_number: payer.contract_number.clone(),
    }
}

/// What was entered, unchecked.
pub(crate) fn entered(form: pb::Payer) -> Payer {
    Payer {
        payment: form.payment,
        payment_type: form.payment_type,
        given_name: form.given_name,
        surname: form.surname,
        patronymic: form.patronymic,
        residency: form.residency,
        citizenship: form.citizenship,
        tax_number: form.tax_number,
        identity_number: form.identity_number,
        zip_code: form.zip_code,
        country: form.country,
        city: form.city,
        district: form.district,
        company_name: form.company_name,
        bin: form.bin,
        address: form.address,
        bank: form.bank,
        iban: form.iban,
        bic: form.bic,
        contract_number: form.contract_number,
    }
}

pub(super) fn beneficiary(counts: &Beneficiary, currency: &str) -> pb::Beneficiary {
    pb::Beneficiary {
        legal_address: Some(wire::localized(&counts.legal_address)),
        actual_address: Some(wire::localized(&counts.actual_address)),
        code: counts.code.clone(),
        city: Some(wire::localized(&counts.city)),
        country_code: counts.country_code.clone(),
        contact_phone: counts.contact_phone.clone(),
        identification_number: counts.identification_number.clone(),
        bank: counts.bank.clone(),
        bank_code: counts.bank_code.clone(),
        iban: counts.iban.clone(),
        iban_currency: currency.to_owned(),
        payment_purpose_code: counts.payment_purpose_code.clone(),
    }
}

pub(crate) fn to_wire(invoice: &Invoice, payment_status: PaymentStatus) -> pb::Invoice {
    let beneficiary = &invoice.content.beneficiary;
    pb::Invoice {
        id: invoice.id.to_string(),
        application_number: invoice.application.get(),
        state: invoice.state.code().to_owned(),
        document_number: invoice.document_number.clone(),
        document_date: invoice.document_date.to_string(),
        due_date: invoice.due_date.to_string(),
        total: Some(wire::money(invoice.total)),
        vat: Some(wire::money(invoice.vat)),
        vat_rate_bp: u32::from(invoice.vat_rate_basis_points),
        account_name: beneficiary.account_name.clone(),
        reference_number: invoice.reference_number.clone(),
        beneficiary: Some(self::beneficiary(beneficiary, invoice.total.currency().code())),
        payer_name: invoice.payer.name(),
        payer_tax_number: invoice.payer.tax_number.clone(),
        payer_identity_number: invoice.payer.identity_number.clone(),
        lines: invoice
            .content
            .lines
            .iter()
            .zip(1..)
            .map(|(line, number)| pb::InvoiceLine {
                number,
                amount: Some(wire::money(line.amount)),
                product_code: line.product_code.clone(),
                description: line.description.clone(),
                unit_price: Some(wire::money(line.unit_price)),
                quantity: line.quantity,
            })
            .collect(),
        notes: invoice.content.notes.iter().map(wire::localized).collect(),
        terms: Some(wire::localized(&invoice.content.terms)),
        payment_status: status(payment_status).into(),
        payer_address: invoice.payer.address(),
        payer_type: invoice.payer.payment_type.clone(),
        payer_bin: invoice.payer.bin.clone(),
        payer_bank: invoice.payer.bank.clone(),
        payer_iban: invoice.payer.iban.clone(),
        payer_bic: invoice.payer.bic.clone(),
        payer_contract_number: invoice.payer.contract_number.clone(),
        payer_code: invoice.payer.code().to_owned(),
        settled: Some(wire::money(invoice.settled)),
    }
}
