//! Everything comes to rest: nobody asks for more, bus and bank are honest, days pass, and then all must fit.

use std::{collections::BTreeSet, path::Path, time::Duration};

use serde_json::json;

use super::{Simulation, check, place::HERE};

/// Rounds of six hours: longer than any attempt lives.
const ROUNDS: usize = 40;
const ROUND: Duration = Duration::from_hours(6);

impl Simulation {
    pub(super) async fn settle(&mut self) {
        self.place.bank.be_honest();
        self.transit.be_honest();
        self.let_go().await;
        self.drain().await;
        self.pay_again().await;
        for _ in 0..ROUNDS {
            self.work().await;
            self.timers().await;
            self.drain().await;
            self.place.clock.advance(ROUND);
        }
        self.work_off().await;
        self.drain().await;
        if self.transit.waiting() > 0 {
            self.broken.push(format!("I6 {} facts are still on their way", self.transit.waiting()));
        }
        let broken = check::now(&self.place, &self.account, &mut self.paid).await;
        self.broken.extend(broken);
        let on_account = self.on_account().await;
        let broken = check::settled(&self.place, &self.account, &on_account).await;
        self.broken.extend(broken);
    }

    /// Relays and readers until nothing moves any more.
    async fn drain(&mut self) {
        loop {
            let mut moved = 0;
            for producer in HERE {
                let db = self.place.services[producer].context.db.clone();
                moved += self.transit.relay(producer, &db, &self.place.consumers()).await.unwrap();
            }
            let readers = self.place.consumers().into_iter().cloned().collect::<Vec<_>>();
            for reader in &readers {
                moved += self.transit.deliver(reader, 64).await.unwrap() as u64;
            }
            if moved == 0 {
                return;
            }
        }
    }
}

/// The portal's own check reads the databases that are left: I1 by what was acknowledged, I5, I6, I7.
pub(super) async fn portal_check(folder: &Path, acknowledged: &BTreeSet<(&'static str, String)>) -> Vec<String> {
    let lines = acknowledged.iter().map(|(kind, id)| json!({ "kind": kind, "id": id }).to_string());
    let log = folder.join("client.log");
    std::fs::write(&log, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let places = portal::check::Places::in_folder(folder).unwrap();
    portal::check::run(&places, Some(&log), true).await.unwrap().violations
}
