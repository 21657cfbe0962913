//! Tokens, the own account, links of letters, staff and service accounts.

use super::Call;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::post("/api/v1/tokens", "identity.Identity/CreateToken", "Sign in: access and refresh token").public(),
        Call::post("/api/v1/tokens/refresh", "identity.Identity/RefreshToken", "The next pair of tokens").public(),
        Call::post("/api/v1/tokens/service", "identity.Identity/CreateServiceToken", "Token of a service account")
            .public(),
        Call::create("/api/v1/accounts", "identity.Identity/SignUp", "Sign up: a person or a company").public(),
        Call::create("/api/v1/invitations/accept", "identity.Identity/AcceptInvitation", "Accept a staff invitation")
            .public(),
        Call::get("/api/v1/consent/account", "identity.Identity/GetConsentText", "What whoever signs up consents to")
            .public(),
        Call::get(
            "/api/v1/account/consents",
            "identity.Identity/ListConsents",
            "Consents that the own account has given",
        ),
        Call::post("/api/v1/clients/find", "identity.Identity/FindClient", "Staff at the desk: a client's account"),
        Call::create("/api/v1/clients", "identity.Identity/OpenClientAccount", "Staff at the desk: open an account"),
        Call::post(
            "/api/v1/account-holders",
            "identity.Identity/ListAccountHolders",
            "Names and addresses behind accounts, for telling those whom a breach concerns",
        ),
        Call::put("/api/v1/staff/{account_id}/team", "identity.Identity/SetTeam", "Put a member of staff into a team"),
        Call::get("/api/v1/account", "identity.Identity/GetAccount", "The own account"),
        Call::put("/api/v1/account", "identity.Identity/UpdateAccount", "Change name, phone, language"),
        Call::post("/api/v1/account/phone", "identity.Identity/ConfirmPhone", "Enter the code for another phone"),
        Call::post("/api/v1/account/phone/code", "identity.Identity/SendPhoneCode", "Send another code to that phone"),
        Call::post(
            "/api/v1/account/verification",
            "identity.Identity/RequestEmailVerification",
            "Send the letter that verifies the own address once more",
        ),
        Call::post("/api/v1/account/email", "identity.Identity/RequestEmailChange", "Ask for another e-mail address"),
        Call::post("/api/v1/account/password", "identity.Identity/ChangePassword", "Change the own password"),
        Call::post(
            "/api/v1/links/verify-email",
            "identity.Identity/VerifyEmail",
            "Use a link that verifies an address",
        )
        .public(),
        Call::post(
            "/api/v1/links/confirm-email",
            "identity.Identity/ConfirmEmailChange",
            "Use a link that confirms a new address",
        )
        .public(),
        Call::post(
            "/api/v1/links/reset-password",
            "identity.Identity/ResetPassword",
            "Use a link that sets a password",
        )
        .public(),
        Call::post(
            "/api/v1/password-resets",
            "identity.Identity/RequestPasswordReset",
            "Forgotten password: ask for a link",
        )
        .public(),
        Call::get("/api/v1/account/sessions", "identity.Identity/ListSessions", "Where the own account is signed in"),
        Call::post(
            "/api/v1/account/sessions/end-others",
            "identity.Identity/EndOtherSessions",
            "End all own sessions but the one that asks, and all refresh tokens",
        ),
        Call::delete("/api/v1/account/sessions/{session_id}", "identity.Identity/EndSession", "End one own session"),
        Call::get(
            "/api/v1/account/documents",
            "identity.Identity/ListAccountDocuments",
            "Papers that the own account keeps",
        ),
        Call::delete(
            "/api/v1/account/documents/{document_id}",
            "identity.Identity/RemoveAccountDocument",
            "Remove a paper of the own account",
        ),
        Call::post("/api/v1/account/close", "identity.Identity/CloseAccount", "Close the own account for good"),
        Call::get(
            "/api/v1/account/persons",
            "identity.Identity/ListSavedPersons",
            "Persons that the own account keeps for later applications",
        ),
        Call::create("/api/v1/account/persons", "identity.Identity/StoreSavedPerson", "Keep a person"),
        Call::put(
            "/api/v1/account/persons/{saved_person_id}",
            "identity.Identity/StoreSavedPerson",
            "Change a person that is kept",
        ),
        Call::delete(
            "/api/v1/account/persons/{saved_person_id}",
            "identity.Identity/RemoveSavedPerson",
            "Remove a person that is kept",
        ),
        Call::get(
            "/api/v1/account/payers",
            "identity.Identity/ListSavedPayers",
            "Payers that the own account keeps for later applications",
        ),
        Call::create("/api/v1/account/payers", "identity.Identity/StoreSavedPayer", "Keep a payer"),
        Call::put(
            "/api/v1/account/payers/{saved_payer_id}",
            "identity.Identity/StoreSavedPayer",
            "Change a payer that is kept",
        ),
        Call::delete(
            "/api/v1/account/payers/{saved_payer_id}",
            "identity.Identity/RemoveSavedPayer",
            "Remove a payer that is kept",
        ),
        Call::get("/api/v1/staff", "identity.Identity/ListStaff", "Staff accounts"),
        Call::get("/api/v1/colleagues", "identity.Identity/ListColleagues", "Who works here, by name"),
        Call::create("/api/v1/staff/invitations", "identity.Identity/InviteStaff", "Invite a member of staff"),
        Call::post("/api/v1/staff/{account_id}/disable", "identity.Identity/DisableAccount", "Disable an account"),
        Call::post("/api/v1/staff/{account_id}/enable", "identity.Identity/EnableAccount", "Enable an account again"),
        Call::post("/api/v1/staff/{account_id}/roles", "identity.Identity/ChangeRoles", "Give other roles"),
        Call::post(
            "/api/v1/staff/{account_id}/end-sessions",
            "identity.Identity/EndAccountSessions",
            "End all sessions of an account",
        ),
        Call::get("/api/v1/service-accounts", "identity.Identity/ListServiceAccounts", "Service accounts"),
        Call::create("/api/v1/service-accounts", "identity.Identity/CreateServiceAccount", "Make a service account"),
        Call::delete(
            "/api/v1/service-accounts/{id}",
            "identity.Identity/RevokeServiceAccount",
            "End a service account",
        ),
    ]
}
