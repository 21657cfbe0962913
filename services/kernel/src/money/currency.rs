//! Currencies, and the one that a portal bills in.

use std::{fmt, sync::OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::AmountError;

/// A currency whose minor unit is a hundredth: by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(&'static str);

/// Codes of ISO 4217 whose minor unit is a hundredth.
const KNOWN: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND",
    "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP", "CRC", "CUP", "CVE", "CZK",
    "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD",
    "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK",
    "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MKD", "MMK", "MNT", "MOP", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN",
    "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB",
    "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
    "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VES", "WST", "XCD", "YER", "ZAR",
    "ZMW",
];

/// Said once by the process' settings. A portal bills in one currency for all its life, so its rows hold bare numbers.
static HOME: OnceLock<Currency> = OnceLock::new();

impl Currency {
    /// Kazakhstani tenge; its hundredth is the tiyn.
    pub const KZT: Self = Self("KZT");

    /// The ISO 4217 code.
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// Parses an ISO 4217 code of three capitals.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        KNOWN.iter().find(|known| **known == text).map(|known| Self(known)).ok_or(AmountError::Currency)
    }

    /// The currency that this portal bills in; tenge where nothing else was said.
    pub fn home() -> Self {
        HOME.get().copied().unwrap_or(Self::KZT)
    }

    /// Says it, before the first sum is read. False if another one was said before.
    #[must_use]
    pub fn make_home(self) -> bool {
        *HOME.get_or_init(|| self) == self
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_currencies_of_hundredths() {
        assert_eq!(Currency::parse("KZT"), Ok(Currency::KZT));
        assert_eq!(Currency::parse("EUR").unwrap().code(), "EUR");
        for wrong in ["", "kzt", "KZ", "KZTT", "K1T", "ҚТГ", "JPY", "KWD", "XXX"] {
            assert_eq!(Currency::parse(wrong), Err(AmountError::Currency), "{wrong}");
        }
    }
}
