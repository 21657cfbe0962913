//! Ports for processes that are told theirs before they listen: below those that the system gives to outgoing
//! connections, so that none of these takes one in between.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
};

const FIRST: u32 = 12_000;
const COUNT: u32 = 19_000;

/// How many were given by this process.
static GIVEN: AtomicU32 = AtomicU32::new(0);

/// A port of loopback that nobody listens on; this process gives each only once for a long while, and others begin
/// elsewhere.
pub fn free() -> anyhow::Result<u16> {
    let begin = std::process::id().wrapping_mul(257) % COUNT;
    for _ in 0..COUNT {
        let next = (begin + GIVEN.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let port = u16::try_from(FIRST + next)?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no port of loopback is free")
}
