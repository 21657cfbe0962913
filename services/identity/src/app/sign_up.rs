//! Registers a person or a company and signs it in.

use chassis::{Error, Tx, audit, outbox::Outbox};
use kernel::{AccountId, Actor, Bin, Email, FreeText, Locale, PersonName, Phone, Role, Violations};
use proto::identity::v1::{AccountKind, SignUpRequest, UserRegistered};
use sea_orm::EntityTrait as _;

use super::{Ports, consents, letters, sessions};
use crate::{
    domain::{
        account::{Account, Kind},
        codes,
        letter::LetterKind,
        password::{self, Owner},
        whereabouts::Whereabouts,
    },
    store,
};

/// A checked form.
pub(crate) struct SignUp {
    account: Account,
    password_hash: String,
    from: Whereabouts,
}

impl SignUp {
    /// The beginning of the address that it came from.
    pub(crate) fn client(&self) -> &str {
        &self.from.address
    }
}

/// Checks the form and hashes the password, before any transaction.
pub(crate) async fn check(ports: &Ports, form: &SignUpRequest) -> Result<SignUp, Error> {
    let mut faults = Violations::new();
    let email = faults.check("email", Email::parse(&form.email));
    let given_name = faults.check("given_name", PersonName::parse(&form.given_name));
    let surname = faults.check("surname", PersonName::parse(&form.surname));
    let phone = faults.check("phone", Phone::parse(&form.phone));
    let kind = match form.kind() {
        AccountKind::Company => {
            let name = faults.check("company_name", FreeText::<200>::parse(&form.company_name));
            let bin = faults.check("bin", Bin::parse(&form.bin));
            name.zip(bin).map(|(name, bin)| Kind::Company { name: name.into(), bin })
        }
        AccountKind::Person | AccountKind::Unspecified => Some(Kind::Person),
    };
    let names = [form.given_name.clone(), form.surname.clone(), form.company_name.clone()];
    let owner = Owner { email: &form.email, names: &names };
    if let Some(code) = consents::fault(ports, form.consent_version) {
        faults.add("consent", code);
    }
    password::check("password", &form.password, ports.config.password.length_min, &owner, &mut faults);
    let (Some(email), Some(given_name), Some(surname), Some(phone), Some(kind), true) =
        (email, given_name, surname, phone, kind, faults.is_empty())
    else {
        return Err(faults.into_refusal().into());
    };
    if store::by_email(ports.context.db.read(), &ports.context.sealer, &email).await?.is_some() {
        return Err(Error::at("email", codes::EMAIL_IN_USE));
    }
    let account = Account {
        id: AccountId::from_uuid(ports.context.sources.uuid()),
        kind,
        email,
        given_name,
        surname,
        phone: Some(phone),
        locale: Locale::parse(&form.locale).unwrap_or_default(),
        roles: vec![Role::Applicant],
        disabled: false,
        closed: false,
        email_verified: false,
        team: String::new(),
        version: 1,
    };
    let from = Whereabouts::new(&form.device, &form.client_address);
    Ok(SignUp { account, password_hash: ports.passwords.hash(&form.password).await?, from })
}

/// Stores the account and opens its first session.
pub(crate) async fn run(tx: &Tx, ports: &Ports, form: SignUp) -> Result<(String, Account), Error> {
    let account = store(tx, ports, &form, LetterKind::VerifyEmail).await?;
    consents::write(tx, ports, account.id, form.client(), None).await?;
    let session = sessions::open(tx, ports, &account, form.from).await?;
    Ok((session, account))
}

/// Stores the account of a checked form, and has its owner written a letter with a link.
pub(crate) async fn store(tx: &Tx, ports: &Ports, form: &SignUp, letter: LetterKind) -> Result<Account, Error> {
    if store::by_email(&**tx, &ports.context.sealer, &form.account.email).await?.is_some() {
        return Err(Error::at("email", codes::EMAIL_IN_USE));
    }
    register(tx, ports, &form.account, &form.password_hash, letter).await?;
    Ok(form.account.clone())
}

/// Stores an account and tells of it.
pub(crate) async fn register(
    tx: &Tx,
    ports: &Ports,
    account: &Account,
    password_hash: &str,
    letter: LetterKind,
) -> Result<(), Error> {
    let context = &ports.context;
    let row = store::to_row(account, password_hash, context.sources.now().micros(), &context.sealer)?;
    store::account::Entity::insert(row).exec_without_returning(&**tx).await?;
    let actor = Actor::User { account: account.id, roles: account.roles.clone(), session: None };
    audit::record(tx, &context.sources, &actor, "REGISTERED", account.id, "").await?;
    let kind = match account.kind {
        Kind::Person => "person",
        Kind::Company { .. } => "company",
    };
    Outbox::new(tx, &context.sources, context.service, account.id, account.version)
        .append(&UserRegistered { account_id: account.id.to_string(), kind: kind.to_owned() })
        .await?;
    letters::write(tx, ports, account, letter, &account.email).await
}
