//! The words of the printed acts in three languages.

kernel::labels! {
    /// One word or sentence of an act.
    Label {
        HandOver: "Act of hand-over of originals", "Акт приёма оригиналов", "Түпнұсқаларды қабылдау актісі";
        HandOut: "Act of hand-out of documents", "Акт выдачи документов", "Құжаттарды беру актісі";
        HandOverNote: "The centre has received the original documents named below for the time that the application takes. They are returned as its results are handed out.",
            "Центр принял указанные ниже оригиналы документов на время рассмотрения заявления. Они возвращаются при выдаче результатов.",
            "Орталық төменде көрсетілген құжаттардың түпнұсқаларын өтініш қаралатын уақытқа қабылдады. Олар нәтижелер берілген кезде қайтарылады.";
        HandOutNote: "The results and the originals named below were handed out. With this act the originals are returned.",
            "Указанные ниже результаты и оригиналы документов выданы. Этим актом оригиналы возвращены.",
            "Төменде көрсетілген нәтижелер мен құжаттардың түпнұсқалары берілді. Осы актімен түпнұсқалар қайтарылды.";
        MissingNote: "Some originals are still missing. Please bring them to the next visit.",
            "Часть оригиналов ещё не принята. Принесите их на следующий визит.",
            "Кейбір түпнұсқалар әлі тапсырылмаған. Оларды келесі келгенде әкеліңіз.";
        Application: "Application", "Заявление", "Өтініш";
        ApplicationId: "Application ID", "Номер заявления", "Өтініш нөмірі";
        Applicant: "Applicant", "Заявитель", "Өтініш беруші";
        Date: "Date", "Дата", "Күні";
        Service: "Service", "Услуга", "Қызмет";
        Received: "Originals received", "Оригиналы приняты", "Қабылданған түпнұсқалар";
        Missing: "Still missing", "Ещё не приняты", "Әлі тапсырылмаған";
        AskedFor: "what the state body asked for", "то, что запросил госорган", "мемлекеттік орган сұратқан құжаттар";
        WholeApplication: "For the application as a whole", "По заявлению в целом", "Өтініш бойынша жалпы";
        Returned: "Originals returned", "Оригиналы возвращены", "Қайтарылған түпнұсқалар";
        Result: "Result", "Результат", "Нәтиже";
        Granted: "Granted", "Одобрено", "Мақұлданды";
        Refused: "Refused", "Отказано", "Бас тартылды";
        Note: "Number or note of the state body", "Номер или примечание госоргана", "Мемлекеттік органның нөмірі немесе ескертпесі";
        Files: "Documents of the result", "Документы результата", "Нәтиже құжаттары";
        GivenTo: "Handed to", "Кому выдано", "Кімге берілді";
        InPerson: "in person", "лично", "өзіне";
        Representative: "representative", "представитель", "өкіл";
        Delivered: "Delivered by the personal manager", "Доставлено персональным менеджером", "Жеке менеджер жеткізді";
        Address: "Address", "Адрес", "Мекенжай";
        Identity: "Identity document", "Документ, удостоверяющий личность", "Жеке басын куәландыратын құжат";
        Passport: "passport", "паспорт", "паспорт";
        IdentityCard: "identity card", "удостоверение личности", "жеке куәлік";
        ResidencePermit: "residence permit", "вид на жительство", "тұруға ықтиярхат";
        Other: "another document", "другой документ", "басқа құжат";
        SignedGiver: "Handed over (applicant or representative)", "Сдал(а) (заявитель или представитель)", "Тапсырды (өтініш беруші немесе өкіл)";
        SignedCentre: "Received (for the centre)", "Принял(а) (от центра)", "Қабылдады (орталық атынан)";
        SignedTaker: "Received (applicant or representative)", "Получил(а) (заявитель или представитель)", "Алды (өтініш беруші немесе өкіл)";
        SignedOut: "Handed out (for the centre)", "Выдал(а) (от центра)", "Берді (орталық атынан)";
    }
}
