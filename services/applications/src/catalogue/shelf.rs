//! Where the process keeps the catalogue: as published, made ready for the present day, and looked at anew when
//! another process has published something.

use std::sync::{Arc, PoisonError, RwLock};

use chassis::{Context, Error};
use jiff::civil::Date;

use super::{Catalogue, book::Book, files};
use crate::{config::Config, store::edition};

struct Held {
    revision: (i64, i64),
    book: Arc<Book>,
    day: Arc<Catalogue>,
}

pub(crate) struct Shelf {
    held: RwLock<Held>,
}

impl Shelf {
    /// Brings entries of the files that are new into the database, then reads what is published.
    pub(crate) async fn open(context: &Context, config: &Config) -> anyhow::Result<Self> {
        let files = files::load(config)?;
        let now = context.sources.now();
        let fresh = context.db.write(move |tx| async move { edition::seed(&tx, files.editions(), now).await }).await?;
        if fresh > 0 {
            tracing::info!(entries = fresh, "the catalogue's files have brought new entries");
        }
        let held = read(context).await?;
        tracing::debug!(editions = held.book.editions().len(), "the catalogue is read");
        Ok(Self { held: RwLock::new(held) })
    }

    /// The catalogue of a day, as last read.
    pub(crate) fn on(&self, today: Date) -> Arc<Catalogue> {
        let book = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if held.day.today == today {
                return Arc::clone(&held.day);
            }
            Arc::clone(&held.book)
        };
        let day = Arc::new(book.on(today));
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&held.book, &book) {
            held.day = Arc::clone(&day);
        }
        day
    }

    /// Everything that is published.
    pub(crate) fn book(&self) -> Arc<Book> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).book)
    }

    /// Reads again if something was published since. Tells how often it did: 0 or 1 for a worker to rest on.
    pub(crate) async fn refresh(&self, context: &Context) -> Result<u64, Error> {
        let seen = edition::revision(context.db.read()).await?;
        if self.held.read().unwrap_or_else(PoisonError::into_inner).revision == seen {
            return Ok(0);
        }
        let read = read(context).await?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(1)
    }
}

async fn read(context: &Context) -> Result<Held, Error> {
    // The revision first: what is published in between is read at the next look.
    let revision = edition::revision(context.db.read()).await?;
    let book = Arc::new(Book::new(edition::published(context.db.read()).await?));
    let today = context.zone.date(context.sources.now());
    Ok(Held { revision, day: Arc::new(book.on(today)), book })
}
