//! Child processes that are started again when they die, and stopped in order.

use std::{
    collections::BTreeMap,
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use tokio::{process::Command, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// Before a child that died is started again.
const PAUSE: Duration = Duration::from_millis(100);
/// A child that was asked to stop has this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes the command line of a child's life; the first is life 0.
type Make = Arc<dyn Fn(u32) -> anyhow::Result<Command> + Send + Sync>;

/// The children by name.
#[derive(Default)]
pub(crate) struct Keeper {
    children: BTreeMap<String, Kept>,
}

struct Kept {
    make: Make,
    pid: Arc<Mutex<Option<u32>>>,
    starts: Arc<AtomicU32>,
    /// What asks it to stop.
    signal: Signal,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts a child and keeps it running.
    pub(crate) fn keep(
        &mut self,
        name: &str,
        signal: Signal,
        make: impl Fn(u32) -> anyhow::Result<Command> + Send + Sync + 'static,
    ) {
        let mut kept = Kept {
            make: Arc::new(make),
            pid: Arc::default(),
            starts: Arc::default(),
            signal,
            stop: CancellationToken::new(),
            task: None,
        };
        kept.start(name);
        self.children.insert(name.to_owned(), kept);
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.children.keys().cloned().collect()
    }

    /// The child's process id, while it runs.
    pub(crate) fn pid(&self, name: &str) -> Option<u32> {
        *self.children.get(name)?.pid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often the child was started so far.
    pub(crate) fn starts(&self, name: &str) -> u32 {
        self.children.get(name).map_or(0, |kept| kept.starts.load(Ordering::Relaxed))
    }

    /// Sends the child a signal.
    pub(crate) fn signal(&self, name: &str, signal: Signal) -> anyhow::Result<()> {
        let pid = self.pid(name).with_context(|| format!("{name} does not run"))?;
        send(pid, signal)
    }

    /// Sends a signal to the child and to the processes that it has made.
    pub(crate) fn signal_all(&self, name: &str, signal: Signal) -> anyhow::Result<()> {
        let pid = self.pid(name).with_context(|| format!("{name} does not run"))?;
        send(pid, signal)?;
        for made in made_by(pid)? {
            // One that has just ended needs no signal.
            let _ = send(made, signal);
        }
        Ok(())
    }

    /// Stops a child and leaves it stopped.
    pub(crate) async fn take_down(&mut self, name: &str) -> anyhow::Result<()> {
        self.children.get_mut(name).with_context(|| format!("there is no {name}"))?.end().await;
        Ok(())
    }

    /// Kills a child and leaves it dead.
    pub(crate) async fn kill_and_hold(&mut self, name: &str) -> anyhow::Result<()> {
        let kept = self.children.get_mut(name).with_context(|| format!("there is no {name}"))?;
        let asks = std::mem::replace(&mut kept.signal, Signal::KILL);
        kept.end().await;
        kept.signal = asks;
        Ok(())
    }

    /// Starts a child again that was taken down.
    pub(crate) fn bring_up(&mut self, name: &str) -> anyhow::Result<()> {
        let kept = self.children.get_mut(name).with_context(|| format!("there is no {name}"))?;
        kept.stop = CancellationToken::new();
        kept.start(name);
        Ok(())
    }

    /// Stops these children side by side.
    pub(crate) async fn end(&mut self, names: &[String]) {
        let ending = self.children.iter_mut().filter(|(name, _)| names.contains(name)).map(|(_, kept)| kept.end());
        futures::future::join_all(ending).await;
    }
}

impl Kept {
    fn start(&mut self, name: &str) {
        let (make, pid, stop, name) =
            (Arc::clone(&self.make), Arc::clone(&self.pid), self.stop.clone(), name.to_owned());
        let starts = Arc::clone(&self.starts);
        #[expect(clippy::disallowed_methods, reason = "joined when the child is ended")]
        let task = tokio::spawn(async move {
            let mut life = 0;
            while !stop.is_cancelled() {
                starts.fetch_add(1, Ordering::Relaxed);
                let lived = once(make(life), &pid).await;
                life += 1;
                if let Err(error) = lived {
                    tracing::warn!(child = name, error = format!("{error:#}"), "a child could not be started");
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        });
        self.task = Some(task);
    }

    async fn end(&mut self) {
        self.stop.cancel();
        let pid = *self.pid.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pid) = pid {
            let _ = send(pid, self.signal);
        }
        let Some(mut task) = self.task.take() else { return };
        if tokio::time::timeout(PATIENCE, &mut task).await.is_err() {
            let pid = *self.pid.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(pid) = pid {
                let _ = send(pid, Signal::KILL);
            }
            let _ = task.await;
        }
    }
}

/// One life of a child.
async fn once(command: anyhow::Result<Command>, pid: &Mutex<Option<u32>>) -> anyhow::Result<()> {
    let mut child = command?.stdin(Stdio::null()).kill_on_drop(true).spawn()?;
    *pid.lock().unwrap_or_else(PoisonError::into_inner) = child.id();
    child.wait().await?;
    *pid.lock().unwrap_or_else(PoisonError::into_inner) = None;
    Ok(())
}

/// Processes whose parent is `pid`.
fn made_by(pid: u32) -> anyhow::Result<Vec<u32>> {
    let mut made = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(other) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{other}/stat")) else { continue };
        // After the name, which stands in brackets: the state, then the parent.
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        if parent.and_then(|parent| parent.parse::<u32>().ok()) == Some(pid) {
            made.push(other);
        }
    }
    Ok(made)
}

fn send(pid: u32, signal: Signal) -> anyhow::Result<()> {
    let pid = Pid::from_raw(i32::try_from(pid)?).context("no process id")?;
    kill_process(pid, signal).with_context(|| format!("signalling process {}", pid.as_raw_nonzero()))
}
