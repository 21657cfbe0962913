//! Who is at the other end of the connection. Forwarding headers are believed only from a loopback or private peer, the operator's
//! own proxy; anyone else's are ignored.

use std::net::IpAddr;

use http::HeaderMap;

/// The peer of the connection.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The client behind the operator's proxy, or the peer itself.
    pub fn behind_proxy(self, headers: &HeaderMap) -> IpAddr {
        let trusted = match self.0 {
            IpAddr::V4(address) => address.is_loopback() || address.is_private(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
        };
        if !trusted {
            return self.0;
        }
        headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok())
            // The last entry is what the nearest proxy saw; the ones before it are the client's word.
            .and_then(|value| value.rsplit(',').next())
            .and_then(|value| value.trim().parse().ok())
            .unwrap_or(self.0)
    }
}
