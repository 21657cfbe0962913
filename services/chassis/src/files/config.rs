//! Where files are kept, as the settings say it, and what can be wrong with that before anything is asked over the
//! network.

use kernel::Secret;
use serde::Deserialize;

/// Where files are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesConfig {
    pub store: StoreKind,
    /// Counts only where `store` is [`StoreKind::S3`].
    pub s3: S3Config,
}

/// The kinds of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// The data folder.
    Disk,
    /// Storage that speaks the S3 protocol.
    S3,
}

/// Storage that speaks the S3 protocol. `{service}` in `access_key`, `secret_file` and `bucket` stands for the service's
/// name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// `https://storage.example`, without the bucket. Empty: Amazon's of the region.
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    pub access_key: String,
    pub secret: Secret,
    /// File with the secret, instead of saying it.
    pub secret_file: String,
    /// Before the service's name in every object's name. Empty: nothing.
    pub prefix: String,
    /// Whether the bucket stands in the host's name instead of the path.
    pub virtual_host: bool,
    /// Whether `endpoint` may be plain `http://`.
    pub allow_http: bool,
    /// File with the certificate authority of the storage. Empty: those that the system trusts.
    pub ca_file: String,
    /// Seconds that one request may take, and after which none is tried again.
    pub timeout_seconds: u64,
}

impl FilesConfig {
    /// One sentence per fault, each naming its key.
    pub fn faults(&self) -> Vec<String> {
        match self.store {
            StoreKind::Disk => Vec::new(),
            StoreKind::S3 => self.s3.faults().into_iter().map(|fault| format!("files.s3.{fault}")).collect(),
        }
    }
}

impl S3Config {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (key, value) in [("bucket", &self.bucket), ("region", &self.region), ("access_key", &self.access_key)] {
            if value.is_empty() {
                faults.push(format!("{key}: is needed with files.store = \"s3\""));
            }
        }
        if !self.bucket.is_empty() && !is_bucket(&self.bucket.replace("{service}", "service")) {
            faults.push("bucket: must be 3 to 63 of a-z, 0-9, '.' and '-'".to_owned());
        }
        match (self.secret.expose().is_empty(), self.secret_file.is_empty()) {
            (true, true) => faults.push("secret: this or secret_file is needed with files.store = \"s3\"".to_owned()),
            (false, false) => faults.push("secret: is said beside secret_file; say one of them".to_owned()),
            (true, false) | (false, true) => {}
        }
        faults.extend(self.endpoint_fault());
        if object_store::path::Path::parse(&self.prefix).is_err() {
            faults.push(format!("prefix: '{}' is no path of names with '/' between them", self.prefix));
        }
        if !(1..=30).contains(&self.timeout_seconds) {
            faults.push("timeout_seconds: must be 1 to 30".to_owned());
        }
        faults
    }

    fn endpoint_fault(&self) -> Option<String> {
        if self.endpoint.is_empty() {
            return None;
        }
        let Ok(url) = self.endpoint.parse::<http::Uri>() else {
            return Some(format!("endpoint: '{}' is no address", self.endpoint));
        };
        let bare = url.authority().is_some_and(|place| !place.as_str().contains('@')) && url.query().is_none();
        match url.scheme_str() {
            _ if !bare => Some("endpoint: must be https://host[:port], the keys stand elsewhere".to_owned()),
            Some("https") => None,
            Some("http") if self.allow_http => None,
            Some("http") => Some("endpoint: is http://, which only allow_http = true permits".to_owned()),
            _ => Some(format!("endpoint: '{}' must begin with https://", self.endpoint)),
        }
    }

    /// The address of the storage with the bucket in its host's name, where `virtual_host` asks for that. `None`: it is
    /// Amazon's.
    pub(super) fn address(&self, bucket: &str) -> Option<String> {
        match self.endpoint.trim_end_matches('/') {
            "" => None,
            endpoint if self.virtual_host => Some(endpoint.replacen("://", &format!("://{bucket}."), 1)),
            endpoint => Some(endpoint.to_owned()),
        }
    }
}

fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
}
