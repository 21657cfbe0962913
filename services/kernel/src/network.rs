//! Addresses of the network, as far as they may be kept.

use std::net::IpAddr;

/// The beginning of an address: a provider's region, not a household. Empty where it is no address.
pub fn masked(address: &str) -> String {
    let Ok(address) = address.parse::<IpAddr>() else { return String::new() };
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            format!("{a}.{b}.*.*")
        }
        IpAddr::V6(address) => {
            let [a, b, ..] = address.segments();
            format!("{a:x}:{b:x}:*")
        }
    }
}
