//! Letters about an account. Some carry a link that is good once and for a while; whoever has the link reads the mail of
//! the address it was sent to.

use std::time::Duration;

use kernel::Time;

use crate::config::LettersConfig;

/// A request that could not be mailed for so long is not answered any more.
const ANSWERED_FOR: Duration = Duration::from_hours(24);

macro_rules! letters {
    ($($(#[$doc:meta])* $variant:ident = $code:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum LetterKind { $($(#[$doc])* $variant),* }

        impl LetterKind {
            const ALL: &[Self] = &[$(Self::$variant),*];

            /// Stable code, as stored and told.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            pub(crate) fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}

letters! {
    /// Its link proves the account's address.
    VerifyEmail = "verify_email",
    /// Its link sets a new password.
    ResetPassword = "reset_password",
    /// To a client for whom staff have opened the account; its link sets the first password.
    AccountOpened = "account_opened",
    /// To a new address; its link makes it the account's.
    ChangeEmail = "change_email",
    /// A text message with a code, to another phone; or a letter to the account's address.
    ConfirmPhone = "confirm_phone",
    /// To the former address.
    EmailChanged = "email_changed",
    PasswordChanged = "password_changed",
    /// The last one that an account gets.
    AccountClosed = "account_closed",
    /// By an admin, like the next ones.
    RolesChanged = "roles_changed",
    AccountDisabled = "account_disabled",
    AccountEnabled = "account_enabled",
}

impl LetterKind {
    /// How long a link is good from when it was made; none where the letter carries no link.
    pub(crate) fn link_life(self, config: &LettersConfig) -> Option<Duration> {
        match self {
            Self::VerifyEmail => Some(Duration::from_secs(config.verify_hours * 3600)),
            Self::AccountOpened => Some(Duration::from_secs(config.opened_hours * 3600)),
            Self::ResetPassword => Some(Duration::from_secs(config.reset_minutes * 60)),
            Self::ChangeEmail => Some(Duration::from_secs(config.change_hours * 3600)),
            Self::ConfirmPhone
            | Self::EmailChanged
            | Self::PasswordChanged
            | Self::AccountClosed
            | Self::RolesChanged
            | Self::AccountDisabled
            | Self::AccountEnabled => None,
        }
    }

    /// Whether it goes out though nobody signs in with the account any more.
    pub(crate) fn reaches_disabled(self) -> bool {
        matches!(self, Self::AccountClosed | Self::AccountDisabled)
    }

    /// Whether the letter is still to be written. `own` tells that its address is the account's, `taken` that it is
    /// another account's.
    pub(crate) fn is_due(self, requested_at: Time, used: bool, own: bool, taken: bool, now: Time) -> bool {
        let in_time = requested_at.plus(ANSWERED_FOR) > now;
        match self {
            Self::VerifyEmail | Self::ResetPassword | Self::AccountOpened | Self::ConfirmPhone => {
                in_time && !used && own
            }
            Self::ChangeEmail => in_time && !used && !own && !taken,
            Self::EmailChanged
            | Self::PasswordChanged
            | Self::AccountClosed
            | Self::RolesChanged
            | Self::AccountDisabled
            | Self::AccountEnabled => true,
        }
    }

    /// Whether a link does what it was made for. Arguments as for `is_due`.
    pub(crate) fn is_good(self, expires_at: Time, used: bool, own: bool, taken: bool, now: Time) -> bool {
        let fits = match self {
            Self::VerifyEmail | Self::ResetPassword | Self::AccountOpened => own,
            Self::ChangeEmail => !own && !taken,
            Self::ConfirmPhone
            | Self::EmailChanged
            | Self::PasswordChanged
            | Self::AccountClosed
            | Self::RolesChanged
            | Self::AccountDisabled
            | Self::AccountEnabled => false,
        };
        fits && !used && expires_at > now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_once_for_its_address_and_for_a_while() {
        let (now, later) = (Time::from_micros(1_000_000), Time::from_micros(2_000_000));
        let verify = LetterKind::VerifyEmail;
        assert!(verify.is_good(later, false, true, false, now));
        assert!(!verify.is_good(now, false, true, false, now), "it has expired");
        assert!(!verify.is_good(later, true, true, false, now), "it was used");
        assert!(!verify.is_good(later, false, false, false, now), "the account has another address by now");
        let change = LetterKind::ChangeEmail;
        assert!(change.is_good(later, false, false, false, now));
        assert!(!change.is_good(later, false, false, true, now), "somebody else has the address by now");
        assert!(!LetterKind::PasswordChanged.is_good(later, false, true, false, now), "it carries no link");
    }
}
