//! A bare axum → tonic chain as a process of its own, for times that no portal can go below.

use std::process::Stdio;

use anyhow::Context as _;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::usage::Part;

/// The running chain; it ends with this.
pub(super) struct Chain {
    pub base: String,
    child: Child,
}

impl Chain {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("chain");
        let mut child = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} is missing: build testkit's programs first", program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let base = lines.next_line().await?.context("the chain ended before it said where it is")?;
        Ok(Self { base, child })
    }

    pub(super) fn parts(&self) -> Vec<Part> {
        self.child.id().into_iter().map(|pid| Part::alone("chain", pid)).collect()
    }
}
