//! The one home of hidden inputs: the time, fresh ids and randomness. Everything else is handed a [`Sources`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use kernel::Time;
use rand::Rng as _;
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
}

impl Sources {
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock) }
    }

    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }

    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A fresh UUIDv7 of the clock's time.
    pub fn uuid(&self) -> Uuid {
        let micros = u64::try_from(self.now().micros()).unwrap_or(0);
        let timestamp = uuid::Timestamp::from_unix_time(
            micros / 1_000_000,
            u32::try_from(micros % 1_000_000).unwrap_or(0).saturating_mul(1000),
            0,
            0,
        );
        Uuid::new_v7(timestamp)
    }

    /// Bytes that nobody can guess.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }

    /// `at_most` spread evenly from half of itself upwards, so that retries do not come in step.
    pub fn jittered(&self, at_most: Duration) -> Duration {
        let micros = u64::try_from(at_most.as_micros()).unwrap_or(u64::MAX).max(2);
        Duration::from_micros(rand::rng().next_u64() % (micros / 2) + micros / 2)
    }
}
