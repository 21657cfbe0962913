//! A private PostgreSQL: its own data folder, a free port on loopback, one database and two roles a service.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use chassis::clock::Sources;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use tokio::process::Command;

use crate::services::NAMES;

/// Where the server is and who may do what there.
pub(crate) struct Postgres {
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
    /// Password of the superuser and of the schemas' owners, who never serve requests.
    owner_password: String,
    user: Option<User>,
}

/// Whom the server runs as: it refuses to run as root.
#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Postgres {
    /// Prepares the folder, with a fresh cluster where there is none.
    pub(crate) async fn prepare(folder: &Path, port: u16, sources: &Sources) -> anyhow::Result<Self> {
        let binaries = binaries()?;
        let user = if rustix::process::geteuid().is_root() { Some(service_user()?) } else { None };
        fs::create_dir_all(folder)?;
        let secret = folder.join("owner-password");
        let cluster = folder.join("cluster");
        let fresh = !cluster.join("PG_VERSION").exists();
        if fresh {
            write_secret(&secret, &random(sources))?;
            fs::create_dir_all(&cluster)?;
            if let Some(user) = user {
                std::os::unix::fs::chown(&cluster, Some(user.uid), Some(user.gid))?;
                std::os::unix::fs::chown(&secret, Some(user.uid), Some(user.gid))?;
            }
            fs::set_permissions(&cluster, fs::Permissions::from_mode(0o700))?;
        }
        let owner_password = fs::read_to_string(&secret)?.trim().to_owned();
        let postgres = Self { binaries, folder: folder.to_owned(), port, owner_password, user };
        if fresh {
            postgres.initialise(&cluster, &secret).await?;
        }
        Ok(postgres)
    }

    async fn initialise(&self, cluster: &Path, secret: &Path) -> anyhow::Result<()> {
        let mut initdb = self.as_its_user("initdb");
        initdb.arg("--pgdata").arg(cluster).arg("--pwfile").arg(secret).args([
            "--username=portal",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        let done = initdb.output().await.context("initdb")?;
        ensure!(
            done.status.success(),
            "initdb: {} (may the user 'postgres' enter {}?)",
            String::from_utf8_lossy(&done.stderr).trim(),
            cluster.display()
        );
        Ok(())
    }

    fn as_its_user(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.current_dir("/");
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }

    /// The server's command line.
    pub(crate) fn command(&self, log: &Path) -> anyhow::Result<Command> {
        let mut server = self.as_its_user("postgres");
        server.arg("-D").arg(self.folder.join("cluster")).args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        for setting in [
            "unix_socket_directories=",
            "max_connections=300",
            "shared_buffers=64MB",
            "fsync=on",
            "synchronous_commit=on",
            "log_min_messages=warning",
        ] {
            server.args(["-c", setting]);
        }
        let log = super::child::log_file(log)?;
        server.stdout(log.try_clone()?).stderr(log);
        Ok(server)
    }

    /// Where a service's running role finds its database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{{service}}@127.0.0.1:{}/{{service}}", self.port)
    }

    /// Where the schemas' owners find them.
    pub(crate) fn migration_url(&self) -> String {
        format!("postgres://{{service}}_owner:{}@127.0.0.1:{}/{{service}}", self.owner_password, self.port)
    }

    /// File with the running role's password.
    pub(crate) fn password_file(&self) -> String {
        format!("{}/{{service}}-password", self.folder.display())
    }

    /// Where the superuser finds its own database.
    pub(crate) fn superuser_url(&self) -> String {
        format!("postgres://portal:{}@127.0.0.1:{}/postgres", self.owner_password, self.port)
    }

    /// Waits for the server and makes the roles and databases that are missing.
    pub(crate) async fn set_up(&self, sources: &Sources) -> anyhow::Result<()> {
        let url = self.superuser_url();
        let server = super::until("PostgreSQL", || {
            let mut options = sea_orm::ConnectOptions::new(&url);
            options.max_connections(1).sqlx_logging(false);
            async move { Ok(sea_orm::Database::connect(options).await?) }
        })
        .await?;
        let run = async |statement: String| {
            server.execute_raw(Statement::from_string(DbBackend::Postgres, statement)).await.map(|_| ())
        };
        for name in NAMES {
            let known = Statement::from_string(
                DbBackend::Postgres,
                format!("SELECT 1 AS one FROM pg_database WHERE datname = '{name}'"),
            );
            if server.query_one_raw(known).await?.is_some() {
                continue;
            }
            let password = random(sources);
            write_secret(Path::new(&self.password_file().replace("{service}", name)), &password)?;
            let owner = &self.owner_password;
            run(format!("CREATE ROLE {name}_owner LOGIN PASSWORD '{owner}'")).await?;
            run(format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'")).await?;
            run(format!("CREATE DATABASE {name} OWNER {name}_owner")).await?;
            run(format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
            run(format!("GRANT CONNECT ON DATABASE {name} TO {name}")).await?;
        }
        Ok(server.close().await?)
    }
}

/// The newest installed server's programs.
pub fn binaries() -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            let binaries = path.join("bin");
            binaries.join("initdb").exists().then_some((version, binaries))
        })
        .collect();
    found.sort();
    match found.pop() {
        Some((version, binaries)) if version >= 15 => Ok(binaries),
        Some((version, _)) => bail!("PostgreSQL {version} is installed; 15 or newer is needed"),
        None => bail!("PostgreSQL is not installed: on Debian, apt-get install postgresql"),
    }
}

/// The account that Debian's package makes for the server.
fn service_user() -> anyhow::Result<User> {
    let accounts = fs::read_to_string("/etc/passwd")?;
    let line = accounts.lines().find(|line| line.starts_with("postgres:")).context("there is no user 'postgres'")?;
    let mut fields = line.split(':').skip(2);
    let mut number = || fields.next().and_then(|field| field.parse().ok());
    match (number(), number()) {
        (Some(uid), Some(gid)) => Ok(User { uid, gid }),
        _ => bail!("the user 'postgres' has no number"),
    }
}

fn random(sources: &Sources) -> String {
    sources.random::<24>().iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn write_secret(file: &Path, secret: &str) -> anyhow::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let mut made = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    made.write_all(secret.as_bytes())?;
    Ok(made.sync_all()?)
}
