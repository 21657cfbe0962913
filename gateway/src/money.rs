//! How a sum is written on a page: `10 000 KZT`; tiyn only where there are any.

use proto::common::v1::Money;

use crate::text::Language;

/// `10 000 KZT`, `10 000.50 KZT`, and a decimal comma in Russian and Kazakh.
pub fn spaced(money: &Money, language: Language) -> String {
    format!("{} {}", amount(money.amount_minor, ' ', decimal_mark(language), false), money.currency)
}

/// An invoice's total: `10,000` in English, `10 000` otherwise.
pub fn invoice_total(money: &Money, language: Language) -> String {
    amount(money.amount_minor, group_mark(language), decimal_mark(language), false)
}

/// An amount in an invoice line: `10,000.00` in English, `10 000,00` otherwise.
pub fn invoice_line(money: &Money, language: Language) -> String {
    amount(money.amount_minor, group_mark(language), decimal_mark(language), true)
}

/// A sum as people type it: `10000`, `10 000`, `10 000,50`. The service refuses what is none.
pub fn typed(text: &str) -> Option<Money> {
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect();
    let parsed = kernel::Money::parse_decimal(&plain, kernel::Currency::home()).ok()?;
    Some(home(parsed.minor()))
}

/// A sum in the currency that the portal bills in.
pub fn home(amount_minor: i64) -> Money {
    Money { amount_minor, currency: kernel::Currency::home().code().to_owned() }
}

/// A sum as a form's control holds it: `10000.50`.
pub fn control(money: &Money) -> String {
    amount(money.amount_minor, '\u{0}', '.', false).replace('\u{0}', "")
}

fn group_mark(language: Language) -> char {
    match language {
        Language::En => ',',
        Language::Ru | Language::Kk => ' ',
    }
}

fn decimal_mark(language: Language) -> char {
    match language {
        Language::En => '.',
        Language::Ru | Language::Kk => ',',
    }
}

fn amount(minor: i64, group: char, decimal: char, always_tiyn: bool) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    let (whole, tiyn) = (minor / 100, minor % 100);
    let digits = whole.to_string();
    let mut grouped = String::with_capacity(digits.len() + 8);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    if always_tiyn || tiyn != 0 { format!("{sign}{grouped}{decimal}{tiyn:02}") } else { format!("{sign}{grouped}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_in_each_style() {
        let money = |amount_minor| Money { amount_minor, currency: "KZT".to_owned() };
        assert_eq!(spaced(&money(1_000_000), Language::En), "10 000 KZT");
        assert_eq!(spaced(&money(123_456_750), Language::Ru), "1 234 567,50 KZT");
        assert_eq!(spaced(&money(-5), Language::En), "-0.05 KZT");
        assert_eq!(invoice_total(&money(1_000_000), Language::En), "10,000");
        assert_eq!(invoice_line(&money(1_000_000), Language::En), "10,000.00");
        assert_eq!(invoice_line(&money(1_000_000), Language::Kk), "10 000,00");
        assert_eq!(typed("10 000,50").map(|sum| sum.amount_minor), Some(1_000_050));
        assert_eq!((typed("1,000.50"), control(&money(1_000_050))), (None, "10000.50".to_owned()));
        assert_eq!(spaced(&money(i64::MIN), Language::En), "-92 233 720 368 547 758.08 KZT");
    }
}
