//! Once a working day each of the staff is told what waits for him, if anything does: new applications, steps that take too
//! long, payments that wait longer than a working day, open refunds.

use std::collections::BTreeMap;

use chassis::{Error, dial, status};
use kernel::{Role, Time};
use proto::identity::v1::{ListStaffContactsRequest, identity_client::IdentityClient};

use super::{Ports, notify};
use crate::{
    domain::{kind::Kind, params::Params},
    store::{
        case::{self, Model},
        digest_day, message,
    },
};

/// One step of the worker; tells how many were written to.
pub(crate) async fn step(ports: &Ports) -> Result<u64, Error> {
    let (context, now) = (&ports.context, ports.context.sources.now());
    let civil = context.zone.civil(now);
    let today = civil.date();
    let hour = ports.config.digest_hour;
    if !ports.calendar.now().is_working(today) || civil.hour() < hour {
        return Ok(0);
    }
    let day = today.to_string();
    if digest_day::is_done(context.db.read(), &day).await? {
        return Ok(0);
    }
    let cases = case::to_do(context.db.read()).await?;
    let late = |since: i64| {
        let came = context.zone.date(Time::from_micros(since));
        ports.calendar.now().add_working_days(came, 1) < today
    };
    let mut counted: BTreeMap<String, Params> = BTreeMap::new();
    for role in [Role::Manager, Role::Supervisor, Role::Finance] {
        for account_id in members(ports, role).await? {
            let own = counted.entry(account_id.clone()).or_default();
            add(own, &count(role, &account_id, &cases, &late));
        }
    }
    let busy = |params: &Params| params.fresh + params.overdue + params.refunds + params.pending > 0;
    let told: Vec<(String, Params)> = counted.into_iter().filter(|(_, params)| busy(params)).collect();
    let inner = ports.clone();
    let done = context
        .db
        .write(move |tx| async move {
            if !digest_day::done(&tx, &day).await? {
                return Ok(0);
            }
            for (account_id, params) in &told {
                let params = Params { date: day.clone(), ..params.clone() };
                let fresh = message::Fresh {
                    event_id: format!("digest-{day}"),
                    account_id: account_id.clone(),
                    role: String::new(),
                    kind: Kind::StaffDigest.code().to_owned(),
                    application_number: 0,
                    params: serde_json::to_string(&params).map_err(|error| Error::Internal(error.into()))?,
                    created_at: now.micros(),
                    due_at: now.micros(),
                    traceparent: String::new(),
                };
                notify::insert(&tx, &inner, fresh).await?;
            }
            Ok::<_, Error>(u64::try_from(told.len()).unwrap_or(0))
        })
        .await?;
    ports.wake.notify_one();
    Ok(done)
}

async fn members(ports: &Ports, role: Role) -> Result<Vec<String>, Error> {
    let call = ports.context.system_call().await?;
    let request = dial::request(ListStaffContactsRequest { role: role.code().to_owned() }, &call);
    let answer = IdentityClient::new(ports.context.dialer.channel("identity")?).list_staff_contacts(request).await;
    let contacts = answer.map_err(|refused| status::into_error(&refused))?.into_inner().contacts;
    Ok(contacts.into_iter().filter(|one| !one.disabled).map(|one| one.account_id).collect())
}

/// What waits for one who has the role.
fn count(role: Role, account_id: &str, cases: &[Model], late: &impl Fn(i64) -> bool) -> Params {
    let many = |wanted: &dyn Fn(&Model) -> bool| {
        u32::try_from(cases.iter().filter(|case| wanted(case)).count()).unwrap_or(u32::MAX)
    };
    let mine = |case: &Model| case.manager_id == account_id;
    let pending = || many(&|case| case.pending_since.is_some_and(late));
    match role {
        Role::Manager => Params {
            fresh: many(&|case| case.state == "NEW" && (case.manager_id.is_empty() || mine(case))),
            overdue: many(&|case| case.overdue_since.is_some() && mine(case)),
            pending: pending(),
            ..Params::default()
        },
        Role::Supervisor => Params {
            fresh: many(&|case| case.state == "PENDING_APPROVAL"),
            overdue: many(&|case| case.overdue_since.is_some()),
            refunds: many(&|case| case.refund_since.is_some()),
            ..Params::default()
        },
        Role::Finance => {
            Params { refunds: many(&|case| case.refund_since.is_some()), pending: pending(), ..Params::default() }
        }
        Role::Applicant | Role::Admin => Params::default(),
    }
}

/// Of one who holds several roles each thing is told once.
fn add(own: &mut Params, more: &Params) {
    own.fresh += more.fresh;
    own.overdue = own.overdue.max(more.overdue);
    own.refunds = own.refunds.max(more.refunds);
    own.pending = own.pending.max(more.pending);
}
