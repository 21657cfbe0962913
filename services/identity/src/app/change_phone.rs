//! Another phone is the account's once the code that was sent to it has been entered: whoever signs in as somebody else
//! for a moment can't turn his messages away, and a slip of the finger is seen.

use std::time::Duration;

use chassis::{Context, Error, Tx, auth::permit};
use kernel::{AccountId, Actor, Phone, Time};
use proto::identity::v1::Letter;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use super::{
    Ports, letters,
    slowing::{self, Subject},
};
use crate::{
    config::CodeWay,
    domain::{account::Account, codes, letter::LetterKind},
    store::{self, account, phone_change},
};

/// Wrong codes that may be entered before another has to be sent.
const FAILURES_MAX: i32 = 5;

/// Asks for a code to a phone; one that waits already is asked for anew.
pub(crate) async fn ask(tx: &Tx, ports: &Ports, account: &Account, phone: &Phone) -> Result<(), Error> {
    let (context, config) = (&ports.context, &ports.config.letters);
    let subjects = [
        Subject::new(ports, "letters/phone", phone.as_str(), &config.per_address),
        Subject::new(ports, "letters/phone-of", &account.id.to_string(), &config.per_address),
    ];
    let subjects: Vec<Subject> = subjects.into_iter().flatten().collect();
    if let Some(wait) = slowing::count(tx, context.sources.now(), &subjects).await? {
        return Err(slowing::slowed(codes::LETTERS_SLOWED, wait));
    }
    let letter_id = letters::write_known(tx, ports, account, LetterKind::ConfirmPhone, &account.email).await?;
    let id = account.id.to_string();
    let expires_at = context.sources.now().plus(Duration::from_secs(config.code_minutes * 60));
    let row = phone_change::ActiveModel {
        phone_sealed: Set(context.sealer.seal_text(&phone_change::place(&id), phone.as_str())?),
        account_id: Set(id),
        letter_id: Set(letter_id),
        expires_at: Set(expires_at.micros()),
        failures: Set(0),
        code_hash: Set(None),
    };
    let anew = OnConflict::column(phone_change::Column::AccountId)
        .update_columns([
            phone_change::Column::PhoneSealed,
            phone_change::Column::LetterId,
            phone_change::Column::ExpiresAt,
            phone_change::Column::Failures,
            phone_change::Column::CodeHash,
        ])
        .to_owned();
    phone_change::Entity::insert(row).on_conflict(anew).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Sends another code to the phone that waits.
pub(crate) async fn again(tx: &Tx, ports: &Ports, actor: &Actor) -> Result<(), Error> {
    let account = store::locked(tx, &ports.context.sealer, permit::user(actor)?).await?;
    let phone = pending(&**tx, &ports.context, account.id).await?.ok_or_else(|| Error::refuse(codes::CODE_UNKNOWN))?;
    ask(tx, ports, &account, &phone).await
}

/// The phone that waits for its code.
pub(crate) async fn pending(
    db: &impl ConnectionTrait,
    context: &Context,
    account: AccountId,
) -> Result<Option<Phone>, Error> {
    let row = phone_change::Entity::find_by_id(account.to_string()).one(db).await?;
    row.map(|row| phone(context, &row)).transpose()
}

fn phone(context: &Context, row: &phone_change::Model) -> Result<Phone, Error> {
    let text = context.sealer.open_text(&phone_change::place(&row.account_id), &row.phone_sealed)?;
    Phone::parse(&text).map_err(|_| Error::corrupt("phone_change", "phone_sealed", &row.account_id))
}

/// The account will not have another phone after all.
pub(crate) async fn forget(tx: &Tx, account: AccountId) -> Result<(), Error> {
    phone_change::Entity::delete_by_id(account.to_string()).exec(&**tx).await?;
    Ok(())
}

/// A fresh code for the message that is about to go out; none when the phone waits no more.
pub(crate) async fn prepare(tx: &Tx, ports: &Ports, letter_id: &str, account: &Account) -> Result<Letter, Error> {
    let context = &ports.context;
    let row = phone_change::Entity::find()
        .filter(phone_change::Column::LetterId.eq(letter_id))
        .one(&**tx)
        .await?
        .filter(|row| Time::from_micros(row.expires_at) > context.sources.now())
        .ok_or(Error::NotFound)?;
    let code = format!("{:06}", u64::from_be_bytes(context.sources.random::<8>()) % 1_000_000);
    phone_change::Entity::update_many()
        .col_expr(phone_change::Column::CodeHash, Expr::value(hash(context, &row, &code)))
        .filter(phone_change::Column::AccountId.eq(&row.account_id))
        .filter(phone_change::Column::LetterId.eq(letter_id))
        .exec(&**tx)
        .await?;
    let phone = match ports.config.letters.code_by {
        CodeWay::Sms => phone(context, &row)?.as_str().to_owned(),
        CodeWay::Email => String::new(),
    };
    Ok(Letter {
        email: account.email.as_str().to_owned(),
        name: format!("{} {}", account.given_name, account.surname),
        locale: account.locale.code().to_owned(),
        secret: code,
        phone,
    })
}

/// Keyed, since six digits are soon tried out.
fn hash(context: &Context, row: &phone_change::Model, code: &str) -> Vec<u8> {
    context.sealer.blind_index("phone-code", &format!("{}/{code}", row.letter_id))
}

/// Counts an attempt, in a transaction of its own: a wrong one stays counted.
pub(crate) async fn attempt(ports: &Ports, actor: &Actor, code: &str) -> Result<(), Error> {
    let (context, id, code) = (ports.context.clone(), permit::user(actor)?, code.trim().to_owned());
    let unknown = || Error::at("code", codes::CODE_UNKNOWN);
    let good = ports
        .context
        .db
        .write(move |tx| async move {
            let counted = phone_change::Entity::update_many()
                .col_expr(phone_change::Column::Failures, Expr::col(phone_change::Column::Failures).add(1))
                .filter(phone_change::Column::AccountId.eq(id.to_string()))
                .filter(phone_change::Column::Failures.lt(FAILURES_MAX))
                .filter(phone_change::Column::ExpiresAt.gt(context.sources.now().micros()))
                .exec(&*tx)
                .await?;
            if counted.rows_affected == 0 {
                return Ok::<_, Error>(None);
            }
            let row = phone_change::Entity::find_by_id(id.to_string()).one(&*tx).await?;
            Ok(row.map(|row| row.code_hash.as_ref() == Some(&hash(&context, &row, &code))))
        })
        .await?
        .ok_or_else(unknown)?;
    if good { Ok(()) } else { Err(Error::at("code", codes::CODE_WRONG)) }
}

/// Takes the phone over, whose code was found right a moment ago.
pub(crate) async fn confirm(tx: &Tx, ports: &Ports, actor: &Actor, code: &str) -> Result<Account, Error> {
    let (context, id) = (&ports.context, permit::user(actor)?);
    let before = store::locked(tx, &context.sealer, id).await?;
    let row = phone_change::Entity::find_by_id(id.to_string()).one(&**tx).await?;
    let row = row
        .filter(|row| row.code_hash.as_ref() == Some(&hash(context, row, code.trim())))
        .ok_or_else(|| Error::at("code", codes::CODE_UNKNOWN))?;
    let phone = phone(context, &row)?;
    let after = Account { phone: Some(phone.clone()), version: before.version + 1, ..before };
    account::Entity::update(account::ActiveModel {
        phone_sealed: Set(Some(
            context.sealer.seal_text(&store::place("phone_sealed", &id.to_string()), phone.as_str())?,
        )),
        version: Set(after.version),
        id: Set(id.to_string()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    forget(tx, id).await?;
    letters::end_links(tx, context, id, &[LetterKind::ConfirmPhone]).await?;
    Ok(after)
}
