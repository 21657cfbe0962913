//! Visits: booked at once or held first, moved, confirmed, given up, missed; the queue of a day with walk-ins; days that
//! the office closes.

use chassis::testing::people;
use kernel::Actor;
use proto::{
    applications::v1::State,
    booking::v1::{
        AddWalkInRequest, AppointmentChoice, AppointmentCommand, BookAppointmentsRequest, BookingRight,
        CallNextRequest, CancelAppointmentRequest, CheckInByCodeRequest, ConfirmAttendanceRequest, EndTicketRequest,
        GetBookingRightRequest, GetDaySheetRequest, GetHoursRequest, HoldCommand, HoldPlacesRequest, ListSlotsRequest,
        MoveAppointmentRequest, Opening, SaveDayRequest, Slot, booking_client::BookingClient,
    },
};

use super::{Case, Simulation, chance::Chance, command::Command, people::manager};

impl Simulation {
    pub(super) async fn visit(&mut self, number: i64, owner: &Actor) {
        let mut client = BookingClient::new(self.place.together.by("booking", owner.clone()));
        let request = GetBookingRightRequest { application_number: number };
        let right = client.get_booking_right(request).await;
        if !right.as_ref().is_ok_and(|right| right.get_ref().open) && self.chance.percent(50) {
            // The case's news is on its way.
            self.hurry("applications", "booking-from-applications").await;
        }
        let Ok(right) = right else { return self.note("visit", "no right", false) };
        let request = ListSlotsRequest { application_number: number, ..ListSlotsRequest::default() };
        let slots = client.list_slots(request).await.map(|listed| listed.into_inner().slots).unwrap_or_default();
        match visiting(&mut self.chance, right.get_ref(), &slots, owner) {
            Some((who, command)) => self.send(who, command).await,
            None => self.note("visit", "nothing to do", false),
        }
    }

    /// The desks on a day: who comes without a visit, whom they call, whom they are done with.
    pub(super) async fn queue(&mut self) {
        let here = |case: &&Case| {
            let state = case.known.as_ref().map(|known| known.state());
            matches!(state, Some(State::AwaitingDocuments | State::DocsPartial | State::ReadyForPickup))
        };
        let mut cases: Vec<i64> = self.cases.iter().filter(here).map(|case| case.number).collect();
        if cases.is_empty() || self.chance.percent(5) {
            cases = self.cases.iter().map(|case| case.number).collect();
        }
        let Some(number) = self.chance.pick(&cases).copied() else { return };
        let who = manager(number);
        let mut client = BookingClient::new(self.place.together.by("booking", who.clone()));
        let draw = self.chance.below(10);
        if draw < 3 {
            return self
                .send(
                    who,
                    Command::WalkIn(AddWalkInRequest { application_number: number, ..AddWalkInRequest::default() }),
                )
                .await;
        }
        let Ok(sheet) = client.get_day_sheet(GetDaySheetRequest::default()).await else { return };
        let sheet = sheet.into_inner();
        let open: Vec<_> =
            sheet.queue.iter().filter(|one| one.state == "waiting" || one.state == "called").cloned().collect();
        if draw < 5 {
            let expected: Vec<_> = sheet.appointments.iter().filter(|one| one.state == "booked").cloned().collect();
            if let Some(one) = self.chance.pick(&expected).cloned() {
                return self
                    .send(
                        who,
                        Command::ByCode(CheckInByCodeRequest { code: one.code, ..CheckInByCodeRequest::default() }),
                    )
                    .await;
            }
        }
        if draw < 8 {
            if open.is_empty() && self.chance.percent(80) {
                return self.note("queue", "nobody is here", false);
            }
            let desks = if self.chance.percent(5) { 3 } else { 2 };
            let desk = u32::try_from(1 + self.chance.below(desks)).unwrap_or(1);
            return self.send(who, Command::CallNext(CallNextRequest { desk, ..CallNextRequest::default() })).await;
        }
        match self.chance.pick(&open).cloned() {
            Some(ticket) => {
                let left = self.chance.percent(25);
                self.send(who, Command::EndTicket(EndTicketRequest { ticket_id: ticket.id, left })).await;
            }
            None => self.note("queue", "nobody is here", false),
        }
    }

    /// The office closes a day, sometimes one on which visits are booked, or opens it again.
    pub(super) async fn hours(&mut self) {
        let who = people::supervisor();
        let mut client = BookingClient::new(self.place.together.by("booking", who.clone()));
        let Ok(hours) = client.get_hours(GetHoursRequest::default()).await else { return };
        let mut day = self.place.services["booking"].context.zone.date(self.place.sources.now());
        for _ in 0..=self.chance.below(6) {
            day = day.tomorrow().unwrap_or(day);
        }
        let opening = if self.chance.percent(60) { Some(Opening::default()) } else { None };
        let (note, displace) = ("the office".to_owned(), self.chance.percent(70));
        let version = hours.get_ref().version;
        let save = SaveDayRequest { version, date: day.to_string(), opening, note, displace, office_id: String::new() };
        self.send(who, Command::SaveDay(save)).await;
    }
}

/// Something about visits.
fn visiting(chance: &mut Chance, of: &BookingRight, slots: &[Slot], owner: &Actor) -> Option<(Actor, Command)> {
    let number = of.application_number;
    let hold = HoldCommand { application_number: number };
    if !of.held.is_empty() && chance.percent(70) {
        let confirms = chance.percent(80);
        return Some((owner.clone(), if confirms { Command::ConfirmHold(hold) } else { Command::ReleaseHold(hold) }));
    }
    let booked: Vec<_> = of.appointments.iter().filter(|one| one.state != "cancelled").collect();
    let free = |item: &&String| !booked.iter().any(|one| one.person_item_id == **item && one.state != "missed");
    let waiting: Vec<&String> = of.person_item_ids.iter().filter(free).collect();
    // Nobody is led to the page of a closed right; some come there all the same.
    if !of.open && of.appointments.is_empty() && chance.percent(85) {
        return None;
    }
    if chance.percent(60) && (of.open || chance.percent(10)) && (!waiting.is_empty() || booked.is_empty()) {
        if chance.percent(45) {
            let (start_at_micros, person_item_ids) = (chance.pick(slots)?.start_at_micros, Vec::new());
            let request = HoldPlacesRequest {
                application_number: number,
                start_at_micros,
                person_item_ids,
                ..HoldPlacesRequest::default()
            };
            return Some((owner.clone(), Command::Hold(request)));
        }
        let items = if waiting.is_empty() { of.person_item_ids.iter().collect() } else { waiting };
        let choices = items.into_iter().filter_map(|item| {
            let slot = chance.pick(slots)?;
            Some(AppointmentChoice { person_item_id: item.clone(), start_at_micros: slot.start_at_micros })
        });
        let appointments = choices.collect();
        let request =
            BookAppointmentsRequest { application_number: number, appointments, ..BookAppointmentsRequest::default() };
        // Who has missed too much is booked by the office.
        let who = if chance.percent(93) { owner.clone() } else { manager(number) };
        return Some((who, Command::Book(request)));
    }
    let live: Vec<_> =
        of.appointments.iter().filter(|one| ["booked", "checked_in"].contains(&one.state.as_str())).collect();
    let any: Vec<_> = of.appointments.iter().collect();
    let among = if live.is_empty() || chance.percent(12) { any } else { live };
    let one = *chance.pick(&among)?;
    let appointment_id = one.id.clone();
    let either = if chance.percent(70) { owner.clone() } else { manager(number) };
    if one.displaced && chance.percent(60) {
        let start_at_micros = chance.pick(slots)?.start_at_micros;
        return Some((
            either,
            Command::MoveVisit(MoveAppointmentRequest {
                appointment_id,
                start_at_micros,
                ..MoveAppointmentRequest::default()
            }),
        ));
    }
    let noted = AppointmentCommand { appointment_id: appointment_id.clone() };
    Some(match chance.below(16) {
        0..=2 => (either, Command::CancelVisit(CancelAppointmentRequest { appointment_id })),
        3..=5 => {
            let start_at_micros = chance.pick(slots)?.start_at_micros;
            (
                either,
                Command::MoveVisit(MoveAppointmentRequest {
                    appointment_id,
                    start_at_micros,
                    ..MoveAppointmentRequest::default()
                }),
            )
        }
        6..=8 => (owner.clone(), Command::Attend(ConfirmAttendanceRequest { appointment_id })),
        9..=11 => (manager(number), Command::CheckIn(noted)),
        12..=13 => (manager(number), Command::Missed(noted)),
        _ => (manager(number), Command::Served(noted)),
    })
}
