//! E-mail addresses, as strict as a portal needs and no stricter.

use crate::codes;
use crate::refusal::{Code, ErrorCode};
use crate::text_type::text_type;

/// An e-mail address: ASCII, a dotted domain in lower case, the local part as entered.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

text_type!(masked Email, EmailError);

impl Email {
    /// Parses one address without a display name.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(EmailError)?;
        let domain = domain.to_ascii_lowercase();
        if local_part(local) && domain_part(&domain) && local.len() + domain.len() < 254 {
            Ok(Self(format!("{local}@{domain}")))
        } else {
            Err(EmailError)
        }
    }

    /// The address in lower case: what the blind index is made of.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Enough to recognise one's own address: first letter and domain.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        let first: String = local.chars().take(1).collect();
        format!("{first}***@{domain}")
    }
}

fn local_part(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| {
            !atom.is_empty() && atom.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
        })
}

fn domain_part(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let top = |top: &str| top.len() > 1 && !top.chars().all(|c| c.is_ascii_digit());
    domain.split('.').all(label) && domain.rsplit_once('.').is_some_and(|(_, last)| top(last))
}

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct EmailError;

impl ErrorCode for EmailError {
    fn code(&self) -> Code {
        codes::EMAIL_MALFORMED
    }
}
