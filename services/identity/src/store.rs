//! Rows and what they mean: row to domain (fallible) and back.

pub(crate) mod account;
pub(crate) mod account_document;
pub(crate) mod consent;
pub(crate) mod invitation;
pub(crate) mod known_client;
pub(crate) mod letter;
pub(crate) mod letter_secret;
pub(crate) mod phone_change;
pub(crate) mod refresh_token;
pub(crate) mod reset_request;
pub(crate) mod saved_answers;
pub(crate) mod service_account;
pub(crate) mod session;
pub(crate) mod sign_in_failure;
pub(crate) mod signing_key;

use chassis::{Error, Tx, db::Source as _, seal::Sealer};
use kernel::{AccountId, Email, Role};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::domain::account::{Account, Kind};

/// The blind index of an address.
pub(crate) fn email_index(sealer: &Sealer, email: &Email) -> Vec<u8> {
    sealer.blind_index("email", &email.key())
}

/// An account with its password's hash, by address.
pub(crate) async fn by_email(
    db: &impl ConnectionTrait,
    sealer: &Sealer,
    email: &Email,
) -> Result<Option<(Account, String)>, Error> {
    let row =
        account::Entity::find().filter(account::Column::EmailIndex.eq(email_index(sealer, email))).one(db).await?;
    row.map(|row| Ok((to_domain(&row, sealer)?, row.password_hash))).transpose()
}

pub(crate) async fn by_id(db: &impl ConnectionTrait, sealer: &Sealer, id: AccountId) -> Result<Account, Error> {
    let row = account::Entity::find_by_id(id.to_string()).one(db).await?.ok_or(Error::NotFound)?;
    to_domain(&row, sealer)
}

/// An account that is decided on: nobody else changes it until this transaction ends. Taken before an account's other
/// rows, so that no two transactions wait for each other.
pub(crate) async fn locked(tx: &Tx, sealer: &Sealer, id: AccountId) -> Result<Account, Error> {
    let row = tx.root(account::Entity::find_by_id(id.to_string())).one(&**tx).await?.ok_or(Error::NotFound)?;
    to_domain(&row, sealer)
}

/// An account with its password's hash.
pub(crate) async fn with_hash(
    db: &impl ConnectionTrait,
    sealer: &Sealer,
    id: AccountId,
) -> Result<(Account, String), Error> {
    let row = account::Entity::find_by_id(id.to_string()).one(db).await?.ok_or(Error::NotFound)?;
    Ok((to_domain(&row, sealer)?, row.password_hash))
}

/// Everyone who works here or did, by surname.
pub(crate) async fn staff(db: &impl ConnectionTrait, sealer: &Sealer) -> Result<Vec<Account>, Error> {
    let rows = account::Entity::find()
        .order_by_asc(account::Column::Surname)
        .filter(account::Column::Roles.ne(Role::Applicant.code()))
        .all(db)
        .await?;
    let accounts = rows.iter().map(|row| to_domain(row, sealer)).collect::<Result<Vec<_>, _>>()?;
    Ok(accounts.into_iter().filter(Account::is_staff).collect())
}

pub(crate) fn to_domain(row: &account::Model, sealer: &Sealer) -> Result<Account, Error> {
    let corrupt = |column| Error::corrupt("account", column, &row.id);
    let email = sealer.open_text(&place("email_sealed", &row.id), &row.email_sealed)?;
    let phone = row
        .phone_sealed
        .as_ref()
        .map(|sealed| sealer.open_text(&place("phone_sealed", &row.id), sealed))
        .transpose()?;
    Ok(Account {
        id: row.id.parse().map_err(|_| corrupt("id"))?,
        kind: match row.kind.as_str() {
            "person" => Kind::Person,
            "company" => {
                Kind::Company { name: row.company_name.clone(), bin: row.bin.parse().map_err(|_| corrupt("bin"))? }
            }
            _ => return Err(corrupt("kind")),
        },
        email: email.parse().map_err(|_| corrupt("email_sealed"))?,
        given_name: row.given_name.parse().map_err(|_| corrupt("given_name"))?,
        surname: row.surname.parse().map_err(|_| corrupt("surname"))?,
        phone: phone.map(|phone| phone.parse()).transpose().map_err(|_| corrupt("phone_sealed"))?,
        locale: row.locale.parse().map_err(|_| corrupt("locale"))?,
        roles: parse_roles(&row.roles).ok_or_else(|| corrupt("roles"))?,
        disabled: row.disabled_at.is_some() || row.closed_at.is_some(),
        closed: row.closed_at.is_some(),
        email_verified: row.email_verified_at.is_some(),
        team: row.team.clone(),
        version: row.version,
    })
}

pub(crate) fn to_row(
    account: &Account,
    password_hash: &str,
    now: i64,
    sealer: &Sealer,
) -> Result<account::ActiveModel, Error> {
    let id = account.id.to_string();
    let (kind, company_name, bin) = match &account.kind {
        Kind::Person => ("person", String::new(), String::new()),
        Kind::Company { name, bin } => ("company", name.clone(), bin.as_str().to_owned()),
    };
    Ok(account::ActiveModel {
        kind: Set(kind.to_owned()),
        email_sealed: Set(sealer.seal_text(&place("email_sealed", &id), account.email.as_str())?),
        email_index: Set(email_index(sealer, &account.email)),
        given_name: Set(account.given_name.to_string()),
        surname: Set(account.surname.to_string()),
        phone_sealed: Set(account
            .phone
            .as_ref()
            .map(|phone| sealer.seal_text(&place("phone_sealed", &id), phone.as_str()))
            .transpose()?),
        company_name: Set(company_name),
        bin: Set(bin),
        locale: Set(account.locale.code().to_owned()),
        roles: Set(print_roles(&account.roles)),
        password_hash: Set(password_hash.to_owned()),
        disabled_at: Set(None),
        created_at: Set(now),
        email_verified_at: Set(account.email_verified.then_some(now)),
        closed_at: Set(None),
        team: Set(account.team.clone()),
        version: Set(account.version),
        id: Set(id),
    })
}

pub(crate) fn parse_roles(text: &str) -> Option<Vec<Role>> {
    text.split(',').filter(|code| !code.is_empty()).map(|code| code.parse().ok()).collect()
}

pub(crate) fn print_roles(roles: &[Role]) -> String {
    roles.iter().map(Role::code).collect::<Vec<_>>().join(",")
}

pub(crate) fn place(column: &str, id: &str) -> String {
    format!("account/{column}/{id}")
}
