//! Puts a member of staff into a team, whose supervisors manage its managers.

use chassis::{Error, Tx, audit};
use kernel::{AccountId, Actor, ErrorCode as _, LineText};
use proto::identity::v1::SetTeamRequest;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::Ports;
use crate::{
    domain::account::Account,
    store::{self, account},
};

/// A team's name, or none.
pub(crate) fn parse(text: &str) -> Result<String, Error> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    LineText::<60>::parse(text).map(Into::into).map_err(|error| Error::at("team", error.code()))
}

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, form: &SetTeamRequest) -> Result<(), Error> {
    super::admin(tx, ports, actor).await?;
    let context = &ports.context;
    let id: AccountId = form.account_id.parse().map_err(|_| Error::NotFound)?;
    let found = Some(store::locked(tx, &context.sealer, id).await?).filter(Account::is_staff).ok_or(Error::NotFound)?;
    let team = parse(&form.team)?;
    if team == found.team {
        return Ok(());
    }
    account::Entity::update(account::ActiveModel {
        id: Set(id.to_string()),
        team: Set(team),
        version: Set(found.version + 1),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    audit::record(tx, &context.sources, actor, "TEAM_SET", id, "").await
}
