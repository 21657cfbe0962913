//! Who is in an office and waits: one queue for those who have booked and those who have not, and whom to call next.

use jiff::civil::Date;
use kernel::{ApplicationNumber, AppointmentId, Time, coded};

coded! {
    /// How somebody came to be in the queue.
    Lane {
        Booked = "booked",
        Priority = "priority",
        WalkIn = "walk_in",
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub id: String,
    /// Where it was given; empty in old rows, which are the first office's.
    pub office: String,
    pub day: Date,
    pub number: i64,
    pub application: ApplicationNumber,
    pub appointment: Option<AppointmentId>,
    pub lane: Lane,
    pub arrived_at: Time,
    /// From when on it is this visitor's turn.
    pub due_at: Time,
    pub called_at: Option<Time>,
    pub desk: i32,
    pub ended_at: Option<Time>,
    /// Went away without being served.
    pub left: bool,
}

impl Ticket {
    pub(crate) fn state(&self) -> &'static str {
        match (self.called_at, self.ended_at) {
            (_, Some(_)) if self.left => "left",
            (_, Some(_)) => "served",
            (Some(_), None) => "called",
            (None, None) => "waiting",
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.called_at.is_none() && self.ended_at.is_none()
    }

    /// Less is called earlier: whose time has come and who paid for priority, in the order of their times; then who
    /// came without one; then who came before his time.
    pub(crate) fn rank(&self, now: Time) -> (u8, Time, i64) {
        let class = match self.lane {
            Lane::Priority => 0,
            Lane::Booked if self.due_at <= now => 0,
            Lane::WalkIn => 1,
            Lane::Booked => 2,
        };
        (class, self.due_at, self.number)
    }
}

/// When it is the turn of one who comes at `now` to a visit: at its start, or when he comes if that is later by more than
/// a little.
pub(crate) fn due(start: Time, now: Time, patience: std::time::Duration) -> Time {
    if now <= start.plus(patience) { start } else { now }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(number: i64, lane: Lane, due: i64) -> Ticket {
        Ticket {
            id: number.to_string(),
            office: "astana".to_owned(),
            day: jiff::civil::date(2026, 11, 24),
            number,
            application: ApplicationNumber::new(101).unwrap(),
            appointment: None,
            lane,
            arrived_at: Time::from_micros(0),
            due_at: Time::from_micros(due),
            called_at: None,
            desk: 0,
            ended_at: None,
            left: false,
        }
    }

    #[test]
    fn one_queue_calls_whose_time_has_come_then_who_has_none_then_who_is_early() {
        let mut queue = [
            ticket(1, Lane::WalkIn, 10),
            ticket(2, Lane::Booked, 60),
            ticket(3, Lane::Booked, 40),
            ticket(4, Lane::Priority, 30),
            ticket(5, Lane::WalkIn, 20),
            ticket(6, Lane::Booked, 20),
        ];
        queue.sort_by_key(|ticket| ticket.rank(Time::from_micros(50)));
        assert_eq!(queue.map(|ticket| ticket.number), [6, 4, 3, 1, 5, 2]);
    }

    #[test]
    fn who_is_a_little_late_keeps_his_turn() {
        let patience = std::time::Duration::from_micros(15);
        let (start, at) = (Time::from_micros(100), Time::from_micros);
        assert_eq!([due(start, at(90), patience), due(start, at(115), patience)], [start, start]);
        assert_eq!(due(start, at(116), patience), at(116));
    }
}
