//! What an import changes, decided before anything is written.

use std::collections::HashMap;

use kernel::Bin;

use super::participant::{FieldChange, Participant};

/// One participant that is added or changed.
#[derive(Debug)]
pub(crate) struct Change {
    pub after: Participant,
    pub fields: Vec<FieldChange>,
    /// The registry does not know it yet.
    pub added: bool,
}

impl Change {
    pub(crate) fn of(before: Option<&Participant>, after: Participant) -> Self {
        Self { fields: after.changes_since(before), added: before.is_none(), after }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub changes: Vec<Change>,
    pub unchanged: usize,
}

impl Plan {
    /// What these rows change of what is known.
    pub(crate) fn of(known: &HashMap<Bin, Participant>, rows: Vec<Participant>) -> Self {
        let mut plan = Self::default();
        for row in rows {
            let before = known.get(&row.bin);
            let after = before.map_or_else(|| row.clone(), |before| before.after_import(row.clone()));
            if before == Some(&after) {
                plan.unchanged += 1;
            } else {
                plan.changes.push(Change::of(before, after));
            }
        }
        plan
    }

    pub(crate) fn added(&self) -> usize {
        self.changes.iter().filter(|change| change.added).count()
    }

    pub(crate) fn changed(&self) -> usize {
        self.changes.len() - self.added()
    }

    /// Whether so much changes of what was known that somebody should look first.
    pub(crate) fn is_drastic(&self, known: u64, percent_max: u32) -> bool {
        let changed = u64::try_from(self.changed()).unwrap_or(u64::MAX);
        known > 0 && changed.saturating_mul(100) > known.saturating_mul(percent_max.into())
    }

    /// Text that is the same for the same changes of the same versions only.
    pub(crate) fn fingerprint(&self) -> String {
        let mut text = String::new();
        for change in &self.changes {
            text.push_str(&format!("{} {}\n", change.after.bin, change.after.version));
            for field in &change.fields {
                text.push_str(&format!("{:?} {:?} {:?}\n", field.field, field.before, field.after));
            }
        }
        text
    }
}
