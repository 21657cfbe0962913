//! An import from the operator's command line, who needs no account.

use std::sync::Arc;

use chassis::{Context, Error};
use kernel::Actor;

use super::{
    Ports,
    import::{self, Import},
};
use crate::{config::Config, domain::plan::Plan};

/// What an import changes or would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    /// One line a participant: its BIN, its name and what changes.
    pub changes: Vec<String>,
}

/// Reads a file of the register and tells what it changes; with `apply` it is written, all or nothing.
pub async fn import_file(
    context: &Context,
    config: Config,
    source: &str,
    file: Vec<u8>,
    apply: bool,
) -> Result<Imported, Error> {
    let ports = Arc::new(Ports::new(context.clone(), config));
    let import = Import { rows: Vec::new(), file, source: source.to_owned(), preview_digest: String::new() };
    let actor = Actor::System { service: "participants".to_owned(), cause: "command-line".to_owned() };
    if !apply {
        return Ok(told(&import::plan(ports.context.db.read(), &ports, &import).await?));
    }
    let own = Arc::clone(&ports);
    context.db.write(move |tx| async move { Ok(told(&import::carry_out(&tx, &own, &actor, &import).await?)) }).await
}

fn told(plan: &Plan) -> Imported {
    let line = |change: &crate::domain::plan::Change| {
        let fields: Vec<_> = change
            .fields
            .iter()
            .map(|field| format!("{}: {:?} -> {:?}", field.field, field.before, field.after))
            .collect();
        let what = if change.added { "new".to_owned() } else { fields.join(", ") };
        format!("{} {}: {what}", change.after.bin, change.after.name)
    };
    Imported {
        added: plan.added(),
        changed: plan.changed(),
        unchanged: plan.unchanged,
        changes: plan.changes.iter().map(line).collect(),
    }
}
