//! The visits of an application as a file for one's calendar (RFC 5545).

use axum::extract::Path;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use proto::booking::v1::Appointment;

use super::{PICK_UP, bring, right_of};
use crate::frame::Frame;
use crate::pages::applications::answers::Answers;
use crate::pages::applications::{catalogue, load};
use crate::pages::{Answer, attachment};
use crate::visit::Visit;

/// Octets of a line, its end not counted.
const LINE_OCTETS: usize = 75;

pub(super) async fn download(visit: Visit, Path(number): Path<i64>) -> Answer {
    let right = right_of(&visit, number).await?;
    let application = load(&visit, number).await?;
    let answers = Answers::new(&visit.texts, &application, &catalogue(&visit).await?);
    let frame = Frame::new(&visit, "book-a-date");
    let office_of = |booked: &Appointment| {
        let own = right.offices.iter().find(|office| office.id == booked.office_id);
        own.or(right.office.as_ref()).cloned().unwrap_or_default()
    };
    let papers = |kind: &str| {
        let mut papers = if kind == PICK_UP { Vec::new() } else { bring(&frame, &application) };
        papers.push(frame.t.get(if kind == PICK_UP { "bring-to-pick-up" } else { "bring-identity" }));
        papers.join("\n- ")
    };
    let number = number.to_string();
    let events = right.appointments.iter().filter(|booked| has(booked)).map(|booked| (booked, office_of(booked)));
    let events = events.map(|(booked, office)| Event {
        uid: format!("{}@{}", booked.id, visit.app.config.public_url.host_str().unwrap_or_default()),
        start: booked.start_at_micros,
        minutes: booked.length_minutes,
        sequence: booked.version,
        summary: frame.t.with(summary(&booked.kind), &[("office", &frame.local(&office.name)), ("number", &number)]),
        location: frame.local(&office.address),
        description: format!(
            "{}\n{}\n{}\n- {}",
            answers.person_name(&booked.person_item_id),
            frame.t.with("visit-code", &[("code", &booked.code)]),
            frame.t.get("bring-title"),
            papers(&booked.kind)
        ),
    });
    let events: Vec<Event> = events.collect();
    let text = file(&visit.app.zone, visit.app.sources.now().to_jiff(), &events);
    Ok(attachment(&format!("visits-{number}.ics"), "text/calendar", text))
}

fn summary(kind: &str) -> &'static str {
    if kind == PICK_UP { "calendar-pick-up" } else { "calendar-summary" }
}

/// Whether a visit stands in one's calendar: while it will take place.
pub(super) fn has(visit: &Appointment) -> bool {
    visit.state == "booked" && !visit.displaced
}

struct Event {
    uid: String,
    start: i64,
    minutes: u32,
    sequence: i64,
    summary: String,
    location: String,
    description: String,
}

/// The whole file. Times stand in the centre's zone as long as its clock keeps one distance to UTC; any other in UTC.
fn file(zone: &TimeZone, now: Timestamp, events: &[Event]) -> String {
    let name = zone.iana_name().unwrap_or("UTC");
    let offset = zone.to_offset(now);
    let signed = format!("{}{:02}{:02}", if offset.is_negative() { '-' } else { '+' }, hours(offset), minutes(offset));
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//portal//visits//EN".to_owned(),
        "BEGIN:VTIMEZONE".to_owned(),
        format!("TZID:{name}"),
        "BEGIN:STANDARD".to_owned(),
        "DTSTART:19700101T000000".to_owned(),
        format!("TZOFFSETFROM:{signed}"),
        format!("TZOFFSETTO:{signed}"),
        "END:STANDARD".to_owned(),
        "END:VTIMEZONE".to_owned(),
    ];
    let at = |key: &str, time: Timestamp| {
        if zone.to_offset(time) == offset {
            format!("{key};TZID={name}:{}", time.to_zoned(zone.clone()).strftime("%Y%m%dT%H%M%S"))
        } else {
            format!("{key}:{}", utc(time))
        }
    };
    for event in events {
        let Ok(start) = Timestamp::from_microsecond(event.start) else { continue };
        let Ok(end) = start.checked_add(i64::from(event.minutes).minutes()) else { continue };
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", event.uid),
            format!("DTSTAMP:{}", utc(now)),
            at("DTSTART", start),
            at("DTEND", end),
            format!("SEQUENCE:{}", event.sequence),
            format!("SUMMARY:{}", escaped(&event.summary)),
            format!("LOCATION:{}", escaped(&event.location)),
            format!("DESCRIPTION:{}", escaped(&event.description)),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn hours(offset: jiff::tz::Offset) -> i32 {
    offset.seconds().abs() / 3600
}

fn minutes(offset: jiff::tz::Offset) -> i32 {
    offset.seconds().abs() / 60 % 60
}

fn escaped(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    plain.replace("\r\n", "\\n").replace('\n', "\\n")
}

/// A line with its end; what is too long goes on in the next line after a blank.
fn folded(line: &str) -> String {
    let (mut folded, mut octets) = (String::new(), 0);
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE_OCTETS {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(letter);
        octets += letter.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_to_the_rules_of_the_format() -> Result<(), jiff::Error> {
        let zone = TimeZone::get("Asia/Almaty")?;
        let event = Event {
            uid: "apt_1@portal.example".to_owned(),
            start: 1_733_716_800_000_000,
            minutes: 30,
            sequence: 2,
            summary: "Визит; офис, 4".to_owned(),
            location: "Астана, проспект Мәңгілік Ел, 55/18, блок C3.3, Z05T3D6".to_owned(),
            description: "AIGUL\n- паспорт".to_owned(),
        };
        let text = file(&zone, "2026-11-23T05:00:00Z".parse()?, &[event]);
        assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"), "{text}");
        assert!(text.lines().all(|line| line.len() <= LINE_OCTETS), "{text}");
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "TZOFFSETTO:+0500",
            "DTSTART;TZID=Asia/Almaty:20241209T090000",
            "DTEND;TZID=Asia/Almaty:20241209T093000",
            "DTSTAMP:20261123T050000Z",
            "SUMMARY:Визит\\; офис\\, 4",
            "DESCRIPTION:AIGUL\\n- паспорт",
        ] {
            assert!(unfolded.contains(&format!("{line}\r\n")), "{line} is missing in {unfolded}");
        }
        Ok(())
    }
}
