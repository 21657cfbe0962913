//! Which office a page is about, and where a visit takes place. With one office alone nobody is asked, and nothing is shown.

use std::collections::HashMap;

use proto::applications::v1::Application;
use proto::booking::v1::{GetBookingRightRequest, Office};

use crate::frame::local;
use crate::text::Language;
use crate::visit::Visit;

/// One of several offices to go to.
pub(crate) struct OfficeLink {
    pub href: String,
    pub name: String,
    pub address: String,
    pub current: bool,
}

/// The offices to choose among, by links; none where there is but one.
pub(crate) fn links(
    offices: &[Office],
    chosen: &str,
    language: Language,
    href: impl Fn(&str) -> String,
) -> Vec<OfficeLink> {
    if offices.len() < 2 {
        return Vec::new();
    }
    let link = |office: &Office| OfficeLink {
        href: href(&plain(&office.id)),
        name: local(office.name.as_ref(), language),
        address: local(office.address.as_ref(), language),
        current: office.id == chosen,
    };
    offices.iter().map(link).collect()
}

/// An office's id as an address takes it.
pub(crate) fn plain(id: &str) -> String {
    id.chars().filter(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')).collect()
}

/// The end of an address that keeps the office; empty without one.
pub(crate) fn kept(id: &str) -> String {
    let id = plain(id);
    if id.is_empty() { id } else { format!("&office={id}") }
}

/// Name and address of a visit's office, where there are several.
pub(crate) fn place(offices: &[Office], id: &str, language: Language) -> String {
    let found = offices.iter().find(|office| office.id == id && offices.len() > 1);
    found.map_or_else(String::new, |office| {
        format!("{}, {}", local(office.name.as_ref(), language), local(office.address.as_ref(), language))
    })
}

/// Where a case's visits take place, by their ids. A page goes on without it when booking does not tell.
pub(crate) async fn places(visit: &Visit, application: &Application) -> HashMap<String, String> {
    if application.visits.is_empty() {
        return HashMap::new();
    }
    let request = visit.ask(GetBookingRightRequest { application_number: application.number });
    let Ok(right) = visit.app.services.booking().get_booking_right(request).await else { return HashMap::new() };
    let right = right.into_inner();
    let places = right.appointments.iter().map(|booked| {
        let place = place(&right.offices, &booked.office_id, visit.language());
        (booked.id.clone(), place)
    });
    places.filter(|(_, place)| !place.is_empty()).collect()
}
