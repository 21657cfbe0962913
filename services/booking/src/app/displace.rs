//! Visits for which the changed hours have no place any more are kept, and their applicants asked to choose another time.

use std::sync::Arc;

use chassis::{Error, Tx};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

use super::{Ports, office, save, timer};
use crate::{
    domain::{
        appointment::{Appointment, State},
        plan::{PICK_UP, Plan},
    },
    events::Telling,
    store::{self, appointment, slot},
};

/// Visits to come that are booked outside of the plan's slots, not told yet.
pub(crate) async fn outside(db: &impl ConnectionTrait, ports: &Ports, plan: &Plan) -> Result<Vec<Appointment>, Error> {
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
        if is_outside(ports, plan, &appointment) {
            found.push(appointment);
        }
    }
    Ok(found)
}

fn is_outside(ports: &Ports, plan: &Plan, appointment: &Appointment) -> bool {
    let civil = ports.context.zone.civil(appointment.start);
    !plan.slots(civil.date()).contains(&civil)
}

/// Marks such visits and tells of them; makes known slots as large as the plan says. Tells how many visits it marked.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let db = ports.context.db.read();
    let plan = office::plan(db, ports).await?;
    resize(ports, &plan).await?;
    let mut marked = 0;
    for appointment in outside(db, ports, &plan).await? {
        let (inner, plan, id) = (Arc::clone(ports), Arc::clone(&plan), appointment.id.to_string());
        marked += ports.context.db.write(move |tx| async move { mark(&tx, &inner, &plan, &id).await }).await?;
    }
    Ok(marked)
}

async fn mark(tx: &Tx, ports: &Ports, plan: &Plan, id: &str) -> Result<u64, Error> {
    let (mut found, _) = store::locked_appointment(tx, id).await?;
    let now = ports.context.sources.now();
    if found.state != State::Booked || found.displaced_at.is_some() || !is_outside(ports, plan, &found) {
        return Ok(0);
    }
    found.displaced_at = Some(now);
    found.version += 1;
    save(tx, ports, &timer(ports, "hours"), &found, "DISPLACE", Telling::Displaced).await?;
    Ok(1)
}

/// A slot that somebody has booked keeps its places in a row of its own; it follows the number of desks, but never below
/// what is taken.
async fn resize(ports: &Arc<Ports>, plan: &Arc<Plan>) -> Result<(), Error> {
    use slot::{Column, Entity};
    let now = ports.context.sources.now().micros();
    let rows =
        Entity::find().filter(Column::StartAt.gt(now)).order_by_asc(Column::Id).all(ports.context.db.read()).await?;
    for row in rows {
        let civil = ports.context.zone.civil(kernel::Time::from_micros(row.start_at));
        let week = plan.week(civil.date());
        // A kind's own slots of former hours keep whom they have, while everybody comes to the same desks.
        let desks = match row.id.rsplit('/').nth(1) {
            Some(PICK_UP) => week.pick_up_desks.unwrap_or(0),
            Some(_) | None => week.desks,
        };
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
