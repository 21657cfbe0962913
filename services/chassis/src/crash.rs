//! Named points at which a crash test lets the process die. They exist in debug builds only.

/// Dies here when `PORTAL_CRASH_POINT` lists this name, or `name:n` and this is the n-th pass; names stand between commas.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "the switch must reach a child process; debug builds only")]
pub fn point(name: &str) {
    use std::sync::{LazyLock, atomic::AtomicU32, atomic::Ordering};

    struct Armed {
        name: String,
        pass: u32,
        passes: AtomicU32,
    }
    static ARMED: LazyLock<Vec<Armed>> = LazyLock::new(|| {
        let listed = std::env::var("PORTAL_CRASH_POINT").unwrap_or_default();
        let armed = listed.split(',').filter(|entry| !entry.is_empty()).map(|entry| {
            let (name, pass) = entry.rsplit_once(':').unwrap_or((entry, "1"));
            Armed { name: name.to_owned(), pass: pass.parse().unwrap_or(1), passes: AtomicU32::new(0) }
        });
        armed.collect()
    });
    for armed in ARMED.iter().filter(|armed| armed.name == name) {
        if armed.passes.fetch_add(1, Ordering::SeqCst) + 1 == armed.pass {
            std::process::abort();
        }
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
