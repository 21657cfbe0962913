//! The demo's accounts; all share one password.

use anyhow::Context as _;
use chassis::{Context, Error, demo};
use kernel::{AccountId, Email, Locale, PersonName, Phone, Role};
use sea_orm::{ActiveValue::Set, EntityTrait as _, PaginatorTrait as _};

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

/// A supervisor and the managers whom he manages.
const TEAM: [AccountId; 3] = [demo::SUPERVISOR, demo::MANAGERS[0], demo::MANAGERS[1]];

/// Writes the accounts once; later starts find them.
pub async fn load(context: &Context, config: &Config, password: &str) -> anyhow::Result<()> {
    consents(context, config).await?;
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
                team: if TEAM.contains(&id) { "Visas".to_owned() } else { String::new() },
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

/// Each applicant of the demo has consented once; those of an older demo get theirs too.
async fn consents(context: &Context, config: &Config) -> anyhow::Result<()> {
    if store::consent::Entity::find().count(context.db.read()).await? > 0 {
        return Ok(());
    }
    let term_days = i32::try_from(config.closing.erase_after_days).unwrap_or(i32::MAX);
    let row = |account: &AccountId| store::consent::ActiveModel {
        id: Set(format!("cst_{}", context.sources.uuid().simple())),
        account_id: Set(account.to_string()),
        purpose: Set("account".to_owned()),
        text_version: Set(1),
        given_at: Set(context.sources.now().micros()),
        client_masked: Set("127.0.*.*".to_owned()),
        term_days: Set(term_days),
        recorded_by: Set(String::new()),
        withdrawn_at: Set(None),
    };
    let rows: Vec<_> = demo::APPLICANTS.iter().map(row).collect();
    context
        .db
        .write(move |tx| async move {
            store::consent::Entity::insert_many(rows).exec_without_returning(&*tx).await?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(())
}
