//! What an office offers now: which slots may be booked, and what an applicant may still change.

use kernel::{Actor, Code, Time};

use super::Ports;
use crate::domain::{
    appointment::{Appointment, State},
    codes,
    plan::Plan,
};

/// Whether a slot begins then, on a day that may be booked now. The office itself books up to the last moment.
pub(crate) fn bookable(ports: &Ports, plan: &Plan, actor: &Actor, start: Time) -> Result<(), Code> {
    let context = &ports.context;
    let civil = context.zone.civil(start);
    if !plan.slots(civil.date()).contains(&civil) {
        return Err(codes::SLOT_UNKNOWN);
    }
    let (config, now) = (&ports.config, context.sources.now());
    let ahead = (civil.date() - context.zone.date(now)).get_days();
    let in_time = (config.days_ahead_min..=config.days_ahead_max).contains(&ahead);
    let by_staff = actor.is_staff() && ahead <= config.days_ahead_max && start > now;
    if in_time || by_staff { Ok(()) } else { Err(codes::SLOT_TOO_SOON) }
}

/// Why the visit's own applicant may not give it another time now. Staff may at any time, and so may he when the office
/// has asked him to.
pub(crate) fn against_move(ports: &Ports, actor: &Actor, of: &Appointment) -> Option<Code> {
    if actor.account() != Some(of.account) || of.displaced_at.is_some() {
        None
    } else if is_too_late(ports, of) {
        Some(codes::MOVE_TOO_LATE)
    } else {
        (of.moves >= ports.config.moves_max).then_some(codes::MOVED_TOO_OFTEN)
    }
}

/// Why the visit's own applicant may not give it back now.
pub(crate) fn against_cancel(ports: &Ports, actor: &Actor, of: &Appointment) -> Option<Code> {
    let own = actor.account() == Some(of.account);
    let bound = of.state != State::Cancelled && of.displaced_at.is_none();
    (own && bound && is_too_late(ports, of)).then_some(codes::CANCEL_TOO_LATE)
}

/// On its day a visit is the office's to change.
fn is_too_late(ports: &Ports, of: &Appointment) -> bool {
    let zone = &ports.context.zone;
    zone.date(of.start) <= zone.date(ports.context.sources.now())
}

/// Until when "I will come" is waited for: not less than a while after it was asked.
pub(crate) fn confirm_by(ports: &Ports, of: &Appointment) -> Option<Time> {
    let release = ports.config.release_before()?;
    if of.state != State::Booked || of.confirmed_at.is_some() || of.displaced_at.is_some() {
        return None;
    }
    let due = of.start.minus(release);
    Some(of.reminded_at.map_or(due, |asked| due.max(asked.plus(ports.config.answer_within()))))
}

/// What the actor may do to an appointment now.
pub(crate) fn allowed(ports: &Ports, actor: &Actor, of: &Appointment) -> Vec<String> {
    if of.state != State::Booked {
        return Vec::new();
    }
    let calls = [
        ("MoveAppointment", against_move(ports, actor, of).is_none()),
        ("CancelAppointment", against_cancel(ports, actor, of).is_none()),
        ("ConfirmAttendance", of.confirmed_at.is_none() && of.displaced_at.is_none()),
    ];
    calls.into_iter().filter(|(_, may)| *may).map(|(call, _)| call.to_owned()).collect()
}
