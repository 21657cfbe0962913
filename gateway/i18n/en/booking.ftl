# Visits.

book-a-date = Book a date
choose-day = Choose a day
choose-time = Choose a time
no-days = There are no free days at the moment. Please look again later.
no-times = There are no free times on this day. Please choose another.
places-free = { $count ->
    [one] { $count } place
   *[other] { $count } places
}
confirm-booking = Confirm
booking-saved = Your visit is booked.
cancel-visit = Cancel this visit
booking-closed = There is nothing to book for this application at the moment.
bring-originals = Please bring the originals of the documents and your identity document.
visit-checked-in = Here
visit-served = Served
visit-missed = Missed
visit-cancelled = Cancelled
visit-booked = Booked
visit-moved = Moved
