//! Use-cases, one a file, each in the same five steps: load, decide, save under the version, tell the facts, commit
//! (the commit is the command's frame, in the chassis).

pub(crate) mod act;
pub(crate) mod act_labels;
pub(crate) mod add_note;
pub(crate) mod apply_expiry;
pub(crate) mod apply_invoice;
pub(crate) mod apply_payment_status;
pub(crate) mod apply_visit;
pub(crate) mod approve;
pub(crate) mod assign;
pub(crate) mod cancel;
pub(crate) mod claim;
pub(crate) mod complete;
pub(crate) mod create;
pub(crate) mod decide_edition;
pub(crate) mod desk;
pub(crate) mod download_document;
pub(crate) mod erase;
pub(crate) mod export_reads;
pub(crate) mod import_catalogue;
pub(crate) mod mark_ready;
pub(crate) mod membership;
pub(crate) mod offer_pdf;
pub(crate) mod personal_manager;
pub(crate) mod post_message;
pub(crate) mod propose_edition;
pub(crate) mod read_thread;
pub(crate) mod receive_originals;
pub(crate) mod recommend;
pub(crate) mod record_decision;
pub(crate) mod record_hand_out;
pub(crate) mod reject;
pub(crate) mod release;
pub(crate) mod remove_document;
pub(crate) mod remove_person;
pub(crate) mod renew;
pub(crate) mod reply_to_mark;
pub(crate) mod request_originals;
pub(crate) mod return_for_correction;
pub(crate) mod review_document;
pub(crate) mod save_answers;
pub(crate) mod save_contact;
pub(crate) mod save_manager_tasks;
pub(crate) mod save_person;
pub(crate) mod save_services;
pub(crate) mod send_back;
pub(crate) mod send_to_state_body;
pub(crate) mod submit;
pub(crate) mod terms;
pub(crate) mod upload_document;

use std::sync::Arc;

use chassis::{Context, Error, Tx, calendar::Calendar, consent::ConsentText};
use intake::{Intake, Limits};
use kernel::{Actor, PersonItemId, Role};
use proto::applications::v1 as pb;
use typesetting::Typesetter;

use crate::{
    catalogue::{Catalogue, shelf::Shelf},
    config::Config,
    domain::{
        case::Case,
        codes,
        facts::{Fact, PricedLine},
        permissions::{View, acts_for_owner, edits, view},
    },
    events, queries, store,
};

/// What the use-cases work with.
pub(crate) struct Ports {
    pub context: Context,
    pub config: Config,
    pub shelf: Shelf,
    /// What whoever submits consents to.
    pub consent: ConsentText,
    pub calendar: Calendar,
    pub intake: Intake,
    pub colleagues: assign::Colleagues,
    /// Made when the first PDF is asked for: fonts take memory.
    pub typesetter: tokio::sync::OnceCell<Arc<Typesetter>>,
}

impl Ports {
    pub(crate) async fn new(context: Context, config: Config) -> anyhow::Result<Self> {
        let shelf = Shelf::open(&context, &config).await?;
        let consent = ConsentText::load(include_str!("../catalogue/consent.toml"), &config.consent_file)?;
        let calendar = Calendar::open(&config.calendar_file)?;
        let limits = Limits { pages: config.documents.pages_max, pixels: config.documents.megapixels_max * 1_000_000 };
        let intake = Intake::new(limits, &config.documents.scanner);
        Ok(Self {
            context,
            config,
            shelf,
            consent,
            calendar,
            intake,
            colleagues: assign::Colleagues::default(),
            typesetter: tokio::sync::OnceCell::new(),
        })
    }

    /// The catalogue of the present day, in the centre's zone.
    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        self.shelf.on(self.context.zone.date(self.context.sources.now()))
    }
}

/// Loads a case that the actor may see whole.
pub(crate) async fn load(tx: &Tx, ports: &Ports, actor: &Actor, number: i64) -> Result<Case, Error> {
    let case = store::case::load(&**tx, &ports.context.sealer, &ports.catalogue(), number).await?;
    match view(&case, actor) {
        Some(View::Whole) => Ok(case),
        Some(View::Money) => Err(Error::Forbidden),
        None => Err(Error::NotFound),
    }
}

/// The same at the version that the caller read; another version is a conflict.
pub(crate) async fn load_at(tx: &Tx, ports: &Ports, actor: &Actor, number: i64, version: i64) -> Result<Case, Error> {
    let case = load(tx, ports, actor, number).await?;
    if case.version == version { Ok(case) } else { Err(Error::VersionConflict) }
}

/// The same for whoever may edit it: its owner, and staff who filed it for him.
pub(crate) async fn load_own(tx: &Tx, ports: &Ports, actor: &Actor, number: i64, version: i64) -> Result<Case, Error> {
    let case = load(tx, ports, actor, number).await?;
    if !edits(&case, actor) {
        return Err(Error::Forbidden);
    }
    case.editable()?;
    if case.version == version { Ok(case) } else { Err(Error::VersionConflict) }
}

/// The same for an edit: what staff do for the owner stands in the case's history.
pub(crate) async fn load_editable(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    number: i64,
    version: i64,
) -> Result<Case, Error> {
    let mut case = load_own(tx, ports, actor, number, version).await?;
    touched(tx, ports, actor, &mut case, "EDITED_ON_BEHALF").await?;
    Ok(case)
}

/// Notes that the content is changed now, and, where staff do it for the owner, who.
pub(crate) async fn touched(tx: &Tx, ports: &Ports, actor: &Actor, case: &mut Case, action: &str) -> Result<(), Error> {
    case.touched_at = ports.context.sources.now();
    if actor.account() == Some(case.owner) || !acts_for_owner(case, actor) {
        return Ok(());
    }
    store::save::note_once(tx, case, actor, action, case.touched_at).await
}

/// The manager who handles the case, or a supervisor.
pub(crate) fn handled_by(case: &Case, actor: &Actor) -> Result<kernel::AccountId, Error> {
    let who = chassis::auth::permit::staff(actor, &[Role::Manager, Role::Supervisor])?;
    case.handled_by(who, actor.has_role(Role::Supervisor))?;
    Ok(who)
}

/// Saves what a move has changed, notes it in the timeline and tells its facts.
pub(crate) async fn save_moved(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    case: &mut Case,
    facts: &[Fact],
    reason: &str,
) -> Result<(), Error> {
    let context = &ports.context;
    store::save::update(tx, &context.sealer, case).await?;
    store::save::after_move(tx, case).await?;
    if case.loaded.state != Some(case.state) {
        terms::begin(tx, ports, case).await?;
    }
    if case.state.is_final() {
        store::erase::ended(tx, case.number.get(), context.sources.now()).await?;
    }
    // What staff find it by.
    if facts.iter().any(|fact| matches!(fact, Fact::Submitted | Fact::Resubmitted { .. })) {
        store::name_word::write(tx, case).await?;
        if case.loaded.returned.is_some() {
            store::returned::came_back(tx, &context.sealer, case).await?;
        }
    }
    if facts.iter().any(|fact| matches!(fact, Fact::Returned { .. })) {
        store::returned::keep(tx, &context.sealer, case, context.sources.now()).await?;
    }
    store::original::save(tx, case).await?;
    if facts.contains(&Fact::HandedOut) {
        store::hand_out::save(tx, &context.sealer, case).await?;
    }
    // That a visit may be booked once more, or no more to fetch something, stands in the step beside it.
    let told_by_step = |fact: &&Fact| {
        matches!(
            fact,
            Fact::PickUpAwaited { .. } | Fact::PickUpNoLongerAwaited | Fact::DocumentsAwaited { again: true, .. }
        )
    };
    for fact in facts.iter().filter(|fact| !told_by_step(fact)) {
        store::save::note_fact(tx, case, actor, fact, reason, context.sources.now()).await?;
    }
    events::publish(tx, context, case, facts).await
}

/// The invoice's lines at the prices that the case holds.
pub(crate) fn priced_lines(catalogue: &Catalogue, case: &Case) -> Result<Vec<PricedLine>, Error> {
    let terms = catalogue.terms.as_ref().ok_or_else(|| Error::Internal(anyhow::anyhow!("no terms are in force")))?;
    let (manager, walk_in) = (&terms.personal_manager, &terms.walk_in);
    case.priced_lines((&manager.product_code, &manager.description), (&walk_in.product_code, &walk_in.description))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("the sum of application {} overflows", case.number)))
}

/// Person items by their ids.
pub(crate) fn item_ids(ids: &[String]) -> Result<Vec<PersonItemId>, Error> {
    ids.iter()
        .map(|id| id.parse::<PersonItemId>().map_err(|_| Error::at("person_item_ids", codes::ITEM_UNKNOWN)))
        .collect()
}

/// A text given as a reason, bounded.
pub(crate) fn reason(text: &str) -> Result<String, Error> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let parsed = kernel::FreeText::<1000>::parse(text);
    parsed.map(Into::into).map_err(|error| Error::at("reason", kernel::ErrorCode::code(&error)))
}

/// What is written on a case: several lines, bounded.
pub(crate) fn written(text: &str) -> Result<String, Error> {
    let parsed = kernel::FreeText::<2000>::parse(text);
    parsed.map(Into::into).map_err(|error| Error::at("text", kernel::ErrorCode::code(&error)))
}

/// The case as the caller gets it back.
pub(crate) async fn answer(tx: &Tx, ports: &Ports, actor: &Actor, number: i64) -> Result<pb::Application, Error> {
    queries::application(&**tx, ports, actor, number).await
}
