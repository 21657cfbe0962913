//! Files at rest keep one promise on a disk and in S3-compatible storage: what was stored is read back whole, what was
//! tampered with is not read at all, and storage that is away is said to be away.

use std::path::Path;

use chassis::{
    Error,
    auth::ed25519,
    clock::Sources,
    config::{self, ChassisConfig, Settings},
    files::FileStore,
    server,
    testing::{Conduct, ObjectStorage},
};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::transport::{Identity, ServerTlsConfig};

const PIECE: usize = 64 * 1024;
/// A piece as it is kept.
const SEALED: usize = PIECE + 16;

/// The chassis' settings with some of them changed, or what is wrong with them.
fn settings(changes: &[(&str, Value)]) -> Result<ChassisConfig, Vec<String>> {
    let mut settings = Settings::load(&[("chassis", config::DEFAULTS)], None, false);
    for (key, value) in changes {
        settings.set(key, value);
    }
    settings.section("chassis").ok_or_else(|| settings.faults().to_vec())
}

fn open(changes: &[(&str, Value)], data: &Path) -> FileStore {
    ed25519::install();
    FileStore::open(&settings(changes).unwrap().files, data, "applications", &Sources::system()).unwrap()
}

/// The two kinds of storage, and what somebody who has got into them can do.
enum Storage {
    Disk(TempDir),
    S3(ObjectStorage),
}

impl Storage {
    fn files(&self) -> FileStore {
        match self {
            Self::Disk(data) => open(&[], data.path()),
            Self::S3(storage) => open(&storage.settings(), Path::new("nowhere")),
        }
    }

    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        match self {
            Self::Disk(data) => std::fs::read(data.path().join("files/applications").join(name)).ok(),
            Self::S3(storage) => storage.objects().get(&format!("applications/{name}")).cloned(),
        }
    }

    fn replace(&self, name: &str, content: Vec<u8>) {
        match self {
            Self::Disk(data) => std::fs::write(data.path().join("files/applications").join(name), content).unwrap(),
            Self::S3(storage) => storage.replace(&format!("applications/{name}"), content),
        }
    }

    fn go(&self, away: bool) {
        match self {
            Self::Disk(data) => {
                let (here, there) = (data.path().join("files"), data.path().join("elsewhere"));
                if away {
                    std::fs::rename(&here, there).unwrap();
                    std::fs::write(here, "not a folder").unwrap();
                } else {
                    std::fs::remove_file(&here).unwrap();
                    std::fs::rename(there, here).unwrap();
                }
            }
            Self::S3(storage) => storage.conduct(if away { Conduct::Away } else { Conduct::Answering }),
        }
    }
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

fn refused<T>(answer: Result<T, Error>) -> String {
    match answer {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.to_string(),
    }
}

async fn keeps_its_promise(storage: Storage) {
    let files = storage.files();
    for size in [0, 1, PIECE, PIECE + 1, 3 * PIECE + 5] {
        let stored = files.put("one", &content(size)).await.unwrap();
        assert_eq!(stored.size_bytes, size as u64);
        assert_eq!(files.get("one", &stored.key).await.unwrap(), content(size), "{size} bytes");
    }

    // Stored again it is another file, and the old key opens nothing.
    let old = files.put("one", &content(3 * PIECE)).await.unwrap();
    let new = files.put("one", &content(3 * PIECE)).await.unwrap();
    assert_eq!(refused(files.get("one", &old.key).await), "internal: file store: a stored file does not open");
    let sealed = storage.kept("one").unwrap();
    assert!(!sealed.windows(8).any(|window| window == &content(8)[..]), "the content shows");
    let mut flipped = sealed.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let swapped = [&sealed[SEALED..2 * SEALED], &sealed[..SEALED], &sealed[2 * SEALED..]].concat();
    let tampered =
        [flipped, swapped, sealed[..2 * SEALED].to_vec(), [sealed.clone(), vec![0]].concat(), vec![0; 5], Vec::new()];
    for (which, content) in tampered.into_iter().enumerate() {
        storage.replace("one", content);
        let told = refused(files.get("one", &new.key).await);
        assert!(told.starts_with("internal: file store: a stored file"), "{which}: {told}");
    }
    storage.replace("one", sealed);

    let waiting = storage.files();
    storage.go(true);
    for answer in [
        refused(files.put("two", b"new").await),
        refused(files.get("one", &new.key).await),
        refused(files.delete("one").await),
    ] {
        assert!(answer.starts_with("unavailable: file store"), "{answer}");
    }
    // Who can't begin without it waits, and everybody else finds it again by himself.
    tokio::join!(waiting.wait(), async { storage.go(false) });
    assert_eq!(files.get("one", &new.key).await.unwrap(), content(3 * PIECE));

    files.delete("one").await.unwrap();
    files.delete("one").await.unwrap();
    assert_eq!(storage.kept("one"), None);
    assert_eq!(refused(files.get("one", &new.key).await), "internal: file store: a file is missing");
}

#[tokio::test]
async fn files_on_the_disk_are_whole_or_refused() {
    keeps_its_promise(Storage::Disk(tempfile::tempdir().unwrap())).await;
}

#[tokio::test]
async fn files_in_s3_storage_are_whole_or_refused() {
    keeps_its_promise(Storage::S3(ObjectStorage::start().await)).await;
}

#[tokio::test]
async fn the_storage_lets_nobody_in_without_the_secret_of_the_settings() {
    let storage = ObjectStorage::start().await;
    let folder = tempfile::tempdir().unwrap();
    let with = |more: &[(&'static str, Value)]| [storage.settings(), more.to_vec()].concat();
    for (change, told) in [
        (("chassis.files.s3.secret", "another".into()), "SignatureDoesNotMatch"),
        (("chassis.files.s3.access_key", "ANOTHER".into()), "InvalidAccessKeyId"),
        (("chassis.files.s3.region", "elsewhere".into()), "AuthorizationHeaderMalformed"),
        (("chassis.files.s3.bucket", "another".into()), "NoSuchBucket"),
    ] {
        let answer = refused(open(&with(&[change]), folder.path()).put("one", b"content").await);
        assert!(answer.starts_with("unavailable") && answer.contains(told), "{told}: {answer}");
    }
    assert!(storage.objects().is_empty());

    // The secret may stand in a file of the service's own, and the objects under a name before its name.
    let said = with(&[]).into_iter().find(|(key, _)| *key == "chassis.files.s3.secret").unwrap().1;
    std::fs::write(folder.path().join("applications.secret"), format!("{}\n", said.as_str().unwrap())).unwrap();
    let file = folder.path().join("{service}.secret").display().to_string();
    let by_file = with(&[
        ("chassis.files.s3.secret", "".into()),
        ("chassis.files.s3.secret_file", file.into()),
        ("chassis.files.s3.prefix", "portal/test".into()),
    ]);
    open(&by_file, folder.path()).put("one", b"content").await.unwrap();
    assert!(storage.objects().contains_key("portal/test/applications/one"), "{:?}", storage.objects().keys());
}

#[tokio::test]
async fn tls_trusts_the_authority_of_the_settings_only() {
    ed25519::install();
    let folder = tempfile::tempdir().unwrap();
    let issuer = CertifiedIssuer::self_signed(
        {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
            params
        },
        KeyPair::generate().unwrap(),
    )
    .unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, issuer.pem()).unwrap();

    let (storage, stop) = (ObjectStorage::start().await, CancellationToken::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let tls = ServerTlsConfig::new().identity(Identity::from_pem(certificate.pem(), key.serialize_pem()));
    let routes = tonic::service::Routes::from(storage.router());
    let serving = server::serve_tcp(routes, listener, Some(tls), None, stop.clone());
    let asking = async {
        let mut changes = storage.settings();
        changes.push(("chassis.files.s3.endpoint", endpoint.into()));
        changes.push(("chassis.files.s3.allow_http", false.into()));
        let answer = refused(open(&changes, folder.path()).put("one", b"content").await);
        assert!(answer.starts_with("unavailable"), "an authority that nobody knows: {answer}");
        changes.push(("chassis.files.s3.ca_file", ca_file.display().to_string().into()));
        open(&changes, folder.path()).put("one", b"content").await.unwrap();
        stop.cancel();
    };
    tokio::join!(serving, asking);
    assert_eq!(storage.objects().len(), 1);
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let s3 = ("chassis.files.store", Value::from("s3"));
    let faults = settings(std::slice::from_ref(&s3)).unwrap_err();
    for key in ["bucket", "region", "access_key", "secret"] {
        assert!(
            faults.iter().any(|fault| fault.starts_with(&format!("chassis.files.s3.{key}: "))),
            "{key}: {faults:?}"
        );
    }
    let sound = [
        s3,
        ("chassis.files.s3.bucket", "papers".into()),
        ("chassis.files.s3.region", "us-east-1".into()),
        ("chassis.files.s3.access_key", "KEY".into()),
        ("chassis.files.s3.secret", "SECRET".into()),
    ];
    settings(&sound).unwrap();
    for (key, value, told) in [
        ("endpoint", Value::from("http://storage.example"), "allow_http"),
        ("endpoint", "storage.example".into(), "https://"),
        ("endpoint", "https://key:secret@storage.example".into(), "keys stand elsewhere"),
        ("bucket", "Papers/of all".into(), "63"),
        ("secret_file", "/run/secret".into(), "one of them"),
        ("prefix", "a//b".into(), "path"),
        ("timeout_seconds", 0.into(), "1 to 30"),
    ] {
        let name = format!("chassis.files.s3.{key}");
        let faults = settings(&[&sound[..], &[(name.as_str(), value)]].concat()).unwrap_err();
        let about = if key == "secret_file" { "chassis.files.s3.secret" } else { name.as_str() };
        assert!(faults.len() == 1 && faults[0].starts_with(about) && faults[0].contains(told), "{faults:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("portal.toml");
    std::fs::write(&file, "[chassis.files]\nstore = \"tape\"\n").unwrap();
    let mut unknown = Settings::load(&[("chassis", config::DEFAULTS)], Some(&file), false);
    assert!(unknown.section::<ChassisConfig>("chassis").is_none());
    let faults = unknown.faults();
    assert!(faults[0].starts_with("chassis.files.store: ") && faults[0].contains("portal.toml"), "{faults:?}");

    // A file that is not there is told at the start, and no secret is ever printed.
    let missing = [
        &sound[..],
        &[("chassis.files.s3.secret", "".into())],
        &[("chassis.files.s3.secret_file", "/nowhere/secret".into())],
    ]
    .concat();
    let config = settings(&missing).unwrap().files;
    let told = FileStore::open(&config, Path::new("nowhere"), "applications", &Sources::system()).err().unwrap();
    assert!(format!("{told:#}").contains("chassis.files.s3.secret_file: reading '/nowhere/secret'"), "{told:#}");
    let mut printed = Settings::load(&[("chassis", config::DEFAULTS)], None, false);
    for (key, value) in &sound {
        printed.set(key, value);
    }
    let text = printed.print().unwrap();
    assert!(text.contains("access_key = \"KEY\"") && text.contains("secret = \"***\""), "{text}");
    assert!(!format!("{:?}", settings(&sound).unwrap()).contains("SECRET"));
}
