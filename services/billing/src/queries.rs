//! Reads, and domain to message.

use chassis::{Error, auth::permit, db::Source, page::Page, wire};
use kernel::{Actor, Role};
use proto::billing::v1 as pb;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Query,
};

use crate::{
    app::{Ports, is_reader, visible},
    domain::{
        billable::{Billable, Evidence},
        invoice::Invoice,
        payer::Payer,
        status::PaymentStatus,
    },
    store::{self, billable, evidence, invoice},
};

/// What there is to pay for an application, as the actor may see it.
pub(crate) async fn one_billable(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    number: i64,
) -> Result<pb::Billable, Error> {
    let found = store::load(db, &ports.context.sealer, number).await?;
    visible(actor, found.account)?;
    whole(db, ports, actor, found).await
}

async fn whole(db: &impl Source, ports: &Ports, actor: &Actor, found: Billable) -> Result<pb::Billable, Error> {
    let current = match found.invoice {
        Some(id) => Some(store::invoice(db, &ports.context.sealer, id).await?),
        None => None,
    };
    let shown = store::evidence(db, found.application.get()).await?;
    let staff = is_reader(actor);
    Ok(pb::Billable {
        application_number: found.application.get(),
        version: found.version,
        payment_status: status(found.status).into(),
        total: Some(wire::money(found.total)),
        payer: found.payer.as_ref().map(payer),
        invoice: current.as_ref().map(|invoice| to_wire(invoice, found.status)),
        evidence: shown.iter().map(|shown| to_evidence(shown, staff)).collect(),
        attempt_live: found.live_attempt.is_some(),
        closed: found.closed,
        disclaimer: Some(wire::localized(&ports.config.texts.disclaimer)),
        decline_reason: found.decline_reason,
    })
}

/// One invoice, as the actor may see it.
pub(crate) async fn one_invoice(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    id: &str,
) -> Result<(Invoice, PaymentStatus), Error> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let found = store::invoice(db, &ports.context.sealer, id).await?;
    visible(actor, found.account)?;
    let billable = store::load(db, &ports.context.sealer, found.application.get()).await?;
    let status = if billable.invoice == Some(found.id) { billable.status } else { PaymentStatus::NotPaid };
    Ok((found, status))
}

/// The caller's own invoices, newest first.
pub(crate) async fn invoices(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ListInvoicesRequest,
) -> Result<pb::ListInvoicesResponse, Error> {
    let owner = permit::user(actor)?;
    let page = Page::new(request.page.as_ref());
    let query = invoice::Entity::find().filter(invoice::Column::AccountId.eq(owner.to_string()));
    let total = query.clone().count(db).await?;
    let rows = query.order_by_desc(invoice::Column::IssuedAt).offset(page.offset()).limit(page.limit()).all(db).await?;
    let mut invoices = Vec::new();
    for row in rows {
        let found = store::to_invoice(row, &ports.context.sealer)?;
        let status = if found.state == crate::domain::invoice::InvoiceState::Paid {
            PaymentStatus::Paid
        } else {
            PaymentStatus::NotPaid
        };
        invoices.push(to_wire(&found, status));
    }
    Ok(pb::ListInvoicesResponse { invoices, page: Some(page.info(total)) })
}

/// The payment desk: what waits for confirmation, and charges that came for nothing that could be paid.
pub(crate) async fn payments(
    db: &impl Source,
    ports: &Ports,
    actor: &Actor,
    request: &pb::ListPaymentsRequest,
) -> Result<pb::ListPaymentsResponse, Error> {
    permit::staff(actor, &[Role::Manager, Role::Supervisor, Role::Finance])?;
    let page = Page::new(request.page.as_ref());
    let unapplied = Query::select()
        .column(evidence::Column::ApplicationNumber)
        .from(evidence::Entity)
        .and_where(evidence::Column::Applied.eq(false))
        .to_owned();
    let query = billable::Entity::find().filter(
        Condition::any()
            .add(billable::Column::Status.eq(PaymentStatus::Pending.code()))
            .add(billable::Column::ApplicationNumber.in_subquery(unapplied)),
    );
    let total = query.clone().count(db).await?;
    let rows =
        query.order_by_asc(billable::Column::ChangedAt).offset(page.offset()).limit(page.limit()).all(db).await?;
    let mut payments = Vec::new();
    for row in rows {
        payments.push(whole(db, ports, actor, store::to_billable(row, &ports.context.sealer)?).await?);
    }
    Ok(pb::ListPaymentsResponse { payments, page: Some(page.info(total)) })
}

pub(crate) fn status(status: PaymentStatus) -> pb::PaymentStatus {
    match status {
        PaymentStatus::NotPaid => pb::PaymentStatus::NotPaid,
        PaymentStatus::Pending => pb::PaymentStatus::Pending,
        PaymentStatus::Paid => pb::PaymentStatus::Paid,
    }
}

fn to_evidence(shown: &Evidence, staff: bool) -> pb::Evidence {
    let for_staff = |text: &str| if staff { text.to_owned() } else { String::new() };
    pb::Evidence {
        attempt_id: shown.attempt.clone(),
        kind: if shown.applied { "charge" } else { "unapplied_charge" }.to_owned(),
        amount: Some(wire::money(shown.amount)),
        at_micros: shown.at.micros(),
        reference: for_staff(&shown.reference),
        approval_code: for_staff(&shown.approval_code),
        card_mask: shown.card_mask.clone(),
    }
}

fn payer(payer: &Payer) -> pb::Payer {
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
        beneficiary: Some(pb::Beneficiary {
            legal_address: Some(wire::localized(&beneficiary.legal_address)),
            actual_address: Some(wire::localized(&beneficiary.actual_address)),
            code: beneficiary.code.clone(),
            city: Some(wire::localized(&beneficiary.city)),
            country_code: beneficiary.country_code.clone(),
            contact_phone: beneficiary.contact_phone.clone(),
            identification_number: beneficiary.identification_number.clone(),
            bank: beneficiary.bank.clone(),
            bank_code: beneficiary.bank_code.clone(),
            iban: beneficiary.iban.clone(),
            iban_currency: invoice.total.currency().code().to_owned(),
            payment_purpose_code: beneficiary.payment_purpose_code.clone(),
        }),
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
    }
}
