//! What the controls of the portal's own forms are called.

/// The key of a control's label.
pub(super) fn key(control: &str) -> Option<&'static str> {
    Some(match control {
        "address" => "address",
        "bin" => "bin",
        "citizenship" => "citizenship",
        "city" => "city",
        "company_name" => "company-name",
        "country" => "country",
        "district" => "district",
        "email" => "email",
        "given_name" => "first-name",
        "identity_number" => "identity-number",
        "locale" => "language-of-messages",
        "membership" => "membership",
        "name" => "name",
        "new_password" => "new-password",
        "old_password" => "old-password",
        "password" => "password",
        "password_again" | "new_password_again" => "password-again",
        "patronymic" => "patronymic",
        "payment" => "payment",
        "payment_type" => "payment-type",
        "phone" => "phone",
        "reason" => "reason",
        "residency" => "residency",
        "roles" => "roles",
        "scopes" => "scopes",
        "surname" => "last-name",
        "tax_number" => "inn",
        "zip_code" => "zip-code",
        _ => return None,
    })
}
