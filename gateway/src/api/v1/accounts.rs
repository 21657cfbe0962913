//! Tokens, the own account, staff and service accounts.

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
        Call::get("/api/v1/account", "identity.Identity/GetAccount", "The own account"),
        Call::put("/api/v1/account", "identity.Identity/UpdateAccount", "Change name, phone, language"),
        Call::get("/api/v1/staff", "identity.Identity/ListStaff", "Staff accounts"),
        Call::get("/api/v1/colleagues", "identity.Identity/ListColleagues", "Who works here, by name"),
        Call::create("/api/v1/staff/invitations", "identity.Identity/InviteStaff", "Invite a member of staff"),
        Call::post("/api/v1/staff/{account_id}/disable", "identity.Identity/DisableAccount", "Disable an account"),
        Call::get("/api/v1/service-accounts", "identity.Identity/ListServiceAccounts", "Service accounts"),
        Call::create("/api/v1/service-accounts", "identity.Identity/CreateServiceAccount", "Make a service account"),
        Call::delete(
            "/api/v1/service-accounts/{id}",
            "identity.Identity/RevokeServiceAccount",
            "End a service account",
        ),
    ]
}
