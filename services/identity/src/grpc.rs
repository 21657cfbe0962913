//! gRPC: parse, use-case, encode; nothing else.

mod account_documents;
mod saved_answers;
mod wire;

use std::sync::Arc;

use chassis::{Error, auth::permit};
use kernel::{Actor, Role};
use proto::{
    common::v1::ConsentText,
    identity::v1::{self as pb, identity_server::Identity},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use tonic::{Request, Response, Status, Streaming};

use crate::{
    app::{self, Ports, tokens::Refreshed},
    domain::{account::Account, saved::SavedKind, whereabouts::Whereabouts},
    store,
};

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
}

impl Grpc {
    fn access_token(&self, actor: &Actor, account: Option<&Account>) -> Result<pb::AccessToken, Error> {
        let seconds = self.ports.config.session.token_seconds;
        Ok(pb::AccessToken {
            token: self.ports.signing.sign(&self.ports.context, actor, seconds)?,
            expires_in_seconds: seconds,
            account: account.map(wire::account),
        })
    }

    fn pair(&self, account: &Account, refresh_token: String) -> Result<pb::TokenPair, Error> {
        let actor = Actor::User { account: account.id, roles: account.roles.clone(), session: None };
        let access = self.access_token(&actor, Some(account))?;
        Ok(pb::TokenPair {
            access_token: access.token,
            expires_in_seconds: access.expires_in_seconds,
            refresh_token,
            account: access.account,
        })
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl Identity for Grpc {
    type DownloadAccountDocumentStream = account_documents::Chunks;

    async fn sign_up(&self, request: Request<pb::SignUpRequest>) -> Answer<pb::Session> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                // The address is in use by then, by the first request.
                if let Some(answer) = context.answered("SignUp", &call, &form).await? {
                    return Ok(answer);
                }
                let checked = app::sign_up::check(&ports, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("SignUp", call, form, |tx, _, _| async move {
                        let (session, account) = app::sign_up::run(&tx, &inner, checked).await?;
                        Ok(pb::Session { session, account: Some(wire::account(&account)) })
                    })
                    .await
            })
            .await
    }

    async fn sign_in(&self, request: Request<pb::SignInRequest>) -> Answer<pb::Session> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |_, form| {
                let account = app::sign_in::check(&ports, &form).await?;
                let (inner, from) = (Arc::clone(&ports), Whereabouts::new(&form.device, &form.client_address));
                ports
                    .context
                    .db
                    .write(move |tx| async move {
                        app::sign_in::unchanged(&tx, &inner, &account).await?;
                        let session = app::sessions::open(&tx, &inner, &account, from).await?;
                        Ok(pb::Session { session, account: Some(wire::account(&account)) })
                    })
                    .await
            })
            .await
    }

    async fn sign_out(&self, request: Request<pb::SignOutRequest>) -> Answer<pb::SignOutResponse> {
        self.ports
            .context
            .query(request, async |_, message| {
                app::sessions::end(&self.ports, &message.session).await?;
                Ok(pb::SignOutResponse {})
            })
            .await
    }

    async fn exchange_session(&self, request: Request<pb::ExchangeSessionRequest>) -> Answer<pb::AccessToken> {
        self.ports
            .context
            .query(request, async |_, message| {
                let (account, actor) = app::sessions::resume(&self.ports, &message.session).await?;
                self.access_token(&actor, Some(&account))
            })
            .await
    }

    async fn create_token(&self, request: Request<pb::SignInRequest>) -> Answer<pb::TokenPair> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |_, form| {
                let account = app::sign_in::check(&ports, &form).await?;
                let (inner, owner) = (Arc::clone(&ports), account.clone());
                let refresh = ports
                    .context
                    .db
                    .write(move |tx| async move {
                        app::sign_in::unchanged(&tx, &inner, &owner).await?;
                        app::tokens::start_family(&tx, &inner, &owner).await
                    })
                    .await?;
                self.pair(&account, refresh)
            })
            .await
    }

    async fn refresh_token(&self, request: Request<pb::RefreshTokenRequest>) -> Answer<pb::TokenPair> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |_, message| {
                let inner = Arc::clone(&ports);
                let refreshed = ports
                    .context
                    .db
                    .write(move |tx| async move { app::tokens::refresh(&tx, &inner, &message.refresh_token).await })
                    .await?;
                match refreshed {
                    Refreshed::Successor(successor, account) => self.pair(&account, successor),
                    Refreshed::Ended => Err(Error::Unauthenticated),
                }
            })
            .await
    }

    async fn create_service_token(&self, request: Request<pb::CreateServiceTokenRequest>) -> Answer<pb::AccessToken> {
        self.ports
            .context
            .query(request, async |_, message| {
                let actor =
                    app::tokens::service_actor(&self.ports, &message.service_account_id, &message.secret).await?;
                self.access_token(&actor, None)
            })
            .await
    }

    async fn create_system_token(&self, request: Request<pb::CreateSystemTokenRequest>) -> Answer<pb::AccessToken> {
        self.ports
            .context
            .query(request, async |_, message| {
                let actor = app::tokens::system_actor(&self.ports, &message.service, &message.secret)?;
                self.access_token(&actor, None)
            })
            .await
    }

    async fn get_keys(&self, _: Request<pb::GetKeysRequest>) -> Answer<pb::GetKeysResponse> {
        Ok(Response::new(pb::GetKeysResponse { jwks: self.ports.signing.jwks() }))
    }

    async fn get_account(&self, request: Request<pb::GetAccountRequest>) -> Answer<pb::Account> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| {
                let id = permit::user(&call.actor)?;
                let account = store::by_id(context.db.read(), &context.sealer, id).await?;
                // A token with a role that was taken away is worth nothing: others ask here before staff write.
                let lost = call.actor.roles().iter().any(|role| !account.roles.contains(role));
                if account.disabled || lost {
                    return Err(Error::Unauthenticated);
                }
                wire::own_account(context.db.read(), context, &account).await
            })
            .await
    }

    async fn get_contact(&self, request: Request<pb::GetContactRequest>) -> Answer<pb::Contact> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                permit::system(&call.actor)?;
                let id = message.account_id.parse().map_err(|_| Error::NotFound)?;
                Ok(wire::contact(&store::by_id(context.db.read(), &context.sealer, id).await?))
            })
            .await
    }

    async fn list_staff_contacts(
        &self,
        request: Request<pb::ListStaffContactsRequest>,
    ) -> Answer<pb::ListStaffContactsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                permit::system(&call.actor)?;
                let role: Role = message.role.parse().map_err(|_| Error::Malformed("unknown role".to_owned()))?;
                let rows = store::account::Entity::find()
                    .filter(store::account::Column::Roles.contains(role.code()))
                    .filter(store::account::Column::DisabledAt.is_null())
                    .all(context.db.read())
                    .await?;
                let contacts = rows
                    .iter()
                    .map(|row| store::to_domain(row, &context.sealer).map(|account| wire::contact(&account)))
                    .collect::<Result<_, _>>()?;
                Ok(pb::ListStaffContactsResponse { contacts })
            })
            .await
    }

    async fn update_account(&self, request: Request<pb::UpdateAccountRequest>) -> Answer<pb::Account> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("UpdateAccount", request, |tx, call, form| async move {
                let account = app::update_account::run(&tx, &ports, &call.actor, &form).await?;
                wire::own_account(&*tx, &ports.context, &account).await
            })
            .await
    }

    async fn send_phone_code(&self, request: Request<pb::SendPhoneCodeRequest>) -> Answer<pb::SendPhoneCodeResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("SendPhoneCode", request, |tx, call, _| async move {
                app::change_phone::again(&tx, &ports, &call.actor).await?;
                Ok(pb::SendPhoneCodeResponse {})
            })
            .await
    }

    async fn confirm_phone(&self, request: Request<pb::ConfirmPhoneRequest>) -> Answer<pb::Account> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, message| {
                app::change_phone::attempt(&ports, &call.actor, &message.code).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("ConfirmPhone", call, message, |tx, call, message| async move {
                        let account = app::change_phone::confirm(&tx, &inner, &call.actor, &message.code).await?;
                        Ok(wire::account(&account))
                    })
                    .await
            })
            .await
    }

    async fn list_sessions(&self, request: Request<pb::ListSessionsRequest>) -> Answer<pb::ListSessionsResponse> {
        self.ports
            .context
            .query(request, async |call, _| {
                let rows = app::sessions::list(&self.ports, &call.actor).await?;
                let current = app::sessions::current(&call.actor);
                let sessions = rows.into_iter().map(|row| wire::browser_session(row, current)).collect();
                Ok(pb::ListSessionsResponse { sessions })
            })
            .await
    }

    async fn end_session(&self, request: Request<pb::EndSessionRequest>) -> Answer<pb::EndSessionResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("EndSession", request, |tx, call, message| async move {
                app::sessions::end_own(&tx, &ports, &call.actor, &message.session_id).await?;
                Ok(pb::EndSessionResponse {})
            })
            .await
    }

    async fn end_other_sessions(
        &self,
        request: Request<pb::EndOtherSessionsRequest>,
    ) -> Answer<pb::EndOtherSessionsResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("EndOtherSessions", request, |tx, call, _| async move {
                let count = app::sessions::end_others(&tx, &ports, &call.actor).await?;
                Ok(pb::EndOtherSessionsResponse { count })
            })
            .await
    }

    async fn request_email_verification(
        &self,
        request: Request<pb::RequestEmailVerificationRequest>,
    ) -> Answer<pb::RequestEmailVerificationResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("RequestEmailVerification", request, |tx, call, _| async move {
                app::verify_email::request(&tx, &ports, &call.actor).await?;
                Ok(pb::RequestEmailVerificationResponse {})
            })
            .await
    }

    async fn verify_email(&self, request: Request<pb::VerifyEmailRequest>) -> Answer<pb::VerifyEmailResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("VerifyEmail", request, |tx, call, message| async move {
                app::verify_email::verify(&tx, &ports, &call.actor, &message.token).await?;
                Ok(pb::VerifyEmailResponse {})
            })
            .await
    }

    async fn request_password_reset(
        &self,
        request: Request<pb::RequestPasswordResetRequest>,
    ) -> Answer<pb::RequestPasswordResetResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("RequestPasswordReset", request, |tx, _, form| async move {
                app::reset_password::request(&tx, &ports, &form).await?;
                Ok(pb::RequestPasswordResetResponse {})
            })
            .await
    }

    async fn reset_password(&self, request: Request<pb::ResetPasswordRequest>) -> Answer<pb::ResetPasswordResponse> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                // The link is used up by then, by the first request.
                if let Some(answer) = context.answered("ResetPassword", &call, &form).await? {
                    return Ok(answer);
                }
                let hash = app::reset_password::check(&ports, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("ResetPassword", call, form, |tx, _, form| async move {
                        app::reset_password::run(&tx, &inner, &form.token, hash).await?;
                        Ok(pb::ResetPasswordResponse {})
                    })
                    .await
            })
            .await
    }

    async fn change_password(&self, request: Request<pb::ChangePasswordRequest>) -> Answer<pb::ChangePasswordResponse> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                // The old password is wrong by then, by the first request.
                if let Some(answer) = context.answered("ChangePassword", &call, &form).await? {
                    return Ok(answer);
                }
                let (proved, hash) = app::change_password::check(&ports, &call.actor, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("ChangePassword", call, form, |tx, call, _| async move {
                        app::change_password::run(&tx, &inner, &call.actor, &proved, hash).await?;
                        Ok(pb::ChangePasswordResponse {})
                    })
                    .await
            })
            .await
    }

    async fn request_email_change(
        &self,
        request: Request<pb::RequestEmailChangeRequest>,
    ) -> Answer<pb::RequestEmailChangeResponse> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                let (proved, email) = app::change_email::check(&ports, &call.actor, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("RequestEmailChange", call, form, |tx, _, _| async move {
                        app::change_email::request(&tx, &inner, &proved, &email).await?;
                        Ok(pb::RequestEmailChangeResponse {})
                    })
                    .await
            })
            .await
    }

    async fn confirm_email_change(
        &self,
        request: Request<pb::ConfirmEmailChangeRequest>,
    ) -> Answer<pb::ConfirmEmailChangeResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ConfirmEmailChange", request, |tx, call, message| async move {
                app::change_email::confirm(&tx, &ports, &call.actor, &message.token).await?;
                Ok(pb::ConfirmEmailChangeResponse {})
            })
            .await
    }

    async fn prepare_letter(&self, request: Request<pb::PrepareLetterRequest>) -> Answer<pb::Letter> {
        self.ports
            .context
            .query(request, async |call, message| {
                permit::system(&call.actor)?;
                app::letters::prepare(&self.ports, &message.letter_id).await
            })
            .await
    }

    async fn list_saved_persons(
        &self,
        request: Request<pb::ListSavedPersonsRequest>,
    ) -> Answer<pb::ListSavedPersonsResponse> {
        self.list_saved(request, SavedKind::Person, |listed| pb::ListSavedPersonsResponse {
            persons: listed.saved,
            fields: listed.fields,
            count_max: listed.count_max,
        })
        .await
    }

    async fn store_saved_person(&self, request: Request<pb::StoreSavedPersonRequest>) -> Answer<pb::StoredAnswers> {
        self.store_saved(request).await
    }

    async fn remove_saved_person(
        &self,
        request: Request<pb::RemoveSavedPersonRequest>,
    ) -> Answer<pb::RemoveSavedPersonResponse> {
        self.ports
            .context
            .command("RemoveSavedPerson", request, |tx, call, message| async move {
                app::saved_answers::remove(&tx, &call.actor, SavedKind::Person, &message.saved_person_id).await?;
                Ok(pb::RemoveSavedPersonResponse {})
            })
            .await
    }

    async fn list_saved_payers(
        &self,
        request: Request<pb::ListSavedPayersRequest>,
    ) -> Answer<pb::ListSavedPayersResponse> {
        self.list_saved(request, SavedKind::Payer, |listed| pb::ListSavedPayersResponse {
            payers: listed.saved,
            fields: listed.fields,
            count_max: listed.count_max,
        })
        .await
    }

    async fn store_saved_payer(&self, request: Request<pb::StoreSavedPayerRequest>) -> Answer<pb::StoredAnswers> {
        self.store_saved(request).await
    }

    async fn remove_saved_payer(
        &self,
        request: Request<pb::RemoveSavedPayerRequest>,
    ) -> Answer<pb::RemoveSavedPayerResponse> {
        self.ports
            .context
            .command("RemoveSavedPayer", request, |tx, call, message| async move {
                app::saved_answers::remove(&tx, &call.actor, SavedKind::Payer, &message.saved_payer_id).await?;
                Ok(pb::RemoveSavedPayerResponse {})
            })
            .await
    }

    async fn list_account_documents(
        &self,
        request: Request<pb::ListAccountDocumentsRequest>,
    ) -> Answer<pb::ListAccountDocumentsResponse> {
        let config = &self.ports.config.documents;
        self.ports
            .context
            .query(request, async |call, _| {
                let (documents, codes) = app::account_documents::list(&self.ports, &call.actor).await?;
                Ok(pb::ListAccountDocumentsResponse {
                    documents,
                    codes: codes.iter().map(|code| (*code).to_owned()).collect(),
                    files_max: config.files_max,
                    size_mib_max: config.size_mib_max,
                })
            })
            .await
    }

    async fn upload_account_document(
        &self,
        request: Request<Streaming<pb::UploadAccountDocumentRequest>>,
    ) -> Answer<pb::AccountDocument> {
        self.ports
            .context
            .query(request, async |call, mut parts| {
                let (start, content) = account_documents::receive(&self.ports, &call, &mut parts).await?;
                app::account_documents::store(&self.ports, call.actor, start, content).await
            })
            .await
    }

    async fn download_account_document(
        &self,
        request: Request<pb::DownloadAccountDocumentRequest>,
    ) -> Answer<account_documents::Chunks> {
        let found: Answer<app::account_documents::Download> = self
            .ports
            .context
            .query(request, async |call, message| {
                app::account_documents::download(&self.ports, &call.actor, &message.document_id).await
            })
            .await;
        found.map(|answer| Response::new(account_documents::chunks(answer.into_inner())))
    }

    async fn remove_account_document(
        &self,
        request: Request<pb::RemoveAccountDocumentRequest>,
    ) -> Answer<pb::RemoveAccountDocumentResponse> {
        self.ports
            .context
            .command("RemoveAccountDocument", request, |tx, call, message| async move {
                app::account_documents::remove(&tx, &call.actor, &message.document_id).await?;
                Ok(pb::RemoveAccountDocumentResponse {})
            })
            .await
    }

    async fn close_account(&self, request: Request<pb::CloseAccountRequest>) -> Answer<pb::CloseAccountResponse> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                // The account is closed by then, by the first request.
                if let Some(answer) = context.answered("CloseAccount", &call, &form).await? {
                    return Ok(answer);
                }
                let proved = app::close_account::check(&ports, &call.actor, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("CloseAccount", call, form, |tx, call, _| async move {
                        app::close_account::run(&tx, &inner, &call.actor, &proved).await?;
                        Ok(pb::CloseAccountResponse {})
                    })
                    .await
            })
            .await
    }

    async fn take_own_data(&self, request: Request<pb::TakeOwnDataRequest>) -> Answer<pb::OwnData> {
        let context = &self.ports.context;
        // No key: an answer that is kept would be one more place where all this stands.
        context
            .query(request, async |call, _| {
                let taken = app::own_data::take(&self.ports, &call.actor).await?;
                let current = app::sessions::current(&call.actor);
                Ok(pb::OwnData {
                    taken_at_micros: context.sources.now().micros(),
                    account: Some(wire::account(&taken.account)),
                    sessions: taken.sessions.into_iter().map(|row| wire::browser_session(row, current)).collect(),
                    persons: taken.persons.into_iter().map(wire::saved).collect(),
                    payers: taken.payers.into_iter().map(wire::saved).collect(),
                    documents: taken.documents,
                    consents: taken.consents,
                })
            })
            .await
    }

    async fn get_consent_text(&self, request: Request<pb::GetConsentTextRequest>) -> Answer<ConsentText> {
        let consent = &self.ports.consent;
        self.ports.context.query(request, async |_, _| Ok(chassis::wire::consent_text(consent))).await
    }

    async fn list_consents(&self, request: Request<pb::ListConsentsRequest>) -> Answer<pb::ListConsentsResponse> {
        self.ports
            .context
            .query(request, async |call, _| {
                Ok(pb::ListConsentsResponse { consents: app::consents::list(&self.ports, &call.actor).await? })
            })
            .await
    }

    async fn find_client(&self, request: Request<pb::FindClientRequest>) -> Answer<pb::Client> {
        self.ports
            .context
            .query(request, async |call, asked| {
                Ok(wire::client(&app::clients::find(&self.ports, &call.actor, &asked).await?))
            })
            .await
    }

    async fn open_client_account(&self, request: Request<pb::OpenClientAccountRequest>) -> Answer<pb::Client> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                // The address is in use by then, by the first request.
                if let Some(answer) = context.answered("OpenClientAccount", &call, &form).await? {
                    return Ok(answer);
                }
                let checked = app::clients::check(&ports, &call.actor, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("OpenClientAccount", call, form, |tx, call, _| async move {
                        Ok(wire::client(&app::clients::open(&tx, &inner, &call.actor, checked).await?))
                    })
                    .await
            })
            .await
    }

    async fn list_account_holders(
        &self,
        request: Request<pb::ListAccountHoldersRequest>,
    ) -> Answer<pb::ListAccountHoldersResponse> {
        self.ports
            .context
            .query(request, async |call, asked| {
                let found = app::account_holders::list(&self.ports, call.actor, asked.account_ids).await?;
                Ok(pb::ListAccountHoldersResponse { holders: found.iter().map(wire::client).collect() })
            })
            .await
    }

    async fn set_team(&self, request: Request<pb::SetTeamRequest>) -> Answer<pb::SetTeamResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("SetTeam", request, |tx, call, form| async move {
                app::set_team::run(&tx, &ports, &call.actor, &form).await?;
                Ok(pb::SetTeamResponse {})
            })
            .await
    }

    async fn invite_staff(&self, request: Request<pb::InviteStaffRequest>) -> Answer<pb::InviteStaffResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("InviteStaff", request, |tx, call, form| async move {
                app::invitation::invite(&tx, &ports, &call.actor, &form).await
            })
            .await
    }

    async fn accept_invitation(&self, request: Request<pb::AcceptInvitationRequest>) -> Answer<pb::Session> {
        let (ports, context) = (Arc::clone(&self.ports), &self.ports.context);
        context
            .query(request, async |call, form| {
                // The invitation is used up by then, by the first request.
                if let Some(answer) = context.answered("AcceptInvitation", &call, &form).await? {
                    return Ok(answer);
                }
                let checked = app::invitation::check(&ports, &form).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("AcceptInvitation", call, form, |tx, _, _| async move {
                        let (session, account) = app::invitation::accept(&tx, &inner, checked).await?;
                        Ok(pb::Session { session, account: Some(wire::account(&account)) })
                    })
                    .await
            })
            .await
    }

    async fn list_staff(&self, request: Request<pb::ListStaffRequest>) -> Answer<pb::ListStaffResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| {
                let who = permit::staff(&call.actor, &[Role::Admin, Role::Supervisor])?;
                let mut staff = store::staff(context.db.read(), &context.sealer).await?;
                if !call.actor.has_role(Role::Admin) {
                    let own = staff.iter().find(|account| account.id == who);
                    let team = own.map(|account| account.team.clone()).unwrap_or_default();
                    staff.retain(|account| !team.is_empty() && account.team == team);
                }
                Ok(pb::ListStaffResponse { accounts: staff.iter().map(wire::account).collect() })
            })
            .await
    }

    async fn list_colleagues(&self, request: Request<pb::ListColleaguesRequest>) -> Answer<pb::ListColleaguesResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| {
                permit::staff(&call.actor, &[Role::Manager, Role::Supervisor, Role::Finance, Role::Admin])?;
                let staff = store::staff(context.db.read(), &context.sealer).await?;
                Ok(pb::ListColleaguesResponse { colleagues: staff.iter().map(wire::colleague).collect() })
            })
            .await
    }

    async fn disable_account(&self, request: Request<pb::DisableAccountRequest>) -> Answer<pb::DisableAccountResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("DisableAccount", request, |tx, call, message| async move {
                app::disable_account::run(&tx, &ports, &call.actor, &message.account_id).await?;
                Ok(pb::DisableAccountResponse {})
            })
            .await
    }

    async fn enable_account(&self, request: Request<pb::EnableAccountRequest>) -> Answer<pb::EnableAccountResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("EnableAccount", request, |tx, call, message| async move {
                app::enable_account::run(&tx, &ports, &call.actor, &message.account_id).await?;
                Ok(pb::EnableAccountResponse {})
            })
            .await
    }

    async fn change_roles(&self, request: Request<pb::ChangeRolesRequest>) -> Answer<pb::ChangeRolesResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("ChangeRoles", request, |tx, call, form| async move {
                app::change_roles::run(&tx, &ports, &call.actor, &form).await?;
                Ok(pb::ChangeRolesResponse {})
            })
            .await
    }

    async fn end_account_sessions(
        &self,
        request: Request<pb::EndAccountSessionsRequest>,
    ) -> Answer<pb::EndAccountSessionsResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("EndAccountSessions", request, |tx, call, message| async move {
                app::end_account_sessions::run(&tx, &ports, &call.actor, &message.account_id).await?;
                Ok(pb::EndAccountSessionsResponse {})
            })
            .await
    }

    async fn create_service_account(
        &self,
        request: Request<pb::CreateServiceAccountRequest>,
    ) -> Answer<pb::CreateServiceAccountResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("CreateServiceAccount", request, |tx, call, form| async move {
                app::service_accounts::create(&tx, &ports, &call.actor, &form).await
            })
            .await
    }

    async fn list_service_accounts(
        &self,
        request: Request<pb::ListServiceAccountsRequest>,
    ) -> Answer<pb::ListServiceAccountsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, _| {
                permit::staff(&call.actor, &[Role::Admin])?;
                let rows = store::service_account::Entity::find()
                    .order_by_asc(store::service_account::Column::Name)
                    .all(context.db.read())
                    .await?;
                Ok(pb::ListServiceAccountsResponse {
                    service_accounts: rows.into_iter().map(wire::service_account).collect(),
                })
            })
            .await
    }

    async fn revoke_service_account(
        &self,
        request: Request<pb::RevokeServiceAccountRequest>,
    ) -> Answer<pb::RevokeServiceAccountResponse> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .command("RevokeServiceAccount", request, |tx, call, message| async move {
                app::service_accounts::revoke(&tx, &ports, &call.actor, &message.id).await?;
                Ok(pb::RevokeServiceAccountResponse {})
            })
            .await
    }
}
