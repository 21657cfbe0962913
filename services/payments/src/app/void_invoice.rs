//! Billing declared an invoice void: no new token is given for it, and what never reached the bank is closed. What
//! did reach it is asked about as before, because its money may still come.

use chassis::{Error, Tx};
use kernel::InvoiceId;
use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};

use super::{Ports, save};
use crate::store::{self, voided_invoice};

pub(crate) async fn run(tx: &Tx, ports: &Ports, invoice_id: &str) -> Result<(), Error> {
    let context = &ports.context;
    let invoice: InvoiceId = invoice_id.parse().map_err(|_| Error::Malformed("an invoice's id".to_owned()))?;
    let now = context.sources.now();
    voided_invoice::Entity::insert(voided_invoice::ActiveModel {
        invoice_id: Set(invoice.to_string()),
        voided_at: Set(now.micros()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&**tx)
    .await?;
    if let Some(mut attempt) = store::live(&**tx, &context.sealer, invoice).await?
        && let Some(fact) = attempt.void(now)
    {
        attempt.next_inquiry_at = ports.periods.next(&attempt, now);
        save(tx, ports, &mut attempt, Some(fact)).await?;
    }
    // What the bank holds for it is let go.
    if let Some(mut held) = store::held(&**tx, &context.sealer, invoice).await? {
        held.next_inquiry_at = Some(now);
        save(tx, ports, &mut held, None).await?;
    }
    Ok(())
}
