//! The process killed at each named point, and at random moments of the journey: whatever was answered is there, once,
//! and the next start goes on.

use std::{path::PathBuf, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use testkit::{
    child::{ClientLog, Ports, Process},
    steadfast::{Revived, Steadfast},
};

use crate::faults::knob;

/// A portal that is started again whenever it is found dead.
struct Survivor {
    folder: tempfile::TempDir,
    ports: Ports,
    process: Option<Process>,
    starts: u32,
}

impl Survivor {
    async fn start(crash_point: Option<&str>) -> Steadfast<Self> {
        let folder = tempfile::tempdir().unwrap();
        let log = ClientLog(folder.path().join("client.log"));
        let ports = Ports::free();
        let mut survivor = Self { folder, ports, process: None, starts: 0 };
        // A point may be passed during the very first start.
        survivor.process = Process::start(survivor.data().as_path(), ports, crash_point).await;
        survivor.alive().await;
        Steadfast { base: format!("http://{}", ports.portal), log, portal: survivor }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    async fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
        self.starts = 0;
        self.alive().await;
    }
}

impl Revived for Survivor {
    async fn alive(&mut self) {
        let runs = self.process.as_mut().is_some_and(Process::runs);
        if !runs {
            self.starts += 1;
            assert!(self.starts < 10, "the portal does not come back");
            self.process = Process::start(self.data().as_path(), self.ports, None).await;
        }
    }
}

/// Everything delivered, everything acknowledged there once, and a clean stop.
async fn prove(mut client: Steadfast<Survivor>) {
    client.portal.alive().await;
    let (data, log) = (client.portal.data(), client.log.0.clone());
    testkit::poll::until(
        "all promises kept",
        || async {
            let places = portal::check::Places::in_folder(&data).unwrap();
            portal::check::run(&places, Some(&log), true).await.unwrap()
        },
        portal::check::Report::is_sound,
    )
    .await;
    let status = client.portal.process.take().unwrap().terminate().await;
    assert!(status.success(), "a stop by SIGTERM ends with {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_each_named_point_nothing_that_was_answered_is_lost_or_doubled() {
    for point in chassis::crash::POINTS {
        let passes = if point.starts_with("command") || point.starts_with("relay") || point.starts_with("inbox") {
            9
        } else {
            1
        };
        let mut client = Survivor::start(Some(&format!("{point}:{passes}"))).await;
        client.walk().await;
        assert!(client.portal.starts > 0, "the point {point} was never passed");
        prove(client).await;
    }
}

/// `PORTAL_FAULT_ROUNDS=300` for the long run; `PORTAL_FAULT_SEED` repeats one.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_nothing_that_was_answered_is_lost_or_doubled() {
    let seed: u64 = knob("PORTAL_FAULT_SEED", rand::random());
    let rounds: u32 = knob("PORTAL_FAULT_ROUNDS", 20);
    println!("seed {seed}, {rounds} rounds");
    let mut random = StdRng::seed_from_u64(seed);
    let mut client = Survivor::start(None).await;
    for _ in 0..rounds {
        // One journey runs until a random moment, then the process dies under it and the journey goes on.
        let moment = Duration::from_millis(random.random_range(50..1500));
        let pid = client.portal.process.as_ref().and_then(Process::pid).unwrap();
        let killer = tokio::spawn(async move {
            tokio::time::sleep(moment).await;
            let _ = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
        });
        client.walk().await;
        killer.await.unwrap();
        client.portal.starts = 0;
        client.portal.alive().await;
    }
    client.portal.kill().await;
    prove(client).await;
}
