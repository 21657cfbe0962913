//! Where one wanted to go before signing in: a name from this list, never an address.

/// A place of the portal that a sign-in may lead back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Home,
    Applications,
    NewApplication,
    Application(i64),
    Booking(i64),
    Invoices,
    Messages,
    Account,
    Staff,
    StaffPayments,
    StaffDaySheet,
    StaffCase(i64),
}

impl Destination {
    /// The place an address belongs to; home for any other.
    pub(crate) fn of_path(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("applications"), Some("new"), _) => Self::NewApplication,
            (Some("applications"), Some(number), _) => number.parse().map_or(Self::Applications, Self::Application),
            (Some("applications"), None, _) => Self::Applications,
            (Some("booking"), Some(number), _) => number.parse().map_or(Self::Applications, Self::Booking),
            (Some("invoices"), _, _) => Self::Invoices,
            (Some("messages"), _, _) => Self::Messages,
            (Some("account"), _, _) => Self::Account,
            (Some("staff"), Some("applications"), Some(number)) => number.parse().map_or(Self::Staff, Self::StaffCase),
            (Some("staff"), Some("payments"), _) => Self::StaffPayments,
            (Some("staff"), Some("day-sheet"), _) => Self::StaffDaySheet,
            (Some("staff"), _, _) => Self::Staff,
            _ => Self::Home,
        }
    }

    pub(crate) fn name(self) -> String {
        match self {
            Self::Home => "home".to_owned(),
            Self::Applications => "applications".to_owned(),
            Self::NewApplication => "new-application".to_owned(),
            Self::Application(number) => format!("application-{number}"),
            Self::Booking(number) => format!("booking-{number}"),
            Self::Invoices => "invoices".to_owned(),
            Self::Messages => "messages".to_owned(),
            Self::Account => "account".to_owned(),
            Self::Staff => "staff".to_owned(),
            Self::StaffPayments => "staff-payments".to_owned(),
            Self::StaffDaySheet => "staff-day-sheet".to_owned(),
            Self::StaffCase(number) => format!("staff-case-{number}"),
        }
    }

    /// The place of a name; `None` for anything else.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let numbered = |prefix: &str| name.strip_prefix(prefix)?.parse::<i64>().ok().filter(|number| *number > 0);
        let plain = [
            Self::Home,
            Self::Applications,
            Self::NewApplication,
            Self::Invoices,
            Self::Messages,
            Self::Account,
            Self::Staff,
            Self::StaffPayments,
            Self::StaffDaySheet,
        ];
        plain
            .into_iter()
            .find(|place| place.name() == name)
            .or_else(|| numbered("application-").map(Self::Application))
            .or_else(|| numbered("booking-").map(Self::Booking))
            .or_else(|| numbered("staff-case-").map(Self::StaffCase))
    }

    pub(crate) fn address(self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Applications => "/applications".to_owned(),
            Self::NewApplication => "/applications/new".to_owned(),
            Self::Application(number) => format!("/applications/{number}"),
            Self::Booking(number) => format!("/booking/{number}"),
            Self::Invoices => "/invoices".to_owned(),
            Self::Messages => "/messages".to_owned(),
            Self::Account => "/account".to_owned(),
            Self::Staff => "/staff".to_owned(),
            Self::StaffPayments => "/staff/payments".to_owned(),
            Self::StaffDaySheet => "/staff/day-sheet".to_owned(),
            Self::StaffCase(number) => format!("/staff/applications/{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_only_into_the_portal() {
        for path in
            ["/applications/101/payer", "/booking/7", "/staff/applications/9", "/staff", "/messages/msg_1", "/nowhere"]
        {
            let place = Destination::of_path(path);
            assert_eq!(Destination::of_name(&place.name()), Some(place));
            assert!(place.address().starts_with('/') && !place.address().starts_with("//"));
        }
        for name in ["//evil.example", "https://evil.example", "application-1/../x", "application--1", ""] {
            assert_eq!(Destination::of_name(name), None, "{name}");
        }
    }
}
