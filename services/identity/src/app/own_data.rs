//! The owner takes his data away. It is a read that gathers much, so it is recorded, and slowed where it is asked for often.

use std::sync::Arc;

use chassis::{Error, Tx, audit, auth::permit};
use kernel::Actor;
use proto::{common::v1::Consent, identity::v1::AccountDocument};

use super::{
    Ports, account_documents, consents,
    saved_answers::{self, Saved},
    sessions,
    slowing::{self, Subject},
};
use crate::{
    domain::{account::Account, codes, saved::SavedKind},
    store::{self, session},
};

/// What identity keeps of one account.
pub(crate) struct OwnData {
    pub account: Account,
    pub sessions: Vec<session::Model>,
    pub persons: Vec<Saved>,
    pub payers: Vec<Saved>,
    pub documents: Vec<AccountDocument>,
    pub consents: Vec<Consent>,
}

pub(crate) async fn take(ports: &Arc<Ports>, actor: &Actor) -> Result<OwnData, Error> {
    let context = &ports.context;
    let id = permit::user(actor)?;
    let account = store::by_id(context.db.read(), &context.sealer, id).await?;
    if account.disabled {
        return Err(Error::Unauthenticated);
    }
    let (inner, by) = (Arc::clone(ports), actor.clone());
    context.db.write(move |tx| async move { record(&tx, &inner, &by).await }).await?;
    // Staff keep no answers and no papers.
    let (persons, payers, documents) = if account.is_staff() {
        (Vec::new(), Vec::new(), Vec::new())
    } else {
        let persons = saved_answers::list(ports, actor, SavedKind::Person).await?;
        let payers = saved_answers::list(ports, actor, SavedKind::Payer).await?;
        (persons, payers, account_documents::list(ports, actor).await?.0)
    };
    let consents = consents::list(ports, actor).await?;
    Ok(OwnData { account, sessions: sessions::list(ports, actor).await?, persons, payers, documents, consents })
}

async fn record(tx: &Tx, ports: &Ports, actor: &Actor) -> Result<(), Error> {
    let (sources, id) = (&ports.context.sources, permit::user(actor)?);
    let subject = Subject::new(ports, "own-data", &id.to_string(), &ports.config.own_data);
    let subjects: Vec<Subject> = subject.into_iter().collect();
    if let Some(wait) = slowing::count(tx, sources.now(), &subjects).await? {
        return Err(slowing::slowed(codes::OWN_DATA_SLOWED, wait));
    }
    audit::record(tx, sources, actor, "OWN_DATA_TAKEN", id, "").await
}
