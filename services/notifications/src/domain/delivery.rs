//! How far a message has come, and when it is tried again.

use std::time::Duration;

macro_rules! states {
    ($($(#[$doc:meta])* $variant:ident = $code:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Delivery { $($(#[$doc])* $variant),* }

        impl Delivery {
            /// Stable code, as stored and told.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
        }
    };
}

states! {
    /// To be rendered and sent, or to be tried again.
    Waiting = "waiting",
    /// The mail server has taken it.
    Sent = "sent",
    /// The mail server refused it for good, or too often.
    Failed = "failed",
    /// No mail server is configured: it stands in the portal and was never mailed.
    PortalOnly = "portal_only",
    /// To a role; it has become one message for each of its members.
    Expanded = "expanded",
    /// The account is gone or disabled.
    Suppressed = "suppressed",
    /// What it would have said is no longer so.
    Overtaken = "overtaken",
}

/// Those that a person may read.
pub(crate) const SHOWN: [&str; 4] = ["waiting", "sent", "failed", "portal_only"];

/// The pause before the next attempt; none after the last one.
pub(crate) fn pause(attempts: i32, pauses: &[u64]) -> Option<Duration> {
    let done = usize::try_from(attempts).ok()?.checked_sub(1)?;
    pauses.get(done).copied().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_last_pause_there_is_no_further_attempt() {
        assert_eq!(pause(1, &[30, 60]), Some(Duration::from_secs(30)));
        assert_eq!(pause(2, &[30, 60]), Some(Duration::from_mins(1)));
        assert_eq!(pause(3, &[30, 60]), None);
    }
}
