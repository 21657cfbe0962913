//! Today's prices on a case that may still be edited.

use super::{Catalogue, major};
use crate::domain::case::Case;

impl Catalogue {
    /// Nothing is frozen before submission: what an applicant sees is what he would agree to today. A line keeps the
    /// form that it was begun with.
    pub(crate) fn price(&self, case: &mut Case) {
        let member = case.membership.has_member_prices();
        for line in &mut case.lines {
            let Some((version, service)) = self.service(&line.service_code) else {
                line.ended = true;
                continue;
            };
            let price = major(service.price_for(member));
            case.loaded.priced_anew |= line.service_version != version || line.price != price;
            line.service_version = version;
            line.price = price;
            line.personal_manager_price = service.personal_manager_price.map(major);
            line.personal_manager &= line.personal_manager_price.is_some();
            line.product_code.clone_from(&service.product_code);
            line.description.clone_from(&service.description);
            line.requirements = self.requirements(service);
        }
        case.walk_in_price = self.walk_in_price();
    }
}
