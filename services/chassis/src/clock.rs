//! The one home of hidden inputs: the time, fresh ids and randomness. Everything else is handed a [`Sources`].

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use kernel::Time;
#[cfg(feature = "testing")]
use rand::SeedableRng as _;
use rand::{Rng, rngs::StdRng};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    fn now(&self) -> Time;
}

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
    fn now(&self) -> Time {
        let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
        Time::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// A clock that a test moves by hand; it starts at the real time.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn at(time: Time) -> Self {
        Self(Arc::new(AtomicI64::new(time.micros())))
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Time, ids and randomness, injected into every use-case.
#[derive(Clone)]
pub struct Sources {
    clock: Arc<dyn Clock>,
    /// Where a test says what chance does; else it comes from the system.
    seeded: Option<Arc<Mutex<StdRng>>>,
}

impl Sources {
    pub fn system() -> Self {
        Self::with_clock(Arc::new(SystemClock))
    }

    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self { clock, seeded: None }
    }

    /// The same ids and bytes for the same seed, asked for in the same order. Only for tests: whoever knows the seed
    /// knows every secret.
    #[cfg(feature = "testing")]
    pub fn seeded(clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self { clock, seeded: Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))) }
    }

    fn fill(&self, bytes: &mut [u8]) {
        match &self.seeded {
            None => rand::rng().fill_bytes(bytes),
            Some(seeded) => seeded.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
        }
    }

    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A fresh UUIDv7 of the clock's time.
    pub fn uuid(&self) -> Uuid {
        let micros = u64::try_from(self.now().micros()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(micros / 1000, &self.random()).into_uuid()
    }

    /// Bytes that nobody can guess.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// `at_most` spread evenly from half of itself upwards, so that retries do not come in step.
    pub fn jittered(&self, at_most: Duration) -> Duration {
        let micros = u64::try_from(at_most.as_micros()).unwrap_or(u64::MAX).max(2);
        Duration::from_micros(u64::from_le_bytes(self.random()) % (micros / 2) + micros / 2)
    }
}
