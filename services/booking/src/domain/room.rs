//! The places of slots while several requests for them are decided on, one after the other.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy)]
struct Slot {
    free: i32,
    /// By how many places it is fuller than it was.
    change: i32,
}

/// Slots by id.
#[derive(Debug, Default)]
pub(crate) struct Room(BTreeMap<String, Slot>);

impl Room {
    /// Slots with their free places.
    pub(crate) fn new(slots: impl IntoIterator<Item = (String, i32)>) -> Self {
        Self(slots.into_iter().map(|(id, free)| (id, Slot { free, change: 0 })).collect())
    }

    /// Gives places back and takes others for them, all or none; names the first that can't be had, by its place in
    /// `wanted`.
    pub(crate) fn exchange(&mut self, back: &[&str], wanted: &[&str]) -> Result<(), usize> {
        for slot in back {
            self.fill(slot, -1);
        }
        for (index, slot) in wanted.iter().enumerate() {
            if self.0.get(*slot).is_none_or(|slot| slot.free < 1) {
                for slot in wanted.iter().take(index) {
                    self.fill(slot, -1);
                }
                for slot in back {
                    self.fill(slot, 1);
                }
                return Err(index);
            }
            self.fill(slot, 1);
        }
        Ok(())
    }

    fn fill(&mut self, slot: &str, by: i32) {
        if let Some(slot) = self.0.get_mut(slot) {
            slot.free -= by;
            slot.change += by;
        }
    }

    /// The slots that got fuller or emptier, and by how much, in the order of their ids.
    pub(crate) fn changes(self) -> Vec<(String, i32)> {
        self.0.into_iter().map(|(id, slot)| (id, slot.change)).filter(|(_, change)| *change != 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_finds_no_place_leaves_all_to_the_next() {
        let mut room = Room::new([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        // A family of two for one place, and one that would move there out of another slot.
        assert_eq!(room.exchange(&[], &["a", "a"]), Err(1));
        assert_eq!(room.exchange(&["b"], &["b", "a", "a"]), Err(2));
        assert_eq!(room.exchange(&[], &["a", "unknown"]), Err(1));
        assert_eq!(room.exchange(&[], &["a"]), Ok(()));
        assert_eq!(room.exchange(&[], &["a"]), Err(0));
        // What is held is given up for what is booked.
        assert_eq!(room.exchange(&["a"], &["a"]), Ok(()));
        assert_eq!(room.exchange(&["b"], &["b"]), Ok(()));
        assert_eq!(room.changes(), [("a".to_owned(), 1)]);
    }
}
