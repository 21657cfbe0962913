//! A supervisor gives the case to a colleague who reviews, or to another one.

use std::time::Duration;

use chassis::{Error, Tx, auth::permit, command::Call, dial, status};
use kernel::{AccountId, Actor, Role, Time};
use proto::{
    applications::v1::{Application, AssignApplicationRequest},
    identity::v1::{Colleague, ListColleaguesRequest, identity_client::IdentityClient},
};
use tokio::sync::Mutex;

use super::{Ports, answer, load_at, personal_manager, reason, save_moved};
use crate::{domain::codes, queries};

/// Who works here is asked for again after this long.
const KNOWN_FOR: Duration = Duration::from_secs(10);

/// Who works here, as identity said a moment ago.
#[derive(Default)]
pub(crate) struct Colleagues(Mutex<Option<(Time, Vec<Colleague>)>>);

impl Colleagues {
    /// One who works here, or did.
    pub(crate) async fn find(&self, ports: &Ports, call: &Call, id: &str) -> Result<Option<Colleague>, Error> {
        let now = ports.context.sources.now();
        let mut known = self.0.lock().await;
        let fresh = known.as_ref().filter(|(at, _)| at.plus(KNOWN_FOR) > now);
        let found = |list: &[Colleague]| list.iter().find(|one| one.account_id == id).cloned();
        if let Some((_, list)) = fresh {
            return Ok(found(list));
        }
        let request = dial::request(ListColleaguesRequest {}, &call.onward());
        let asked = IdentityClient::new(ports.context.dialer.channel("identity")?).list_colleagues(request).await;
        let list = asked.map_err(|refused| status::into_error(&refused))?.into_inner().colleagues;
        let answer = found(&list);
        *known = Some((now, list));
        Ok(answer)
    }
}

/// Refuses, before any transaction, who may not assign, and to whom nothing can be given; answers his name.
pub(crate) async fn check(ports: &Ports, call: &Call, command: &AssignApplicationRequest) -> Result<String, Error> {
    queries::visible(ports.context.db.read(), ports, &call.actor, command.number).await?;
    permit::staff(&call.actor, &[Role::Supervisor])?;
    let unknown = || Error::at("account_id", codes::ASSIGNEE_UNKNOWN);
    let id: AccountId = command.account_id.parse().map_err(|_| unknown())?;
    let found = ports.colleagues.find(ports, call, &id.to_string()).await?.ok_or_else(unknown)?;
    let reviews = |role: &String| *role == Role::Manager.code() || *role == Role::Supervisor.code();
    if found.disabled || !found.roles.iter().any(reviews) {
        return Err(Error::at("account_id", codes::ASSIGNEE_UNFIT));
    }
    Ok(found.name)
}

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &AssignApplicationRequest,
    name: &str,
) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let by = permit::staff(actor, &[Role::Supervisor])?;
    let said = reason(&command.reason)?;
    let to = command.account_id.parse().map_err(|_| Error::at("account_id", codes::ASSIGNEE_UNKNOWN))?;
    let facts = case.assign(to, by, &said)?;
    if !facts.is_empty() {
        save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
        personal_manager::set(tx, &case, to, name).await?;
    }
    answer(tx, ports, actor, command.number).await
}
