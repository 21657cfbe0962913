//! Saves a case: the application's row under its version, and what hangs on it.

use chassis::{Error, Tx, seal::Sealer};
use kernel::{AccountId, Actor, Role, Time, name_key};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};

use super::{
    answers_place, application, client_place, contact_place, document, line, mark, person, seal_json, timeline,
    values_place,
};
use crate::domain::{
    case::{Case, Line, Person},
    documents::DocumentState,
    facts::Fact,
};

fn row(case: &Case, sealer: &Sealer) -> Result<application::ActiveModel, Error> {
    let number = case.number.get();
    let first = case.lines.first();
    let service = first.map(|line| line.name.clone()).unwrap_or_default();
    let contact_name = format!("{} {}", case.contact.surname, case.contact.given_name).trim().to_owned();
    let account = |id: Option<kernel::AccountId>| id.map(|id| id.to_string()).unwrap_or_default();
    let json = |value| serde_json::to_string(value).map_err(|error| Error::Internal(error.into()));
    Ok(application::ActiveModel {
        number: Set(number),
        version: Set(case.version),
        owner: Set(case.owner.to_string()),
        kind: Set(case.kind.clone()),
        state: Set(case.state.code().to_owned()),
        payment_status: Set(case.payment_status.code().to_owned()),
        payment_version: Set(case.payment_version),
        created_at: Set(case.created_at.micros()),
        submitted_at: Set(case.submitted_at.map(|at| at.micros())),
        membership_kind: Set(case.membership.kind.code().to_owned()),
        bin: Set(case.membership.bin.clone()),
        organisation_name: Set(case.membership.organisation_name.clone()),
        membership_verified: Set(case.membership.verified),
        walk_in: Set(case.walk_in),
        walk_in_price: Set(case.walk_in_price.minor()),
        total: Set(case.total().map_or(0, |total| total.minor())),
        name_key: Set(name_key(&contact_name)),
        contact_name: Set(contact_name),
        contact_sealed: Set(seal_json(sealer, &contact_place(number), &case.contact)?),
        service_name: Set(json(&service)?),
        services_more: Set(i32::try_from(case.lines.len().saturating_sub(1)).unwrap_or(i32::MAX)),
        service_key: Set(case
            .lines
            .iter()
            .flat_map(|line| [&line.path.en, &line.path.ru, &line.path.kk])
            .map(|text| name_key(text))
            .collect::<Vec<_>>()
            .join(" | ")),
        offer_version: Set(case.acceptance.as_ref().map_or(0, |given| given.version)),
        offer_accepted_at: Set(case.acceptance.as_ref().map(|given| given.at.micros())),
        offer_client_sealed: Set(match &case.acceptance {
            Some(given) => sealer.seal_text(&client_place(number), &given.client)?,
            None => Vec::new(),
        }),
        assigned_to: Set(account(case.assigned_to)),
        reviewed_by: Set(account(case.reviewed_by)),
        return_reason: Set(case.return_reason.clone()),
        decision_reason: Set(case.decision_reason.clone()),
        filed_by: Set(account(case.filed_by)),
        offer_by: Set(account(case.acceptance.as_ref().and_then(|given| given.by_mandate))),
        papers_sha256: Set(case.papers_sha256.clone()),
        touched_at: Set(case.touched_at.micros()),
        ..Default::default()
    })
}

/// Writes a new case.
pub(crate) async fn insert(tx: &Tx, sealer: &Sealer, case: &Case) -> Result<(), Error> {
    application::Entity::insert(row(case, sealer)?).exec_without_returning(&**tx).await?;
    replace_lines(tx, sealer, case).await
}

/// Raises the version by compare-and-set and writes the application's row. Call it first: its row lock keeps the
/// facts of one case in order.
pub(crate) async fn update(tx: &Tx, sealer: &Sealer, case: &mut Case) -> Result<(), Error> {
    let before = case.version;
    case.version += 1;
    let mut changed = row(case, sealer)?;
    changed.number = sea_orm::ActiveValue::NotSet;
    let done = application::Entity::update_many()
        .set(changed)
        .filter(application::Column::Number.eq(case.number.get()))
        .filter(application::Column::Version.eq(before))
        .exec(&**tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::VersionConflict) }
}

/// Writes all lines anew, none of them gone.
pub(crate) async fn write_lines(tx: &Tx, sealer: &Sealer, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    line::Entity::delete_many().filter(line::Column::Number.eq(number)).exec(&**tx).await?;
    let rows = case
        .lines
        .iter()
        .enumerate()
        .map(|(ordinal, line)| line_row(sealer, number, ordinal, line))
        .collect::<Result<Vec<_>, Error>>()?;
    if !rows.is_empty() {
        line::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// Writes all lines anew; persons of lines that are gone go with them, and their files too unless they were submitted.
pub(crate) async fn replace_lines(tx: &Tx, sealer: &Sealer, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    write_lines(tx, sealer, case).await?;
    let kept: Vec<String> = case.persons().map(|person| person.id.to_string()).collect();
    person::Entity::delete_many()
        .filter(person::Column::Number.eq(number))
        .filter(person::Column::Id.is_not_in(kept.clone()))
        .exec(&**tx)
        .await?;
    document::Entity::update_many()
        .col_expr(document::Column::State, Expr::value(DocumentState::taken_away(case.submitted_at.is_some()).code()))
        .filter(document::Column::Number.eq(number))
        .filter(document::Column::State.ne(DocumentState::Receiving.code()))
        .filter(document::Column::PersonId.ne(""))
        .filter(document::Column::PersonId.is_not_in(kept))
        .exec(&**tx)
        .await?;
    Ok(())
}

fn line_row(sealer: &Sealer, number: i64, ordinal: usize, line: &Line) -> Result<line::ActiveModel, Error> {
    let json = |value| serde_json::to_string(value).map_err(|error| Error::Internal(error.into()));
    Ok(line::ActiveModel {
        id: Set(line.id.to_string()),
        number: Set(number),
        ordinal: Set(i32::try_from(ordinal).unwrap_or(i32::MAX)),
        service_code: Set(line.service_code.clone()),
        name: Set(json(&line.name)?),
        path: Set(json(&line.path)?),
        quantity: Set(i32::try_from(line.quantity).unwrap_or(i32::MAX)),
        personal_manager: Set(line.personal_manager),
        price: Set(line.price.minor()),
        personal_manager_price: Set(line.personal_manager_price.map(|price| price.minor())),
        service_version: Set(line.service_version),
        answers_sealed: Set(if line.answers.is_empty() {
            None
        } else {
            Some(seal_json(sealer, &answers_place(&line.id.to_string()), &line.answers)?)
        }),
        form_code: Set(line.form_code.clone()),
        form_version: Set(line.form_version),
        product_code: Set(line.product_code.clone()),
        description: Set(line.description.clone()),
    })
}

/// A dispatch as its columns hold it.
#[derive(Default)]
struct Sent {
    outgoing_number: String,
    sent_on: String,
    expected_on: String,
}

impl Sent {
    fn of(person: &Person) -> Self {
        person.dispatch.as_ref().map_or_else(Self::default, |sent| Self {
            outgoing_number: sent.outgoing_number.clone(),
            sent_on: sent.sent_on.to_string(),
            expected_on: sent.expected_on.map(|day| day.to_string()).unwrap_or_default(),
        })
    }
}

/// Writes one person, new or changed.
pub(crate) async fn put_person(
    tx: &Tx,
    sealer: &Sealer,
    case: &Case,
    line: &Line,
    person: &Person,
) -> Result<(), Error> {
    let id = person.id.to_string();
    let ordinal = line.persons.iter().position(|other| other.id == person.id).unwrap_or(0);
    let sent = Sent::of(person);
    let passport = person.values.get("passport_number").map_or("", String::as_str);
    person::Entity::insert(person::ActiveModel {
        line_id: Set(line.id.to_string()),
        number: Set(case.number.get()),
        ordinal: Set(i32::try_from(ordinal).unwrap_or(i32::MAX)),
        name: Set(person.name.clone()),
        name_key: Set(name_key(&person.name)),
        values_sealed: Set(seal_json(sealer, &values_place(&id), &person.values)?),
        passport_index: Set(if passport.is_empty() { Vec::new() } else { sealer.blind_index("passport", passport) }),
        item_state: Set(person.item_state.code().to_owned()),
        decision_note: Set(person.decision_note.clone()),
        outgoing_number: Set(sent.outgoing_number),
        sent_on: Set(sent.sent_on),
        expected_on: Set(sent.expected_on),
        id: Set(id),
    })
    .on_conflict(
        sea_orm::sea_query::OnConflict::column(person::Column::Id)
            .update_columns([
                person::Column::Name,
                person::Column::NameKey,
                person::Column::ValuesSealed,
                person::Column::PassportIndex,
                person::Column::ItemState,
                person::Column::DecisionNote,
            ])
            .to_owned(),
    )
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// Writes the states of persons' items and of documents, and the marks, where a move has changed them.
pub(crate) async fn after_move(tx: &Tx, case: &Case) -> Result<(), Error> {
    let number = case.number.get();
    for person in case.persons().filter(|person| !case.loaded.has_item(person)) {
        let sent = Sent::of(person);
        person::Entity::update_many()
            .col_expr(person::Column::ItemState, Expr::value(person.item_state.code()))
            .col_expr(person::Column::DecisionNote, Expr::value(person.decision_note.clone()))
            .col_expr(person::Column::OutgoingNumber, Expr::value(sent.outgoing_number))
            .col_expr(person::Column::SentOn, Expr::value(sent.sent_on))
            .col_expr(person::Column::ExpectedOn, Expr::value(sent.expected_on))
            .filter(person::Column::Id.eq(person.id.to_string()))
            .exec(&**tx)
            .await?;
    }
    for document in case.all_documents().filter(|paper| !case.loaded.has_paper(paper)) {
        document::Entity::update_many()
            .col_expr(document::Column::State, Expr::value(document.state.code()))
            .col_expr(document::Column::Reason, Expr::value(document.reason.clone()))
            .filter(document::Column::Id.eq(document.id.to_string()))
            .exec(&**tx)
            .await?;
    }
    if case.loaded.has_marks(&case.marks) {
        return Ok(());
    }
    mark::Entity::delete_many().filter(mark::Column::Number.eq(number)).exec(&**tx).await?;
    let marks: Vec<_> = case
        .marks
        .iter()
        .map(|given| mark::ActiveModel {
            number: Set(number),
            field: Set(given.field.clone()),
            reason: Set(given.reason.clone()),
        })
        .collect();
    if !marks.is_empty() {
        mark::Entity::insert_many(marks).exec_without_returning(&**tx).await?;
    }
    Ok(())
}

/// One row of the timeline.
pub(crate) async fn note(
    tx: &Tx,
    case: &Case,
    actor: &Actor,
    action: &str,
    reason: &str,
    now: Time,
) -> Result<(), Error> {
    insert_note(tx, case, actor, action, reason, now, (None, None)).await
}

/// The same, unless it is what the case's last row says already: edits side by side are told once.
pub(crate) async fn note_once(tx: &Tx, case: &Case, actor: &Actor, action: &str, now: Time) -> Result<(), Error> {
    let last = timeline::Entity::find()
        .filter(timeline::Column::Number.eq(case.number.get()))
        .order_by_desc(timeline::Column::Seq)
        .limit(1)
        .one(&**tx)
        .await?;
    if last.is_some_and(|row| row.action == action && row.actor == actor.principal()) {
        return Ok(());
    }
    note(tx, case, actor, action, "", now).await
}

/// The row of a fact; where the case went to other hands, from whose and to whose.
pub(crate) async fn note_fact(
    tx: &Tx,
    case: &Case,
    actor: &Actor,
    fact: &Fact,
    reason: &str,
    now: Time,
) -> Result<(), Error> {
    let hands = if let Fact::Assigned { from, to, .. } = fact { (*from, *to) } else { (None, None) };
    insert_note(tx, case, actor, action(fact), reason, now, hands).await
}

async fn insert_note(
    tx: &Tx,
    case: &Case,
    actor: &Actor,
    action: &str,
    reason: &str,
    now: Time,
    (from, to): (Option<AccountId>, Option<AccountId>),
) -> Result<(), Error> {
    let kind = if actor.is_system() {
        "system"
    } else if actor.is_staff() && !actor.has_role(Role::Applicant) {
        "staff"
    } else {
        "applicant"
    };
    timeline::Entity::insert(timeline::ActiveModel {
        number: Set(case.number.get()),
        at: Set(now.micros()),
        action: Set(action.to_owned()),
        actor_kind: Set(kind.to_owned()),
        actor: Set(actor.principal()),
        reason: Set(reason.to_owned()),
        state: Set(case.state.code().to_owned()),
        from_account: Set(from.map(|id| id.to_string()).unwrap_or_default()),
        to_account: Set(to.map(|id| id.to_string()).unwrap_or_default()),
        ..Default::default()
    })
    .exec_without_returning(&**tx)
    .await?;
    Ok(())
}

/// The timeline's word for a fact.
fn action(fact: &Fact) -> &'static str {
    match fact {
        Fact::Submitted => "SUBMITTED",
        Fact::Claimed { .. } => "CLAIMED",
        Fact::Returned { .. } => "RETURNED",
        Fact::Resubmitted { .. } => "RESUBMITTED",
        Fact::ApprovalRecommended => "APPROVAL_RECOMMENDED",
        Fact::SentBackToReview { .. } => "SENT_BACK",
        Fact::Rejected => "REJECTED",
        Fact::Approved { .. } => "APPROVED",
        Fact::Renewed { .. } => "RENEWED",
        Fact::Cancelled { .. } => "CANCELLED",
        Fact::Expired { .. } => "EXPIRED",
        Fact::DocumentsAwaited { .. } => "DOCUMENTS_AWAITED",
        Fact::DocumentsNoLongerAwaited => "DOCUMENTS_NO_LONGER_AWAITED",
        Fact::Assigned { to: Some(_), .. } => "ASSIGNED",
        Fact::Assigned { to: None, .. } => "RELEASED",
        Fact::PickUpAwaited { .. } => "PICK_UP_AWAITED",
        Fact::PickUpNoLongerAwaited => "PICK_UP_NO_LONGER_AWAITED",
        Fact::HandedOut => "HANDED_OUT",
        Fact::Progressed { step, .. } => step,
    }
}
