//! An application was approved: what is to be paid is opened, once, and never for a case that is cancelled already. After
//! its invoice ran out a new approval opens it again, at the prices that it tells.

use chassis::{Error, Tx, wire};
use kernel::ApplicationNumber;
use proto::applications::v1::ApplicationApproved;

use super::Ports;
use crate::{
    domain::{billable::Billable, invoice::Line, status::PaymentStatus},
    store,
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, fact: &ApplicationApproved) -> Result<(), Error> {
    let malformed = |what: &str| Error::Malformed(format!("approval of {}: {what}", fact.number));
    let total = wire::parse_money(fact.total.as_ref())?;
    if total.is_zero() || store::is_cancelled(tx, fact.number).await? {
        return Ok(());
    }
    let lines = fact
        .lines
        .iter()
        .map(|line| {
            Ok(Line {
                product_code: line.product_code.clone(),
                description: line.description.clone(),
                quantity: line.quantity,
                unit_price: wire::parse_money(line.unit_price.as_ref())?,
                amount: wire::parse_money(line.amount.as_ref())?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    if kernel::Money::sum(lines.iter().map(|line| line.amount)) != Some(total) {
        return Err(malformed("the lines do not add up to the total"));
    }
    let context = &ports.context;
    match store::load(&**tx, &context.sealer, fact.number).await {
        Ok(mut known) if known.expired && !known.closed => {
            known.renew(lines, total);
            return store::update(tx, &context.sealer, &mut known, context.sources.now()).await;
        }
        // Told twice.
        Ok(_) => return Ok(()),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    let billable = Billable {
        application: ApplicationNumber::new(fact.number).map_err(|_| malformed("number"))?,
        account: fact.account_id.parse().map_err(|_| malformed("account"))?,
        version: 1,
        status: PaymentStatus::NotPaid,
        lines,
        total,
        payer: None,
        invoice: None,
        live_attempt: None,
        held_until: None,
        closed: false,
        expired: false,
        reserved_at: None,
        decline_reason: String::new(),
        pending_since: None,
    };
    store::insert(tx, &ports.context.sealer, &billable, ports.context.sources.now()).await
}
