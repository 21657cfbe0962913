//! Asks a clamd: the file goes in pieces behind `INSTREAM`, the answer is a line.

use std::{
    io::{Error, ErrorKind},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// clamd itself ends a connection that is silent for longer.
const PATIENCE: Duration = Duration::from_secs(30);
const PIECE: usize = 64 * 1024;
/// An answer is a line.
const ANSWER_MAX: u64 = 4096;

/// Whether nothing was found in a file.
pub(super) async fn is_clean(address: &str, content: &[u8]) -> Result<bool, Error> {
    let answer = timeout(PATIENCE, ask(address, content))
        .await
        .map_err(|_| Error::new(ErrorKind::TimedOut, "no answer in time"))??;
    if answer.ends_with(": OK") {
        Ok(true)
    } else if answer.ends_with(" FOUND") {
        Ok(false)
    } else {
        Err(Error::other(format!("it answers '{answer}'")))
    }
}

async fn ask(address: &str, content: &[u8]) -> Result<String, Error> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"zINSTREAM\0").await?;
    for piece in content.chunks(PIECE) {
        let size = u32::try_from(piece.len()).map_err(Error::other)?;
        stream.write_all(&size.to_be_bytes()).await?;
        stream.write_all(piece).await?;
    }
    stream.write_all(&0_u32.to_be_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    stream.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    let line = answer.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(line).trim().to_owned())
}
