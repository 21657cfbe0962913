//! gRPC: parse, use-case, encode; nothing else.

use std::sync::Arc;

use chassis::command::Grouped;
use proto::booking::v1::{self as pb, booking_server::Booking};
use tonic::{Request, Response, Status};

use crate::{
    app::{self, Ports, book_appointments::BookAppointments},
    domain::appointment::Move,
    queries,
};

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
    /// Where bookings wait for each other.
    pub booked: Arc<Grouped<BookAppointments>>,
}

type Answer<T> = Result<Response<T>, Status>;

impl Grpc {
    async fn moved(
        &self,
        operation: &'static str,
        request: Request<pb::AppointmentCommand>,
        by: Move,
    ) -> Answer<pb::Appointment> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command(operation, request, move |tx, call, message| async move {
                let moved = app::note_visit::run(&tx, &ports, &call.actor, &message.appointment_id, by).await?;
                let plans = app::office::plans(&*tx, &ports).await?;
                Ok(queries::to_wire(&ports, &plans, &call.actor, &moved))
            })
            .await
    }
}

impl Grpc {
    /// Changed hours may leave visits without a slot; that is looked into at once.
    fn rehouse(&self, saved: Answer<pb::Hours>) -> Answer<pb::Hours> {
        if saved.is_ok() {
            self.ports.rehoused.notify_one();
        }
        saved
    }
}

#[tonic::async_trait]
impl Booking for Grpc {
    async fn get_booking_right(&self, request: Request<pb::GetBookingRightRequest>) -> Answer<pb::BookingRight> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::booking_right(context.db.read(), &self.ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn list_slots(&self, request: Request<pb::ListSlotsRequest>) -> Answer<pb::ListSlotsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::slots(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn book_appointments(&self, request: Request<pb::BookAppointmentsRequest>) -> Answer<pb::BookingRight> {
        self.booked.command(request).await
    }

    async fn hold_places(&self, request: Request<pb::HoldPlacesRequest>) -> Answer<pb::BookingRight> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("HoldPlaces", request, |tx, call, message| async move {
                app::hold_places::run(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn confirm_hold(&self, request: Request<pb::HoldCommand>) -> Answer<pb::BookingRight> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ConfirmHold", request, |tx, call, message| async move {
                app::confirm_hold::run(&tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn release_hold(&self, request: Request<pb::HoldCommand>) -> Answer<pb::BookingRight> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ReleaseHold", request, |tx, call, message| async move {
                app::hold_places::release(&tx, &ports, &call.actor, message.application_number).await
            })
            .await
    }

    async fn move_appointment(&self, request: Request<pb::MoveAppointmentRequest>) -> Answer<pb::BookingRight> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("MoveAppointment", request, |tx, call, message| async move {
                app::move_appointment::run(&tx, &ports, &call.actor, &message).await
            })
            .await
    }

    async fn confirm_attendance(&self, request: Request<pb::ConfirmAttendanceRequest>) -> Answer<pb::BookingRight> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ConfirmAttendance", request, |tx, call, message| async move {
                app::confirm_attendance::run(&tx, &ports, &call.actor, &message.appointment_id).await
            })
            .await
    }

    async fn cancel_appointment(&self, request: Request<pb::CancelAppointmentRequest>) -> Answer<pb::BookingRight> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("CancelAppointment", request, |tx, call, message| async move {
                let number = app::cancel_appointment::run(&tx, &ports, &call.actor, &message.appointment_id).await?;
                queries::booking_right(&*tx, &ports, &call.actor, number).await
            })
            .await
    }

    async fn get_appointment(&self, request: Request<pb::GetAppointmentRequest>) -> Answer<pb::Appointment> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::one(context.db.read(), &self.ports, &call.actor, &message.appointment_id).await
            })
            .await
    }

    async fn get_visit_report(&self, request: Request<pb::GetVisitReportRequest>) -> Answer<pb::VisitReport> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::report::run(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn get_day_sheet(&self, request: Request<pb::GetDaySheetRequest>) -> Answer<pb::DaySheet> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::day_sheet(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn check_in(&self, request: Request<pb::AppointmentCommand>) -> Answer<pb::Appointment> {
        self.moved("CheckIn", request, Move::CheckIn).await
    }

    async fn mark_served(&self, request: Request<pb::AppointmentCommand>) -> Answer<pb::Appointment> {
        self.moved("MarkServed", request, Move::Serve).await
    }

    async fn mark_missed(&self, request: Request<pb::AppointmentCommand>) -> Answer<pb::Appointment> {
        self.moved("MarkMissed", request, Move::Miss).await
    }

    async fn get_hours(&self, request: Request<pb::GetHoursRequest>) -> Answer<pb::Hours> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let db = context.db.read();
                let plans = app::office::plans(db, &self.ports).await?;
                let office = app::office::named(&self.ports, &message.office_id)?;
                queries::hours(db, &self.ports, &call.actor, &plans, office).await
            })
            .await
    }

    async fn save_week(&self, request: Request<pb::SaveWeekRequest>) -> Answer<pb::Hours> {
        let ports = Arc::clone(&self.ports);
        let saved = self.ports.context.command("SaveWeek", request, |tx, call, message| async move {
            app::office::save_week(&tx, &ports, &call.actor, &message).await
        });
        self.rehouse(saved.await)
    }

    async fn save_day(&self, request: Request<pb::SaveDayRequest>) -> Answer<pb::Hours> {
        let ports = Arc::clone(&self.ports);
        let saved = self.ports.context.command("SaveDay", request, |tx, call, message| async move {
            app::office::save_day(&tx, &ports, &call.actor, &message).await
        });
        self.rehouse(saved.await)
    }

    async fn import_days(&self, request: Request<pb::ImportDaysRequest>) -> Answer<pb::Hours> {
        let ports = Arc::clone(&self.ports);
        let saved = self.ports.context.command("ImportDays", request, |tx, call, message| async move {
            app::day_table::run(&tx, &ports, &call.actor, &message).await
        });
        self.rehouse(saved.await)
    }

    async fn save_holidays(&self, request: Request<pb::SaveHolidaysRequest>) -> Answer<pb::Hours> {
        let ports = Arc::clone(&self.ports);
        let saved = self.ports.context.command("SaveHolidays", request, |tx, call, message| async move {
            app::office::save_holidays(&tx, &ports, &call.actor, &message).await
        });
        self.rehouse(saved.await)
    }

    async fn check_in_by_code(&self, request: Request<pb::CheckInByCodeRequest>) -> Answer<pb::Appointment> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("CheckInByCode", request, |tx, call, message| async move {
                let found = app::queue::check_in(&tx, &ports, &call.actor, &message).await?;
                let plans = app::office::plans(&*tx, &ports).await?;
                Ok(queries::to_wire(&ports, &plans, &call.actor, &found))
            })
            .await
    }

    async fn add_walk_in(&self, request: Request<pb::AddWalkInRequest>) -> Answer<pb::Ticket> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("AddWalkIn", request, |tx, call, message| async move {
                let ticket = app::queue::walk_in(&tx, &ports, &call.actor, &message).await?;
                Ok(queries::ticket_to_wire(&ports, &ticket))
            })
            .await
    }

    async fn call_next(&self, request: Request<pb::CallNextRequest>) -> Answer<pb::Ticket> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("CallNext", request, |tx, call, message| async move {
                let called = app::queue::call_next(&tx, &ports, &call.actor, &message).await?;
                Ok(queries::ticket_to_wire(&ports, &called))
            })
            .await
    }

    async fn end_ticket(&self, request: Request<pb::EndTicketRequest>) -> Answer<pb::Ticket> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("EndTicket", request, |tx, call, message| async move {
                let ended = app::queue::end(&tx, &ports, &call.actor, &message.ticket_id, message.left).await?;
                Ok(queries::ticket_to_wire(&ports, &ended))
            })
            .await
    }
}
