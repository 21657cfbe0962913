//! Who an actor is and what it may.

use kernel::{AccountId, Actor, Role, Scope, ServiceAccountId};
use uuid::Uuid;

use crate::Test;

#[test]
fn actors_know_themselves() -> Test {
    let account = AccountId::from_uuid(Uuid::from_u128(1));
    let manager = Actor::User { account, roles: vec![Role::Applicant, Role::Manager], session: None };
    assert!(manager.is_staff() && manager.has_role(Role::Manager) && !manager.has_role(Role::Admin));
    assert_eq!(manager.account(), Some(account));
    assert_eq!(manager.principal(), format!("user:{account}"));
    assert_eq!(manager.label(), "manager");

    let id = ServiceAccountId::from_uuid(Uuid::from_u128(2));
    let team = Actor::ServiceAccount { id, scopes: vec![Scope::BillingRead] };
    assert!(team.has_scope(Scope::BillingRead) && !team.has_scope(Scope::PaymentsRead));
    assert!(!team.is_staff());
    assert_eq!(Actor::Anonymous.principal(), "anonymous");
    let billing = Actor::System { service: "billing".to_owned(), cause: "due".to_owned() };
    assert_eq!(billing.principal(), "system:billing");

    for role in Role::ALL {
        assert_eq!(Role::parse(role.code())?, *role);
    }
    for scope in Scope::ALL {
        assert_eq!(Scope::parse(scope.code())?, *scope);
    }
    Ok(())
}
