//! The bus between the services: takes what relays publish and delivers it late, twice, in any order; it loses its
//! tail, and readers crash between applying and saying so.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use chassis::{
    Database, Error, Tx,
    bus::{Bus, Consumer, Place, Standing},
    clock::Sources,
    inbox::{self, Arrived, Outcome},
    outbox, relay,
};
use kernel::Time;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::chance::Chance;

const EPOCH: &str = "the only one";

#[derive(Debug, Clone)]
struct Letter {
    producer: &'static str,
    seq: i64,
    consumer: &'static str,
    event_id: String,
    body: Vec<u8>,
    deliveries: u32,
    due: Time,
}

#[derive(Default)]
struct Roads {
    letters: Vec<Letter>,
    /// The last place of each producer's stream.
    ends: BTreeMap<&'static str, i64>,
}

/// All streams. Cheap to clone.
#[derive(Clone)]
pub struct Transit {
    roads: Arc<Mutex<Roads>>,
    chance: Arc<Mutex<Chance>>,
    sources: Sources,
    honest: Arc<Mutex<bool>>,
}

/// One producer's way onto the bus.
struct Gate {
    producer: &'static str,
    readers: Vec<(&'static str, &'static [&'static str])>,
    transit: Transit,
}

#[async_trait::async_trait]
impl Bus for Gate {
    async fn prepare(&self, _db: &Database, _sources: &Sources) -> Result<(), Error> {
        Ok(())
    }

    async fn publish(&self, _tx: &Tx, rows: &[outbox::Model], now: Time) -> Result<Vec<Standing>, Error> {
        let mut chance = self.transit.chance.lock().unwrap();
        let mut roads = self.transit.roads.lock().unwrap();
        let honest = *self.transit.honest.lock().unwrap();
        let mut standings = Vec::new();
        for row in rows {
            if !honest && chance.percent(4) {
                standings.push(Standing::Refused("full".to_owned()));
                continue;
            }
            let end = roads.ends.entry(self.producer).or_default();
            *end += 1;
            let seq = *end;
            for (consumer, _) in self.readers.iter().filter(|(_, facts)| facts.contains(&row.fact.as_str())) {
                let copies = if !honest && chance.percent(8) { 2 } else { 1 };
                for _ in 0..copies {
                    let late = match chance.below(20) {
                        0 => chance.seconds(3600, 90_000),
                        1..=3 => chance.seconds(60, 3600),
                        4..=9 => chance.seconds(1, 60),
                        _ => std::time::Duration::ZERO,
                    };
                    roads.letters.push(Letter {
                        producer: self.producer,
                        seq,
                        consumer,
                        event_id: row.event_id.clone(),
                        body: row.envelope.clone(),
                        deliveries: 1,
                        due: if honest { now } else { now.plus(late) },
                    });
                }
            }
            standings.push(Standing::Kept(Some(Place { epoch: EPOCH.to_owned(), seq })));
        }
        // The relay goes down after the bus has taken everything: all of it will be published again.
        if !honest && chance.percent(5) {
            return Err(Error::Unavailable("the relay went down".to_owned()));
        }
        Ok(standings)
    }

    fn published(&self) {}
}

impl Transit {
    pub fn new(seed: u64, sources: &Sources) -> Self {
        Self {
            roads: Arc::default(),
            chance: Arc::new(Mutex::new(Chance::new(seed))),
            sources: sources.clone(),
            honest: Arc::default(),
        }
    }

    /// From now on nothing is refused, doubled or late.
    pub fn be_honest(&self) {
        *self.honest.lock().unwrap() = true;
        let now = self.sources.now();
        for letter in &mut self.roads.lock().unwrap().letters {
            letter.due = letter.due.min(now);
        }
    }

    /// What is on its way to a reader has come.
    pub fn hasten(&self, consumer: &str) {
        let now = self.sources.now();
        for letter in self.roads.lock().unwrap().letters.iter_mut().filter(|letter| letter.consumer == consumer) {
            letter.due = letter.due.min(now);
        }
    }

    pub fn waiting(&self) -> usize {
        self.roads.lock().unwrap().letters.len()
    }

    /// One step of a producer's relay.
    pub async fn relay(&self, producer: &'static str, db: &Database, consumers: &[&Consumer]) -> Result<u64, Error> {
        let readers = consumers.iter().filter(|reader| reader.producer == producer);
        let readers = readers.map(|reader| (reader.name, reader.facts)).collect();
        let gate: Arc<dyn Bus> = Arc::new(Gate { producer, readers, transit: self.clone() });
        relay::step(db, &gate, &self.sources).await
    }

    /// One step of a reader: takes some of what is due, in any order.
    pub async fn deliver(&self, consumer: &Consumer, at_most: usize) -> Result<usize, Error> {
        let (batch, forgets) = {
            let (mut chance, mut roads) = (self.chance.lock().unwrap(), self.roads.lock().unwrap());
            let now = self.sources.now();
            let mut batch = Vec::new();
            while batch.len() < at_most {
                let due: Vec<usize> = roads
                    .letters
                    .iter()
                    .enumerate()
                    .filter(|(_, letter)| letter.consumer == consumer.name && letter.due <= now)
                    .map(|(place, _)| place)
                    .collect();
                let Some(place) = chance.pick(&due).copied() else { break };
                batch.push(roads.letters.swap_remove(place));
            }
            (batch, !*self.honest.lock().unwrap() && chance.percent(10))
        };
        let mut by_id: BTreeMap<String, Vec<Letter>> = BTreeMap::new();
        let mut arrived = Vec::new();
        for letter in batch {
            let (event_id, body, deliveries) = (letter.event_id.clone(), letter.body.clone(), letter.deliveries);
            by_id.entry(event_id.clone()).or_default().push(letter);
            arrived.push(Arrived { event_id, body, deliveries });
        }
        let taken = arrived.len();
        if taken == 0 {
            return Ok(0);
        }
        let outcomes = match inbox::apply(consumer, arrived, &self.sources).await {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.roads.lock().unwrap().letters.extend(by_id.into_values().flatten());
                return Err(error);
            }
        };
        let mut roads = self.roads.lock().unwrap();
        for (event_id, outcome) in outcomes {
            let Some(mut letter) = by_id.get_mut(&event_id).and_then(Vec::pop) else { continue };
            match outcome {
                // Applied, and the reader went down before it could say so.
                Outcome::Done if forgets && letter.deliveries < 6 => letter.deliveries += 1,
                Outcome::Done => continue,
                Outcome::Again(rest) => {
                    letter.deliveries += 1;
                    letter.due = self.sources.now().plus(rest);
                }
            }
            roads.letters.push(letter);
        }
        Ok(taken)
    }

    /// The stream forgets its tail, and its producer finds that out as it would with a server's.
    pub async fn lose_tail(&self, producer: &'static str, db: &Database) -> Result<String, Error> {
        let from = {
            let (mut chance, mut roads) = (self.chance.lock().unwrap(), self.roads.lock().unwrap());
            let end = roads.ends.entry(producer).or_default();
            let from = (*end - i64::try_from(chance.below(6)).unwrap_or(0)).max(1);
            *end = from - 1;
            roads.letters.retain(|letter| letter.producer != producer || letter.seq < from);
            from
        };
        db.write(move |tx| async move {
            let marked = outbox::Entity::update_many()
                .col_expr(outbox::Column::PublishedAt, Expr::value(None::<i64>))
                .col_expr(outbox::Column::StreamSeq, Expr::value(None::<i64>))
                .col_expr(outbox::Column::StreamEpoch, Expr::value(None::<String>))
                .filter(outbox::Column::StreamSeq.gte(from))
                .exec(&*tx)
                .await?;
            Ok::<_, Error>(format!("{} published anew", marked.rows_affected))
        })
        .await
    }
}
