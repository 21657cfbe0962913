# Visits.

book-a-date = Выбрать дату
choose-day = Выберите день
choose-time = Выберите время
no-days = Свободных дней сейчас нет. Загляните позже.
no-times = В этот день нет свободного времени. Выберите другой.
places-free = { $count ->
    [one] { $count } место
    [few] { $count } места
   *[many] { $count } мест
}
confirm-booking = Подтвердить
booking-saved = Вы записаны на приём.
cancel-visit = Отменить визит
booking-closed = По этой заявке сейчас не на что записываться.
bring-originals = Возьмите с собой оригиналы документов и удостоверение личности.
visit-checked-in = Пришёл
visit-served = Принят
visit-missed = Не пришёл
visit-cancelled = Отменён
visit-booked = Записан
visit-moved = Перенесён
