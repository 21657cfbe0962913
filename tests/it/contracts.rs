//! The published language only grows: what was once published is there under the same number and type, and what was
//! once sent can still be read. The files under `tests/contracts/` are the memory.
//!
//! An addition is accepted by `CONTRACTS=accept ./tests/run contracts`, which writes it into those files; a removal is
//! never accepted. What no release has carried yet may be struck out of them by hand.

mod facts;
mod language;

use std::{path::PathBuf, sync::LazyLock};

use prost_reflect::DescriptorPool;

/// Today's descriptors.
static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| DescriptorPool::decode(proto::DESCRIPTORS).unwrap());

fn file(name: &str) -> PathBuf {
    super::rules::root().join("tests/contracts").join(name)
}

fn lines(name: &str) -> Vec<String> {
    std::fs::read_to_string(file(name)).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn write(name: &str, lines: &[String]) {
    std::fs::write(file(name), lines.join("\n") + "\n").unwrap();
}

/// Whether additions are to be written down.
fn accepts() -> bool {
    std::env::var("CONTRACTS").is_ok_and(|word| word == "accept")
}
