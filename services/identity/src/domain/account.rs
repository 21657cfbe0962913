//! An account: a person's or a company's, an applicant's or a member of staff's.

use kernel::{AccountId, Bin, Email, Locale, PersonName, Phone, Role};

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Company { name: String, bin: Bin },
}

/// An account without its password.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub id: AccountId,
    pub kind: Kind,
    pub email: Email,
    pub given_name: PersonName,
    pub surname: PersonName,
    pub phone: Option<Phone>,
    pub locale: Locale,
    pub roles: Vec<Role>,
    /// Nobody signs in with it: an admin has disabled it, or its owner has closed it.
    pub disabled: bool,
    /// By its owner, for good.
    pub closed: bool,
    /// Somebody has proved to read mail at the address.
    pub email_verified: bool,
    /// Of staff: the team; empty: none.
    pub team: String,
    pub version: i64,
}

impl Account {
    /// What its password may not be made of.
    pub(crate) fn names(&self) -> Vec<String> {
        let company = match &self.kind {
            Kind::Person => None,
            Kind::Company { name, .. } => Some(name.clone()),
        };
        [self.given_name.to_string(), self.surname.to_string()].into_iter().chain(company).collect()
    }

    pub(crate) fn is_staff(&self) -> bool {
        self.roles.iter().any(Role::is_staff)
    }
}
