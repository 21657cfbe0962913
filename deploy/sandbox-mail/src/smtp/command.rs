//! The client's commands.

/// A command line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Hello {
        extended: bool,
    },
    Mail {
        from: String,
        size: u64,
    },
    Recipient {
        to: String,
    },
    Data,
    Reset,
    Nothing,
    Verify,
    Quit,
    /// A known command with wrong parameters.
    Malformed,
    Unknown,
}

impl Command {
    pub(super) fn parse(line: &str) -> Self {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "HELO" => Self::Hello { extended: false },
            "EHLO" => Self::Hello { extended: true },
            "MAIL" => match path(rest, "FROM:") {
                Some((from, parameters)) => {
                    let mut sizes = parameters.split_whitespace().filter_map(|parameter| {
                        let (name, value) = parameter.split_once('=')?;
                        name.eq_ignore_ascii_case("SIZE").then_some(value)
                    });
                    let size = sizes.next().and_then(|size| size.parse().ok()).unwrap_or(0);
                    Self::Mail { from, size }
                }
                None => Self::Malformed,
            },
            "RCPT" => match path(rest, "TO:") {
                Some((to, _)) if !to.is_empty() => Self::Recipient { to },
                Some(_) | None => Self::Malformed,
            },
            "DATA" => Self::Data,
            "RSET" => Self::Reset,
            "NOOP" => Self::Nothing,
            "VRFY" => Self::Verify,
            "QUIT" => Self::Quit,
            _ => Self::Unknown,
        }
    }
}

/// `FROM:<a@b> parameters` as address and parameters.
fn path<'a>(text: &'a str, keyword: &str) -> Option<(String, &'a str)> {
    let (head, rest) = text.trim_start().split_at_checked(keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, parameters) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control() || c == ',');
    plain.then(|| (address.to_owned(), parameters))
}
