# Visits.

book-a-date = Book a date
choose-day = Choose a day
choose-office = Choose an office
offices = Offices
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
choose-again = Our hours have changed. Please choose another time for the visits that are marked.
visit-displaced = Choose another time
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

# The office's hours.

staff-hours = Office hours
hours-saved = The hours are saved.
hours-now = Hours that count now
hours-from = Hours from { $date } on
hours-slots = Slots of { $minutes } minutes, { $desks } desks
hours-lunch = lunch { $from } – { $to }
office-closed = closed
offices-all = All offices
visits-in-office = Visits in
holidays-for-all = Holidays hold for all offices.
days-own = Days of their own
visits-displaced = Visits whose applicants have been asked for another time
change-day = Change one day
day-kind = On this day
day-closed = closed
day-open = other hours
day-usual = as usual again
day-open-hint = Hours are needed for “other hours” only.
opens = Opens
closes = Closes
lunch-from = Lunch from
lunch-to = Lunch to
hours-note = Why
change-week = Change the week
valid-from = From this day on
desks = Desks
slot-minutes = Minutes of a slot
week-hint = A day without hours is closed.
displace-visits = Ask the applicants of these visits to choose another time
book-a-pick-up = Book a pick-up
bring-to-pick-up = Your identity document; whoever comes for you brings his own and your power of attorney
calendar-pick-up = { $office }: collect the result of application { $number }
visit-kind-pick-up = Pick-up
hours-pick-up = { $desks } more for pick-ups
pick-up-desks = Desks for pick-ups
pick-up-desks-hint = Empty: those who bring originals and those who fetch something come to the same desks.
days-table = Many days from a table
days-download = Download the days as a table
days-lines = Lines of the table
days-table-hint = One line for each day: date, opens, closes, lunch from, lunch to, note. Instead of the hours also “closed” or “usual”. For example 2026-12-31,09:00,13:00,,,Short day
table-file = File (CSV)
hours-part-days = Days from a table
to-hand-out = To hand out and give back
holidays = Holidays
download-holidays = Download the file of holidays
holidays-file = File of holidays
holidays-hint = One line for each day: 2026-12-16 holiday, or 2026-12-19 working for a weekend that is worked in exchange. Deadlines that begin later go by them too.
hours-part-week = Week
hours-part-day = Day
hours-part-holidays = Holidays

# The queue of a day.

door-code = Code of the visit
walk-in-number = Application of a visitor without a visit
add-walk-in = Add to the queue
desk = Desk
call-next = Call the next one
queue = Queue
at-desk = At desk { $desk }
mark-left = Has left
show-papers = Show who comes and what they bring
visit-late = Late
lane-booked = booked
lane-priority = walk-in option
lane-walk-in = without a visit
ticket-waiting = Waiting
ticket-called = Called
ticket-served = Served
ticket-left = Has left
