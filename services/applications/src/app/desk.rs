//! Staff file an application for a client at the desk: identity says whether there is such a client.

use chassis::{Error, auth::permit, command::Call, dial, status};
use kernel::{AccountId, Role};
use proto::identity::v1::{FindClientRequest, identity_client::IdentityClient};

use super::Ports;
use crate::domain::codes;

/// The client for whom a draft is to be opened.
pub(crate) async fn client(ports: &Ports, call: &Call, account_id: &str) -> Result<AccountId, Error> {
    permit::staff(&call.actor, &[Role::Manager, Role::Supervisor])?;
    let unknown = || Error::at("owner_account_id", codes::OWNER_UNKNOWN);
    let id: AccountId = account_id.parse().map_err(|_| unknown())?;
    let asked = FindClientRequest { account_id: id.to_string(), email: String::new() };
    let request = dial::request(asked, &call.onward());
    match IdentityClient::new(ports.context.dialer.channel("identity")?).find_client(request).await {
        Ok(_) => Ok(id),
        Err(refused) => match status::into_error(&refused) {
            Error::NotFound => Err(unknown()),
            error => Err(error),
        },
    }
}
