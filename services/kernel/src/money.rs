//! Money as integer minor units with a currency; no float ever touches it.

mod currency;
mod print;

use std::fmt;

pub use currency::Currency;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::refusal::{Code, ErrorCode};

/// A sum: minor units (tiyn) of a currency. May be negative in ledgers and differences.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// A sum in tiyn.
    pub const fn kzt(minor: i64) -> Self {
        Self { minor, currency: Currency::KZT }
    }

    /// A sum in the home currency's minor units: what rows and the catalogue hold.
    pub fn home(minor: i64) -> Self {
        Self { minor, currency: Currency::home() }
    }

    /// A sum in the currency's minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Minor units.
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    pub const fn is_zero(&self) -> bool {
        self.minor == 0
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(&self) -> bool {
        self.minor > 0
    }

    /// The sum of both; none if currencies differ or it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        self.minor.checked_add(other.minor).map(|minor| Self { minor, ..self })
    }

    /// The difference; none if currencies differ or it is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        self.minor.checked_sub(other.minor).map(|minor| Self { minor, ..self })
    }

    /// So many times; none if too large.
    pub fn checked_mul(self, times: u32) -> Option<Self> {
        self.minor.checked_mul(i64::from(times)).map(|minor| Self { minor, ..self })
    }

    /// The other sign; none for the one number that has none.
    pub fn checked_neg(self) -> Option<Self> {
        self.minor.checked_neg().map(|minor| Self { minor, ..self })
    }

    /// The sum of all; zero for none, nothing if currencies differ or it is too large.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let Some(first) = parts.next() else {
            return Some(Self::home(0));
        };
        parts.try_fold(first, Self::checked_add)
    }

    /// The VAT contained in this VAT-inclusive sum: total * r / (100 + r), half up (DOMAIN section 4.3).
    pub fn vat_inside(self, rate: VatRate) -> Self {
        let rate = i128::from(rate.0);
        let base = 10_000 + rate;
        let twice = i128::from(self.minor.unsigned_abs()) * rate * 2 + base;
        let vat = i64::try_from(twice / (base * 2)).unwrap_or(i64::MAX);
        Self { minor: if self.minor < 0 { -vat } else { vat }, ..self }
    }

    /// Parses exact decimal text in major units: `10000`, `10000.5`, `12.22`. No exponent, no grouping,
    /// no fraction of a minor unit.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(AmountError::Malformed),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(AmountError::Malformed);
        }
        let (minor_digits, rest) = fraction.split_at(fraction.len().min(2));
        if rest.bytes().any(|b| b != b'0') {
            return Err(AmountError::Malformed);
        }
        let signed = format!("{}{whole}{minor_digits:0<2}", if negative { "-" } else { "" });
        let minor = signed.parse().map_err(|_| AmountError::Malformed)?;
        Ok(Self { minor, currency })
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal_text(), self.currency)
    }
}

/// A VAT rate in basis points (1600 = 16 %).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VatRate(u16);

impl VatRate {
    /// No VAT.
    pub const ZERO: Self = Self(0);

    /// A rate of so many basis points.
    pub const fn from_basis_points(points: u16) -> Self {
        Self(points)
    }

    /// Basis points.
    pub const fn basis_points(&self) -> u16 {
        self.0
    }
}

impl fmt::Display for VatRate {
    /// Per cent without needless zeros: `16`, `12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", rest / 10),
            (_, _) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// Why a text is no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not exact decimal text of at most two decimals, or too large.
    #[error("not an exact decimal amount")]
    Malformed,
    /// A currency the portal does not know.
    #[error("no such currency")]
    Currency,
}

impl ErrorCode for AmountError {
    fn code(&self) -> Code {
        match self {
            Self::Malformed => codes::AMOUNT_MALFORMED,
            Self::Currency => codes::CURRENCY_UNKNOWN,
        }
    }
}
