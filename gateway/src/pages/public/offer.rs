//! The public offer to read and to download.

use askama::Template;
use proto::applications::v1::{GetPublicOfferRequest, PublicOffer};

use crate::frame::Frame;
use crate::pages::{Answer, attachment, html};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "public/offer.html")]
struct OfferPage {
    frame: Frame,
    offer: PublicOffer,
}

fn request(visit: &Visit) -> tonic::Request<GetPublicOfferRequest> {
    visit.ask(GetPublicOfferRequest {
        version: visit.query.number("version"),
        locale: visit.language().tag().to_owned(),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let offer = visit.app.services.applications().get_public_offer(request(&visit)).await?.into_inner();
    Ok(html(&OfferPage { frame: Frame::new(&visit, "public-offer"), offer }))
}

pub(super) async fn pdf(visit: Visit) -> Answer {
    let file = visit.app.services.applications().get_public_offer_pdf(request(&visit)).await?.into_inner();
    Ok(attachment(&file.file_name, "application/pdf", file.data))
}
