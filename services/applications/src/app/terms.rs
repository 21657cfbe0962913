//! Terms of the steps: each new step gets its own; the applicant is reminded of his and may lose it, the centre is told of
//! its own.

use std::sync::Arc;

use chassis::{Error, Tx, worker::each};
use kernel::{Actor, Time, WorkingCalendar, Zone};

use super::{Ports, save_moved};
use crate::{
    config::TermsConfig,
    domain::{
        case::Case,
        state::State,
        terms::{Notice, Term, notice},
    },
    events, store,
};

/// Cases of one step.
const AT_ONCE: u64 = 50;

/// How long a step may take, as the settings say; nothing for a step without a term.
fn term(terms: &TermsConfig, state: State) -> Option<Term> {
    let days = match state {
        State::Returned => return Some(Term::Days(terms.correction_days)),
        State::New => terms.new,
        State::InReview => terms.in_review,
        State::PendingApproval => terms.pending_approval,
        State::InProgress => terms.in_progress,
        State::ReadyForPickup => terms.ready_for_pickup,
        // The applicant's turn, with billing's and booking's own terms; or nobody's.
        State::Draft
        | State::AwaitingPayment
        | State::AwaitingDocuments
        | State::DocsPartial
        | State::Completed
        | State::Rejected
        | State::Cancelled
        | State::Expired => 0,
    };
    (days > 0).then_some(Term::WorkingDays(days))
}

/// When the term of a step that began at `since` ends: with its last day, in the centre's zone.
pub(crate) fn due_at(
    terms: &TermsConfig,
    calendar: &WorkingCalendar,
    zone: &Zone,
    state: State,
    since: Time,
) -> Option<Time> {
    let last = term(terms, state)?.last_day(zone.date(since), calendar);
    Some(zone.start_of(last.tomorrow().unwrap_or(last)))
}

/// Begins the term of the step to which a case has come.
pub(crate) async fn begin(tx: &Tx, ports: &Ports, case: &Case) -> Result<(), Error> {
    let now = ports.context.sources.now();
    let due = due_at(&ports.config.terms, &ports.calendar.now(), &ports.context.zone, case.state, now);
    store::term::begin(tx, case, now, due).await
}

/// Tells what is to be told of terms, some at a time; how much that was.
pub(crate) async fn step(ports: &Arc<Ports>) -> Result<u64, Error> {
    let context = &ports.context;
    let numbers = store::term::pressing(context.db.read(), context.sources.now(), AT_ONCE).await?;
    // A case that somebody moves at this moment has another term then.
    let told = each(numbers, |number| {
        let inner = Arc::clone(ports);
        context.db.write(move |tx| async move { tell(&tx, &inner, number).await })
    });
    told.await
}

/// Tells whether there was anything to tell.
async fn tell(tx: &Tx, ports: &Ports, number: i64) -> Result<bool, Error> {
    let context = &ports.context;
    let mut case = store::case::load(&**tx, &context.sealer, &ports.catalogue(), number).await?;
    let Some(row) = store::term::of(&**tx, number).await? else { return Ok(false) };
    let Some(due_at) = row.due_at.filter(|_| row.state == case.state.code()) else { return Ok(false) };
    let Some(due) = notice(case.state, Time::from_micros(due_at), row.told, context.sources.now()) else {
        return Ok(false);
    };
    match due {
        Notice::Remind { told, days_left } => {
            let place = store::term::tell(tx, &row, told, row.due_at).await?;
            events::publish_correction_due(tx, context, &case, place, days_left).await?;
        }
        Notice::RemindLate { due_at } => {
            let place = store::term::tell(tx, &row, 2, Some(due_at.micros())).await?;
            events::publish_correction_due(tx, context, &case, place, 1).await?;
        }
        Notice::Overdue => {
            let place = store::term::tell(tx, &row, 1, row.due_at).await?;
            events::publish_overdue(tx, context, &case, place).await?;
        }
        Notice::Expire => {
            let facts = case.expire("not_corrected")?;
            let actor = Actor::System { service: context.service.to_owned(), cause: "terms".to_owned() };
            save_moved(tx, ports, &actor, &mut case, &facts, "").await?;
        }
    }
    Ok(true)
}
