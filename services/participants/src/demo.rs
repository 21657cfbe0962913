//! The demo's participants, all invented.

use std::collections::HashMap;

use chassis::Context;
use kernel::Actor;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::{
    domain::{check, file::Row, plan::Plan},
    store,
};

/// BIN, name, status, former name, legal form, registration number, date of registration.
const ROWS: [(&str, &str, &str, &str, &str, &str, &str); 12] = [
    ("180340990008", "Altyn Dala Advisory Ltd.", "active", "", "Private Company", "180340990", "2018-03-12"),
    ("190540990106", "Steppe Wind Capital Ltd.", "active", "", "Private Company", "190540991", "2019-05-20"),
    (
        "200240990209",
        "Tulpar Analytics Ltd.",
        "active",
        "Tulpar Consulting Ltd.",
        "Private Company",
        "200240992",
        "2020-02-03",
    ),
    ("200641990308", "Meridian Bridge Astana Branch", "active", "", "Recognised Company", "200641993", "2020-06-15"),
    ("210140990405", "Saryarqa Ventures Limited", "active", "", "Special Purpose Company", "210140994", "2021-01-11"),
    ("210940990503", "Qazyna Robotics Ltd.", "suspended", "", "Private Company", "210940995", "2021-09-27"),
    ("220350990607", "Northern Lantern Holding PLC", "active", "", "Public Company", "220350996", "2022-03-14"),
    ("221140990707", "Baiterek Legal LLP", "active", "", "Limited Liability Partnership", "221140997", "2022-11-08"),
    ("230440990806", "Silk Gate Fintech Ltd.", "active", "", "Private Company", "230440998", "2023-04-19"),
    ("231040990903", "Kokshe Trading Ltd.", "struck_off", "", "Private Company", "231040999", "2023-10-02"),
    ("240140991002", "Ulytau Heritage Foundation", "active", "", "Foundation", "240140910", "2024-01-22"),
    (
        "240740991103",
        "Ertis Education NPIO",
        "active",
        "",
        "Non-profit Incorporated Organisation",
        "240740911",
        "2024-07-30",
    ),
];

/// Writes the participants once; later starts find them.
pub async fn load(context: &Context) -> anyhow::Result<()> {
    if store::participant::Entity::find().count(context.db.read()).await? > 0 {
        return Ok(());
    }
    let plan = Plan::of(&HashMap::new(), check::all(&rows(), ROWS.len())?);
    let sources = context.sources.clone();
    let actor = Actor::System { service: "participants".to_owned(), cause: "demo".to_owned() };
    context
        .db
        .write(move |tx| async move {
            store::put(&tx, &plan.changes).await?;
            store::note_versions(&tx, sources.now(), &actor, "demo", &plan.changes).await
        })
        .await?;
    Ok(())
}

fn rows() -> Vec<Row> {
    ROWS.into_iter()
        .map(|(bin, name, status, former_name, legal_form, registration_number, registered_on)| Row {
            bin: bin.to_owned(),
            name: name.to_owned(),
            status: status.to_owned(),
            former_names: [former_name].into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            legal_form: legal_form.to_owned(),
            registration_number: registration_number.to_owned(),
            registered_on: registered_on.to_owned(),
            ..Row::default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_rows_pass_the_import() {
        assert_eq!(check::all(&rows(), ROWS.len()).unwrap().len(), ROWS.len());
    }
}
