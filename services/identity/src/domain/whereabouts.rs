//! What a session is remembered by: enough for its owner to know it again, too little to follow anybody.

const DEVICE_LENGTH_MAX: usize = 60;

/// With what and from where a session was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Whereabouts {
    pub device: String,
    pub address: String,
}

impl Whereabouts {
    pub(crate) fn new(device: &str, client_address: &str) -> Self {
        let device = device.chars().filter(|sign| !sign.is_control()).take(DEVICE_LENGTH_MAX).collect();
        Self { device, address: kernel::network::masked(client_address) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would have found: a whole address on the page and in the table, and a device's name that breaks a line.
    #[test]
    fn an_address_is_kept_by_its_beginning() {
        let seen = |address: &str| Whereabouts::new("Firefox,\n Android", address);
        assert_eq!(seen("192.0.2.77").address, "192.0.*.*");
        assert_eq!(seen("::ffff:192.0.2.77").address, "192.0.*.*");
        assert_eq!(seen("2001:db8:1:2::77").address, "2001:db8:*");
        assert_eq!((seen("nowhere").address.as_str(), seen("").device.as_str()), ("", "Firefox, Android"));
        assert_eq!(Whereabouts::new(&"x".repeat(1000), "").device.len(), 60);
    }
}
