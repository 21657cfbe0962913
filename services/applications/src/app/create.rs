//! Opens a draft: its number is given at once. Staff open one for a client at the desk.

use std::collections::HashSet;

use chassis::{Error, Tx, auth::permit, counter};
use kernel::{AccountId, Actor, ApplicationNumber, LineId};
use proto::applications::v1::{Application, CreateApplicationRequest, LineChoice};

use super::{Ports, answer};
use crate::{
    app::save_services::line,
    domain::{
        case::{Case, Contact, Loaded, Membership, MembershipKind, PaymentStatus},
        codes,
        state::State,
    },
    store,
};

/// The first application's number, as in the guide.
const FIRST: i64 = 101;

pub(crate) async fn run(
    tx: &Tx,
    ports: &Ports,
    actor: &Actor,
    command: &CreateApplicationRequest,
    client: Option<AccountId>,
) -> Result<Application, Error> {
    let caller = permit::user(actor)?;
    // Staff file for a client whom identity knows, never for themselves.
    let owner = match client {
        Some(client) => client,
        None if actor.is_staff() => return Err(Error::Forbidden),
        None => caller,
    };
    let filed_by = client.map(|_| caller);
    let (context, catalogue) = (&ports.context, ports.catalogue());
    if !catalogue.types().iter().any(|kind| kind.code == command.r#type) {
        return Err(Error::at("type", codes::TYPE_UNKNOWN));
    }
    if command.services.is_empty() {
        return Err(Error::at("services", codes::SERVICES_NONE));
    }
    let mut seen = HashSet::new();
    let codes_chosen: Vec<&String> = command.services.iter().filter(|code| seen.insert(code.as_str())).collect();
    if codes_chosen.len() > ports.config.limits.lines_max {
        return Err(Error::at("services", codes::SERVICES_TOO_MANY));
    }
    let lines = codes_chosen
        .iter()
        .map(|code| {
            let choice = LineChoice { service_code: (*code).clone(), quantity: 1, personal_manager: false };
            line(&catalogue, || LineId::from_uuid(context.sources.uuid()), &choice, None, false)
                .ok_or_else(|| Error::at("services", codes::SERVICE_UNKNOWN))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let now = context.sources.now();
    let number = counter::next(tx, "application", FIRST).await?;
    let contact = Contact::default();
    let case = Case {
        number: ApplicationNumber::new(number).map_err(|_| Error::corrupt("counter", "value", "application"))?,
        version: 1,
        owner,
        kind: command.r#type.clone(),
        state: State::Draft,
        payment_status: PaymentStatus::None,
        payment_version: 0,
        created_at: now,
        submitted_at: None,
        membership: Membership {
            kind: MembershipKind::Unknown,
            bin: String::new(),
            organisation_name: String::new(),
            verified: false,
        },
        lines,
        walk_in: false,
        walk_in_price: catalogue.walk_in_price(),
        contact_faults: store::case::contact_faults(&contact),
        contact,
        documents: Vec::new(),
        acceptance: None,
        assigned_to: None,
        reviewed_by: None,
        marks: Vec::new(),
        return_reason: String::new(),
        decision_reason: String::new(),
        filed_by,
        papers_sha256: String::new(),
        touched_at: now,
        erased: false,
        hand_outs: Vec::new(),
        received: Vec::new(),
        loaded: Loaded::default(),
    };
    store::save::insert(tx, &context.sealer, &case).await?;
    let action = if filed_by.is_some() { "FILED_AT_DESK" } else { "CREATED" };
    store::save::note(tx, &case, actor, action, "", now).await?;
    answer(tx, ports, actor, number).await
}
