//! One row of the API's table: an HTTP request and the RPC that answers it.

use http::Method;

/// An operation of the API.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub method: Method,
    /// Address with `{field}` for each field of the request that it carries.
    pub path: &'static str,
    /// Context, service and RPC: `billing.Billing/GetInvoice`.
    pub rpc: &'static str,
    /// Anyone may call it without a token.
    pub public: bool,
    /// The caller must send `Idempotency-Key`: it creates or pays.
    pub keyed: bool,
    /// Answered when all went well.
    pub status: u16,
    pub summary: &'static str,
}

impl Call {
    pub(crate) const fn new(method: Method, path: &'static str, rpc: &'static str, summary: &'static str) -> Self {
        Self { method, path, rpc, public: false, keyed: false, status: 200, summary }
    }

    /// A read.
    pub(crate) const fn get(path: &'static str, rpc: &'static str, summary: &'static str) -> Self {
        Self::new(Method::GET, path, rpc, summary)
    }

    /// A command.
    pub(crate) const fn post(path: &'static str, rpc: &'static str, summary: &'static str) -> Self {
        Self::new(Method::POST, path, rpc, summary)
    }

    /// A command that creates: it needs a key and answers 201.
    pub(crate) const fn create(path: &'static str, rpc: &'static str, summary: &'static str) -> Self {
        let mut call = Self::post(path, rpc, summary);
        call.keyed = true;
        call.status = 201;
        call
    }

    pub(crate) const fn put(path: &'static str, rpc: &'static str, summary: &'static str) -> Self {
        Self::new(Method::PUT, path, rpc, summary)
    }

    pub(crate) const fn delete(path: &'static str, rpc: &'static str, summary: &'static str) -> Self {
        Self::new(Method::DELETE, path, rpc, summary)
    }

    pub(crate) const fn public(mut self) -> Self {
        self.public = true;
        self
    }

    pub(crate) const fn keyed(mut self) -> Self {
        self.keyed = true;
        self
    }

    /// "billing" of `billing.Billing/GetInvoice`.
    pub(crate) fn context(&self) -> &'static str {
        self.rpc.split('.').next().unwrap_or_default()
    }

    /// `portal.billing.v1.Billing` and `GetInvoice`.
    pub(crate) fn service_and_method(&self) -> (String, &'static str) {
        let (service, method) = self.rpc.split_once('/').unwrap_or((self.rpc, ""));
        let (context, service) = service.split_once('.').unwrap_or((service, ""));
        (format!("portal.{context}.v1.{service}"), method)
    }

    /// Names of the fields in the path.
    pub(crate) fn path_fields(&self) -> Vec<&'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
    }
}
