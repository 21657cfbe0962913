//! Domain to message.

use chassis::{Context, Error};
use kernel::Role;
use proto::identity::v1 as pb;

use crate::{
    app::{change_phone, saved_answers::Saved},
    domain::account::{Account, Kind},
    store::{service_account, session},
};

pub(super) fn account(account: &Account) -> pb::Account {
    let (kind, company_name, bin) = match &account.kind {
        Kind::Person => (pb::AccountKind::Person, String::new(), String::new()),
        Kind::Company { name, bin } => (pb::AccountKind::Company, name.clone(), bin.to_string()),
    };
    pb::Account {
        id: account.id.to_string(),
        kind: kind.into(),
        email: account.email.as_str().to_owned(),
        given_name: account.given_name.to_string(),
        surname: account.surname.to_string(),
        phone: account.phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default(),
        locale: account.locale.code().to_owned(),
        roles: account.roles.iter().map(Role::code).map(str::to_owned).collect(),
        disabled: account.disabled,
        company_name,
        bin,
        email_verified: account.email_verified,
        phone_pending: String::new(),
        team: account.team.clone(),
    }
}

pub(super) fn client(account: &Account) -> pb::Client {
    let whole = self::account(account);
    pb::Client {
        account_id: whole.id,
        kind: whole.kind,
        name: format!("{} {}", whole.given_name, whole.surname),
        company_name: whole.company_name,
        email: whole.email,
    }
}

/// The same to its owner.
pub(super) async fn own_account(
    db: &impl sea_orm::ConnectionTrait,
    context: &Context,
    account: &Account,
) -> Result<pb::Account, Error> {
    let pending = change_phone::pending(db, context, account.id).await?;
    let phone_pending = pending.map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    Ok(pb::Account { phone_pending, ..self::account(account) })
}

pub(super) fn colleague(account: &Account) -> pb::Colleague {
    pb::Colleague {
        account_id: account.id.to_string(),
        name: format!("{} {}", account.given_name, account.surname),
        roles: account.roles.iter().map(Role::code).map(str::to_owned).collect(),
        disabled: account.disabled,
    }
}

pub(super) fn contact(account: &Account) -> pb::Contact {
    pb::Contact {
        account_id: account.id.to_string(),
        email: account.email.as_str().to_owned(),
        name: format!("{} {}", account.given_name, account.surname),
        locale: account.locale.code().to_owned(),
        disabled: account.disabled,
    }
}

pub(super) fn service_account(row: service_account::Model) -> pb::ServiceAccount {
    pb::ServiceAccount {
        id: row.id,
        name: row.name,
        scopes: row.scopes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        revoked: row.revoked_at.is_some(),
        created_at_micros: row.created_at,
    }
}

pub(super) fn browser_session(row: session::Model, current: Option<&str>) -> pb::BrowserSession {
    pb::BrowserSession {
        current: current == Some(row.id.as_str()),
        id: row.id,
        device: row.device,
        address: row.address,
        created_at_micros: row.created_at,
        used_at_micros: row.used_at,
    }
}

pub(super) fn saved(saved: Saved) -> pb::SavedAnswers {
    pb::SavedAnswers {
        id: saved.row.id,
        version: saved.row.version,
        values: saved.values,
        saved_at_micros: saved.row.saved_at,
    }
}
