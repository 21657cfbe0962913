//! Visits for which their office's changed hours have no place any more are kept, and their applicants asked to choose
//! another time.

use std::sync::Arc;

use chassis::{Error, Tx};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

use super::{Ports, office, save, timer};
use crate::{
    domain::{
        appointment::{Appointment, State},
        plan::{PICK_UP, Plans},
    },
    events::Telling,
    store::{self, appointment, slot},
};

/// Visits to come that are booked outside of the slots of their office's plan, not told yet.
pub(crate) async fn outside(
    db: &impl ConnectionTrait,
    ports: &Ports,
    plans: &Plans,
) -> Result<Vec<Appointment>, Error> {
    use appointment::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::State.eq(State::Booked.code()))
        .filter(Column::StartAt.gt(ports.context.sources.now().micros()))
        .filter(Column::DisplacedAt.is_null())
        .order_by_asc(Column::StartAt)
        .all(db)
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let appointment = store::to_appointment(row)?;
        if is_outside(ports, plans, &appointment) {
            found.push(appointment);
        }
    }
    Ok(found)
}

/// An office that is no more has no slots.
fn is_outside(ports: &Ports, plans: &Plans, appointment: &Appointment) -> bool {
    let civil = ports.context.zone.civil(appointment.start);
    plans.of(&appointment.office).is_none_or(|plan| !plan.slots(civil.date()).contains(&civil))
}

/// Marks such visits and tells of them; makes known slots as large as the plans say. Tells how many visits it marked.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let db = ports.context.db.read();
    let plans = office::plans(db, ports).await?;
    resize(ports, &plans).await?;
    let mut marked = 0;
    for appointment in outside(db, ports, &plans).await? {
        let (inner, plans, id) = (Arc::clone(ports), Arc::clone(&plans), appointment.id.to_string());
        marked += ports.context.db.write(move |tx| async move { mark(&tx, &inner, &plans, &id).await }).await?;
    }
    Ok(marked)
}

async fn mark(tx: &Tx, ports: &Ports, plans: &Plans, id: &str) -> Result<u64, Error> {
    let (mut found, _) = store::locked_appointment(tx, id).await?;
    let now = ports.context.sources.now();
    if found.state != State::Booked || found.displaced_at.is_some() || !is_outside(ports, plans, &found) {
        return Ok(0);
    }
    found.displaced_at = Some(now);
    found.version += 1;
    save(tx, ports, &timer(ports, "hours"), &found, "DISPLACE", Telling::Displaced).await?;
    Ok(1)
}

/// A slot that somebody has booked keeps its places in a row of its own; it follows the number of desks, but never below
/// what is taken.
async fn resize(ports: &Arc<Ports>, plans: &Plans) -> Result<(), Error> {
    use slot::{Column, Entity};
    let now = ports.context.sources.now().micros();
    let rows =
        Entity::find().filter(Column::StartAt.gt(now)).order_by_asc(Column::Id).all(ports.context.db.read()).await?;
    for row in rows {
        let civil = ports.context.zone.civil(kernel::Time::from_micros(row.start_at));
        let (office, kind) = store::office_and_kind(&row.id);
        let Some(plan) = plans.of(office) else { continue };
        let week = plan.week(civil.date());
        // A kind's own slots of former hours keep whom they have, while everybody comes to the same desks.
        let desks = if kind == PICK_UP { week.pick_up_desks.unwrap_or(0) } else { week.desks };
        let wanted = desks.max(row.taken);
        if wanted == row.capacity {
            continue;
        }
        let resized = Entity::update_many()
            .col_expr(Column::Capacity, Expr::value(wanted))
            .filter(Column::Id.eq(row.id))
            .filter(Column::Taken.lte(wanted));
        ports.context.db.write(move |tx| async move { Ok::<_, Error>(resized.exec(&*tx).await.map(|_| ())?) }).await?;
    }
    Ok(())
}
