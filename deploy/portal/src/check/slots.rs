//! I5: active appointments of a slot are counted by it and never exceed its capacity.

use sea_orm::FromQueryResult;

use super::{Databases, PAUSE, Report, of, rows};

#[derive(FromQueryResult)]
struct Slot {
    id: String,
    capacity: i32,
    taken: i32,
    active: i64,
}

const QUERY: &str = "SELECT s.id, s.capacity, s.taken, \
    (SELECT COUNT(*) FROM appointment a WHERE a.slot_id = s.id AND a.active) AS active FROM slot s";

pub(super) async fn check(databases: &Databases, report: &mut Report) -> anyhow::Result<()> {
    let booking = of(databases, "booking")?;
    let wrong = |slot: &Slot| i64::from(slot.taken) != slot.active || slot.taken > slot.capacity;
    let mut slots: Vec<Slot> = rows(booking, QUERY).await?;
    if slots.iter().any(wrong) {
        tokio::time::sleep(PAUSE).await;
        slots = rows(booking, QUERY).await?;
    }
    report.lines.push(format!("I5 {} slots", slots.len()));
    report.violations.extend(slots.iter().filter(|slot| wrong(slot)).map(|slot| {
        format!(
            "I5 slot {}: capacity {}, taken {}, active appointments {}",
            slot.id, slot.capacity, slot.taken, slot.active
        )
    }));
    Ok(())
}
