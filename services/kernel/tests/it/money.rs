//! Sums: exact text, VAT, printing, arithmetic.

use kernel::{Currency, Locale, Money, VatRate};
use proptest::prelude::*;

use crate::Test;

const VAT_16: VatRate = VatRate::from_basis_points(1600);
const VAT_12: VatRate = VatRate::from_basis_points(1200);

#[test]
fn vat_of_the_guide() {
    let total = Money::kzt(1_000_000);
    assert_eq!(total.vat_inside(VAT_16), Money::kzt(137_931));
    assert_eq!(total.vat_inside(VAT_12), Money::kzt(107_143));
    assert_eq!(total.vat_inside(VatRate::ZERO), Money::kzt(0));
    assert_eq!(VAT_16.to_string(), "16");
    assert_eq!(VatRate::from_basis_points(1250).to_string(), "12.5");
}

#[test]
fn printing() {
    let (whole, parts) = (Money::kzt(1_000_000), Money::kzt(-123_456_705));
    assert_eq!(whole.format_page(Locale::En), "10\u{a0}000\u{a0}KZT");
    assert_eq!(whole.format_total(Locale::En), "10,000");
    assert_eq!(whole.format_total(Locale::Ru), "10\u{a0}000");
    assert_eq!(whole.format_line(Locale::En), "10,000.00");
    assert_eq!(whole.format_line(Locale::Kk), "10\u{a0}000,00");
    assert_eq!(parts.format_page(Locale::En), "-1\u{a0}234\u{a0}567.05\u{a0}KZT");
    assert_eq!(parts.format_line(Locale::En), "-1,234,567.05");
    assert_eq!(Money::kzt(-5).decimal_text(), "-0.05");
    assert_eq!(whole.decimal_text_short(), "10000");
}

#[test]
fn decimal_text() -> Test {
    for (text, minor) in [("10000", 1_000_000), ("10000.5", 1_000_050), ("12.22", 1222), ("0.010", 1), ("-0.5", -50)] {
        assert_eq!(Money::parse_decimal(text, Currency::KZT)?, Money::kzt(minor));
    }
    for text in ["", "1e4", "12.225", ".5", "5.", "1 000", "1,000", "+1", "--1", "99999999999999999999", "NaN"] {
        assert!(Money::parse_decimal(text, Currency::KZT).is_err(), "{text}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn text_round_trip(minor: i64) {
        let money = Money::kzt(minor);
        prop_assert_eq!(Money::parse_decimal(&money.decimal_text(), Currency::KZT), Ok(money));
        prop_assert_eq!(Money::parse_decimal(&money.decimal_text_short(), Currency::KZT), Ok(money));
        let grouped: String = money.format_line(Locale::En).chars().filter(|c| *c != ',').collect();
        prop_assert_eq!(grouped, money.decimal_text());
    }

    #[test]
    fn sums(parts in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 0..20)) {
        let sum = Money::sum(parts.iter().copied().map(Money::kzt));
        prop_assert_eq!(sum, Some(Money::kzt(parts.iter().sum())));
        prop_assert_eq!(Money::sum([Money::kzt(i64::MAX), Money::kzt(1)]), None);
    }

    #[test]
    fn vat_is_the_nearest(minor in 0_i64..10_000_000_000, points in 0_u16..10_000) {
        let vat = i128::from(Money::kzt(minor).vat_inside(VatRate::from_basis_points(points)).minor());
        let (minor, rate) = (i128::from(minor), i128::from(points));
        let off = (vat * (10_000 + rate) - minor * rate) * 2;
        prop_assert!(off > -(10_000 + rate) && off <= 10_000 + rate);
    }

    #[test]
    fn add_then_subtract(a in -1_i64 << 60..1_i64 << 60, b in -1_i64 << 60..1_i64 << 60, n in 0_u32..4) {
        let (a, b) = (Money::kzt(a), Money::kzt(b));
        prop_assert_eq!(a.checked_add(b).and_then(|sum| sum.checked_sub(b)), Some(a));
        prop_assert_eq!(a.checked_mul(n), Money::sum((0..n).map(|_| a)));
    }
}
