//! Supervisors look after the managers of their own team, and nobody else.

use chassis::testing::{Alone, Coverage, people, refusal};
use kernel::{Actor, Role};
use proto::identity::v1::{
    Account, DisableAccountRequest, EnableAccountRequest, InviteStaffRequest, ListStaffRequest, SetTeamRequest,
};

use super::{
    Client, client, signed_up,
    staff::{STAFF_PASSWORD, accepting, invited, inviting},
    start,
};

async fn joined(world: &Alone, admin: &mut Client, email: &str, roles: &[&str]) -> Account {
    let invitation = invited(admin, email, roles).await;
    let mut nobody = client(world, Actor::Anonymous);
    let session = nobody.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await.unwrap().into_inner();
    session.account.unwrap()
}

fn putting(account: &Account, team: &str) -> SetTeamRequest {
    SetTeamRequest { account_id: account.id.clone(), team: team.to_owned() }
}

/// Would have found: a supervisor who disables another team's manager, an admin or himself, or who makes a supervisor.
pub async fn supervisors_manage_the_managers_of_their_team(coverage: &Coverage) {
    let world = start(coverage).await;
    let mut admin = client(&world, people::admin());
    let boss = joined(&world, &mut admin, "boss@example.org", &["supervisor"]).await;
    let own = joined(&world, &mut admin, "own@example.org", &["manager"]).await;
    let other = joined(&world, &mut admin, "other@example.org", &["manager"]).await;
    let both = joined(&world, &mut admin, "both@example.org", &["manager", "finance"]).await;
    let mut supervisor = client(&world, people::person(boss.id.parse().unwrap(), &[Role::Supervisor]));
    let disabling =
        |account: &Account| DisableAccountRequest { account_id: account.id.clone(), reason: "left".to_owned() };
    let enabling = |account: &Account| EnableAccountRequest { account_id: account.id.clone() };
    assert_eq!(refusal(supervisor.disable_account(disabling(&own)).await), ["TEAM_NONE"]);
    assert_eq!(refusal(supervisor.invite_staff(inviting("new@example.org", &["manager"])).await), ["TEAM_NONE"]);
    assert_eq!(refusal(supervisor.set_team(putting(&own, "Visas")).await), ["NOT_PERMITTED"]);
    let long = admin.set_team(putting(&own, &"x".repeat(61))).await;
    assert_eq!(refusal(long), ["TEXT_TOO_LONG at team"]);
    let applicant = signed_up(&mut client(&world, Actor::Anonymous), "aigerim@example.org").await.account.unwrap();
    assert_eq!(refusal(admin.set_team(putting(&applicant, "Visas")).await), ["NOT_FOUND"]);
    for account in [&boss, &own, &both] {
        for _ in 0..2 {
            admin.set_team(putting(account, " Visas ")).await.unwrap();
        }
    }
    admin.set_team(putting(&other, "Permits")).await.unwrap();
    assert_eq!(world.audited("TEAM_SET").await, 4);
    let seen = supervisor.list_staff(ListStaffRequest {}).await.unwrap().into_inner().accounts;
    assert!(seen.len() == 3 && seen.iter().all(|account| account.team == "Visas"), "{seen:?}");

    for foreign in [&other, &both, &applicant] {
        assert_eq!(refusal(supervisor.disable_account(disabling(foreign)).await), ["NOT_FOUND"]);
        assert_eq!(refusal(supervisor.enable_account(enabling(foreign)).await), ["NOT_FOUND"]);
    }
    assert_eq!(refusal(supervisor.disable_account(disabling(&boss)).await), ["OWN_ACCOUNT"]);
    supervisor.disable_account(disabling(&own)).await.unwrap();
    supervisor.enable_account(enabling(&own)).await.unwrap();
    for roles in [&["supervisor"][..], &["manager", "admin"], &[]] {
        let refused = supervisor.invite_staff(inviting("new@example.org", roles)).await;
        assert_eq!(refusal(refused), ["ROLE_UNKNOWN at roles"]);
    }
    let elsewhere = InviteStaffRequest { team: "Permits".to_owned(), ..inviting("new@example.org", &["manager"]) };
    let invitation = supervisor.invite_staff(elsewhere).await.unwrap().into_inner();
    let mut nobody = client(&world, Actor::Anonymous);
    let made = nobody.accept_invitation(accepting(&invitation, STAFF_PASSWORD)).await.unwrap().into_inner();
    assert_eq!(made.account.unwrap().team, "Visas", "into his own team, whatever he asks for");
    // Who is a supervisor no longer manages nobody.
    admin.disable_account(disabling(&boss)).await.unwrap();
    assert_eq!(refusal(supervisor.disable_account(disabling(&own)).await), ["NOT_SIGNED_IN"]);
    world.end().await;
}
