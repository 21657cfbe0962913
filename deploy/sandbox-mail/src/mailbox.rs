//! The messages received: in memory, and as `.eml` files that are on the disk before mail is accepted.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::message::{Delivery, Message};

/// How many messages are kept in memory; older ones are forgotten first.
const MESSAGES_MAX: usize = 5_000;

/// Switches that make the server misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// How many messages are refused for now (451).
    pub refuse_times: u32,
    /// How many messages are refused for good (554).
    pub reject_times: u32,
    /// How many messages are kept though the line drops before the answer.
    pub silent_times: u32,
}

/// What is to happen to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Accept,
    Refuse,
    Reject,
    KeepSilently,
}

/// A handle to the messages.
#[derive(Clone)]
pub struct Mailbox(Arc<Mutex<Shelf>>);

struct Shelf {
    folder: Option<PathBuf>,
    next: u64,
    messages: VecDeque<Message>,
    by_message_id: BTreeMap<String, u64>,
    faults: Faults,
}

impl Mailbox {
    pub(crate) fn open(folder: Option<PathBuf>) -> anyhow::Result<Self> {
        let mut shelf = Shelf {
            folder,
            next: 1,
            messages: VecDeque::new(),
            by_message_id: BTreeMap::new(),
            faults: Faults::default(),
        };
        if let Some(folder) = shelf.folder.clone() {
            fs::create_dir_all(&folder)?;
            for (number, path) in files(&folder)? {
                if let Some(delivery) = Delivery::from_file(&fs::read(&path)?) {
                    shelf.place(number, delivery);
                } else {
                    tracing::warn!(path = %path.display(), "not a message of this server");
                }
                shelf.next = number + 1;
            }
        }
        Ok(Self(Arc::new(Mutex::new(shelf))))
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a delivery; on the disk when this returns.
    pub(crate) fn keep(&self, delivery: Delivery) -> io::Result<u64> {
        let mut shelf = self.shelf();
        let number = shelf.next;
        if let Some(folder) = &shelf.folder {
            write(folder, number, &delivery)?;
        }
        shelf.next += 1;
        shelf.place(number, delivery);
        Ok(number)
    }

    /// What happens to the next message; uses up a fault.
    pub(crate) fn fate(&self) -> Fate {
        let mut shelf = self.shelf();
        let faults = &mut shelf.faults;
        for (times, fate) in [
            (&mut faults.refuse_times, Fate::Refuse),
            (&mut faults.reject_times, Fate::Reject),
            (&mut faults.silent_times, Fate::KeepSilently),
        ] {
            if *times > 0 {
                *times -= 1;
                return fate;
            }
        }
        Fate::Accept
    }

    /// All messages, the newest first.
    pub fn messages(&self) -> Vec<Message> {
        self.shelf().messages.iter().rev().cloned().collect()
    }

    /// One message.
    pub fn message(&self, id: u64) -> Option<Message> {
        self.shelf().messages.iter().find(|message| message.id == id).cloned()
    }

    /// Sets the switches; `Faults::default()` for a server that behaves.
    pub fn set_faults(&self, faults: Faults) {
        self.shelf().faults = faults;
    }

    /// The switches as they are now.
    pub fn faults(&self) -> Faults {
        self.shelf().faults
    }
}

impl Shelf {
    /// Puts a delivery among the messages, or counts it with the one it repeats.
    fn place(&mut self, number: u64, delivery: Delivery) {
        let message = Message::decode(number, delivery);
        if let Some(first) = self.by_message_id.get(&message.message_id).copied()
            && let Some(known) = self.messages.iter_mut().find(|known| known.id == first)
        {
            known.deliveries += 1;
            return;
        }
        if !message.message_id.is_empty() {
            self.by_message_id.insert(message.message_id.clone(), number);
        }
        self.messages.push_back(message);
        if self.messages.len() > MESSAGES_MAX
            && let Some(oldest) = self.messages.pop_front()
        {
            self.by_message_id.remove(&oldest.message_id);
        }
    }
}

/// The message files of a folder, by number.
fn files(folder: &Path) -> io::Result<BTreeMap<u64, PathBuf>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let eml = path.extension().is_some_and(|extension| extension == "eml");
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        if let (true, Some(number)) = (eml, number) {
            found.insert(number, path);
        }
    }
    Ok(found)
}

fn write(folder: &Path, number: u64, delivery: &Delivery) -> io::Result<()> {
    let path = folder.join(format!("{number:08}.eml"));
    let partial = path.with_extension("part");
    let mut file = File::create(&partial)?;
    file.write_all(&delivery.to_file())?;
    file.sync_all()?;
    fs::rename(&partial, &path)?;
    File::open(folder)?.sync_all()
}
