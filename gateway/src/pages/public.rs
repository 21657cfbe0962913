//! Pages for anyone: Home, About, the service catalogue, the public offer.

mod about;
mod expat_centre;
mod home;
mod offer;

use crate::routes::{Audience, Route, get};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Public, "/", home::show),
        get(Audience::Public, "/about", about::show),
        get(Audience::Public, "/expat-centre", expat_centre::show),
        get(Audience::Public, "/public-offer", offer::show),
        get(Audience::Public, "/public-offer/pdf", offer::pdf),
    ]
}
