//! The demo's accounts; all share one password.

use anyhow::Context as _;
use chassis::{Context, Error, demo};
use kernel::{AccountId, Email, Locale, PersonName, Phone, Role};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::{
    app::passwords::Passwords,
    config::Config,
    domain::account::{Account, Kind},
    store,
};

/// Address, given name, surname, language and role of each demo account, in the order they are printed.
pub const ACCOUNTS: [(AccountId, &str, &str, &str, Locale, Role); 10] = [
    (demo::APPLICANTS[0], "applicant@demo.example", "Amelia", "Harper", Locale::En, Role::Applicant),
    (demo::APPLICANTS[1], "applicant2@demo.example", "Тимур", "Ахметов", Locale::Ru, Role::Applicant),
    (demo::APPLICANTS[2], "applicant3@demo.example", "Айгерім", "Сәрсенова", Locale::Kk, Role::Applicant),
    (demo::APPLICANTS[3], "applicant4@demo.example", "Kenji", "Watanabe", Locale::En, Role::Applicant),
    (demo::MANAGERS[0], "manager@demo.example", "Dana", "Omarova", Locale::En, Role::Manager),
    (demo::MANAGERS[1], "manager2@demo.example", "Ерлан", "Жұмабаев", Locale::Kk, Role::Manager),
    (demo::MANAGERS[2], "manager3@demo.example", "Ольга", "Ким", Locale::Ru, Role::Manager),
    (demo::SUPERVISOR, "supervisor@demo.example", "Madina", "Seitkali", Locale::En, Role::Supervisor),
    (demo::FINANCE, "finance@demo.example", "Arman", "Bekov", Locale::En, Role::Finance),
    (demo::ADMIN, "admin@demo.example", "Saule", "Ibraeva", Locale::En, Role::Admin),
];

/// Writes the accounts once; later starts find them.
pub async fn load(context: &Context, config: &Config, password: &str) -> anyhow::Result<()> {
    if store::account::Entity::find().count(context.db.read()).await? > 0 {
        return Ok(());
    }
    let hash = Passwords::new(&config.password, context)?.hash(password).await?;
    let accounts = ACCOUNTS
        .into_iter()
        .map(|(id, email, given_name, surname, locale, role)| {
            Ok(Account {
                id,
                kind: Kind::Person,
                email: Email::parse(email)?,
                given_name: PersonName::parse(given_name)?,
                surname: PersonName::parse(surname)?,
                phone: Some(Phone::parse("+77172647340")?),
                locale,
                roles: vec![role],
                disabled: false,
                closed: false,
                email_verified: true,
                version: 1,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()
        .context("the demo's accounts")?;
    let (sealer, now) = (context.sealer.clone(), context.sources.now().micros());
    context
        .db
        .write(move |tx| async move {
            let rows = accounts
                .iter()
                .map(|account| store::to_row(account, &hash, now, &sealer))
                .collect::<Result<Vec<_>, _>>()?;
            store::account::Entity::insert_many(rows).exec_without_returning(&*tx).await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(())
}
