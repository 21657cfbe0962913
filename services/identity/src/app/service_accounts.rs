//! Service accounts: made with scopes, revoked.

use chassis::{Error, Tx, audit};
use kernel::{Actor, FreeText, Scope, ServiceAccountId, Violations};
use proto::identity::v1::{CreateServiceAccountRequest, CreateServiceAccountResponse, ServiceAccount};
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, fresh_secret, secret_hash};
use crate::{domain::codes, store::service_account};

pub(crate) async fn create(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    form: &CreateServiceAccountRequest,
) -> Result<CreateServiceAccountResponse, Error> {
    super::admin(tx, ports, actor).await?;
    let context = &ports.context;
    let mut faults = Violations::new();
    let name = faults.check("name", FreeText::<100>::parse(&form.name));
    let scopes: Option<Vec<Scope>> = form.scopes.iter().map(|code| code.parse().ok()).collect();
    if scopes.as_ref().is_none_or(Vec::is_empty) {
        faults.add("scopes", codes::SCOPE_UNKNOWN);
    }
    let (Some(name), Some(scopes), true) = (name, scopes, faults.is_empty()) else {
        return Err(faults.into_refusal().into());
    };
    let id = ServiceAccountId::from_uuid(context.sources.uuid());
    let secret = fresh_secret(&context.sources);
    let codes: Vec<String> = scopes.iter().map(|scope| scope.code().to_owned()).collect();
    let created_at = context.sources.now().micros();
    service_account::Entity::insert(service_account::ActiveModel {
        id: Set(id.to_string()),
        name: Set(name.as_str().to_owned()),
        scopes: Set(codes.join(",")),
        secret_hash: Set(secret_hash(&secret)),
        created_at: Set(created_at),
        revoked_at: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    audit::record(tx, &context.sources, actor, "SERVICE_ACCOUNT_CREATED", id, &codes.join(",")).await?;
    let service_account = ServiceAccount {
        id: id.to_string(),
        name: name.into(),
        scopes: codes,
        revoked: false,
        created_at_micros: created_at,
    };
    Ok(CreateServiceAccountResponse { service_account: Some(service_account), secret })
}

pub(crate) async fn revoke(tx: &Tx, ports: &Ports, actor: &Actor, id: &str) -> Result<(), Error> {
    super::admin(tx, ports, actor).await?;
    let row = service_account::Entity::find_by_id(id.to_owned()).one(&**tx).await?.ok_or(Error::NotFound)?;
    if row.revoked_at.is_some() {
        return Ok(());
    }
    service_account::Entity::update(service_account::ActiveModel {
        id: Set(row.id.clone()),
        revoked_at: Set(Some(ports.context.sources.now().micros())),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    audit::record(tx, &ports.context.sources, actor, "SERVICE_ACCOUNT_REVOKED", row.id, "").await
}
