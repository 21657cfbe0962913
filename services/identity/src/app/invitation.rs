//! Staff come by invitation: a link that is good once and for a while.

use std::time::Duration;

use chassis::{Context, Error, Tx, audit, outbox::Outbox};
use kernel::{AccountId, Actor, Email, InvitationId, Locale, PersonName, Phone, Role, Time, Violations};
use proto::identity::v1::{AcceptInvitationRequest, InviteStaffRequest, InviteStaffResponse, StaffInvited};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::{Charge, Ports, fresh_secret, secret_hash, sessions, set_team, sign_up};
use crate::{
    domain::{
        account::{Account, Kind},
        codes,
        letter::LetterKind,
        password::{self, Owner},
        whereabouts::Whereabouts,
    },
    store::{self, account, invitation},
};

/// Invites a member of staff.
pub(crate) async fn invite(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    form: &InviteStaffRequest,
) -> Result<InviteStaffResponse, Error> {
    let charge = super::in_charge(tx, ports, actor).await?;
    let context = &ports.context;
    let mut faults = Violations::new();
    let email = faults.check("email", Email::parse(&form.email));
    let given_name = faults.check("given_name", PersonName::parse(&form.given_name));
    let surname = faults.check("surname", PersonName::parse(&form.surname));
    let roles: Option<Vec<Role>> =
        form.roles.iter().map(|code| code.parse::<Role>().ok().filter(Role::is_staff)).collect();
    // A supervisor takes managers on, into his own team.
    let only_managers = matches!(charge, Charge::Team(..));
    let fits = |roles: &Vec<Role>| !roles.is_empty() && (!only_managers || *roles == [Role::Manager]);
    if !roles.as_ref().is_some_and(fits) {
        faults.add("roles", codes::ROLE_UNKNOWN);
    }
    let (Some(email), Some(given_name), Some(surname), Some(roles), true) =
        (email, given_name, surname, roles, faults.is_empty())
    else {
        return Err(faults.into_refusal().into());
    };
    if store::by_email(&**tx, &context.sealer, &email).await?.is_some() {
        return Err(Error::at("email", codes::EMAIL_IN_USE));
    }
    let id = InvitationId::from_uuid(context.sources.uuid());
    let team = match &charge {
        Charge::All(_) => set_team::parse(&form.team)?,
        Charge::Team(_, team) => team.clone(),
    };
    let names = (given_name.as_str(), surname.as_str());
    let valid_hours = ports.config.invitation.valid_hours;
    let (token, expires_at) =
        write(tx, context, id, Some(&email), names, (&roles, &team), &actor.principal(), valid_hours).await?;
    audit::record(tx, &context.sources, actor, "STAFF_INVITED", id, &store::print_roles(&roles)).await?;
    Outbox::new(tx, &context.sources, context.service, id, 1)
        .append(&StaffInvited { invitation_id: id.to_string() })
        .await?;
    Ok(InviteStaffResponse { invitation_id: id.to_string(), token, expires_at_micros: expires_at.micros() })
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
async fn write(
    tx: &Tx,
    context: &Context,
    id: InvitationId,
    email: Option<&Email>,
    (given_name, surname): (&str, &str),
    (roles, team): (&[Role], &str),
    invited_by: &str,
    valid_hours: u64,
) -> Result<(String, Time), Error> {
    let token = fresh_secret(&context.sources);
    let expires_at = context.sources.now().plus(Duration::from_secs(valid_hours * 3600));
    invitation::Entity::insert(invitation::ActiveModel {
        token_hash: Set(secret_hash(&token)),
        email_sealed: Set(email
            .map(|email| context.sealer.seal_text(&place(&id.to_string()), email.as_str()))
            .transpose()?),
        given_name: Set(given_name.to_owned()),
        surname: Set(surname.to_owned()),
        roles: Set(store::print_roles(roles)),
        invited_by: Set(invited_by.to_owned()),
        expires_at: Set(expires_at.micros()),
        accepted_at: Set(None),
        team: Set(team.to_owned()),
        id: Set(id.to_string()),
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok((token, expires_at))
}

fn place(id: &str) -> String {
    format!("invitation/email_sealed/{id}")
}

/// The invitation of the very first admin, where there is neither an admin nor an invitation that still holds.
pub async fn first_admin(context: &Context) -> Result<Option<String>, Error> {
    let context = context.clone();
    let db = context.db.clone();
    db.write(move |tx| async move {
        let admins =
            account::Entity::find().filter(account::Column::Roles.contains(Role::Admin.code())).count(&*tx).await?;
        let open = invitation::Entity::find()
            .filter(invitation::Column::InvitedBy.eq("start"))
            .filter(invitation::Column::ExpiresAt.gt(context.sources.now().micros()))
            .count(&*tx)
            .await?;
        if admins + open > 0 {
            return Ok(None);
        }
        let id = InvitationId::from_uuid(context.sources.uuid());
        let (token, _) = write(&tx, &context, id, None, ("", ""), (&[Role::Admin], ""), "start", 24).await?;
        Ok(Some(token))
    })
    .await
}

/// A checked acceptance.
pub(crate) struct Acceptance {
    invitation_id: String,
    account: Account,
    password_hash: String,
    from: Whereabouts,
}

/// Checks link and form, and hashes the password, before any transaction.
pub(crate) async fn check(ports: &Ports, form: &AcceptInvitationRequest) -> Result<Acceptance, Error> {
    let context = &ports.context;
    let row = invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(secret_hash(&form.token)))
        .one(context.db.read())
        .await?
        .filter(|row| row.accepted_at.is_none() && row.expires_at > context.sources.now().micros())
        .ok_or_else(|| Error::refuse(codes::INVITATION_UNKNOWN))?;
    let mut faults = Violations::new();
    let address = match &row.email_sealed {
        Some(sealed) => context.sealer.open_text(&place(&row.id), sealed)?,
        None => form.email.clone(),
    };
    let email = faults.check("email", Email::parse(&address));
    let given_name = faults.check("given_name", PersonName::parse(&form.given_name));
    let surname = faults.check("surname", PersonName::parse(&form.surname));
    let phone = faults.check_optional("phone", &form.phone, Phone::parse);
    let names = [form.given_name.clone(), form.surname.clone()];
    let owner = Owner { email: &address, names: &names };
    password::check("password", &form.password, ports.config.password.length_min_staff, &owner, &mut faults);
    let (Some(email), Some(given_name), Some(surname), true) = (email, given_name, surname, faults.is_empty()) else {
        return Err(faults.into_refusal().into());
    };
    let roles = store::parse_roles(&row.roles).ok_or_else(|| Error::corrupt("invitation", "roles", &row.id))?;
    let account = Account {
        id: AccountId::from_uuid(context.sources.uuid()),
        kind: Kind::Person,
        email,
        given_name,
        surname,
        phone,
        locale: Locale::parse(&form.locale).unwrap_or_default(),
        roles,
        disabled: false,
        closed: false,
        email_verified: false,
        team: row.team.clone(),
        version: 1,
    };
    let password_hash = ports.passwords.hash(&form.password).await?;
    let from = Whereabouts::new(&form.device, &form.client_address);
    Ok(Acceptance { invitation_id: row.id, account, password_hash, from })
}

/// Uses the invitation up and opens the account's first session.
pub(crate) async fn accept(tx: &Tx, ports: &Ports, acceptance: Acceptance) -> Result<(String, Account), Error> {
    let context = &ports.context;
    let Acceptance { invitation_id, account, password_hash, from } = acceptance;
    let used = invitation::Entity::update_many()
        .col_expr(invitation::Column::AcceptedAt, sea_orm::sea_query::Expr::value(context.sources.now().micros()))
        .filter(invitation::Column::Id.eq(invitation_id))
        .filter(invitation::Column::AcceptedAt.is_null())
        .exec(&**tx)
        .await?;
    if used.rows_affected == 0 {
        return Err(Error::refuse(codes::INVITATION_UNKNOWN));
    }
    if store::by_email(&**tx, &context.sealer, &account.email).await?.is_some() {
        return Err(Error::at("email", codes::EMAIL_IN_USE));
    }
    sign_up::register(tx, ports, &account, &password_hash, LetterKind::VerifyEmail).await?;
    let session = sessions::open(tx, ports, &account, from).await?;
    Ok((session, account))
}
