//! Asks the bank about attempts: those that are due, or one at once. The answer is judged in the transaction that
//! saves what it means, so answers may come in any order and as often as they like.

use std::time::Duration;

use chassis::{Error, crash};
use futures::future::join_all;
use kernel::AttemptId;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};

use super::{Ports, save};
use crate::{
    bank::Answered,
    domain::{
        attempt::Attempt,
        decision::{HoldOrder, Verdict, decide},
        masking::mask_cards,
    },
    store::{self, attempt},
};

/// Attempts asked about side by side.
const AT_ONCE: u64 = 8;

/// One step of the worker: claims due attempts and asks about them.
pub(crate) async fn step(ports: &Ports) -> Result<u64, Error> {
    if !ports.config.has_bank() {
        return Ok(0);
    }
    let due = claim(ports).await?;
    let asked = join_all(due.iter().map(|attempt| ask(ports, attempt))).await;
    for outcome in asked {
        // An attempt that changed meanwhile is due again by itself, when its lease ends.
        if let Err(error) = outcome {
            tracing::warn!(%error, "an inquiry could not be applied");
        }
    }
    Ok(u64::try_from(due.len()).unwrap_or(0))
}

async fn claim(ports: &Ports) -> Result<Vec<Attempt>, Error> {
    let (context, now) = (ports.context.clone(), ports.context.sources.now());
    let lease = now.plus(ports.config.call_time() * 9 + Duration::from_secs(5)).micros();
    context
        .clone()
        .db
        .write(move |tx| async move {
            let due: Vec<String> = attempt::Entity::find()
                .select_only()
                .column(attempt::Column::Id)
                .filter(attempt::Column::NextInquiryAt.lte(now.micros()))
                .filter(attempt::Column::LeasedUntil.lte(now.micros()))
                .order_by_asc(attempt::Column::NextInquiryAt)
                .limit(AT_ONCE)
                .into_tuple()
                .all(&*tx)
                .await?;
            let mut claimed = Vec::with_capacity(due.len());
            for id in due {
                let won = attempt::Entity::update_many()
                    .col_expr(attempt::Column::LeasedUntil, Expr::value(lease))
                    .filter(attempt::Column::Id.eq(&id))
                    .filter(attempt::Column::LeasedUntil.lte(now.micros()))
                    .exec(&*tx)
                    .await?;
                if won.rows_affected == 1 {
                    claimed.push(store::load(&*tx, &context.sealer, &id).await?);
                }
            }
            Ok(claimed)
        })
        .await
}

/// Asks the bank about one attempt now, and applies what it says. A sum that it holds is taken or let go, and the bank is
/// asked what became of it.
pub(crate) async fn ask(ports: &Ports, asked: &Attempt) -> Result<(Attempt, Verdict), Error> {
    let (attempt, verdict, order) = look(ports, asked).await?;
    let answered = match order {
        None => return Ok((attempt, verdict)),
        Some(HoldOrder::Charge) => ports.bank.charge(&attempt.hold.operation).await,
        Some(HoldOrder::Release) => ports.bank.cancel(&attempt.hold.operation).await,
    };
    if let Answered::Refused(code) = &answered {
        tracing::warn!(attempt = %attempt.id, code, "the bank refused what was asked of a held sum");
    }
    let (attempt, verdict, _) = look(ports, &attempt).await?;
    Ok((attempt, verdict))
}

/// One inquiry, and what it means; an order for a held sum is kept before it is given.
async fn look(ports: &Ports, asked: &Attempt) -> Result<(Attempt, Verdict, Option<HoldOrder>), Error> {
    crash::point("bank-before-inquiry");
    let (answer, body) = ports.bank.status(&asked.bank_invoice_id).await;
    crash::point("bank-after-inquiry");
    let (id, invoice_id, due_before, ports) = (asked.id, asked.invoice_id, asked.next_inquiry_at, ports.clone());
    ports
        .context
        .clone()
        .db
        .write(move |tx| async move {
            let context = &ports.context;
            let now = context.sources.now();
            store::lock_invoice(&tx, invoice_id).await?;
            let mut attempt = store::load(&*tx, &context.sealer, &id.to_string()).await?;
            if attempt.state.is_final() {
                return Ok((attempt, Verdict::Unknown, None));
            }
            let invoice = store::invoice(&*tx, &attempt).await?;
            let verdict = decide(&attempt, &answer, invoice, now, &ports.periods);
            let (before, due_now) = (attempt.state, attempt.next_inquiry_at);
            let fact = attempt.apply(&verdict, now, &ports.periods);
            let order = if matches!(verdict, Verdict::Held { .. }) { attempt.claim_hold(now) } else { None };
            if due_now != due_before && !attempt.state.is_final() {
                // A callback came while the bank was asked: its inquiry is still owed.
                attempt.next_inquiry_at = [due_now, attempt.next_inquiry_at].into_iter().flatten().min();
            }
            let sealed = match &fact {
                Some(_) => Some(context.sealer.seal_text(&place(id), &mask_cards(&body))?),
                None => None,
            };
            save(&tx, &ports, &mut attempt, fact).await?;
            let mut settle = attempt::Entity::update_many().col_expr(attempt::Column::LeasedUntil, Expr::value(0));
            if sealed.is_some() {
                settle = settle.col_expr(attempt::Column::BankBodySealed, Expr::value(sealed));
                tracing::info!(attempt = %id, from = before.code(), to = attempt.state.code(), "the bank decided an attempt");
            }
            settle.filter(attempt::Column::Id.eq(id.to_string())).exec(&*tx).await?;
            Ok((attempt, verdict, order))
        })
        .await
}

fn place(id: AttemptId) -> String {
    store::place("attempt", "bank_body_sealed", &id.to_string())
}
