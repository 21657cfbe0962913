//! Identifiers: a UUID with a prefix in text, so that one kind is never taken for another.

use uuid::Uuid;

use crate::codes;
use crate::refusal::{Code, ErrorCode};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a UUID (from storage, or fresh from the id source).
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }

            /// Parses the prefixed form, the only one that is ever printed.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse_prefixed(text, $prefix).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;
            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::parse(text)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// Somebody's account.
    AccountId "acc",
    /// A signed-in browser or client.
    SessionId "ses",
    /// An invoice.
    InvoiceId "inv",
    /// One try to pay an invoice at the bank.
    AttemptId "att",
    /// A visit to the centre.
    AppointmentId "apt",
    /// An uploaded or made document.
    DocumentId "doc",
    /// One person's part in an application.
    PersonItemId "itm",
    /// A priced line of an application.
    LineId "lin",
    /// A message to a person.
    MessageId "msg",
    /// A published fact.
    EventId "evt",
    /// An internal team's account.
    ServiceAccountId "svc",
    /// An invitation to join the staff.
    InvitationId "ivt",
    /// An office of the centre.
    OfficeId "off",
    /// A charge that fits no invoice.
    MismatchId "mis",
    /// What billing bills: an approved application.
    BillableId "bil",
}

fn parse_prefixed(text: &str, prefix: &str) -> Result<Uuid, IdError> {
    let hex = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|hex| hex.len() == 32)
        .filter(|hex| hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')))
        .ok_or(IdError)?;
    Uuid::try_parse(hex).map_err(|_| IdError)
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of this kind")]
pub struct IdError;

impl ErrorCode for IdError {
    fn code(&self) -> Code {
        codes::ID_MALFORMED
    }
}
