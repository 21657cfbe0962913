//! The one home of clock and chance: what time it is, and what cannot be guessed.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use rand::RngExt;
use uuid::Uuid;

/// Milliseconds since 1970.
pub(crate) fn now_millis() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A moment as the bank prints it: RFC 3339, nanoseconds, +05:00.
pub(crate) fn print_millis(millis: i64) -> String {
    let timestamp = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    let zone = TimeZone::fixed(Offset::constant(5));
    timestamp.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%.9f%:z").to_string()
}

/// Year and month now, where the bank is.
pub(crate) fn year_and_month() -> (i16, i8) {
    let here = Timestamp::now().to_zoned(TimeZone::fixed(Offset::constant(5)));
    (here.year(), here.month())
}

/// A fresh UUID.
pub(crate) fn uuid() -> String {
    Uuid::new_v4().to_string()
}

/// So many characters of the alphabet the bank makes its tokens of.
pub(crate) fn token(characters: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut rng = rand::rng();
    (0..characters)
        .filter_map(|_| ALPHABET.get(rng.random_range(0..ALPHABET.len())))
        .map(|byte| char::from(*byte))
        .collect()
}

/// So many random digits.
pub(crate) fn digits(count: usize) -> String {
    let mut rng = rand::rng();
    (0..count).filter_map(|_| char::from_digit(rng.random_range(0..10), 10)).collect()
}
