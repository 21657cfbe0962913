//! The progress bar "Application › Review › Payment › Overview": which step is done, which is open, which is shown.

use proto::applications::v1::{Application, PaymentStatus, State};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Application,
    Review,
    Payment,
    Overview,
}

pub(crate) struct Step {
    pub key: &'static str,
    /// "done", "current" or "ahead".
    pub look: &'static str,
    pub href: Option<String>,
}

/// The bar for an application, with the shown step marked.
pub(crate) fn steps(application: &Application, shown: Place) -> Vec<Step> {
    let state = State::try_from(application.state).unwrap_or_default();
    let editing = matches!(state, State::Draft | State::Returned);
    let paying = state == State::AwaitingPayment;
    let paid = matches!(
        application.payment_status(),
        PaymentStatus::Paid | PaymentStatus::PartlyRefunded | PaymentStatus::Refunded
    );
    let number = application.number;
    let step = |place: Place, key, done: bool, href: Option<String>| Step {
        key,
        look: if place == shown {
            "current"
        } else if done {
            "done"
        } else {
            "ahead"
        },
        href: href.filter(|_| place != shown),
    };
    let approved = paying || paid;
    vec![
        step(
            Place::Application,
            "step-application",
            !editing || shown > Place::Application,
            editing.then(|| format!("/applications/{number}")),
        ),
        step(
            Place::Review,
            "step-review",
            approved && shown > Place::Review,
            if editing {
                Some(format!("/applications/{number}/review"))
            } else {
                paying.then(|| format!("/applications/{number}/payer"))
            },
        ),
        step(
            Place::Payment,
            "step-payment",
            paid,
            (paying && shown > Place::Payment).then(|| format!("/applications/{number}/invoice")),
        ),
        // What was returned is talked about there too.
        step(
            Place::Overview,
            "step-overview",
            false,
            (state != State::Draft).then(|| format!("/applications/{number}/overview")),
        ),
    ]
}
