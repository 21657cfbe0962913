//! The payment status of a billable and its legal moves. A paid state never goes back.

use kernel::{Refusal, coded};

use super::codes;

coded! {
    /// Payment status, as the guide shows it.
    PaymentStatus {
        NotPaid = "not_paid",
        Pending = "pending",
        PartlyPaid = "partly_paid",
        Paid = "paid",
        PartlyRefunded = "partly_refunded",
        Refunded = "refunded",
    }
}

coded! {
    /// What moves it.
    Move {
        Charge = "CHARGE",
        Receipt = "RECEIPT",
        Confirm = "CONFIRM",
        ConfirmPart = "CONFIRM_PART",
        Decline = "DECLINE",
        RefundPart = "REFUND_PART",
        Refund = "REFUND",
    }
}

use Move as M;
use PaymentStatus as S;

/// Every legal move: from, by, to. What the moves below are held against.
#[cfg(test)]
pub(crate) const MOVES: &[(PaymentStatus, Move, PaymentStatus)] = &[
    (S::NotPaid, M::Charge, S::Pending),
    (S::NotPaid, M::Receipt, S::Pending),
    (S::PartlyPaid, M::Charge, S::Pending),
    (S::PartlyPaid, M::Receipt, S::Pending),
    (S::Pending, M::Receipt, S::Pending),
    (S::Pending, M::Confirm, S::Paid),
    (S::Pending, M::ConfirmPart, S::PartlyPaid),
    (S::Pending, M::Decline, S::NotPaid),
    (S::PartlyPaid, M::RefundPart, S::PartlyRefunded),
    (S::PartlyPaid, M::Refund, S::Refunded),
    (S::Paid, M::RefundPart, S::PartlyRefunded),
    (S::Paid, M::Refund, S::Refunded),
    (S::PartlyRefunded, M::RefundPart, S::PartlyRefunded),
    (S::PartlyRefunded, M::Refund, S::Refunded),
];

/// Where a move leads, or a refusal.
pub(crate) fn next(status: PaymentStatus, by: Move) -> Result<PaymentStatus, Refusal> {
    match (status, by) {
        (S::NotPaid | S::PartlyPaid, M::Charge) | (S::NotPaid | S::PartlyPaid | S::Pending, M::Receipt) => {
            Ok(S::Pending)
        }
        (S::Pending, M::Confirm) => Ok(S::Paid),
        (S::Pending, M::ConfirmPart) => Ok(S::PartlyPaid),
        (S::Pending, M::Decline) => Ok(S::NotPaid),
        (S::PartlyPaid | S::Paid | S::PartlyRefunded, M::RefundPart) => Ok(S::PartlyRefunded),
        (S::PartlyPaid | S::Paid | S::PartlyRefunded, M::Refund) => Ok(S::Refunded),
        (_, M::RefundPart | M::Refund) => Err(Refusal::new(codes::REFUND_NOTHING)),
        (_, M::Charge | M::Receipt) => Err(Refusal::new(codes::INVOICE_NOT_PAYABLE)),
        (_, M::Confirm | M::ConfirmPart | M::Decline) => Err(Refusal::new(codes::PAYMENT_NOT_PENDING)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_status_and_move_agrees_with_the_table() {
        for status in PaymentStatus::ALL {
            for by in Move::ALL {
                let listed = MOVES.iter().find(|(from, with, _)| from == status && with == by).map(|(_, _, to)| *to);
                assert_eq!(next(*status, *by).ok(), listed, "{} by {}", status.code(), by.code());
            }
        }
    }

    #[test]
    fn the_readme_shows_the_moves_as_they_are() {
        let readme = include_str!("../../README.md");
        for (from, by, to) in MOVES {
            let edge = format!("{} --> {}: {}", from.code(), to.code(), by.code());
            assert!(readme.contains(&edge), "README.md lacks: {edge}");
        }
    }
}
