//! Tokens of programs: refresh tokens, service accounts, the portal's own services.

use std::time::Duration;

use chassis::testing::{Coverage, people, refusal};
use kernel::Actor;
use proto::identity::v1::{
    CreateServiceAccountRequest, CreateServiceTokenRequest, CreateSystemTokenRequest, ListServiceAccountsRequest,
    RefreshTokenRequest, RevokeServiceAccountRequest,
};

use super::{PASSWORD, client, signed_up, signing_in, start};

fn refreshing(token: &str) -> RefreshTokenRequest {
    RefreshTokenRequest { refresh_token: token.to_owned() }
}

pub async fn a_refresh_token_answers_one_successor(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    signed_up(&mut nobody, "aigerim@example.org").await;
    let wrong = nobody.create_token(signing_in("aigerim@example.org", "wrong", "")).await;
    assert_eq!(refusal(wrong), ["CREDENTIALS_WRONG"]);
    let pair = nobody.create_token(signing_in("aigerim@example.org", PASSWORD, "")).await.unwrap().into_inner();
    let first = nobody.refresh_token(refreshing(&pair.refresh_token)).await.unwrap().into_inner();
    assert_ne!(first.refresh_token, pair.refresh_token);
    // The answer was lost: asked again at once, it is the same.
    let again = nobody.refresh_token(refreshing(&pair.refresh_token)).await.unwrap().into_inner();
    assert_eq!(again.refresh_token, first.refresh_token);
    // Used later, somebody has stolen it: the whole family ends.
    world.clock.advance(Duration::from_secs(31));
    assert_eq!(refusal(nobody.refresh_token(refreshing(&pair.refresh_token)).await), ["NOT_SIGNED_IN"]);
    assert_eq!(refusal(nobody.refresh_token(refreshing(&first.refresh_token)).await), ["NOT_SIGNED_IN"]);
    // Another family goes on, for a month.
    let other = nobody.create_token(signing_in("aigerim@example.org", PASSWORD, "")).await.unwrap().into_inner();
    world.pass_hours(24 * 30 + 1);
    assert_eq!(refusal(nobody.refresh_token(refreshing(&other.refresh_token)).await), ["NOT_SIGNED_IN"]);
    world.end().await;
}

pub async fn a_service_account_has_its_scopes_until_it_is_revoked(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let mut nobody = client(&world, Actor::Anonymous);
    let making = |scopes: &[&str]| CreateServiceAccountRequest {
        name: "reports".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    for scopes in [&[][..], &["billing:write"]] {
        assert_eq!(refusal(admin.create_service_account(making(scopes)).await), ["SCOPE_UNKNOWN at scopes"]);
    }
    let made = admin.create_service_account(making(&["billing:read"])).await.unwrap().into_inner();
    let account = made.service_account.unwrap();
    let showing =
        |secret: &str| CreateServiceTokenRequest { service_account_id: account.id.clone(), secret: secret.to_owned() };
    nobody.create_service_token(showing(&made.secret)).await.unwrap();
    assert_eq!(refusal(nobody.create_service_token(showing("guess")).await), ["NOT_SIGNED_IN"]);
    let listed = admin.list_service_accounts(ListServiceAccountsRequest {}).await.unwrap().into_inner();
    assert_eq!(listed.service_accounts, std::slice::from_ref(&account));
    let revoking = || RevokeServiceAccountRequest { id: account.id.clone() };
    for _ in 0..2 {
        admin.revoke_service_account(revoking()).await.unwrap();
    }
    assert_eq!(world.audited("SERVICE_ACCOUNT_REVOKED").await, 1);
    assert_eq!(refusal(nobody.create_service_token(showing(&made.secret)).await), ["NOT_SIGNED_IN"]);
    let mut manager = client(&world, people::manager());
    assert_eq!(refusal(manager.create_service_account(making(&["billing:read"])).await), ["NOT_PERMITTED"]);
    assert_eq!(refusal(manager.revoke_service_account(revoking()).await), ["NOT_PERMITTED"]);
    let lists = manager.list_service_accounts(ListServiceAccountsRequest {}).await;
    assert_eq!(refusal(lists), ["NOT_PERMITTED"]);
    world.end().await;
}

pub async fn a_service_of_ours_shows_its_secret(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut nobody = client(&world, Actor::Anonymous);
    let showing = |service: &str, secret: String| CreateSystemTokenRequest { service: service.to_owned(), secret };
    let billing = world.context.keys.system_secret("billing");
    assert_eq!(refusal(nobody.create_system_token(showing("booking", billing.clone())).await), ["NOT_SIGNED_IN"]);
    let answer = nobody.create_system_token(showing("billing", billing)).await.unwrap().into_inner();
    assert!(!answer.token.is_empty() && answer.account.is_none());
    world.end().await;
}
