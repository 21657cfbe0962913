//! Places that one transaction takes and gives back, settled in the order of the slots, so that two families never wait
//! for each other; and last of all, since whoever wants the same slot waits from there to the commit.

use std::collections::BTreeMap;

use chassis::{Error, Tx};

use crate::store;

/// By how many places each slot gets fuller or emptier.
#[derive(Debug, Default)]
pub(crate) struct Places(BTreeMap<String, i32>);

impl Places {
    pub(crate) fn take(&mut self, slot: &str) {
        *self.0.entry(slot.to_owned()).or_default() += 1;
    }

    pub(crate) fn free(&mut self, slot: &str) {
        *self.0.entry(slot.to_owned()).or_default() -= 1;
    }

    /// Whether a place of the slot is given back, so that it may look full and yet take one.
    pub(crate) fn frees(&self, slot: &str) -> bool {
        self.0.get(slot).is_some_and(|change| *change < 0)
    }

    /// Takes and gives back; names the first slot that is full, and then nothing may be kept.
    pub(crate) async fn settle(self, tx: &Tx) -> Result<Option<String>, Error> {
        for (slot, change) in self.0 {
            for _ in 0..change.abs() {
                if change < 0 {
                    store::free_place(tx, &slot).await?;
                } else if !store::take_place(tx, &slot).await? {
                    return Ok(Some(slot));
                }
            }
        }
        Ok(None)
    }
}
