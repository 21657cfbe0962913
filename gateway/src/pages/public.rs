//! Pages for anyone: Home, About, the service catalogue, the public offer.

mod about;
mod calculator;
mod expat_centre;
mod home;
mod offer;
mod service;
mod verify;

use crate::routes::{Audience, Route, get};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(Audience::Public, "/", home::show),
        get(Audience::Public, "/about", about::show),
        get(Audience::Public, "/expat-centre", expat_centre::show),
        get(Audience::Public, "/expat-centre/calculator", calculator::show),
        get(Audience::Public, "/expat-centre/services/{code}", service::show),
        get(Audience::Public, "/verify", verify::ask),
        get(Audience::Public, "/verify/{code}", verify::of),
        get(Audience::Public, "/public-offer", offer::show),
        get(Audience::Public, "/public-offer/pdf", offer::pdf),
    ]
}
