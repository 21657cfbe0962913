//! "Next": issues the invoice for a payer. The same payer gets the same invoice; another payer voids it.

use chassis::{Error, Tx, audit, counter, outbox::Outbox};
use jiff::ToSpan as _;
use kernel::{Actor, InvoiceId};
use proto::billing::v1::{InvoiceIssued, InvoiceVoided};

use super::Ports;
use crate::{
    domain::{
        billable::Billable,
        invoice::{Content, Invoice, InvoiceState},
        payer::Payer,
    },
    store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, number: i64, entered: Payer) -> Result<Invoice, Error> {
    let context = &ports.context;
    let mut billable = store::load(&**tx, &context.sealer, number).await?;
    if actor.account() != Some(billable.account) {
        return Err(Error::NotFound);
    }
    billable.may_issue()?;
    let payer = Payer::check(entered, ports.config.tax_number_strict)?;
    let before = match billable.invoice {
        Some(id) => Some(store::invoice(&**tx, &context.sealer, id).await?),
        None => None,
    };
    match before {
        Some(same) if same.payer.is_same(&payer) && same.state.is_payable() => {
            // Another way of paying is no other invoice.
            if billable.payer.as_ref() != Some(&payer) {
                billable.payer = Some(payer);
                store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
            }
            Ok(same)
        }
        other => {
            billable.may_change_payer()?;
            let invoice = number_and_freeze(tx, ports, &billable, payer.clone()).await?;
            billable.payer = Some(payer);
            billable.invoice = Some(invoice.id);
            store::update(tx, &context.sealer, &mut billable, context.sources.now()).await?;
            store::insert_invoice(tx, &context.sealer, &invoice, context.sources.now()).await?;
            super::documents::of_invoice(tx, ports, &invoice).await?;
            let mut outbox = Outbox::new(tx, &context.sources, context.service, number, billable.version);
            if let Some(old) = other.filter(|old| old.state == InvoiceState::Issued) {
                store::withdraw_invoice(tx, &old, InvoiceState::Void, context.sources.now()).await?;
                outbox
                    .append(&InvoiceVoided {
                        application_number: number,
                        account_id: billable.account.to_string(),
                        invoice_id: old.id.to_string(),
                        document_number: old.document_number,
                    })
                    .await?;
            }
            outbox
                .append(&InvoiceIssued {
                    application_number: number,
                    account_id: billable.account.to_string(),
                    invoice_id: invoice.id.to_string(),
                    document_number: invoice.document_number.clone(),
                    total: Some(chassis::wire::money(invoice.total)),
                    reference_number: invoice.reference_number.clone(),
                })
                .await?;
            audit::record(tx, &context.sources, actor, "INVOICE_ISSUED", invoice.id, &invoice.document_number).await?;
            Ok(invoice)
        }
    }
}

/// Takes the numbers in the issuing transaction, so that none is lost and none is given twice.
async fn number_and_freeze(tx: &Tx, ports: &Ports, billable: &Billable, payer: Payer) -> Result<Invoice, Error> {
    let (context, config) = (&ports.context, &ports.config);
    let today = context.zone.date(context.sources.now());
    let series = format!("invoice/{}/{}", config.series, today.year());
    let sequence = counter::next(tx, &series, 1).await?;
    let reference = counter::next(tx, "reference", config.reference_first).await?;
    let due_date = today.checked_add(config.valid_days.days()).map_err(|error| Error::Internal(error.into()))?;
    let settings = super::settings::on(&**tx, ports, today).await?;
    let rate = settings.vat;
    Ok(Invoice {
        id: InvoiceId::from_uuid(context.sources.uuid()),
        application: billable.application,
        account: billable.account,
        state: InvoiceState::Issued,
        document_number: format!("{}/{}/{sequence}", config.series, today.year()),
        document_date: today,
        due_date,
        reference_number: format!("{reference:06}"),
        total: billable.total,
        settled: kernel::Money::home(0),
        vat: billable.total.vat_inside(rate),
        vat_rate_basis_points: rate.basis_points(),
        payer,
        content: Content {
            beneficiary: settings.beneficiary,
            lines: billable.lines.clone(),
            notes: settings.texts.notes,
            terms: settings.texts.disclaimer,
        },
    })
}
