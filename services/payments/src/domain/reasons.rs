//! The bank's reason codes (DOMAIN section 1.9): which are final, and what class of decline they are.

use kernel::coded;

coded! {
    /// What the payer is told of a decline.
    Decline {
        InsufficientFunds = "insufficient_funds",
        CardData = "card_data",
        ThreeDs = "three_ds",
        Expired = "expired",
        Limit = "limit",
        Blocked = "blocked",
        Issuer = "issuer",
        Attempts = "attempts",
        Merchant = "merchant",
        System = "system",
    }
}

/// Codes after which the payment may still succeed.
const NOT_FINAL: &[i32] = &[-31, 100, 293, 454, 690, 1267, 1268, 1269, 1563, 1564, 2358, 2656, 3014, 3225, 3240];

/// Whether a decline with this code may be believed.
pub(crate) fn is_final(reason_code: &str) -> bool {
    reason_code.trim().parse::<i32>().is_ok_and(|code| !NOT_FINAL.contains(&code)) || reason_code.trim().is_empty()
}

/// The class of a decline; codes that are not listed count as the bank's own trouble.
pub(crate) fn class(reason_code: &str) -> Decline {
    match reason_code.trim().parse::<i32>().unwrap_or(0) {
        484 => Decline::InsufficientFunds,
        457 | 459 | 469 | 471 | 472 | 501 | 522 | 3339 => Decline::CardData,
        455 | 473 | 499 | 500 | 503 | 877 => Decline::ThreeDs,
        478 | 485 => Decline::Expired,
        486 | 488 | 491 | 528 | 529 | 2678 => Decline::Limit,
        465 | 467 | 479 | 481 | 482 | 483 | 489 | 524 | 525 => Decline::Blocked,
        462 | 463 | 466 | 480 | 487 | 490 | 495 | 521 | 523 | 527 => Decline::Issuer,
        476 | 492 | 2740 => Decline::Attempts,
        464 | 468 | 470 | 1612 | 3298 => Decline::Merchant,
        _ => Decline::System,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_not_final_fails_nothing() {
        assert!(!is_final("454") && !is_final("-31") && !is_final("nonsense"));
        assert!(is_final("484") && is_final(""));
        assert_eq!(class("484"), Decline::InsufficientFunds);
        assert_eq!(class("9999"), Decline::System);
    }
}
