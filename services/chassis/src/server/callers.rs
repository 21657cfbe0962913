//! Who may call what between separate processes, told by the name in the caller's certificate. A token says for whom a
//! call is made and is looked at besides; this says which process may make it at all.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use futures::future::{Either, Ready, ready};
use rustls::pki_types::CertificateDer;
use tonic::{
    Status,
    transport::server::{TcpConnectInfo, TlsConnectInfo},
};
use tower::{Layer, Service};

/// The gateway's name in its certificate; as a caller it stands for all of the edge, programs included.
pub const GATEWAY: &str = "gateway";

/// Methods with the names of those who may call them. A method that is not listed is the edge's.
pub type MethodCallers = &'static [(&'static str, &'static [&'static str])];

/// The callers of one service.
#[derive(Debug, Clone)]
pub struct Callers {
    service: &'static str,
    methods: MethodCallers,
    programs: Arc<[String]>,
}

impl Callers {
    /// `programs` are names of certificates that may call what the gateway may.
    pub fn new(service: &'static str, methods: MethodCallers, programs: &[String]) -> Self {
        Self { service, methods, programs: programs.into() }
    }

    /// Whether the holder of a certificate with this name may call `/package.Service/Method`.
    pub fn may(&self, name: &str, path: &str) -> bool {
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
        if !service.starts_with("portal.") {
            // Health and reflection tell nothing that is anybody's.
            return true;
        }
        let own = service.strip_prefix("portal.").is_some_and(|rest| rest.split('.').next() == Some(self.service));
        let listed = self.methods.iter().find(|(listed, _)| own && *listed == method).map(|(_, callers)| *callers);
        let callers = listed.unwrap_or(&[GATEWAY]);
        callers.contains(&name) || (callers.contains(&GATEWAY) && self.programs.iter().any(|program| program == name))
    }

    fn check(&self, certificates: Option<&[CertificateDer<'static>]>, path: &str) -> Result<(), Status> {
        let leaf = certificates.and_then(<[_]>::first).and_then(|leaf| webpki::EndEntityCert::try_from(leaf).ok());
        let Some(leaf) = leaf else {
            tracing::warn!(path, "a caller without a certificate is refused");
            return Err(Status::unauthenticated("a certificate is needed"));
        };
        let names: Vec<&str> = leaf.valid_dns_names().collect();
        if names.iter().any(|name| self.may(name, path)) {
            return Ok(());
        }
        tracing::warn!(?names, path, "a caller is refused: its certificate does not permit this method");
        Err(Status::permission_denied("this certificate does not permit the method"))
    }
}

/// Lets in whom [`Callers`] permit; everybody where there are none.
#[derive(Debug, Clone)]
pub(super) struct Guard(pub Option<Callers>);

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Guarded { inner, callers: self.0.clone() }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Guarded<S> {
    inner: S,
    callers: Option<Callers>,
}

impl<S, Q, R> Service<http::Request<Q>> for Guarded<S>
where
    S: Service<http::Request<Q>, Response = http::Response<R>>,
    R: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<S::Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Q>) -> Self::Future {
        if let Some(callers) = &self.callers {
            let shown =
                request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>().and_then(TlsConnectInfo::peer_certs);
            if let Err(refused) = callers.check(shown.as_ref().map(|shown| shown.as_slice()), request.uri().path()) {
                return Either::Right(ready(Ok(refused.into_http())));
            }
        }
        Either::Left(self.inner.call(request))
    }
}
