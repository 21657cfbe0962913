//! One client's session: the order of commands, the message itself, sizes and time-outs.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::command::Command;
use crate::mailbox::{Fate, Mailbox};
use crate::message::Delivery;

const LINE_BYTES_MAX: u64 = 4096;
const MESSAGE_BYTES_MAX: usize = 25 * 1024 * 1024;
const RECIPIENTS_MAX: usize = 100;
const SILENCE_MAX: Duration = Duration::from_mins(1);

struct Session {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    mailbox: Mailbox,
    from: Option<String>,
    to: Vec<String>,
}

/// Talks with one client until it quits, falls silent, or goes away.
pub(super) async fn talk(stream: TcpStream, mailbox: Mailbox) -> io::Result<()> {
    let (reader, writer) = stream.into_split();
    let reader = BufReader::new(reader);
    let mut session = Session { reader, writer, mailbox, from: None, to: Vec::new() };
    session.say("220 sandbox-mail ESMTP").await?;
    while let Some(line) = session.line().await? {
        let text = String::from_utf8_lossy(&line);
        let command = Command::parse(text.trim_end());
        if !session.obey(command).await? {
            break;
        }
    }
    Ok(())
}

impl Session {
    async fn say(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_all(format!("{text}\r\n").as_bytes()).await
    }

    /// A line with its end; none when the client is gone or silent.
    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.reader).take(LINE_BYTES_MAX);
        let read = bounded.read_until(b'\n', &mut line);
        match tokio::time::timeout(SILENCE_MAX, read).await {
            Ok(Ok(0)) | Err(_) => Ok(None),
            Ok(Ok(_)) => Ok(Some(line)),
            Ok(Err(error)) => Err(error),
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Does a command; false ends the session.
    async fn obey(&mut self, command: Command) -> io::Result<bool> {
        let answer = match command {
            Command::Hello { extended } => {
                self.reset();
                if extended {
                    let size = format!("250-SIZE {MESSAGE_BYTES_MAX}");
                    self.say("250-sandbox-mail").await?;
                    self.say(&size).await?;
                    self.say("250-8BITMIME").await?;
                    "250 SMTPUTF8"
                } else {
                    "250 sandbox-mail"
                }
            }
            Command::Mail { size, .. } if size > MESSAGE_BYTES_MAX as u64 => "552 too large",
            Command::Mail { .. } if self.from.is_some() => "503 a sender was given",
            Command::Mail { from, .. } => {
                self.from = Some(from);
                "250 ok"
            }
            Command::Recipient { .. } if self.from.is_none() => "503 no sender was given",
            Command::Recipient { .. } if self.to.len() >= RECIPIENTS_MAX => "452 too many",
            Command::Recipient { to } => {
                self.to.push(to);
                "250 ok"
            }
            Command::Data if self.to.is_empty() => "503 no recipient was given",
            Command::Data => return self.message().await,
            Command::Reset => {
                self.reset();
                "250 ok"
            }
            Command::Nothing => "250 ok",
            Command::Verify => "252 send it and see",
            Command::Quit => {
                self.say("221 bye").await?;
                return Ok(false);
            }
            Command::Malformed => "501 malformed",
            Command::Unknown => "500 unknown",
        };
        self.say(answer).await?;
        Ok(true)
    }

    /// Takes the message itself.
    async fn message(&mut self) -> io::Result<bool> {
        self.say("354 go on, end with a dot").await?;
        let mut raw = Vec::new();
        let mut at_line_start = true;
        loop {
            let Some(line) = self.line().await? else {
                return Ok(false);
            };
            if at_line_start && line == b".\r\n" {
                break;
            }
            let stuffed = at_line_start && line.starts_with(b".");
            // Past the bound it is read to its end, but not kept.
            if raw.len() <= MESSAGE_BYTES_MAX {
                raw.extend(line.iter().skip(usize::from(stuffed)));
            }
            at_line_start = line.ends_with(b"\n");
        }
        let from = self.from.take().unwrap_or_default();
        let to = std::mem::take(&mut self.to);
        if raw.len() > MESSAGE_BYTES_MAX {
            self.say("552 too large").await?;
            return Ok(true);
        }
        let delivery = Delivery { from, to, received: now(), raw };
        let answer = match self.mailbox.fate() {
            Fate::Refuse => "451 try again later".to_owned(),
            Fate::Reject => "554 refused".to_owned(),
            Fate::KeepSilently => {
                self.mailbox.keep(delivery)?;
                return Ok(false);
            }
            Fate::Accept => match self.mailbox.keep(delivery) {
                Ok(number) => format!("250 kept as {number}"),
                Err(error) => {
                    tracing::error!(%error, "the sandbox mail server cannot keep a message");
                    "451 cannot be kept now".to_owned()
                }
            },
        };
        self.say(&answer).await?;
        Ok(true)
    }
}

fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
