//! The term of an invoice: reminders before its end, days of grace after it for money that is on its way, then it is void.

use jiff::civil::Date;
use kernel::WorkingCalendar;

use super::{billable::Billable, invoice::Invoice, invoice::InvoiceState, status::PaymentStatus};

/// Days before the end at which a reminder is sent.
pub(crate) const REMINDERS: [i32; 3] = [7, 3, 1];

/// What is due to be done about an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// The reminder of this step, with so many days left.
    Remind {
        step: i32,
        days_left: i32,
    },
    Expire,
}

/// The last day on which money is waited for: so many bank days after the printed date.
pub(crate) fn last_day(due_date: Date, grace_days: u32, calendar: &WorkingCalendar) -> Date {
    calendar.add_working_days(due_date, grace_days)
}

/// Invoices that were due before this day have run out: the first one whose days of grace reach to today, or beyond.
pub(crate) fn over_before(today: Date, grace_days: u32, calendar: &WorkingCalendar) -> Date {
    let mut day = today;
    while let Ok(before) = day.yesterday() {
        if last_day(before, grace_days, calendar) < today {
            break;
        }
        day = before;
    }
    day
}

impl Billable {
    /// What is due about its invoice in force. Nothing while money is under way or in.
    pub(crate) fn due(
        &self,
        invoice: &Invoice,
        reminded: Option<i32>,
        today: Date,
        grace_days: u32,
        calendar: &WorkingCalendar,
    ) -> Option<Due> {
        let waits = !self.closed
            && !self.expired
            && self.status == PaymentStatus::NotPaid
            && self.live_attempt.is_none()
            && self.invoice == Some(invoice.id)
            && invoice.state == InvoiceState::Issued;
        if !waits {
            return None;
        }
        if today > last_day(invoice.due_date, grace_days, calendar) {
            return Some(Due::Expire);
        }
        let days_left = today.until(invoice.due_date).map_or(0, |span| span.get_days());
        // The latest step that has come; one that was over when the invoice was issued never comes.
        let lay_ahead = invoice.document_date.until(invoice.due_date).map_or(0, |span| span.get_days());
        let step = REMINDERS.into_iter().rev().find(|step| days_left <= *step && *step < lay_ahead)?;
        let fresh = days_left >= 0 && reminded.is_none_or(|last| step < last);
        fresh.then_some(Due::Remind { step, days_left })
    }
}
