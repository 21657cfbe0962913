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
visit-code = Код для входа: { $code }
confirm-visit-by = Подтвердите до { $by }, иначе это время отдадут другим.
i-will-come = Я приду
move-visit = Выбрать другое время
visit-fixed = Этот визит здесь уже нельзя изменить. Позвоните нам.
add-to-calendar = Добавить в календарь
held-until = Это время сохранено за вами до { $time }
choose-another-time = Отказаться и выбрать снова
family-together = Все подряд
family-hint = У каждого своё время, без перерыва между ними. Оно сохраняется за вами десять минут, пока вы подтверждаете.
no-rows = В этот день нет столько свободных мест подряд. Выберите другой день или время для каждого.
first-time = Время первого
times-in-a-row = { $first } (последний в { $last })
hold-times = Сохранить это время
each-alone = Время для каждого
bring-title = Возьмите с собой
bring-identity = Удостоверение личности
calendar-summary = { $office }: визит по заявке { $number }
bring-originals = Возьмите с собой оригиналы документов и удостоверение личности.
visit-checked-in = Пришёл
visit-served = Принят
visit-missed = Не пришёл
visit-cancelled = Отменён
visit-booked = Записан
visit-moved = Перенесён
