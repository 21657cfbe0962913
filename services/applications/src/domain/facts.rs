//! What has happened to an application, in its own words; `events` puts it on the wire.

use kernel::{AccountId, Money, PersonItemId};

/// A past-tense fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    Submitted,
    Claimed {
        manager: AccountId,
    },
    Returned {
        marks: usize,
    },
    Resubmitted {
        manager: AccountId,
    },
    ApprovalRecommended,
    SentBackToReview {
        manager: Option<AccountId>,
    },
    Rejected,
    Approved {
        lines: Vec<PricedLine>,
        total: Money,
    },
    /// The approval stands, at these prices.
    Renewed {
        lines: Vec<PricedLine>,
        total: Money,
    },
    Cancelled {
        by_staff: bool,
    },
    /// A term has passed: "not_corrected" or "not_paid".
    Expired {
        reason: &'static str,
    },
    /// Originals of these are to be brought; `again`: after others have come, or were not enough.
    DocumentsAwaited {
        items: Vec<PersonItemId>,
        again: bool,
    },
    DocumentsNoLongerAwaited,
    /// What is ready may be fetched by these; told outside as a visit that is awaited.
    PickUpAwaited {
        items: Vec<PersonItemId>,
    },
    PickUpNoLongerAwaited,
    /// Nobody in `to`: back in the pool.
    Assigned {
        from: Option<AccountId>,
        to: Option<AccountId>,
        by: AccountId,
    },
    /// Papers were given out; nobody outside acts on it.
    HandedOut,
    Progressed {
        step: &'static str,
        item: Option<PersonItemId>,
    },
}

/// A line of the invoice to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PricedLine {
    pub product_code: String,
    pub description: String,
    pub quantity: u32,
    pub unit_price: Money,
    pub amount: Money,
}
