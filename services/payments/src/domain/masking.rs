//! Card numbers don't belong into our storage, whatever the bank sends.

const PAN: std::ops::RangeInclusive<usize> = 13..=19;

/// The text with each run of 13 to 19 digits masked but for its last four.
pub(crate) fn mask_cards(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut masked, &mut digits);
            masked.push(c);
        }
    }
    flush(&mut masked, &mut digits);
    masked
}

fn flush(masked: &mut String, digits: &mut String) {
    let hidden = if PAN.contains(&digits.len()) { digits.len() - 4 } else { 0 };
    masked.extend(digits.chars().enumerate().map(|(place, digit)| if place < hidden { '*' } else { digit }));
    digits.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_card_numbers_are_masked() {
        assert_eq!(
            mask_cards(r#"{"pan":"4405639704015096","rrn":"632613512345"}"#),
            r#"{"pan":"************5096","rrn":"632613512345"}"#
        );
    }
}
