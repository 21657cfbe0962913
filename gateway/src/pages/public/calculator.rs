//! The price calculator: what a choice of services costs today, counted by the service. Complete without scripts.

use askama::Template;
use proto::applications::v1::{Catalogue, CatalogueService, GetCatalogueRequest, GetQuoteRequest, LineChoice, Quote};

use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, words};
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/calculator.html")]
struct CalculatorPage {
    frame: Frame,
    form: Form,
    catalogue: Catalogue,
    quote: Option<Quote>,
}

impl CalculatorPage {
    fn has_member_prices(&self) -> bool {
        self.catalogue
            .categories
            .iter()
            .flat_map(|category| &category.services)
            .any(|service| service.member_price.is_some())
    }

    fn quantity(&self, service: &CatalogueService) -> String {
        let typed = self.form.value(&format!("quantity.{}", service.code));
        if typed.is_empty() { "0".to_owned() } else { typed.to_owned() }
    }

    fn fault(&self, service: &CatalogueService) -> Option<String> {
        self.form.error(&format!("quantity.{}", service.code))
    }
}

pub(super) async fn show(visit: Visit) -> Answer {
    let request = visit.ask(GetCatalogueRequest {});
    let catalogue = visit.app.services.applications().get_catalogue(request).await?.into_inner();
    let fields = visit.query.clone();
    let managers = fields.all("manager");
    let services = || catalogue.categories.iter().flat_map(|category| &category.services);
    let chosen: Vec<LineChoice> = services()
        .filter(|service| !matches!(fields.get(&format!("quantity.{}", service.code)).trim(), "" | "0"))
        .map(|service| LineChoice {
            service_code: service.code.clone(),
            quantity: fields.number(&format!("quantity.{}", service.code)),
            personal_manager: managers.contains(&service.code),
        })
        .collect();
    let frame = Frame::new(&visit, "price-calculator");
    if chosen.is_empty() {
        let form = Form::new(&visit, fields);
        return Ok(html(&CalculatorPage { frame, form, catalogue, quote: None }));
    }
    let codes: Vec<String> = chosen.iter().map(|line| line.service_code.clone()).collect();
    let request =
        visit.ask(GetQuoteRequest { lines: chosen, walk_in: fields.has("walk_in"), member: fields.has("member") });
    match visit.app.services.applications().get_quote(request).await {
        Ok(quote) => {
            let form = Form::new(&visit, fields);
            Ok(html(&CalculatorPage { frame, form, catalogue, quote: Some(quote.into_inner()) }))
        }
        Err(status) => {
            let mut problem = Problem::from(status).refusal()?;
            for violation in &mut problem.violations {
                let index = violation.field.strip_prefix("lines[").and_then(|rest| rest.split_once(']'));
                if let Some(code) = index.and_then(|(index, _)| codes.get(index.parse::<usize>().ok()?)) {
                    violation.field = format!("quantity.{code}");
                }
            }
            let form = Form::refused(&visit, fields, problem.clone());
            Ok(html_refused(&CalculatorPage { frame, form, catalogue, quote: None }, &problem))
        }
    }
}
