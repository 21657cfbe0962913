//! Consents of accounts' owners: written with the account, shown to their owner, withdrawn by closing the account.

use chassis::{Error, Tx, auth::permit};
use kernel::{AccountId, Actor};
use proto::common::v1 as common;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

use super::Ports;
use crate::{domain::codes, store::consent};

/// Whose data the consents of this service speak of.
const PURPOSE: &str = "account";

/// Refuses a text that was not ticked, or is another by now.
pub(crate) fn fault(ports: &Ports, ticked: u32) -> Option<kernel::Code> {
    match ticked {
        0 => Some(codes::CONSENT_MISSING),
        version if version == ports.consent.version => None,
        _ => Some(codes::CONSENT_CHANGED),
    }
}

/// Keeps the consent to the text that counts now; by staff, where the owner gave it at the desk.
pub(crate) async fn write(
    tx: &Tx,
    ports: &Ports,
    account: AccountId,
    client_masked: &str,
    recorded_by: Option<AccountId>,
) -> Result<(), Error> {
    let sources = &ports.context.sources;
    consent::Entity::insert(consent::ActiveModel {
        id: Set(format!("cst_{}", sources.uuid().simple())),
        account_id: Set(account.to_string()),
        purpose: Set(PURPOSE.to_owned()),
        text_version: Set(i32::try_from(ports.consent.version).unwrap_or(i32::MAX)),
        given_at: Set(sources.now().micros()),
        client_masked: Set(client_masked.to_owned()),
        term_days: Set(i32::try_from(ports.config.closing.erase_after_days).unwrap_or(i32::MAX)),
        recorded_by: Set(recorded_by.map(|id| id.to_string()).unwrap_or_default()),
        withdrawn_at: Set(None),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// The own ones, oldest first.
pub(crate) async fn list(ports: &Ports, actor: &Actor) -> Result<Vec<common::Consent>, Error> {
    let id = permit::user(actor)?;
    let rows = consent::Entity::find()
        .filter(consent::Column::AccountId.eq(id.to_string()))
        .order_by_asc(consent::Column::GivenAt)
        .all(ports.context.db.read())
        .await?;
    let told = |row: consent::Model| common::Consent {
        purpose: row.purpose,
        text_version: row.text_version.unsigned_abs(),
        given_at_micros: row.given_at,
        client: row.client_masked,
        term_days: row.term_days.unsigned_abs(),
        at_desk: !row.recorded_by.is_empty(),
        withdrawn_at_micros: row.withdrawn_at.unwrap_or(0),
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Withdraws all that an account has given.
pub(crate) async fn withdraw(tx: &Tx, ports: &Ports, account: AccountId) -> Result<(), Error> {
    consent::Entity::update_many()
        .col_expr(consent::Column::WithdrawnAt, Expr::value(ports.context.sources.now().micros()))
        .filter(consent::Column::AccountId.eq(account.to_string()))
        .filter(consent::Column::WithdrawnAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}
