//! How sums are written: for machines as decimal text, for people in each language's own style.

use super::Money;
use crate::locale::Locale;

const NO_BREAK_SPACE: char = '\u{a0}';

/// How a language writes numbers.
struct Style {
    group: char,
    point: char,
}

fn invoice_style(locale: Locale) -> Style {
    match locale {
        Locale::En => Style { group: ',', point: '.' },
        Locale::Ru | Locale::Kk => Style { group: NO_BREAK_SPACE, point: ',' },
    }
}

fn page_style(locale: Locale) -> Style {
    Style { group: NO_BREAK_SPACE, ..invoice_style(locale) }
}

impl Money {
    /// Exact decimal text with two decimals: `10000.00`.
    pub fn decimal_text(&self) -> String {
        format!("{}{}.{:02}", self.sign(), self.whole(), self.fraction())
    }

    /// Exact decimal text without decimals when whole: `10000`, else `10000.50`.
    pub fn decimal_text_short(&self) -> String {
        if self.fraction() == 0 { format!("{}{}", self.sign(), self.whole()) } else { self.decimal_text() }
    }

    /// On pages: `10 000 KZT` with no-break spaces, tiyn only when there are any.
    pub fn format_page(&self, locale: Locale) -> String {
        let style = page_style(locale);
        format!("{}{NO_BREAK_SPACE}{}", self.styled(&style, self.fraction() != 0), self.currency())
    }

    /// An invoice's total: `10,000` in English, `10 000` otherwise; tiyn only when there are any.
    pub fn format_total(&self, locale: Locale) -> String {
        self.styled(&invoice_style(locale), self.fraction() != 0)
    }

    /// An invoice's line: `10,000.00` in English, `10 000,00` otherwise.
    pub fn format_line(&self, locale: Locale) -> String {
        self.styled(&invoice_style(locale), true)
    }

    fn styled(self, style: &Style, with_fraction: bool) -> String {
        let whole = self.whole().to_string();
        let mut out = String::from(self.sign());
        for (index, c) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                out.push(style.group);
            }
            out.push(c);
        }
        if with_fraction {
            let fraction = self.fraction();
            out.extend([style.point, digit(fraction / 10), digit(fraction % 10)]);
        }
        out
    }

    fn sign(self) -> &'static str {
        if self.minor() < 0 { "-" } else { "" }
    }

    fn whole(self) -> u64 {
        self.minor().unsigned_abs() / 100
    }

    fn fraction(self) -> u64 {
        self.minor().unsigned_abs() % 100
    }
}

fn digit(value: u64) -> char {
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or('0')
}
