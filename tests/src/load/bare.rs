//! The same work on the bare database: the portal's tables and statements without edge, calls, sign-in and rules.

mod pgbench;
mod sqlite;

use std::{sync::Arc, time::Duration};

use super::{
    drive::Figures,
    report::Side,
    world::{Store, World},
};

pub(super) use pgbench::connect as server;
pub(super) use sqlite::writer as file;

/// The statement of a list, word for word as the portal sends it, but for its places' names.
const NEWEST: &str = r#"SELECT "application"."number", "application"."version", "application"."service_name", "application"."services_more", "application"."created_at", "application"."state", "application"."payment_status", "application"."assigned_to", "application"."contact_name", "application"."total", "application"."visit_at", (SELECT COUNT(*) FROM "application" WHERE "application"."owner" = ?) AS "total_rows", (SELECT "thread"."unread_by_applicant" FROM "thread" WHERE "thread"."number" = "application"."number") AS "unread" FROM "application" WHERE "application"."owner" = ? ORDER BY "application"."number" DESC LIMIT ? OFFSET ?"#;

/// A service's name as a row holds it.
pub(super) const SERVICE_NAME: &str = r#"{"en":"Business visa B1, B2, B3 – Single entry","ru":"деловая виза B1, B2, B3 – однократная","kk":"іскерлік виза B1, B2, B3 – бір реттік"}"#;

/// Columns of an application that are written; others stay empty.
pub(super) const COLUMNS: &str = "number, version, owner, kind, state, payment_status, payment_version, created_at, submitted_at, membership_kind, bin, \
     organisation_name, membership_verified, walk_in, walk_in_price, total, contact_name, name_key, contact_sealed, \
     service_name, services_more, service_key, offer_version, offer_accepted_at, offer_client_sealed, assigned_to, \
     reviewed_by, return_reason, decision_reason, visit_at";

/// Work on a service's database past the portal.
pub(super) enum Bare {
    /// Done in this process.
    Sqlite(sqlite::Bench),
    /// Done by PostgreSQL's own load program.
    Pgbench(Box<pgbench::Bench>),
}

impl Bare {
    /// Reads the ten newest of one owner after another.
    pub(super) async fn lists(world: &World, owners: &Arc<[String]>) -> anyhow::Result<Self> {
        Ok(match world.store("applications")? {
            Store::File(file) => Self::Sqlite(sqlite::Bench::lists(&file, owners).await?),
            Store::Server(url) => Self::Pgbench(Box::new(pgbench::Bench::lists(world, &url, owners)?)),
        })
    }

    /// Books one of so many slots, a transaction for each booking.
    pub(super) async fn bookings(world: &World, slots: usize) -> anyhow::Result<Self> {
        Ok(match world.store("booking")? {
            Store::File(file) => Self::Sqlite(sqlite::Bench::bookings(&file, world.scratch(), slots).await?),
            Store::Server(url) => Self::Pgbench(Box::new(pgbench::Bench::bookings(world, &url, slots).await?)),
        })
    }

    /// Inserts an application and its fact, a transaction for each.
    pub(super) async fn submissions(world: &World) -> anyhow::Result<Self> {
        Ok(match world.store("applications")? {
            Store::File(file) => Self::Sqlite(sqlite::Bench::submissions(&file, world.scratch()).await?),
            Store::Server(url) => Self::Pgbench(Box::new(pgbench::Bench::submissions(world, &url).await?)),
        })
    }

    /// One measurement, warmed up, beside this many clients of the portal.
    pub(super) async fn measure(&mut self, clients: usize, time: Duration) -> anyhow::Result<Figures> {
        match self {
            Self::Sqlite(bench) => bench.measure(clients, time).await,
            Self::Pgbench(bench) => bench.measure(time).await,
        }
    }

    /// How many clients it has beside this many of the portal.
    pub(super) fn clients(&self, clients: usize) -> usize {
        match self {
            Self::Sqlite(bench) => bench.clients(clients),
            Self::Pgbench(_) => pgbench::CLIENTS,
        }
    }

    pub(super) fn side(&self) -> Side {
        Side::Bare(match self {
            Self::Sqlite(_) => "bare SQL",
            Self::Pgbench(_) => "pgbench",
        })
    }

    /// How the database means to answer a list, a line each.
    pub(super) async fn plan(&self) -> anyhow::Result<Vec<String>> {
        match self {
            Self::Sqlite(bench) => bench.plan().await,
            Self::Pgbench(bench) => bench.plan().await,
        }
    }
}
