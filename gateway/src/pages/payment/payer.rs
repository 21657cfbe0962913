//! The step "Review" after approval: disclaimer, payment and payer's information; "Next" issues the invoice.

use askama::Template;
use axum::extract::Path;
use proto::applications::v1::{Application, State};
use proto::billing::v1::{Billable, IssueInvoiceRequest, Payer};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::account::saved::{Keeping, Kind, Saved};
use crate::pages::applications::{countries, load};
use crate::pages::{Answer, Choice, html, html_refused, steps, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::text::Texts;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "payment/payer.html")]
struct PayerPage {
    frame: Frame,
    form: Form,
    steps: Vec<steps::Step>,
    payments: Vec<Choice>,
    payment_types: Vec<Choice>,
    countries: Vec<Choice>,
    billable: Billable,
    own: Saved,
}

impl PayerPage {
    fn new(visit: &Visit, application: &Application, billable: Billable, own: Saved, form: Form) -> Self {
        let texts = &visit.texts;
        let mut countries = countries(visit.language());
        countries.insert(0, Choice::new("", "–"));
        Self {
            frame: Frame::new(visit, "step-review"),
            form,
            steps: steps::steps(application, steps::Place::Review),
            payments: ["online", "transfer"].map(|way| Choice::new(way, texts.get(&format!("payment-{way}")))).into(),
            payment_types: payment_types(texts),
            countries,
            billable,
            own,
        }
    }
}

/// "Individual" and "Legal entity".
pub(in crate::pages) fn payment_types(texts: &Texts) -> Vec<Choice> {
    ["individual", "legal"].map(|kind| Choice::new(kind, texts.get(&format!("payment-type-{kind}")))).into()
}

fn known(payer: &Payer) -> Fields {
    Fields::of(&[
        ("payment", payer.payment.as_str()),
        ("payment_type", &payer.payment_type),
        ("given_name", &payer.given_name),
        ("surname", &payer.surname),
        ("patronymic", &payer.patronymic),
        ("residency", &payer.residency),
        ("citizenship", &payer.citizenship),
        ("tax_number", &payer.tax_number),
        ("identity_number", &payer.identity_number),
        ("zip_code", &payer.zip_code),
        ("country", &payer.country),
        ("city", &payer.city),
        ("district", &payer.district),
        ("company_name", &payer.company_name),
        ("bin", &payer.bin),
        ("address", &payer.address),
        ("bank", &payer.bank),
        ("iban", &payer.iban),
        ("bic", &payer.bic),
        ("contract_number", &payer.contract_number),
    ])
}

pub(super) async fn show(visit: Visit, Path(number): Path<i64>) -> Answer {
    let application = load(&visit, number).await?;
    if application.state != State::AwaitingPayment as i32 {
        return Ok(to(&format!("/applications/{number}")));
    }
    let billable = super::billable(&visit, number).await?;
    let own = Saved::of(&visit, Kind::Payer).await;
    // What was chosen stands before what was entered earlier: the first value of a name counts.
    let mut fields = Fields::default();
    own.fill(&visit, &mut fields);
    for (name, value) in known(&billable.payer.clone().unwrap_or_default()).pairs() {
        fields.set(name, value);
    }
    Ok(html(&PayerPage::new(&visit, &application, billable, own, Form::new(&visit, fields))))
}

pub(super) async fn issue(Path(number): Path<i64>, posted: Posted) -> Answer {
    match store(&posted, number).await {
        Ok(()) => Ok(to(&format!("/applications/{number}/invoice"))),
        Err(problem) => {
            let (visit, problem) = (&posted.visit, problem.refusal()?);
            let application = load(visit, number).await?;
            let billable = super::billable(visit, number).await?;
            let own = Saved::of(visit, Kind::Payer).await;
            let form = Form::refused(visit, posted.fields.clone(), problem.clone());
            Ok(html_refused(&PayerPage::new(visit, &application, billable, own, form), &problem))
        }
    }
}

async fn store(posted: &Posted, number: i64) -> Result<(), Problem> {
    let keeping = Keeping::asked(posted, Kind::Payer).await?;
    let text = |name: &str| posted.fields.text(name);
    let request = posted.command(IssueInvoiceRequest {
        application_number: number,
        payer: Some(Payer {
            payment: text("payment"),
            payment_type: text("payment_type"),
            given_name: text("given_name"),
            surname: text("surname"),
            patronymic: text("patronymic"),
            residency: text("residency"),
            citizenship: text("citizenship"),
            tax_number: text("tax_number"),
            identity_number: text("identity_number"),
            zip_code: text("zip_code"),
            country: text("country"),
            city: text("city"),
            district: text("district"),
            company_name: text("company_name"),
            bin: text("bin"),
            address: text("address"),
            bank: text("bank"),
            iban: text("iban"),
            bic: text("bic"),
            contract_number: text("contract_number"),
        }),
    });
    posted.visit.app.services.billing().issue_invoice(request).await?;
    if let Some(keeping) = keeping {
        keeping.keep(posted).await;
    }
    Ok(())
}
