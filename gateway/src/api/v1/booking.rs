//! Visits: the right to book, slots, appointments, the day sheet.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/api/v1/applications/{application_number}/booking",
            "booking.Booking/GetBookingRight",
            "What may be booked and what is",
        ),
        Call::get(
            "/api/v1/applications/{application_number}/slots",
            "booking.Booking/ListSlots",
            "Days and free slots",
        ),
        Call::create(
            "/api/v1/applications/{application_number}/appointments",
            "booking.Booking/BookAppointments",
            "Book a visit for each person",
        ),
        Call::create(
            "/api/v1/applications/{application_number}/hold",
            "booking.Booking/HoldPlaces",
            "Keep places in slots that follow each other",
        ),
        Call::post(
            "/api/v1/applications/{application_number}/hold/confirm",
            "booking.Booking/ConfirmHold",
            "Book what is kept",
        )
        .keyed(),
        Call::delete(
            "/api/v1/applications/{application_number}/hold",
            "booking.Booking/ReleaseHold",
            "Give up what is kept",
        ),
        Call::post(
            "/api/v1/appointments/{appointment_id}/move",
            "booking.Booking/MoveAppointment",
            "Another time for a visit",
        )
        .keyed(),
        Call::post(
            "/api/v1/appointments/{appointment_id}/attendance",
            "booking.Booking/ConfirmAttendance",
            "I will come",
        )
        .keyed(),
        Call::get("/api/v1/appointments/{appointment_id}", "booking.Booking/GetAppointment", "One visit"),
        Call::delete("/api/v1/appointments/{appointment_id}", "booking.Booking/CancelAppointment", "Cancel a visit"),
        Call::get("/api/v1/staff/hours", "booking.Booking/GetHours", "The office's hours"),
        Call::put("/api/v1/staff/hours/week", "booking.Booking/SaveWeek", "Hours of the week from a date on"),
        Call::put("/api/v1/staff/hours/day", "booking.Booking/SaveDay", "Hours of one day"),
        Call::post("/api/v1/staff/hours/days", "booking.Booking/ImportDays", "Hours of many days from a table").keyed(),
        Call::put("/api/v1/staff/hours/holidays", "booking.Booking/SaveHolidays", "Holidays"),
        Call::post("/api/v1/staff/queue/check-in", "booking.Booking/CheckInByCode", "Check in by the code of a visit")
            .keyed(),
        Call::post("/api/v1/staff/queue/walk-ins", "booking.Booking/AddWalkIn", "Somebody without a visit is here")
            .keyed(),
        Call::post("/api/v1/staff/queue/call", "booking.Booking/CallNext", "Call the next one to a desk").keyed(),
        Call::post("/api/v1/staff/queue/end", "booking.Booking/EndTicket", "Served, or gone").keyed(),
        Call::get("/api/v1/day-sheet", "booking.Booking/GetDaySheet", "Visits of a day"),
        Call::post("/api/v1/appointments/{appointment_id}/check-in", "booking.Booking/CheckIn", "The visitor is here")
            .keyed(),
        Call::post("/api/v1/appointments/{appointment_id}/served", "booking.Booking/MarkServed", "The visit is over")
            .keyed(),
        Call::post(
            "/api/v1/appointments/{appointment_id}/missed",
            "booking.Booking/MarkMissed",
            "The visitor did not come",
        )
        .keyed(),
        Call::get("/api/v1/reports/visits", "booking.Booking/GetVisitReport", "What became of visits"),
    ]
}
