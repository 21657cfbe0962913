//! A proxy before PostgreSQL that cuts sessions exactly at a `COMMIT`: before it is passed on, so that nothing was stored,
//! or after it was carried out and before the answer, so that everything was. The client sees the same either way.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// No message of a service to its database is longer.
const LONGEST: usize = 64 << 20;
/// Body of the message by which a client asks for TLS; an untyped one follows again.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// The proxy; it ends with this value.
pub struct CommitCutter {
    pub port: u16,
    counts: Arc<Counts>,
    _ends: DropGuard,
}

#[derive(Default)]
struct Counts {
    /// Every how many commits one is cut; never while it is 0.
    every: AtomicU32,
    seen: AtomicU32,
    before: AtomicU32,
    after: AtomicU32,
}

enum Cut {
    No,
    Before,
    After,
}

impl Counts {
    fn next(&self) -> Cut {
        let every = self.every.load(Ordering::SeqCst);
        let seen = self.seen.fetch_add(1, Ordering::SeqCst) + 1;
        if every == 0 || seen % every != 0 {
            return Cut::No;
        }
        let (cut, count) =
            if (seen / every) % 2 == 0 { (Cut::Before, &self.before) } else { (Cut::After, &self.after) };
        count.fetch_add(1, Ordering::SeqCst);
        cut
    }
}

impl CommitCutter {
    /// Passes everything on to `postgres_port` on loopback, whole until it is told to cut.
    pub async fn start(postgres_port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (counts, end) = (Arc::new(Counts::default()), CancellationToken::new());
        let (own, ends) = (Arc::clone(&counts), end.clone().drop_guard());
        tokio::spawn(async move {
            while let Some(accepted) = end.run_until_cancelled(listener.accept()).await {
                let (Ok((client, _)), counts) = (accepted, Arc::clone(&own)) else { continue };
                tokio::spawn(end.clone().run_until_cancelled_owned(async move {
                    // However a session ends, both of its connections end here.
                    let _ = pass(client, postgres_port, &counts).await;
                }));
            }
        });
        Self { port, counts, _ends: ends }
    }

    /// From now on each n-th commit is cut, in turn before and after it.
    pub fn cut_every(&self, commits: u32) {
        self.counts.every.store(commits, Ordering::SeqCst);
    }

    /// How many commits were cut before and after they were carried out.
    pub fn cuts(&self) -> (u32, u32) {
        (self.counts.before.load(Ordering::SeqCst), self.counts.after.load(Ordering::SeqCst))
    }
}

async fn pass(client: TcpStream, postgres_port: u16, counts: &Counts) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", postgres_port)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut typed = false;
    let mut answers = vec![0; 16 * 1024];
    let mut message = Message::default();
    loop {
        tokio::select! {
            // A message half read stays in `message`, so this may lose against the other branch.
            read = message.read(&mut from_client, typed) => {
                read?;
                let bytes = std::mem::take(&mut message).bytes;
                if !typed {
                    typed = bytes.get(4..8) != Some(&SSL_REQUEST);
                } else if bytes.starts_with(b"Q") && bytes.get(5..) == Some(b"COMMIT\0") {
                    match counts.next() {
                        Cut::No => {}
                        Cut::Before => return Ok(()),
                        Cut::After => return carried_out(&mut to_server, &mut from_server, &bytes).await,
                    }
                }
                to_server.write_all(&bytes).await?;
            }
            length = from_server.read(&mut answers) => match length? {
                0 => return Ok(()),
                length => to_client.write_all(&answers[..length]).await?,
            },
        }
    }
}

/// Lets the server commit, and keeps its answer.
async fn carried_out(
    to_server: &mut OwnedWriteHalf,
    from_server: &mut OwnedReadHalf,
    commit: &[u8],
) -> std::io::Result<()> {
    to_server.write_all(commit).await?;
    from_server.read_u8().await.map(|_| ())
}

/// A message of the client, as far as it has come.
#[derive(Default)]
struct Message {
    bytes: Vec<u8>,
}

impl Message {
    /// Reads on until it is whole. Cancelling loses nothing.
    async fn read(&mut self, from: &mut OwnedReadHalf, typed: bool) -> std::io::Result<()> {
        let start = usize::from(typed);
        loop {
            let wanted = match self.bytes.get(start..start + 4) {
                None => start + 4,
                Some(length) => start + u32::from_be_bytes(length.try_into().unwrap()) as usize,
            };
            if self.bytes.len() == wanted {
                return Ok(());
            }
            assert!(wanted <= LONGEST, "that is not PostgreSQL's protocol");
            let mut rest = from.take((wanted - self.bytes.len()) as u64);
            if rest.read_buf(&mut self.bytes).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
