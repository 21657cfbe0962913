//! What the demo's cases have to pay and paid; 101 with the guide's numbers.

use std::time::Duration;

use chassis::{Context, counter, demo};
use jiff::{ToSpan as _, civil::date};
use kernel::{AccountId, ApplicationNumber, InvoiceId, Money, Time};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::{
    config::Config,
    domain::{
        billable::Billable,
        evidence::{Evidence, EvidenceKind},
        invoice::{Content, Invoice, InvoiceState, Line},
        ledger::Owner,
        payer::Payer,
        status::PaymentStatus,
    },
    store,
};

/// Writes billables, invoices and evidence once; later starts find them.
pub async fn load(context: &Context, config: &Config) -> anyhow::Result<()> {
    if store::billable::Entity::find().count(context.db.read()).await? > 0 {
        return Ok(());
    }
    let now = context.sources.now();
    let today = context.zone.date(now);
    let yesterday = today.checked_sub(1.day())?;
    let paid_long_ago = context.zone.time(date(2024, 6, 13).at(15, 30, 0, 0));
    let guide = case(
        context,
        config,
        (demo::COMPLETED, demo::APPLICANTS[0]),
        line("PMTA01", 101, 1, 1_000_000),
        Some(Numbers { document: "P-O/2024/188".to_owned(), reference: 400_481, on: date(2024, 6, 13) }),
        paid_long_ago,
    )?;
    let open = case(
        context,
        config,
        (demo::AWAITING_PAYMENT, demo::APPLICANTS[0]),
        line("PMTA01", 102, 1, 1_000_000),
        None,
        now,
    )?;
    let mut rows = vec![guide, open];
    let paid = [
        (demo::AWAITING_DOCUMENTS, demo::APPLICANTS[0], line("AECIN02", demo::AWAITING_DOCUMENTS, 2, 1_500_000)),
        (demo::DOCS_PARTIAL, demo::APPLICANTS[3], line("PMTA01", demo::DOCS_PARTIAL, 2, 1_000_000)),
        (demo::IN_PROGRESS, demo::APPLICANTS[3], line("PMTA01", demo::IN_PROGRESS, 3, 1_000_000)),
        (demo::READY, demo::APPLICANTS[1], line("AECIN02", demo::READY, 1, 1_500_000)),
    ];
    let (mut nth, mut reference) = (0, config.reference_first);
    for (number, account, line) in paid {
        nth += 1;
        reference = config.reference_first + nth - 1;
        let document = format!("{}/{}/{nth}", config.series, yesterday.year());
        let numbers = Numbers { document, reference, on: yesterday };
        let at = now.minus(Duration::from_secs(20 * 3600));
        rows.push(case(context, config, (number, account), line, Some(numbers), at)?);
    }
    let series = format!("invoice/{}/{}", config.series, yesterday.year());
    let (sealer, db) = (context.sealer.clone(), context.db.clone());
    db.write(move |tx| async move {
        for (billable, invoice, evidence, at) in rows {
            store::insert(&tx, &sealer, &billable, at).await?;
            if let Some(invoice) = invoice {
                store::insert_invoice(&tx, &sealer, &invoice, at).await?;
            }
            if let Some(evidence) = evidence {
                let owner = Owner { application: evidence.application, invoice: evidence.invoice };
                store::ledger::post(&tx, &owner.received(&evidence.operation, evidence.amount), at).await?;
                store::ledger::post(&tx, &owner.applied(evidence.amount, evidence.amount), at).await?;
                store::insert_evidence(&tx, &evidence).await?;
            }
        }
        counter::raise(&tx, "invoice/P-O/2024", 188).await?;
        counter::raise(&tx, &series, nth).await?;
        counter::raise(&tx, "reference", reference).await
    })
    .await?;
    Ok(())
}

struct Numbers {
    document: String,
    reference: i64,
    on: jiff::civil::Date,
}

type Row = (Billable, Option<Invoice>, Option<Evidence>, Time);

fn line(product_code: &str, number: i64, quantity: u32, unit_minor: i64) -> Line {
    let description = if product_code == "PMTA01" {
        format!("AEC Personal Manager/Team Assistant for PM/TA-{number}")
    } else {
        format!("Letter of invitation, business visa, multiple entry, INV-{number}")
    };
    Line {
        product_code: product_code.to_owned(),
        description,
        quantity,
        unit_price: Money::home(unit_minor),
        amount: Money::home(unit_minor * i64::from(quantity)),
    }
}

/// A case's rows: paid by card where it has an invoice, else still to be paid.
fn case(
    context: &Context,
    config: &Config,
    (number, account): (i64, AccountId),
    line: Line,
    numbers: Option<Numbers>,
    at: Time,
) -> anyhow::Result<Row> {
    let application = ApplicationNumber::new(number)?;
    let total = line.amount;
    let payer = payer();
    let invoice = match numbers {
        None => None,
        Some(numbers) => {
            let rate = config.vat_on(numbers.on);
            Some(Invoice {
                id: InvoiceId::from_uuid(context.sources.uuid()),
                application,
                account,
                state: InvoiceState::Paid,
                document_number: numbers.document,
                document_date: numbers.on,
                due_date: numbers.on.checked_add(config.valid_days.days())?,
                reference_number: format!("{:06}", numbers.reference),
                total,
                settled: total,
                vat: total.vat_inside(rate),
                vat_rate_basis_points: rate.basis_points(),
                payer: payer.clone(),
                content: Content {
                    beneficiary: config.beneficiary.clone(),
                    lines: vec![line.clone()],
                    notes: config.texts.notes.clone(),
                    terms: config.texts.disclaimer.clone(),
                },
            })
        }
    };
    let evidence = invoice.as_ref().map(|invoice| Evidence {
        operation: context.sources.uuid().to_string(),
        application,
        invoice: invoice.id,
        attempt: String::new(),
        amount: total,
        reference: format!("{:012}", 632_613_500_000 + number),
        order: String::new(),
        approval_code: "157911".to_owned(),
        card_mask: "440563...5096".to_owned(),
        at,
        applied: true,
        confirmed: true,
        kind: EvidenceKind::Charge,
    });
    let billable = Billable {
        application,
        account,
        version: 1,
        status: if invoice.is_some() { PaymentStatus::Paid } else { PaymentStatus::NotPaid },
        lines: vec![line],
        total,
        payer: invoice.is_some().then_some(payer),
        invoice: invoice.as_ref().map(|invoice| invoice.id),
        live_attempt: None,
        held_until: None,
        expired: false,
        reserved_at: None,
        closed: false,
        decline_reason: String::new(),
        pending_since: None,
    };
    Ok((billable, invoice, evidence, at))
}

/// The guide's payer; its tax number has ten digits, as printed there.
fn payer() -> Payer {
    Payer {
        payment: "online".to_owned(),
        payment_type: "individual".to_owned(),
        given_name: "Example".to_owned(),
        surname: "Example".to_owned(),
        patronymic: String::new(),
        residency: "KZ".to_owned(),
        citizenship: "KZ".to_owned(),
        tax_number: "1111111111".to_owned(),
        identity_number: "11111111".to_owned(),
        zip_code: "010000".to_owned(),
        country: "KZ".to_owned(),
        city: "Astana".to_owned(),
        district: "Astana".to_owned(),
        ..Payer::default()
    }
}
