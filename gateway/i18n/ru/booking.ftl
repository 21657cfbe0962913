# Visits.

book-a-date = Выбрать дату
choose-day = Выберите день
choose-office = Выберите офис
offices = Офисы
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
choose-again = Часы приёма изменились. Выберите другое время для отмеченных визитов.
visit-displaced = Выберите другое время
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

# The office's hours.

staff-hours = Часы приёма
hours-saved = Часы приёма сохранены.
hours-now = Действуют сейчас
hours-from = Действуют с { $date }
hours-slots = Приём по { $minutes } мин, столов: { $desks }
hours-lunch = обед { $from } – { $to }
office-closed = закрыто
offices-all = Все офисы
visits-in-office = Визиты в офисе
holidays-for-all = Праздники действуют для всех офисов.
days-own = Особые дни
visits-displaced = Визиты, для которых попросили выбрать другое время
change-day = Изменить один день
day-kind = В этот день
day-closed = закрыто
day-open = другие часы
day-usual = снова как обычно
day-open-hint = Часы нужны только для «другие часы».
opens = Открытие
closes = Закрытие
lunch-from = Обед с
lunch-to = Обед до
hours-note = Почему
change-week = Изменить неделю
valid-from = С этого дня
desks = Столов
slot-minutes = Минут на приём
week-hint = День без часов — выходной.
displace-visits = Попросить заявителей этих визитов выбрать другое время
book-a-pick-up = Записаться на получение
bring-to-pick-up = Ваше удостоверение личности; тому, кто придёт за вас, нужны его документ и ваша доверенность
calendar-pick-up = { $office }: получить результат по заявлению { $number }
visit-kind-pick-up = Получение
hours-pick-up = ещё столов для выдачи: { $desks }
pick-up-desks = Столы для выдачи
pick-up-desks-hint = Пусто: те, кто приносит оригиналы, и те, кто получает результат, приходят к одним и тем же столам.
days-table = Много дней из таблицы
days-download = Скачать дни таблицей
days-lines = Строки таблицы
days-table-hint = Одна строка на день: дата, открытие, закрытие, начало обеда, конец обеда, примечание. Вместо часов также «closed» (закрыто) или «usual» (как обычно). Например 2026-12-31,09:00,13:00,,,Короткий день
table-file = Файл (CSV)
hours-part-days = Дни из таблицы
to-hand-out = Выдать и вернуть
holidays = Праздники
download-holidays = Скачать файл праздников
holidays-file = Файл праздников
holidays-hint = По строке на день: 2026-12-16 holiday или 2026-12-19 working для рабочего выходного. По ним считаются и сроки, которые начнутся позже.
hours-part-week = Неделя
hours-part-day = День
hours-part-holidays = Праздники

# The queue of a day.

door-code = Код визита
walk-in-number = Заявка посетителя без записи
add-walk-in = Поставить в очередь
desk = Стол
call-next = Вызвать следующего
queue = Очередь
at-desk = У стола { $desk }
mark-left = Ушёл
show-papers = Показать, кто придёт и что принесёт
visit-late = Опаздывает
lane-booked = по записи
lane-priority = вне очереди
lane-walk-in = без записи
ticket-waiting = Ждёт
ticket-called = Вызван
ticket-served = Принят
ticket-left = Ушёл
