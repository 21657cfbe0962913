//! The sandbox's cards: what happens is decided by the number.

use serde::{Deserialize, Serialize};

/// What a card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Pays at once.
    Approve,
    /// Asks for a one-time code first.
    ThreeD,
    /// Is declined with a reason code.
    Decline(u32),
    /// Breaks off with a reason code.
    Break(u32),
    /// Says 454 ("check whether the sum is held"), and takes the money a little later.
    Later,
    /// Takes half of what was asked for.
    WrongAmount,
    /// Pays a tenth with the bank's bonus.
    Bonus,
    /// Holds the sum until the merchant confirms or cancels.
    Hold,
}

/// A card of the sandbox.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// The number.
    pub pan: &'static str,
    /// What it does.
    pub outcome: Outcome,
    /// In words.
    pub note: &'static str,
}

const fn card(pan: &'static str, outcome: Outcome, note: &'static str) -> Card {
    Card { pan, outcome, note }
}

/// All cards. Any expiry in the future and any CVC will do. Every other number: 472, no such card.
pub const CARDS: &[Card] = &[
    card("4405639704015096", Outcome::Approve, "pays"),
    card("5522042705066736", Outcome::Approve, "pays"),
    card("377514500004820", Outcome::Approve, "pays"),
    card("4405639700001009", Outcome::ThreeD, "3-D Secure: code 123456 pays"),
    card("4405639700002007", Outcome::Decline(484), "484 insufficient funds"),
    card("4003032704547597", Outcome::Decline(478), "478 card expired"),
    card("5578342710750560", Outcome::Decline(465), "465 card blocked"),
    card("4405639700003005", Outcome::Decline(462), "462 issuer refused"),
    card("4405639700004003", Outcome::Decline(488), "488 limit exceeded"),
    card("4405639700005000", Outcome::Decline(457), "457 wrong expiry"),
    card("4405639700006008", Outcome::Decline(476), "476 attempts exhausted"),
    card("4405639700007006", Outcome::Break(497), "497 system failure"),
    card("4405639700008004", Outcome::Later, "454 first, money taken a little later"),
    card("4405639700009002", Outcome::WrongAmount, "takes half of the sum"),
    card("4405639700010000", Outcome::Bonus, "a tenth is paid with bonus"),
    card("4405639700011008", Outcome::Hold, "holds the sum (two-step)"),
];

impl Outcome {
    /// What the card with this number does.
    pub fn of(pan: &str) -> Self {
        let known = CARDS.iter().find(|card| card.pan == pan);
        known.map_or(Self::Decline(472), |card| card.outcome)
    }
}

/// Whether the number's last digit fits (Luhn).
pub(crate) fn luhn(pan: &str) -> bool {
    let mut sum = 0;
    for (index, c) in pan.chars().rev().enumerate() {
        let Some(digit) = c.to_digit(10) else {
            return false;
        };
        sum += match (index % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        };
    }
    (12..=19).contains(&pan.len()) && sum % 10 == 0
}

/// The number as the bank shows it to merchants.
pub(crate) fn mask(pan: &str) -> String {
    let head = pan.get(..6).unwrap_or_default();
    let tail = pan.get(pan.len().saturating_sub(4)..).unwrap_or_default();
    format!("{head}...{tail}")
}

/// The scheme by the first digit.
pub(crate) fn scheme(pan: &str) -> &'static str {
    match pan.chars().next() {
        Some('4') => "VISA",
        Some('5') => "MASTERCARD",
        Some('3') => "AMEX",
        _ => "OTHER",
    }
}

/// What the bank says in `reason` for a code.
pub(crate) fn reason(code: u32) -> &'static str {
    match code {
        0 => "success",
        454 => "Check whether the amount is blocked",
        455 => "3DSecure verification failed",
        457 => "Wrong card expiry date",
        462 => "Transaction refused by issuer",
        465 => "Card is blocked",
        472 => "No such card",
        476 => "Attempts exhausted",
        478 => "Card has expired",
        484 => "Insufficient funds",
        488 => "Limit exceeded",
        497 => "System failure",
        _ => "Transaction refused",
    }
}
