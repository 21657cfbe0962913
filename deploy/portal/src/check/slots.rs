//! I5: active appointments of a slot are counted by it and never exceed its capacity; each takes its place in the office
//! that it names.

use sea_orm::FromQueryResult;

use super::{Databases, PAUSE, Report, of, rows};

#[derive(FromQueryResult)]
struct Slot {
    id: String,
    capacity: i32,
    taken: i32,
    active: i64,
}

#[derive(FromQueryResult)]
struct Stray {
    id: String,
    office_id: String,
    slot_id: String,
}

const QUERY: &str = "SELECT s.id, s.capacity, s.taken, \
    (SELECT COUNT(*) FROM appointment a WHERE a.slot_id = s.id AND a.active) AS active FROM slot s";

/// Rows of former releases name no office. One statement reads both columns, so nothing can be in flight between them.
const STRAYS: &str = "SELECT id, office_id, slot_id FROM appointment \
    WHERE active AND office_id <> '' AND slot_id NOT LIKE office_id || '/%'";

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
    let strays: Vec<Stray> = rows(booking, STRAYS).await?;
    report.violations.extend(strays.iter().map(|stray| {
        format!("I5 appointment {}: in office {}, but its slot is {}", stray.id, stray.office_id, stray.slot_id)
    }));
    Ok(())
}
