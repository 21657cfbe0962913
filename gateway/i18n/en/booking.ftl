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
visit-code = Code for the door: { $code }
confirm-visit-by = Please confirm by { $by }, or the time is given to others.
i-will-come = I will come
move-visit = Choose another time
visit-fixed = This visit can no longer be changed here. Please call us.
add-to-calendar = Add to your calendar
held-until = These times are kept for you until { $time }
choose-another-time = Give them up and choose again
family-together = All one after the other
family-hint = Everybody gets a time of their own, without a gap in between. The times are kept for ten minutes while you confirm.
no-rows = On this day there are not enough free times in a row. Please choose another day, or a time for each person.
first-time = First person’s time
times-in-a-row = { $first } (the last person at { $last })
hold-times = Keep these times
each-alone = A time for each person
bring-title = Please bring
bring-identity = Identity document
calendar-summary = { $office }: visit for application { $number }
bring-originals = Please bring the originals of the documents and your identity document.
visit-checked-in = Here
visit-served = Served
visit-missed = Missed
visit-cancelled = Cancelled
visit-booked = Booked
visit-moved = Moved
