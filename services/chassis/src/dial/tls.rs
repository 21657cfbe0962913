//! Mutual TLS between services: each shows a certificate of the portal's own authority, with its name in it.

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tonic::transport::{Certificate, ClientTlsConfig, Identity, ServerTlsConfig};

/// Files of PEM text; `{service}` in a name stands for this process's service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The authority that both sides trust.
    pub ca_file: String,
    pub cert_file: String,
    pub key_file: String,
    /// Names in certificates of programs that may call the services as the gateway does.
    pub programs: Vec<String>,
}

impl TlsConfig {
    /// Whether TLS is asked for at all.
    pub fn is_on(&self) -> bool {
        !self.ca_file.is_empty()
    }

    /// With the names of this process's files filled in.
    #[must_use]
    pub fn of(&self, service: &str) -> Self {
        let named = |file: &str| file.replace("{service}", service);
        Self {
            ca_file: named(&self.ca_file),
            cert_file: named(&self.cert_file),
            key_file: named(&self.key_file),
            programs: self.programs.clone(),
        }
    }

    fn read(&self) -> anyhow::Result<(Certificate, Identity)> {
        ensure!(self.is_on(), "calls.tls.ca_file: an https address needs one");
        let text =
            |key: &str, file: &str| std::fs::read(file).with_context(|| format!("calls.tls.{key}: reading '{file}'"));
        let identity = Identity::from_pem(text("cert_file", &self.cert_file)?, text("key_file", &self.key_file)?);
        Ok((Certificate::from_pem(text("ca_file", &self.ca_file)?), identity))
    }

    /// For calls to `service`, which must show that name.
    pub(crate) fn client(&self, service: &str) -> anyhow::Result<ClientTlsConfig> {
        let (ca, identity) = self.read()?;
        Ok(ClientTlsConfig::new().ca_certificate(ca).identity(identity).domain_name(service))
    }

    /// For a server whose callers must show a certificate.
    pub fn server(&self) -> anyhow::Result<ServerTlsConfig> {
        let (ca, identity) = self.read()?;
        Ok(ServerTlsConfig::new().client_ca_root(ca).identity(identity))
    }
}
