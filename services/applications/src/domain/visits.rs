//! Visits as a case wants them: who comes to fetch what is ready, and which rules count for those who miss one.

use kernel::PersonItemId;

use super::case::Case;

/// What a service says of those who miss a visit or come late; nothing: the office's own rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct VisitRules {
    pub missed_max: Option<u32>,
    pub late_minutes: Option<u32>,
}

impl Case {
    /// The strictest of its services' rules.
    pub(crate) fn visit_rules(&self) -> VisitRules {
        let rules = || self.lines.iter().map(|line| line.visits);
        VisitRules {
            missed_max: rules().filter_map(|rules| rules.missed_max).min(),
            late_minutes: rules().filter_map(|rules| rules.late_minutes).min(),
        }
    }

    /// Who fetches what is ready: persons for whom no personal manager delivers.
    pub(crate) fn fetching(&self) -> Vec<PersonItemId> {
        let fetched = self.lines.iter().filter(|line| !line.personal_manager);
        fetched.flat_map(|line| &line.persons).map(|person| person.id).collect()
    }
}
