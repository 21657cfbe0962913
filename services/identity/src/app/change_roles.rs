//! Gives a member of staff other roles. Whoever is signed in with the former ones is so no longer.

use chassis::{Error, Tx, audit, outbox::Outbox};
use kernel::{AccountId, Actor, Role};
use proto::identity::v1::{ChangeRolesRequest, RolesChanged};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, letters, sessions, tokens};
use crate::{
    domain::{account::Account, codes, letter::LetterKind},
    store::{self, account},
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, form: &ChangeRolesRequest) -> Result<(), Error> {
    let admin = super::admin(tx, ports, actor).await?;
    let context = &ports.context;
    let id: AccountId = form.account_id.parse().map_err(|_| Error::NotFound)?;
    if id == admin {
        return Err(Error::refuse(codes::OWN_ACCOUNT));
    }
    // Applicants become staff by invitation, with a password of staff's length.
    let found = Some(store::locked(tx, &context.sealer, id).await?).filter(Account::is_staff);
    let found = found.ok_or(Error::NotFound)?;
    let roles = parse(&form.roles).ok_or_else(|| Error::at("roles", codes::ROLE_UNKNOWN))?;
    let printed = store::print_roles(&roles);
    if printed == store::print_roles(&found.roles) {
        return Ok(());
    }
    let version = found.version + 1;
    account::Entity::update(account::ActiveModel {
        id: Set(id.to_string()),
        roles: Set(printed.clone()),
        version: Set(version),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    sessions::end_all(tx, id, None).await?;
    tokens::end_all(tx, id).await?;
    audit::record(tx, &context.sources, actor, "ROLES_CHANGED", id, &printed).await?;
    letters::write(tx, ports, &found, LetterKind::RolesChanged, &found.email).await?;
    let roles = roles.iter().map(|role| role.code().to_owned()).collect();
    Outbox::new(tx, &context.sources, context.service, id, version)
        .append(&RolesChanged { account_id: id.to_string(), roles })
        .await
}

/// Roles of staff, each once, in one order; none where one is unknown or there is none.
fn parse(codes: &[String]) -> Option<Vec<Role>> {
    let mut roles: Vec<Role> =
        codes.iter().map(|code| code.parse().ok().filter(Role::is_staff)).collect::<Option<_>>()?;
    roles.sort_unstable();
    roles.dedup();
    (!roles.is_empty()).then_some(roles)
}
