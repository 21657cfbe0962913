//! How much waits on each work list: one grouped look at an index for a manager, two for who sees all cases, and one at what is late.

use std::collections::BTreeMap;

use chassis::{Error, auth::permit};
use kernel::{Actor, Role, Scope, Time};
use proto::applications::v1 as pb;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};

use super::lists::{LISTS, OVERDUE, overdue, sees_all};
use crate::{
    domain::state::{OPEN, State},
    store::application::{self, Column},
};

/// Lists of cases before their end. How long the list of all cases is, its own page tells.
pub(crate) async fn count_work(
    db: &impl ConnectionTrait,
    actor: &Actor,
    now: Time,
) -> Result<pb::CountWorkResponse, Error> {
    permit::staff_or_scope(actor, &[Role::Manager, Role::Supervisor, Role::Finance], Scope::ApplicationsRead)?;
    let me = actor.account().map(|id| id.to_string()).unwrap_or_default();
    let open = || {
        let states = OPEN.map(State::code);
        application::Entity::find().select_only().filter(Column::State.is_in(states))
    };
    let near: Vec<(String, String, i64)> = open()
        .filter(Column::AssignedTo.is_in([String::new(), me.clone()]))
        .columns([Column::AssignedTo, Column::State])
        .column_as(Column::Number.count(), "found")
        .group_by(Column::AssignedTo)
        .group_by(Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let seen: Vec<(String, i64)> = if sees_all(actor) {
        open()
            .column(Column::State)
            .column_as(Column::Number.count(), "found")
            .group_by(Column::State)
            .into_tuple()
            .all(db)
            .await?
    } else {
        near.iter().map(|(_, state, found)| (state.clone(), *found)).collect()
    };
    let mut by_state = BTreeMap::new();
    for (state, found) in seen {
        *by_state.entry(state).or_insert(0_u64) += found.unsigned_abs();
    }
    let held_by =
        |who: &str| near.iter().filter(|(held, ..)| held == who).map(|(.., found)| found.unsigned_abs()).sum();
    let mut lists: Vec<(&str, u64)> = vec![("pool", held_by(""))];
    if !me.is_empty() {
        lists.push(("mine", held_by(&me)));
    }
    for (list, states) in LISTS {
        lists.push((list, states.iter().filter_map(|state| by_state.get(state.code())).sum()));
    }
    let mut late = application::Entity::find().filter(Column::Number.in_subquery(overdue(now)));
    if !sees_all(actor) {
        late = late.filter(Column::AssignedTo.is_in([String::new(), me]));
    }
    lists.push((OVERDUE, late.count(db).await?));
    let lists = lists.into_iter().map(|(list, count)| pb::ListCount { list: list.to_owned(), count }).collect();
    Ok(pb::CountWorkResponse { lists })
}
