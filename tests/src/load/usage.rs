//! CPU time and memory of processes, as the kernel counts them.

use std::fs;

/// The kernel's tick in `/proc`, in microseconds; the same on every architecture we run on.
const TICK_MICROS: u64 = 10_000;

/// CPU time of some processes and of the whole machine at one moment, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub portal: u64,
    pub own: u64,
    pub machine: u64,
}

impl Usage {
    pub(super) fn now(pids: &[u32]) -> Self {
        Self {
            portal: pids.iter().map(|pid| cpu(&pid.to_string())).sum(),
            own: cpu("self"),
            machine: machine().unwrap_or(0),
        }
    }

    /// What was spent since.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            portal: self.portal.saturating_sub(before.portal),
            own: self.own.saturating_sub(before.own),
            machine: self.machine.saturating_sub(before.machine),
        }
    }
}

/// User and system time of a process, all its threads.
fn cpu(process: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may hold anything; the fields after it are numbers, utime the twelfth.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>() * TICK_MICROS
}

/// Time that the machine's processors were busy for anybody.
fn machine() -> Option<u64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let fields: Vec<u64> = text.lines().next()?.split_whitespace().skip(1).map_while(|f| f.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let idle = fields.get(3)? + fields.get(4)?;
    Some((fields.iter().take(8).sum::<u64>() - idle) * TICK_MICROS)
}

/// Resident memory in KiB.
pub(super) fn resident_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The load of the last minute, as the kernel tells it.
pub(super) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}
