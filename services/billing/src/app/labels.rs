//! The invoice's labels in three languages; the English ones are the guide's, to the letter.

kernel::labels! {
    /// One label of the printed invoice.
    Label {
        Title: "Payment Invoice", "Счёт на оплату", "Төлем шоты";
        Invoice: "Invoice", "Счёт", "Шот";
        ApplicationId: "Application ID", "Номер заявления", "Өтініш нөмірі";
        DocumentNumber: "Document Number", "Номер документа", "Құжат нөмірі";
        DocumentDate: "Document Date", "Дата документа", "Құжат күні";
        DueDate: "Due Date", "Оплатить до", "Төлеу мерзімі";
        CurrencyCode: "Currency Code", "Код валюты", "Валюта коды";
        Total: "Total Amount (including VAT)", "Итого (включая НДС)", "Жиыны (ҚҚС қоса)";
        AccountName: "Account Name", "Наименование получателя", "Алушының атауы";
        Reference: "Reference number", "Номер ссылки", "Сілтеме нөмірі";
        BeneficiaryAddress: "Beneficiary Address", "Адрес получателя", "Алушының мекенжайы";
        LegalAddress: "Beneficiary Legal Address", "Юридический адрес получателя", "Алушының заңды мекенжайы";
        ActualAddress: "Beneficiary Actual Address", "Фактический адрес получателя", "Алушының нақты мекенжайы";
        BeneficiaryCode: "Beneficiary Code", "Код получателя (Кбе)", "Алушы коды (Кбе)";
        City: "City", "Город", "Қала";
        CountryCode: "Country Code", "Код страны", "Ел коды";
        ContactPhone: "Contact Phone", "Контактный телефон", "Байланыс телефоны";
        BankCredentials: "Bank Credentials", "Банковские реквизиты", "Банк деректемелері";
        IdentificationNumber: "Beneficiary's Identifications Number", "БИН получателя", "Алушының БСН";
        Bank: "Beneficiary's Bank", "Банк получателя", "Алушының банкі";
        BankCode: "Beneficiary Bank's identification code", "БИК банка получателя", "Алушы банкінің БСК";
        Iban: "Bank account number / IBAN", "Номер счёта / IBAN", "Шот нөмірі / IBAN";
        Ppc: "PPC", "КНП", "ТМК";
        PayerInformation: "Payer information", "Сведения о плательщике", "Төлеуші туралы мәлімет";
        PayerName: "Payer Name", "Плательщик", "Төлеуші";
        PayerIin: "Payer IIN", "ИИН плательщика", "Төлеушінің ЖСН";
        PayerIdentity: "Payer Identity number/Passport number", "Номер удостоверения/паспорта плательщика", "Төлеушінің жеке куәлік/паспорт нөмірі";
        PayerBin: "Payer BIN", "БИН плательщика", "Төлеушінің БСН";
        PayerCode: "Payer Code (Kod)", "Код плательщика (КОд)", "Төлеуші коды (КОд)";
        PayerAddress: "Payer Address", "Адрес плательщика", "Төлеушінің мекенжайы";
        PayerBank: "Payer's Bank", "Банк плательщика", "Төлеушінің банкі";
        PayerBic: "Payer Bank's identification code", "БИК банка плательщика", "Төлеуші банкінің БСК";
        PayerIban: "Payer's account number / IBAN", "Номер счёта плательщика / IBAN", "Төлеушінің шот нөмірі / IBAN";
        ContractNumber: "Contract number", "Номер договора", "Шарт нөмірі";
        LineNumber: "Line number", "№", "№";
        Amount: "Amount", "Сумма", "Сома";
        ProductCode: "Product code", "Код услуги", "Қызмет коды";
        Description: "Description", "Описание", "Сипаттама";
        UnitPrice: "Unit Price", "Цена за единицу", "Бірлік бағасы";
        Quantity: "Quantity", "Количество", "Саны";
        VatInside: "VAT included", "В том числе НДС", "Оның ішінде ҚҚС";
        ReceiptTitle: "Payment Receipt", "Квитанция об оплате", "Төлем түбіртегі";
        CreditNoteTitle: "Credit Note", "Кредит-нота", "Кредит-нота";
        ActTitle: "Act of Services Rendered", "Акт оказанных услуг", "Көрсетілген қызметтер актісі";
        ReceiptNote: "The centre confirms that it has received this sum for the invoice below.", "Центр подтверждает получение этой суммы по указанному ниже счёту.", "Орталық төменде көрсетілген шот бойынша осы соманы алғанын растайды.";
        CreditNoteNote: "This sum of the invoice below is owed no more and is returned to the payer.", "Эта сумма указанного ниже счёта больше не причитается и возвращается плательщику.", "Төменде көрсетілген шоттың осы сомасы енді төленуге тиіс емес және төлеушіге қайтарылады.";
        ActNote: "The services below have been rendered in full. Terms, scope and quality were agreed in the public offer that the applicant accepted.", "Указанные ниже услуги оказаны полностью. Сроки, объём и качество согласованы публичной офертой, принятой заявителем.", "Төменде көрсетілген қызметтер толық көрсетілді. Мерзімі, көлемі мен сапасы өтініш беруші қабылдаған жария оферта арқылы келісілген.";
        Document: "Document", "Документ", "Құжат";
        Basis: "Invoice", "Основание: счёт", "Негізі: шот";
        Issuer: "Issued by", "Выдан", "Берген";
        Payments: "Payments", "Платежи", "Төлемдер";
        ByCard: "By card", "Картой", "Картамен";
        ByTransfer: "By bank transfer", "Банковским переводом", "Банк аударымымен";
        BankReference: "reference", "референс", "референс";
        Verification: "Verification", "Проверка подлинности", "Түпнұсқалығын тексеру";
        VerificationText: "A copy is genuine if the portal shows the same number, date and sum at this address:", "Копия подлинна, если портал показывает по этому адресу те же номер, дату и сумму:", "Портал осы мекенжайда дәл сол нөмірді, күнді және соманы көрсетсе, көшірме түпнұсқа болып табылады:";
        Terms: "Terms&Conditions", "Условия", "Шарттар";
    }
}
