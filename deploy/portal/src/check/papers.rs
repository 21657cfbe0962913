//! C5: the set of papers that was approved is the set that is kept, until its case is erased.

use std::collections::BTreeMap;

use sea_orm::FromQueryResult;

use super::{Databases, Report, of, rows};

#[derive(FromQueryResult)]
struct Approved {
    number: i64,
    papers_sha256: String,
}

#[derive(FromQueryResult)]
struct Paper {
    number: i64,
    person_id: String,
    code: String,
    id: String,
    sha256: Vec<u8>,
}

pub(super) async fn check(databases: &Databases, report: &mut Report) -> anyhow::Result<()> {
    let applications = of(databases, "applications")?;
    let approved: Vec<Approved> = rows(
        applications,
        "SELECT number, papers_sha256 FROM application WHERE papers_sha256 <> '' AND erased_at IS NULL",
    )
    .await?;
    let papers: Vec<Paper> = rows(
        applications,
        "SELECT d.number, d.person_id, d.code, d.id, d.sha256 FROM document d \
         JOIN application a ON a.number = d.number WHERE a.papers_sha256 <> '' \
         AND d.state IN ('uploaded', 'accepted', 'rejected') AND d.code <> 'result'",
    )
    .await?;
    let mut sets: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for paper in papers {
        let sha256: String = paper.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let line = applications::frozen::line(&paper.person_id, &paper.code, &paper.id, &sha256);
        sets.entry(paper.number).or_default().push(line);
    }
    for case in &approved {
        let set = applications::frozen::text(sets.remove(&case.number).unwrap_or_default());
        if applications::papers_digest(&set) != case.papers_sha256 {
            report
                .violations
                .push(format!("C5 application {}: its papers are not those that were approved", case.number));
        }
    }
    report.lines.push(format!("C5 {} approved sets of papers", approved.len()));
    Ok(())
}
