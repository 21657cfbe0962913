//! The right to book follows the case: opened when originals are awaited, closed when they are not.

use chassis::{Error, Tx};
use kernel::ApplicationNumber;
use proto::applications::v1::DocumentsAwaited;

use super::{Places, Ports, hold_places, save, timer};
use crate::{
    domain::{
        appointment::{Move, State},
        plan,
    },
    events::Telling,
    store::{self, Right},
};

/// Originals are awaited: visits may be booked. Older news is passed over.
pub(crate) async fn open(tx: &Tx, fact: &DocumentsAwaited, version: i64) -> Result<(), Error> {
    let malformed = |what: &str| Error::Malformed(format!("DocumentsAwaited of {}: {what}", fact.number));
    if store::right(&**tx, fact.number).await?.is_some_and(|known| known.version >= version) {
        return Ok(());
    }
    let items =
        fact.person_item_ids.iter().map(|id| id.parse().map_err(|_| malformed("item"))).collect::<Result<_, _>>()?;
    let right = Right {
        application: ApplicationNumber::new(fact.number).map_err(|_| malformed("number"))?,
        account: fact.account_id.parse().map_err(|_| malformed("account"))?,
        kind: fact.kind.clone(),
        items,
        open: true,
        priority: fact.priority,
        version,
        missed_max: fact.missed_max,
        late_minutes: fact.late_minutes,
    };
    store::put_right(tx, &right).await
}

/// No visit is awaited any more. When the case was cancelled its visits are freed; so are those to fetch what has been
/// handed out meanwhile.
pub(crate) async fn close(
    tx: &Tx,
    ports: &Ports,
    number: i64,
    account: &str,
    version: i64,
    free_visits: bool,
) -> Result<(), Error> {
    let known = store::right(&**tx, number).await?;
    if known.as_ref().is_some_and(|known| known.version > version) {
        return Ok(());
    }
    let right = match known {
        Some(known) => Right { open: false, version, ..known },
        // The closing came before the opening, which is then old news.
        None => Right {
            application: ApplicationNumber::new(number).map_err(|_| Error::Malformed("number".to_owned()))?,
            account: account.parse().map_err(|_| Error::Malformed("account".to_owned()))?,
            kind: "hand_over".to_owned(),
            items: Vec::new(),
            open: false,
            priority: false,
            version,
            missed_max: None,
            late_minutes: None,
        },
    };
    store::put_right(tx, &right).await?;
    let mut places = Places::default();
    let visits = hold_places::give_up(tx, number, &mut places).await?;
    for mut appointment in visits {
        let free = free_visits || appointment.kind == plan::PICK_UP;
        if free && appointment.state == State::Booked && appointment.go(Move::Cancel)? {
            save(
                tx,
                ports,
                &timer(ports, if free_visits { "case-cancelled" } else { "handed-out" }),
                &appointment,
                "CANCEL",
                Telling::State,
            )
            .await?;
            places.free(&appointment.slot);
        }
    }
    places.settle(tx).await?;
    Ok(())
}
