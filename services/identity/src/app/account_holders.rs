//! Names and addresses behind accounts, for an admin who has to tell people of a breach.

use chassis::{Error, audit, auth::permit};
use kernel::{Actor, Role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::Ports;
use crate::{
    domain::account::Account,
    store::{self, account},
};

/// Accounts in one question.
const MOST: usize = 1000;

pub(crate) async fn list(ports: &Ports, actor: Actor, ids: Vec<String>) -> Result<Vec<Account>, Error> {
    permit::staff(&actor, &[Role::Admin])?;
    if ids.len() > MOST {
        return Err(Error::Malformed(format!("more than {MOST} accounts")));
    }
    let context = &ports.context;
    let asked = ids.len();
    let rows = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(context.db.read()).await?;
    let found = rows.iter().map(|row| store::to_domain(row, &context.sealer)).collect::<Result<Vec<_>, _>>()?;
    let sources = context.sources.clone();
    let write = context.db.write(move |tx| async move {
        audit::record(&tx, &sources, &actor, "ACCOUNT_HOLDERS_READ", "account", &asked.to_string()).await
    });
    write.await?;
    Ok(found)
}
