# Visits.

book-a-date = Күнді таңдау
choose-day = Күнді таңдаңыз
choose-time = Уақытты таңдаңыз
no-days = Қазір бос күн жоқ. Кейінірек қараңыз.
no-times = Бұл күні бос уақыт жоқ. Басқасын таңдаңыз.
places-free = { $count } орын
confirm-booking = Растау
booking-saved = Сіз қабылдауға жазылдыңыз.
cancel-visit = Қабылдауды болдырмау
booking-closed = Бұл өтінім бойынша қазір жазылатын ештеңе жоқ.
bring-originals = Құжаттардың түпнұсқаларын және жеке куәлігіңізді ала келіңіз.
visit-checked-in = Келді
visit-served = Қабылданды
visit-missed = Келмеді
visit-cancelled = Болдырылмады
visit-booked = Жазылды
visit-moved = Ауыстырылды
