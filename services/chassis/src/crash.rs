//! Named points at which a crash test lets the process die. They exist in debug builds only.

/// Dies here when `PORTAL_CRASH_POINT` is this name, or `name:n` and this is the n-th pass.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "the switch must reach a child process; debug builds only")]
pub fn point(name: &str) {
    use std::sync::{LazyLock, atomic::AtomicU32, atomic::Ordering};
    static ARMED: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        let armed = std::env::var("PORTAL_CRASH_POINT").ok()?;
        let (name, pass) = armed.rsplit_once(':').unwrap_or((armed.as_str(), "1"));
        Some((name.to_owned(), pass.parse().unwrap_or(1)))
    });
    static PASSES: AtomicU32 = AtomicU32::new(0);
    if let Some((armed, pass)) = ARMED.as_ref()
        && armed == name
        && PASSES.fetch_add(1, Ordering::SeqCst) + 1 == *pass
    {
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}

/// Every named point, for the test that tries each of them.
pub const POINTS: &[&str] = &[
    "command-before-commit",
    "command-after-commit",
    "relay-before-commit",
    "relay-after-commit",
    "inbox-before-commit",
    "inbox-after-commit",
    "file-before-store",
    "file-after-store",
    "bank-before-inquiry",
    "bank-after-inquiry",
    "mail-before-send",
    "mail-after-send",
];
