//! Changes name and language of the own account, and asks for the code of another phone.

use chassis::{Error, Tx, auth::permit};
use kernel::{Actor, Locale, PersonName, Phone, Violations};
use proto::identity::v1::UpdateAccountRequest;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Ports, change_phone};
use crate::{
    domain::account::Account,
    store::{self, account},
};

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, form: &UpdateAccountRequest) -> Result<Account, Error> {
    let id = permit::user(actor)?;
    let sealer = &ports.context.sealer;
    let mut faults = Violations::new();
    let given_name = faults.check("given_name", PersonName::parse(&form.given_name));
    let surname = faults.check("surname", PersonName::parse(&form.surname));
    let phone = faults.check("phone", Phone::parse(&form.phone));
    let locale = faults.check("locale", Locale::parse(&form.locale));
    let (Some(given_name), Some(surname), Some(phone), Some(locale)) = (given_name, surname, phone, locale) else {
        return Err(faults.into_refusal().into());
    };
    let before = store::locked(tx, sealer, id).await?;
    let held = before.phone.clone();
    let after = Account { given_name, surname, locale, version: before.version + 1, ..before };
    account::Entity::update(account::ActiveModel {
        given_name: Set(after.given_name.to_string()),
        surname: Set(after.surname.to_string()),
        locale: Set(after.locale.code().to_owned()),
        version: Set(after.version),
        id: Set(id.to_string()),
        ..Default::default()
    })
    .exec(&**tx)
    .await?;
    if held.as_ref() == Some(&phone) {
        change_phone::forget(tx, id).await?;
    } else if change_phone::pending(&**tx, &ports.context, id).await?.as_ref() != Some(&phone) {
        // One that waits already has its code: a page that is saved twice sends one.
        change_phone::ask(tx, ports, &after, &phone).await?;
    }
    Ok(after)
}
