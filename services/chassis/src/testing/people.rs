//! Who calls in tests: each by the demo's ids, so that a test's rows read like the demo's.

use kernel::{AccountId, Actor, Role, Scope, ServiceAccountId};
use uuid::Uuid;

use crate::demo;

/// An applicant; his cases are the ones that tests speak of.
pub fn applicant() -> Actor {
    person(demo::APPLICANTS[0], &[Role::Applicant])
}

/// Another applicant, to whom nothing of the first one's may be shown.
pub fn stranger() -> Actor {
    person(demo::APPLICANTS[1], &[Role::Applicant])
}

pub fn manager() -> Actor {
    person(demo::MANAGERS[0], &[Role::Manager])
}

pub fn supervisor() -> Actor {
    person(demo::SUPERVISOR, &[Role::Supervisor])
}

pub fn finance() -> Actor {
    person(demo::FINANCE, &[Role::Finance])
}

pub fn admin() -> Actor {
    person(demo::ADMIN, &[Role::Admin])
}

/// Anybody with any roles.
pub fn person(account: AccountId, roles: &[Role]) -> Actor {
    Actor::User { account, roles: roles.to_vec(), session: None }
}

/// An internal team's program.
pub fn program(scopes: &[Scope]) -> Actor {
    Actor::ServiceAccount { id: ServiceAccountId::from_uuid(Uuid::from_u128(7)), scopes: scopes.to_vec() }
}

/// One of the portal's own services.
pub fn service(name: &str) -> Actor {
    Actor::System { service: name.to_owned(), cause: "call".to_owned() }
}
