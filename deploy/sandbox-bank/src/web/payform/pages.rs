//! The pages payers see.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::form::{CardForm, Fault};
use crate::book::Page;
use crate::card::{CARDS, Card};
use crate::clock;
use crate::desk::Bank;
use crate::status::Status;
use crate::transaction::{CODE, Transaction};
use crate::web::text::Text;

/// A template as a page.
pub(in crate::web) fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "card.html")]
struct CardPage<'a> {
    text: &'static Text,
    page: &'a Page,
    merchant: &'a str,
    amount: String,
    pay: String,
    seconds: i64,
    clock: String,
    name: &'a str,
    faults: &'a [Fault],
    cards: &'static [Card],
}

impl CardPage<'_> {
    fn fault(&self, field: &str) -> Option<&'static str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.message)
    }
}

/// The card form, with what is wrong with it.
pub(super) fn card(bank: &Bank, page: &Page, form: &CardForm, faults: &[Fault]) -> Response {
    let text = Text::of(&page.order.language);
    let seconds = (page.expires_millis - clock::now_millis()) / 1000;
    if seconds <= 0 {
        return expired(page);
    }
    let amount = page.order.amount.page();
    let rendered = render(&CardPage {
        text,
        page,
        merchant: &bank.config().merchant_name,
        pay: text.pay.replace("{amount}", &amount),
        amount,
        seconds,
        clock: format!("{}:{:02}", seconds / 60, seconds % 60),
        name: form.name(),
        faults,
        cards: CARDS,
    });
    if faults.is_empty() { rendered } else { (StatusCode::UNPROCESSABLE_ENTITY, rendered).into_response() }
}

/// The card form came too late.
pub(super) fn expired(page: &Page) -> Response {
    let text = Text::of(&page.order.language);
    problem(text, text.expired, Some(page.order.failure_back_link.clone()))
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage<'a> {
    text: &'static Text,
    page: &'a Page,
    amount: String,
    card_mask: &'a str,
    wrong: bool,
    right_code: &'static str,
}

/// The one-time code's form.
pub(super) fn code(page: &Page, transaction: &Transaction) -> Response {
    render(&CodePage {
        text: Text::of(&page.order.language),
        page,
        amount: page.order.amount.page(),
        card_mask: &transaction.card_mask,
        wrong: transaction.code_tries > 0,
        right_code: CODE,
    })
}

#[derive(Template)]
#[template(path = "result.html")]
struct ResultPage<'a> {
    text: &'static Text,
    good: bool,
    title: &'static str,
    explanation: &'static str,
    amount: String,
    transaction: &'a Transaction,
    close: &'a str,
    auto: bool,
}

/// How it went.
pub(super) fn result(page: &Page, transaction: &Transaction) -> Response {
    let text = Text::of(&page.order.language);
    let waiting = transaction.reason_code == 454;
    let good = match transaction.status {
        Status::Auth | Status::Charge | Status::Refund => !waiting,
        Status::New | Status::Fingerprint | Status::ThreeD | Status::Cancel | Status::Reject | Status::Failed => false,
    };
    let (title, explanation) = match (good, waiting) {
        (true, _) => (text.paid, ""),
        (false, true) => (text.waiting, text.waiting_more),
        (false, false) => (text.not_paid, text.class(transaction.reason_code)),
    };
    let order = &page.order;
    render(&ResultPage {
        text,
        good,
        title,
        explanation,
        amount: transaction.original.and(transaction.bonus).page(),
        transaction,
        close: if good { &order.back_link } else { &order.failure_back_link },
        auto: order.auto_back_link,
    })
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    text: &'static Text,
    message: &'a str,
    back: Option<String>,
}

/// Nothing can be paid here.
pub(in crate::web) fn problem(text: &'static Text, message: &str, back: Option<String>) -> Response {
    (StatusCode::BAD_REQUEST, render(&ProblemPage { text, message, back })).into_response()
}
