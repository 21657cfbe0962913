//! The supervisor, another person than the reviewer, approves: what is to be paid is frozen and told, and the set of papers
//! gets its digest.

use chassis::{Error, Tx};
use kernel::Actor;
use proto::applications::v1::{Application, CaseCommand};

use super::{Ports, answer, load_at, priced_lines, reason, save_moved};
use crate::{domain::frozen, store};

/// SHA-256 of a set of papers, hexadecimal.
pub fn papers_digest(set: &str) -> String {
    chassis::seal::digest(set.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) async fn run(tx: &Tx, ports: &Ports, actor: &Actor, command: &CaseCommand) -> Result<Application, Error> {
    let mut case = load_at(tx, ports, actor, command.number, command.version).await?;
    let said = reason(&command.reason)?;
    let who = chassis::auth::permit::staff(actor, &[kernel::Role::Supervisor])?;
    let lines = priced_lines(&ports.catalogue(), &case)?;
    let facts = case.approve(who, lines)?;
    case.papers_sha256 = papers_digest(&frozen::papers(&case));
    save_moved(tx, ports, actor, &mut case, &facts, &said).await?;
    let now = ports.context.sources.now();
    store::save::note(tx, &case, actor, "PAPERS_FROZEN", &case.papers_sha256, now).await?;
    answer(tx, ports, actor, command.number).await
}
