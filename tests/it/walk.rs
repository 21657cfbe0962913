//! USER-GUIDE's journey in a browser, from its first step to its last, with JavaScript on and off, at the width of a
//! desk and of a phone, with the staff's side beside it.

use testkit::{World, bank::PAYS, browser::Browser, journey::PAPER, world::PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_is_walked_with_javascript() {
    Box::pin(walk(true, 1280, "desk")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_is_walked_without_javascript_on_a_phone() {
    Box::pin(walk(false, 360, "phone")).await;
}

async fn walk(javascript: bool, width: u32, name: &str) {
    let world = World::start().await;
    let base = world.api.base.clone();
    let paper = world.data().join("passport.pdf");
    std::fs::write(&paper, PAPER).unwrap();
    let person = Browser::open(javascript, width).await;
    let picture = |step: &str| format!("{name}-{step}");

    // Account registration.
    person.go(&base).await;
    person.picture(&picture("01-home")).await;
    person.go(&format!("{base}/login")).await;
    person.press("Sign up now").await;
    for (field, value) in [
        ("given_name", "Nora"),
        ("surname", "Lind"),
        ("email", "nora.lind@mail.example"),
        ("phone", "+77012345678"),
        ("password", "short"),
        ("password_again", "short"),
    ] {
        person.fill(field, value).await;
    }
    person.picture(&picture("02-signup")).await;
    person.press("Sign up now").await;
    person.find(".error-summary").await;
    assert_eq!(
        person.find("[name=email]").await.prop("value").await.unwrap().as_deref(),
        Some("nora.lind@mail.example")
    );
    person.fill("password", PASSWORD).await;
    person.fill("password_again", PASSWORD).await;
    person.click("label[for=consent]").await;
    person.press("Sign up now").await;
    person.says("Nora").await;

    // Submitting the application.
    person.go(&format!("{base}/applications")).await;
    person.picture(&picture("03-applications-none")).await;
    person.press("New Application").await;
    person.says("Select application type").await;
    person.picture(&picture("04-type")).await;
    person.press("Next").await;
    person.click("label[for=service-INVB1S]").await;
    person.press("Create").await;
    person.says("Choose one of the following options").await;
    person.click("label[for=membership-not-member]").await;
    person.fill("quantity.INVB1S", "2").await;
    for (field, value) in [
        ("given_name", "Nora"),
        ("surname", "Lind"),
        ("email", "nora.lind@mail.example"),
        ("phone", "+77012345678"),
        ("address", "Mangilik el 55, Astana"),
    ] {
        person.fill(field, value).await;
    }
    person.picture(&picture("05-application")).await;
    person.press("Save").await;
    person.says("20\u{a0}000\u{a0}KZT").await;
    for passport in ["N1234567", "N7654321"] {
        let summary = person.find("details.line-persons").await;
        if summary.attr("open").await.unwrap().is_none() {
            person.click("details.line-persons > summary").await;
        }
        person.press("Add person").await;
        for (field, value) in [
            ("surname", "LIND"),
            ("given_names", "ALEX"),
            ("sex", "male"),
            ("birth_place", "Oslo"),
            ("citizenship", "NO"),
            ("residence_country", "NO"),
            ("passport_number", passport),
            ("visa_category", "B1"),
            ("purpose", "Business meetings"),
        ] {
            person.fill(field, value).await;
        }
        for (field, value) in [
            ("birth_date", "1988-03-14"),
            ("passport_issued_on", "2022-01-10"),
            ("passport_expires_on", "2032-01-09"),
            ("stay_from", "2027-02-01"),
            ("stay_to", "2027-03-01"),
        ] {
            date(&person, field, value).await;
        }
        person.picture(&picture("06-person")).await;
        person.press("Save").await;
        for (index, code) in ["passport_copy", "consent_form"].into_iter().enumerate() {
            let file = person.find(&format!("#file-{code}")).await;
            file.send_keys(paper.to_str().unwrap()).await.unwrap();
            person.click(&format!("#documents-{code} .upload button")).await;
            person.says_times("passport.pdf", index + 1).await;
        }
        person.press("Back to the application").await;
    }
    person.press("Next").await;
    person.says("Public Offer").await;
    person.picture(&picture("07-review")).await;
    person.press("Submit").await;
    person.find(".error-summary").await;
    person.click("label[for=accept_offer]").await;
    person.click("label[for=consent]").await;
    person.press("Submit").await;
    person
        .says(
            "Your application has been successfully submitted to the Expat Centre managers for processing. Please \
             await their response. Status - NEW!",
        )
        .await;
    person.picture(&picture("08-submitted")).await;
    let number: i64 = person.address().await.split('/').nth(4).unwrap().parse().unwrap();

    // The staff's side: a manager claims, accepts the papers and recommends; the supervisor approves.
    let staff = Browser::open(javascript, width).await;
    staff.sign_in(&base, "manager@demo.example").await;
    staff.go(&format!("{base}/staff")).await;
    staff.picture(&picture("09-work")).await;
    let case = format!("{base}/staff/applications/{number}");
    staff.go(&case).await;
    staff.picture(&picture("10-case")).await;
    staff.press("Take up").await;
    for paper in ["1", "2", "3", "4"] {
        staff.click(&format!(".papers > li:nth-child({paper}) button[name=accept][value=yes]")).await;
        staff.says_times("Document accepted", paper.parse().unwrap()).await;
    }
    staff.press("Recommend approval").await;
    staff.says("Awaiting Approval").await;
    let supervisor = Browser::open(javascript, width).await;
    supervisor.sign_in(&base, "supervisor@demo.example").await;
    supervisor.go(&case).await;
    supervisor.press("Approve").await;
    supervisor.says("Awaiting for Payment").await;
    supervisor.close().await;

    // Payment.
    person.go(&format!("{base}/applications")).await;
    person.says("Awaiting for Payment").await;
    person.picture(&picture("11-applications")).await;
    person.go(&format!("{base}/applications/{number}/payer")).await;
    person.says_soon("Payer's information").await;
    for (field, value) in [
        ("given_name", "Nora"),
        ("surname", "Lind"),
        ("residency", "KZ"),
        ("citizenship", "NO"),
        ("tax_number", "1111111111"),
        ("identity_number", "N1234567"),
        ("zip_code", "010000"),
        ("country", "KZ"),
        ("city", "Astana"),
        ("district", "Astana"),
    ] {
        person.fill(field, value).await;
    }
    person.picture(&picture("12-payer")).await;
    person.press("Next").await;
    person.find("#tax_number-fault").await;
    person.fill("tax_number", "900101390002").await;
    person.press("Next").await;
    person.says("Payment Invoice").await;
    for label in [
        "Application ID",
        "Document Number",
        "Document Date",
        "Due Date",
        "Currency Code",
        "Total Amount (including VAT)",
        "Account Name",
        "Reference number",
        "Beneficiary Legal Address",
        "Beneficiary Actual Address",
        "Beneficiary Code",
        "Contact Phone",
        "Beneficiary's Identifications Number",
        "Beneficiary's Bank",
        "Beneficiary Bank's identification code",
        "Bank account number / IBAN",
        "PPC",
        "Payer Name",
        "Payer IIN",
        "Payer Identity number/Passport number",
        "Line number",
        "Product code",
        "Unit Price",
        "Quantity",
        "Terms&Conditions",
        "KZ149491100000810569",
        "20,000",
    ] {
        person.holds(label).await;
    }
    person.picture(&picture("13-invoice")).await;
    person.press("Pay").await;
    person.find(".error-summary").await;
    person.click("label[for=terms_accepted]").await;
    person.press("Pay").await;
    if !javascript {
        person.picture(&picture("14-to-the-bank")).await;
        person.click("[data-pay-link]").await;
    }
    for (field, value) in [("pan", PAYS), ("expiry", "12/35"), ("cvc", "123"), ("name", "NORA LIND")] {
        person.fill(field, value).await;
    }
    person.picture(&picture("15-bank")).await;
    person.press("Pay 20\u{a0}000 KZT").await;
    person.press("Close").await;
    person.says_soon("Pending").await;
    person.says("Awaiting for Payment").await;
    person.picture(&picture("16-pending")).await;

    staff.go(&format!("{base}/staff/payments")).await;
    staff.picture(&picture("17-payments")).await;
    staff.click("button[name=action][value=confirm]").await;

    // Booking a date, in a new tab.
    person.says_soon("Awaiting to Receive Documents").await;
    person.says("Paid").await;
    let link = person.find("a[target=_blank][href^='/booking/']").await;
    assert_eq!(link.text().await.unwrap(), "Book a date");
    link.click().await.unwrap();
    let tabs = person.client.windows().await.unwrap();
    assert_eq!(tabs.len(), 2, "\"Book a date\" opens a new tab");
    person.client.switch_to_window(tabs[1].clone()).await.unwrap();
    person.says_soon("All one after the other").await;
    person.picture(&picture("18-booking")).await;
    person.click("#times button").await;
    person.find("#held").await;
    person.picture(&picture("18-held")).await;
    person.click("#held button").await;
    person.find(".notice.good").await;
    person.picture(&picture("19-booked")).await;
    person.press("OK").await;
    person.client.close_window().await.unwrap();
    person.client.switch_to_window(tabs[0].clone()).await.unwrap();

    // Originals, decisions, hand-out.
    staff.go(&case).await;
    staff.press("Originals received").await;
    staff.says("In Progress").await;
    for left in [1, 0] {
        staff.click("button[name=granted][value=yes]").await;
        staff.count("button[name=granted][value=yes]", left).await;
    }
    staff.press("Ready for pickup").await;
    staff.says("Ready for Pickup").await;
    staff.press("Record the hand-out").await;
    staff.press("Complete").await;
    staff.says("Completed").await;
    staff.picture(&picture("20-completed")).await;
    person.go(&format!("{base}/applications/{number}/overview")).await;
    person.says("Completed").await;
    person.picture(&picture("21-overview")).await;
    person.go(&format!("{base}/messages")).await;
    person.picture(&picture("22-messages")).await;
    person.close().await;
    staff.close().await;
    world.end().await;
}

/// Types a date as the control wants it: date pickers take digits in the browser's order.
pub(crate) async fn date(browser: &Browser, name: &str, iso: &str) {
    let field = browser.find(&format!("[name=\"{name}\"]")).await;
    if field.attr("type").await.unwrap().as_deref() == Some("date") {
        let mut parts = iso.split('-');
        let (year, month, day) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        field.send_keys(&format!("{month}{day}{year}")).await.unwrap();
    } else {
        browser.fill(name, iso).await;
    }
}
