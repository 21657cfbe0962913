//! What the demo's parts must agree on: its accounts' ids. Each service's `demo.rs` writes its own rows.

use kernel::{AccountId, PersonItemId};
use uuid::Uuid;

/// Account of the demo with this number; the same at every start.
pub const fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number))
}

/// Applicants.
pub const APPLICANTS: [AccountId; 4] = [account(1), account(2), account(3), account(4)];
/// Managers.
pub const MANAGERS: [AccountId; 3] = [account(11), account(12), account(13)];
pub const SUPERVISOR: AccountId = account(21);
pub const FINANCE: AccountId = account(31);
pub const ADMIN: AccountId = account(41);

/// Id of the n-th person item of a demo application.
pub const fn item(application: i64, index: u128) -> PersonItemId {
    PersonItemId::from_uuid(Uuid::from_u128(
        0x0190_0000_0000_7000_8001_0000_0000_0000 | (application.unsigned_abs() as u128) << 8 | index,
    ))
}

/// The demo's cases, known to several services by their numbers.
pub const COMPLETED: i64 = 101;
pub const AWAITING_PAYMENT: i64 = 102;
pub const AWAITING_DOCUMENTS: i64 = 106;
/// Two persons, of the first of whom the state body wants more.
pub const DOCS_PARTIAL: i64 = 117;
/// Three persons: sent, received, still to come.
pub const IN_PROGRESS: i64 = 121;
pub const READY: i64 = 125;
