//! Coarse permissions, the first line of every use-case: which kind of actor may call it at all. Whose data it is
//! stays the query's business.

use kernel::{AccountId, Actor, Role, Scope};

use crate::error::Error;

/// A signed-in person.
pub fn user(actor: &Actor) -> Result<AccountId, Error> {
    match actor {
        Actor::User { account, .. } => Ok(*account),
        Actor::Anonymous => Err(Error::Unauthenticated),
        Actor::ServiceAccount { .. } | Actor::System { .. } => Err(Error::Forbidden),
    }
}

/// A member of staff with one of these roles.
pub fn staff(actor: &Actor, roles: &[Role]) -> Result<AccountId, Error> {
    let account = user(actor)?;
    if roles.iter().any(|role| actor.has_role(*role)) { Ok(account) } else { Err(Error::Forbidden) }
}

/// A member of staff with one of these roles, or a service account with the scope.
pub fn staff_or_scope(actor: &Actor, roles: &[Role], scope: Scope) -> Result<(), Error> {
    if actor.has_scope(scope) { Ok(()) } else { staff(actor, roles).map(|_| ()) }
}

/// One of the portal's own services.
pub fn system(actor: &Actor) -> Result<(), Error> {
    match actor {
        Actor::System { .. } => Ok(()),
        Actor::Anonymous => Err(Error::Unauthenticated),
        Actor::User { .. } | Actor::ServiceAccount { .. } => Err(Error::Forbidden),
    }
}
