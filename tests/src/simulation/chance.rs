//! What a seed decides, one draw after another.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

pub struct Chance(StdRng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// 0 to `n` - 1.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u64() % (n.max(1) as u64)).unwrap()
    }

    pub fn percent(&mut self, likely: usize) -> bool {
        self.below(100) < likely
    }

    pub fn seconds(&mut self, from: u64, to: u64) -> std::time::Duration {
        std::time::Duration::from_secs(from + self.0.next_u64() % (to - from))
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }
}
