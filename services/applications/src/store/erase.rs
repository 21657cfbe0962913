//! What a case holds of persons is erased after its term; numbers, states, sums and times stay.

use chassis::{Error, Tx, db::Source, seal::Sealer};
use kernel::Time;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{
    application, client_place, contact_place, document, hand_out, line, mark, mark_reply, message, name_word, note,
    person, returned, seal_json, timeline, values_place,
};
use crate::domain::{case::Contact, form::Values, state::State};

/// Notes when a case ended, once.
pub(crate) async fn ended(tx: &Tx, number: i64, at: Time) -> Result<(), Error> {
    application::Entity::update_many()
        .col_expr(application::Column::EndedAt, Expr::value(at.micros()))
        .filter(application::Column::Number.eq(number))
        .filter(application::Column::EndedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}

/// A case that had ended goes on: its term of keeping begins anew with its next end.
pub(crate) async fn goes_on(tx: &Tx, number: i64) -> Result<(), Error> {
    application::Entity::update_many()
        .col_expr(application::Column::EndedAt, Expr::value(None::<i64>))
        .filter(application::Column::Number.eq(number))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Cases that ended before a moment and still hold what is to be erased, some at a time.
pub(crate) async fn due(db: &impl Source, before: Time, count: u64) -> Result<Vec<i64>, Error> {
    let numbers = application::Entity::find()
        .filter(application::Column::EndedAt.lt(before.micros()))
        .filter(application::Column::ErasedAt.is_null())
        .order_by_asc(application::Column::EndedAt)
        .select_only()
        .column(application::Column::Number)
        .limit(count)
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers)
}

/// Applications that were never filed, untouched since a moment, that still hold what is to be erased, some at a time. The
/// owner of a draft was reminded before a moment, and since he touched it last.
pub(crate) async fn abandoned(db: &impl Source, before: Time, reminded: Time, count: u64) -> Result<Vec<i64>, Error> {
    let warned = Condition::all()
        .add(application::Column::State.eq(State::Draft.code()))
        .add(application::Column::RemindedAt.lt(reminded.micros()))
        .add(Expr::col(application::Column::RemindedAt).gt(Expr::col(application::Column::TouchedAt)));
    let cancelled = application::Column::State.eq(State::Cancelled.code());
    let numbers = application::Entity::find()
        .filter(Condition::any().add(warned).add(cancelled))
        .filter(application::Column::TouchedAt.lt(before.micros()))
        .filter(application::Column::SubmittedAt.is_null())
        .filter(application::Column::ErasedAt.is_null())
        .order_by_asc(application::Column::TouchedAt)
        .select_only()
        .column(application::Column::Number)
        .limit(count)
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers)
}

/// Drafts, untouched since a moment, whose owners were not reminded since, some at a time.
pub(crate) async fn to_remind(db: &impl Source, before: Time, count: u64) -> Result<Vec<i64>, Error> {
    let numbers = application::Entity::find()
        .filter(application::Column::State.eq(State::Draft.code()))
        .filter(application::Column::TouchedAt.lt(before.micros()))
        .filter(Expr::col(application::Column::RemindedAt).lte(Expr::col(application::Column::TouchedAt)))
        .order_by_asc(application::Column::TouchedAt)
        .select_only()
        .column(application::Column::Number)
        .limit(count)
        .into_tuple()
        .all(db)
        .await?;
    Ok(numbers)
}

/// Notes that a draft's owner is reminded; false where somebody has touched it, or reminded him, meanwhile.
pub(crate) async fn remind(tx: &Tx, number: i64, before: Time, now: Time) -> Result<bool, Error> {
    let done = application::Entity::update_many()
        .col_expr(application::Column::RemindedAt, Expr::value(now.micros()))
        .filter(application::Column::Number.eq(number))
        .filter(application::Column::State.eq(State::Draft.code()))
        .filter(application::Column::TouchedAt.lt(before.micros()))
        .filter(Expr::col(application::Column::RemindedAt).lte(Expr::col(application::Column::TouchedAt)))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ids of all stored files of a case, replaced ones too.
pub(crate) async fn files(db: &impl Source, number: i64) -> Result<Vec<String>, Error> {
    let ids = document::Entity::find()
        .filter(document::Column::Number.eq(number))
        .select_only()
        .column(document::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

pub(crate) async fn erase(tx: &Tx, sealer: &Sealer, number: i64, now: Time) -> Result<(), Error> {
    document::Entity::delete_many().filter(document::Column::Number.eq(number)).exec(&**tx).await?;
    message::Entity::delete_many().filter(message::Column::Number.eq(number)).exec(&**tx).await?;
    note::Entity::delete_many().filter(note::Column::Number.eq(number)).exec(&**tx).await?;
    mark::Entity::delete_many().filter(mark::Column::Number.eq(number)).exec(&**tx).await?;
    hand_out::Entity::delete_many().filter(hand_out::Column::Number.eq(number)).exec(&**tx).await?;
    mark_reply::clear(tx, number).await?;
    returned::Entity::delete_many().filter(returned::Column::Number.eq(number)).exec(&**tx).await?;
    name_word::Entity::delete_many().filter(name_word::Column::Number.eq(number)).exec(&**tx).await?;
    let persons: Vec<String> = person::Entity::find()
        .filter(person::Column::Number.eq(number))
        .select_only()
        .column(person::Column::Id)
        .into_tuple()
        .all(&**tx)
        .await?;
    for id in persons {
        let nothing = seal_json(sealer, &values_place(&id), &Values::new())?;
        person::Entity::update_many()
            .col_expr(person::Column::Name, Expr::value(""))
            .col_expr(person::Column::NameKey, Expr::value(""))
            .col_expr(person::Column::ValuesSealed, Expr::value(nothing))
            .col_expr(person::Column::PassportIndex, Expr::value(Vec::<u8>::new()))
            .col_expr(person::Column::DecisionNote, Expr::value(""))
            .filter(person::Column::Id.eq(id))
            .exec(&**tx)
            .await?;
    }
    line::Entity::update_many()
        .col_expr(line::Column::AnswersSealed, Expr::value(Option::<Vec<u8>>::None))
        .filter(line::Column::Number.eq(number))
        .exec(&**tx)
        .await?;
    timeline::Entity::update_many()
        .col_expr(timeline::Column::Reason, Expr::value(""))
        .filter(timeline::Column::Number.eq(number))
        .exec(&**tx)
        .await?;
    let contact = seal_json(sealer, &contact_place(number), &Contact::default())?;
    application::Entity::update_many()
        .col_expr(application::Column::ContactSealed, Expr::value(contact))
        .col_expr(application::Column::ContactName, Expr::value(""))
        .col_expr(application::Column::NameKey, Expr::value(""))
        .col_expr(application::Column::OfferClientSealed, Expr::value(sealer.seal_text(&client_place(number), "")?))
        .col_expr(application::Column::ReturnReason, Expr::value(""))
        .col_expr(application::Column::DecisionReason, Expr::value(""))
        .col_expr(application::Column::ErasedAt, Expr::value(now.micros()))
        .col_expr(application::Column::Version, Expr::col(application::Column::Version).add(1))
        .filter(application::Column::Number.eq(number))
        .exec(&**tx)
        .await?;
    Ok(())
}
