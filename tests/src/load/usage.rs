//! CPU time and memory of processes, as the kernel counts them.

use std::{collections::BTreeMap, fs};

/// The kernel's tick in `/proc`, in microseconds; the same on every architecture we run on.
const TICK_MICROS: u64 = 10_000;

/// A process whose work is measured, by the part that it plays.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub role: String,
    pub pid: u32,
    /// The processes that it makes work for it: PostgreSQL has one for each connection.
    pub with_children: bool,
}

impl Part {
    pub(super) fn alone(role: &str, pid: u32) -> Self {
        Self { role: role.to_owned(), pid, with_children: false }
    }

    pub(super) fn with_children(role: &str, pid: u32) -> Self {
        Self { role: role.to_owned(), pid, with_children: true }
    }

    /// This process, where it does the measured work itself.
    pub(super) fn here(role: &str) -> Self {
        Self::alone(role, std::process::id())
    }

    fn cpu(&self) -> u64 {
        let own = times(&self.pid.to_string());
        if !self.with_children {
            return own.living;
        }
        let children: u64 = children(self.pid).iter().map(|child| times(&child.to_string()).living).sum();
        own.living + own.gone + children
    }

    /// Memory of the process and of those that it has made.
    pub(super) fn memory(&self) -> Memory {
        let made = if self.with_children { children(self.pid) } else { Vec::new() };
        made.into_iter().chain([self.pid]).map(Memory::of).fold(Memory::default(), Memory::plus)
    }
}

/// CPU time of some processes, of this one as their client, and of the whole machine, in microseconds.
#[derive(Debug, Clone)]
pub(super) struct Usage {
    pub parts: BTreeMap<String, u64>,
    /// This process and what it has run to its end; nothing, where it does the measured work itself.
    pub client: u64,
    pub machine: u64,
}

impl Usage {
    pub(super) fn now(watched: &[Part]) -> Self {
        let own = times("self");
        let here = watched.iter().any(|part| part.pid == std::process::id());
        Self {
            parts: watched.iter().map(|part| (part.role.clone(), part.cpu())).collect(),
            client: if here { 0 } else { own.living + own.gone },
            machine: machine().unwrap_or(0),
        }
    }

    /// What was spent since.
    pub(super) fn since(mut self, before: &Self) -> Self {
        for (role, spent) in &mut self.parts {
            *spent = spent.saturating_sub(before.parts.get(role).copied().unwrap_or(0));
        }
        self.client = self.client.saturating_sub(before.client);
        self.machine = self.machine.saturating_sub(before.machine);
        self
    }

    /// All parts together.
    pub(super) fn work(&self) -> u64 {
        self.parts.values().sum()
    }
}

/// User and system time of a process: its own, all threads, and that of the processes it made that have ended.
#[derive(Debug, Clone, Copy)]
struct Times {
    living: u64,
    gone: u64,
}

fn times(process: &str) -> Times {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may hold anything; the fields after it are numbers, utime the twelfth.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: Vec<u64> = fields.skip(11).take(4).filter_map(|field| field.parse().ok()).collect();
    let sum = |from: usize| ticks.iter().skip(from).take(2).sum::<u64>() * TICK_MICROS;
    Times { living: sum(0), gone: sum(2) }
}

fn children(pid: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|child| child.parse().ok()).collect()
}

/// Time that the machine's processors were busy for anybody.
fn machine() -> Option<u64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let fields: Vec<u64> = text.lines().next()?.split_whitespace().skip(1).map_while(|f| f.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let idle = fields.get(3)? + fields.get(4)?;
    Some((fields.iter().take(8).sum::<u64>() - idle) * TICK_MICROS)
}

/// Memory in KiB.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Memory {
    pub resident: u64,
    /// Pages that several processes share are divided among them.
    pub proportional: u64,
    /// What nobody else has: the price of one process more.
    pub private: u64,
}

impl Memory {
    fn of(pid: u32) -> Self {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let field = |name: &str| -> u64 {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        Self {
            resident: field("Rss:"),
            proportional: field("Pss:"),
            private: field("Private_Clean:") + field("Private_Dirty:"),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            resident: self.resident + other.resident,
            proportional: self.proportional + other.proportional,
            private: self.private + other.private,
        }
    }
}

/// The load of the last minute, as the kernel tells it.
pub(super) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}
