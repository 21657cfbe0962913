//! Who acts: a person, an internal team, the portal itself, or nobody known.

use std::fmt;

use crate::codes;
use crate::id::{AccountId, ServiceAccountId};
use crate::refusal::{Code, ErrorCode};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $error:ident, $error_code:ident, $message:literal;
     $($(#[$variant_doc:meta])* $variant:ident $text:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The stable text.
            pub fn as_str(&self) -> &'static str {
                self.code()
            }

            /// Parses the stable text.
            pub fn parse(text: &str) -> Result<Self, $error> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($error),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        /// Why a text is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl ErrorCode for $error {
            fn code(&self) -> Code {
                codes::$error_code
            }
        }
    };
}

words! {
    /// What an account may be.
    Role, RoleError, ROLE_UNKNOWN, "no such role";
    /// Applies for services.
    Applicant "applicant",
    /// Reviews applications and confirms payments.
    Manager "manager",
    /// Approves.
    Supervisor "supervisor",
    /// Handles invoices and refunds.
    Finance "finance",
    /// Runs the portal.
    Admin "admin",
}

impl Role {
    /// Whether it is a role of the centre's staff.
    pub fn is_staff(&self) -> bool {
        match self {
            Self::Applicant => false,
            Self::Manager | Self::Supervisor | Self::Finance | Self::Admin => true,
        }
    }
}

words! {
    /// What an internal team's account may do.
    Scope, ScopeError, SCOPE_UNKNOWN, "no such scope";
    /// Read applications.
    ApplicationsRead "applications:read",
    /// Read the registry of participants.
    ParticipantsRead "participants:read",
    /// Import the registry of participants.
    ParticipantsImport "participants:import",
    /// Read invoices.
    BillingRead "billing:read",
    /// Read appointments.
    BookingRead "booking:read",
    /// Read payments.
    PaymentsRead "payments:read",
}

/// Who does something. Every use-case takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody known.
    Anonymous,
    /// A signed-in person.
    User {
        /// Whose account.
        account: AccountId,
        /// What it may be.
        roles: Vec<Role>,
        /// The session, where there is one.
        session: Option<String>,
    },
    /// An internal team's program.
    ServiceAccount {
        /// Which.
        id: ServiceAccountId,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// The portal itself; built only by inbox handlers and workers.
    System {
        /// Which service.
        service: String,
        /// Because of what: an event or a worker's name.
        cause: String,
    },
}

impl Actor {
    /// Whether the actor is a person with this role.
    pub fn has_role(&self, role: Role) -> bool {
        self.roles().contains(&role)
    }

    /// Whether the actor is a program with this scope.
    pub fn has_scope(&self, scope: Scope) -> bool {
        match self {
            Self::ServiceAccount { scopes, .. } => scopes.contains(&scope),
            Self::Anonymous | Self::User { .. } | Self::System { .. } => false,
        }
    }

    /// Whether the actor belongs to the centre's staff.
    pub fn is_staff(&self) -> bool {
        self.roles().iter().any(Role::is_staff)
    }

    /// Whether the portal itself acts.
    pub fn is_system(&self) -> bool {
        matches!(self, Self::System { .. })
    }

    /// The person's account.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::User { account, .. } => Some(*account),
            Self::Anonymous | Self::ServiceAccount { .. } | Self::System { .. } => None,
        }
    }

    /// The person's roles; none for others.
    pub fn roles(&self) -> &[Role] {
        match self {
            Self::User { roles, .. } => roles,
            Self::Anonymous | Self::ServiceAccount { .. } | Self::System { .. } => &[],
        }
    }

    /// A stable text by which the actor is known in storage: `user:acc_…`, `service-account:svc_…`,
    /// `system:billing`, `anonymous`.
    pub fn principal(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User { account, .. } => format!("user:{account}"),
            Self::ServiceAccount { id, .. } => format!("service-account:{id}"),
            Self::System { service, .. } => format!("system:{service}"),
        }
    }

    /// What kind of actor, for logs and timelines: the highest role, or the kind.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User { roles, .. } => roles.iter().max().map_or("user", Role::code),
            Self::ServiceAccount { .. } => "service-account",
            Self::System { .. } => "system",
        }
    }
}
