//! Another person than the proposer publishes or declines an edition that changes a price.

use chassis::{Error, Tx, audit, auth::permit};
use kernel::{Actor, Refusal, Role};
use proto::applications::v1 as pb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{
    Ports,
    propose_edition::{day, reason, row},
};
use crate::{
    catalogue::check,
    domain::codes,
    queries::editions,
    store::edition::{self, Column, EditionState},
};

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &pb::DecideEditionRequest,
) -> Result<pb::Edition, Error> {
    permit::staff(actor, &[Role::Admin, Role::Finance])?;
    let context = &ports.context;
    let (now, said) = (context.sources.now(), reason(&command.reason)?);
    let held = row(tx, command.id).await?;
    let proposed = edition::parse(&held)?;
    if !editions::may_write(actor, &proposed.entry) {
        return Err(Error::Forbidden);
    }
    if held.state != EditionState::Proposed.code() {
        return Err(Refusal::new(codes::EDITION_DECIDED).into());
    }
    if held.proposed_by == actor.principal() {
        return Err(Refusal::new(codes::FOUR_EYES).into());
    }
    let state = if command.publish {
        let others = edition::of(&**tx, proposed.entry.kind(), &held.code).await?;
        let newer =
            |other: &edition::Model| other.version > held.version && other.state == EditionState::Published.code();
        if others.iter().any(newer) {
            return Err(Refusal::new(codes::EDITION_OVERTAKEN).into());
        }
        // Its day may have gone by while it waited: a price never changes backwards.
        day(&held.from_date, context.zone.date(now))?;
        let book = ports.shelf.book();
        let known = check::faults(&book, proposed.from);
        let faults = check::faults(&book.with(proposed.clone()), proposed.from);
        if let Some(fault) = faults.iter().find(|fault| !known.contains(fault)) {
            let told = kernel::Violation::new("body", codes::CATALOGUE_FAULT).with("faults", fault.sentence());
            return Err(Refusal::invalid(vec![told]).into());
        }
        EditionState::Published
    } else {
        if said.is_empty() {
            return Err(Error::at("reason", codes::REASON_MISSING));
        }
        EditionState::Declined
    };
    let done = edition::Entity::update_many()
        .col_expr(Column::State, Expr::value(state.code()))
        .col_expr(Column::DecidedBy, Expr::value(actor.principal()))
        .col_expr(Column::DecidedAt, Expr::value(now.micros()))
        .col_expr(Column::DecisionReason, Expr::value(said.clone()))
        .filter(Column::Seq.eq(command.id))
        .filter(Column::State.eq(EditionState::Proposed.code()))
        .exec(&**tx)
        .await?;
    if done.rows_affected != 1 {
        return Err(Refusal::new(codes::EDITION_DECIDED).into());
    }
    let action = if command.publish { "EDITION_PUBLISHED" } else { "EDITION_DECLINED" };
    let what = format!("{}/{}/{}", held.kind, held.code, held.version);
    audit::record(tx, &context.sources, actor, action, what, &said).await?;
    let history = edition::of(&**tx, proposed.entry.kind(), &held.code).await?;
    let after = row(tx, command.id).await?;
    editions::whole(ports, actor, &after, &history)
}
