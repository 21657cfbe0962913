//! What the demo's parts must agree on: its accounts' ids. Each service's `demo.rs` writes its own rows.

use kernel::AccountId;
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
