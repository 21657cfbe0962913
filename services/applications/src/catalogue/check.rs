//! What must be true of catalogue files beyond their form.

use std::collections::HashSet;

use kernel::Localized;

use super::{CatalogueFile, Offer};
use crate::domain::form::{FieldKind, Form};

/// One sentence per fault.
pub(super) fn faults(file: &CatalogueFile, forms: &[Form], offers: &[Offer]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut complete = |what: String, text: &Localized| {
        if text.is_incomplete() {
            faults.push(format!("{what}: a language is missing"));
        }
    };
    for kind in &file.types {
        complete(format!("type {}", kind.code), &kind.name);
    }
    for category in &file.categories {
        complete(format!("category {}", category.code), &category.name);
    }
    for paper in &file.documents {
        complete(format!("document {}", paper.code), &paper.name);
    }
    for service in &file.services {
        complete(format!("service {}", service.code), &service.name);
        complete(format!("service {} group", service.code), &service.group);
    }
    for form in forms {
        for field in &form.fields {
            complete(format!("form {} field {}", form.code, field.key), &field.label);
        }
    }
    for offer in offers {
        complete(format!("offer {}", offer.version), &offer.title);
        for (index, block) in offer.blocks.iter().enumerate() {
            complete(format!("offer {} block {index}", offer.version), &block.text);
        }
    }
    let mut seen = HashSet::new();
    for service in &file.services {
        let code = &service.code;
        if !seen.insert(code) {
            faults.push(format!("service {code}: stands twice"));
        }
        if service.price < 0 || service.personal_manager_price.is_some_and(|price| price < 0) {
            faults.push(format!("service {code}: a price is below zero"));
        }
        if !file.categories.iter().any(|category| category.code == service.category) {
            faults.push(format!("service {code}: no category {}", service.category));
        }
        if !service.form.is_empty() && !forms.iter().any(|form| form.code == service.form) {
            faults.push(format!("service {code}: no form {}", service.form));
        }
        for paper in service.documents.required.iter().chain(&service.documents.optional) {
            if !file.documents.iter().any(|known| known.code == *paper) {
                faults.push(format!("service {code}: no document {paper}"));
            }
        }
    }
    for form in forms {
        for field in form.fields.iter().filter(|field| field.kind == FieldKind::Choice && field.choices.is_empty()) {
            faults.push(format!("form {} field {}: a choice without choices", form.code, field.key));
        }
    }
    faults
}
