//! The check digit that IIN and BIN share (Government decree 406 of 22.05.2007; DOMAIN section 2).

/// What is wrong with twelve digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Malformed,
    CheckDigit,
}

const FIRST_PASS: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const SECOND_PASS: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2];

/// Strips blanks, wants twelve ASCII digits, not all zero, and the right last one.
pub(crate) fn twelve_digits(text: &str) -> Result<String, Fault> {
    let stripped: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits: Vec<u32> = stripped.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or(Fault::Malformed)?;
    let Some((&check, body)) = digits.split_last() else {
        return Err(Fault::Malformed);
    };
    if digits.len() != 12 || digits.iter().all(|&d| d == 0) {
        return Err(Fault::Malformed);
    }
    let expected = match weighted(body, FIRST_PASS) {
        10 => weighted(body, SECOND_PASS),
        sum => sum,
    };
    // 10 after both passes: such a prefix is never issued, and no digit equals it.
    if expected == check { Ok(stripped) } else { Err(Fault::CheckDigit) }
}

fn weighted(body: &[u32], weights: [u32; 11]) -> u32 {
    body.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11
}
