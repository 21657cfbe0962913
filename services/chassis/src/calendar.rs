//! The calendar of working days that terms are counted by.

use anyhow::Context as _;
use kernel::WorkingCalendar;

/// Reads a file of holidays and moved working days; an empty name is the calendar of Kazakhstan as shipped.
pub fn load(file: &str) -> anyhow::Result<WorkingCalendar> {
    let calendar = if file.is_empty() {
        WorkingCalendar::parse(kernel::calendar::KZ)
    } else {
        let text = std::fs::read_to_string(file).with_context(|| format!("calendar_file: {file}"))?;
        WorkingCalendar::parse(&text)
    };
    calendar.map_err(|error| anyhow::anyhow!("the calendar: {error}"))
}
