//! gRPC: parse, use-case, encode; nothing else.

use std::sync::Arc;

use chassis::{Error, audit, command::Call, status, wire};
use kernel::Locale;
use proto::{
    applications::v1::{self as pb, applications_server::Applications},
    common::v1::{ConsentText, FileChunk},
};
use tonic::{Request, Response, Status, Streaming};

use crate::{
    app::{self, Ports},
    catalogue::entry::Offer,
    queries,
};

/// Bytes in one message of a download.
const CHUNK: usize = 64 * 1024;

pub(crate) struct Grpc {
    pub ports: Arc<Ports>,
}

type Answer<T> = Result<Response<T>, Status>;
type Chunks = tokio_stream::Iter<std::vec::IntoIter<Result<FileChunk, Status>>>;

/// A command that is one use-case, in the command's frame.
macro_rules! command {
    ($self:ident, $request:ident, $operation:literal, $use_case:ident) => {{
        let ports = Arc::clone(&$self.ports);
        $self
            .ports
            .context
            .command($operation, $request, |tx, call, message| async move {
                app::$use_case::run(&tx, &ports, &call.actor, &message).await
            })
            .await
    }};
}

/// The same with the name of whoever handles the case by it: identity is asked before the transaction.
macro_rules! named_command {
    ($self:ident, $request:ident, $operation:literal, $use_case:ident) => {{
        let ports = Arc::clone(&$self.ports);
        $self
            .ports
            .context
            .query($request, async |call, message| {
                let name = app::personal_manager::own_name(&ports, &call).await;
                let inner = Arc::clone(&ports);
                ports
                    .context
                    .command_as($operation, call, message, |tx, call, message| async move {
                        app::$use_case::run(&tx, &inner, &call.actor, &message, &name).await
                    })
                    .await
            })
            .await
    }};
}

impl Grpc {
    fn offer(&self, version: u32) -> Result<Offer, Error> {
        self.ports.catalogue().offer(i32::try_from(version).unwrap_or(-1)).cloned().ok_or(Error::NotFound)
    }
}

fn locale(code: &str) -> Locale {
    Locale::parse(code).unwrap_or_default()
}

#[tonic::async_trait]
impl Applications for Grpc {
    type DownloadDocumentStream = Chunks;
    type DownloadActStream = Chunks;

    async fn get_catalogue(&self, request: Request<pb::GetCatalogueRequest>) -> Answer<pb::Catalogue> {
        self.ports.context.query(request, async |_, _| Ok(queries::catalogue::catalogue(&self.ports.catalogue()))).await
    }

    async fn get_public_offer(&self, request: Request<pb::GetPublicOfferRequest>) -> Answer<pb::PublicOffer> {
        self.ports
            .context
            .query(request, async |_, message| {
                Ok(queries::catalogue::offer(&self.offer(message.version)?, locale(&message.locale)))
            })
            .await
    }

    async fn get_public_offer_pdf(&self, request: Request<pb::GetPublicOfferRequest>) -> Answer<pb::PdfFile> {
        self.ports
            .context
            .query(request, async |_, message| {
                let (offer, locale) = (self.offer(message.version)?, locale(&message.locale));
                let data = app::offer_pdf::run(&self.ports, &offer, locale).await?;
                Ok(pb::PdfFile { file_name: format!("public-offer-{}-{}.pdf", offer.version, locale.code()), data })
            })
            .await
    }

    async fn get_quote(&self, request: Request<pb::GetQuoteRequest>) -> Answer<pb::Quote> {
        self.ports.context.query(request, async |_, message| queries::catalogue::quote(&self.ports, &message)).await
    }

    async fn get_application(&self, request: Request<pb::GetApplicationRequest>) -> Answer<pb::Application> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let found = queries::application(context.db.read(), &self.ports, &call.actor, message.number).await?;
                if queries::is_logged_reader(&call.actor, &found) {
                    let (sources, number) = (context.sources.clone(), found.number);
                    context
                        .db
                        .write(move |tx| async move {
                            audit::record(&tx, &sources, &call.actor, "APPLICATION_READ", number, "").await
                        })
                        .await?;
                }
                Ok(found)
            })
            .await
    }

    async fn list_applications(
        &self,
        request: Request<pb::ListApplicationsRequest>,
    ) -> Answer<pb::ListApplicationsResponse> {
        let context = &self.ports.context;
        context.query(request, async |call, message| queries::own(context.db.read(), &call.actor, &message).await).await
    }

    async fn list_work(&self, request: Request<pb::ListWorkRequest>) -> Answer<pb::ListApplicationsResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::work(context.db.read(), &context.sealer, &call.actor, &message, context.sources.now()).await
            })
            .await
    }

    async fn save_services(&self, request: Request<pb::SaveServicesRequest>) -> Answer<pb::Application> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |call, message| {
                queries::visible(ports.context.db.read(), &ports, &call.actor, message.number).await?;
                let membership = app::membership::check(&ports, &call, message.membership.as_ref(), false).await?;
                let inner = Arc::clone(&ports);
                ports
                    .context
                    .command_as("SaveServices", call, message, |tx, call, message| async move {
                        app::save_services::run(&tx, &inner, &call.actor, &message, membership).await
                    })
                    .await
            })
            .await
    }

    async fn submit_application(&self, request: Request<pb::SubmitApplicationRequest>) -> Answer<pb::Application> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |call, message| {
                let context = &ports.context;
                let said = queries::own_membership(context.db.read(), &call.actor, message.number).await?;
                let membership = app::membership::check(&ports, &call, said.as_ref(), true).await?;
                let inner = Arc::clone(&ports);
                context
                    .command_as("SubmitApplication", call, message, |tx, call, message| async move {
                        app::submit::run(&tx, &inner, &call.actor, &message, membership).await
                    })
                    .await
            })
            .await
    }

    async fn renew_application(&self, request: Request<pb::RenewApplicationRequest>) -> Answer<pb::Application> {
        command!(self, request, "RenewApplication", renew)
    }

    async fn cancel_application(&self, request: Request<pb::CancelApplicationRequest>) -> Answer<pb::Application> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |call, message| {
                app::cancel::permitted(&ports, &call.actor, message.number).await?;
                app::cancel::hold_payment(&ports, &call, message.number).await?;
                let inner = Arc::clone(&ports);
                ports
                    .context
                    .command_as("CancelApplication", call, message, |tx, call, message| async move {
                        app::cancel::run(&tx, &inner, &call.actor, &message).await
                    })
                    .await
            })
            .await
    }

    async fn upload_document(
        &self,
        request: Request<Streaming<pb::UploadDocumentRequest>>,
    ) -> Answer<pb::UploadDocumentResponse> {
        let context = &self.ports.context;
        context
            .query(request, async |call, mut parts| {
                let (start, content) = receive(&self.ports, &call, &mut parts).await?;
                app::upload_document::run(&self.ports, call.actor, start, content).await
            })
            .await
    }

    async fn download_document(&self, request: Request<pb::DownloadDocumentRequest>) -> Answer<Chunks> {
        let found: Answer<app::download_document::Download> = self
            .ports
            .context
            .query(request, async |call, message| app::download_document::run(&self.ports, call.actor, &message).await)
            .await;
        found.map(|answer| Response::new(chunks(answer.into_inner())))
    }

    async fn claim_application(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        named_command!(self, request, "ClaimApplication", claim)
    }

    async fn return_application(&self, request: Request<pb::ReturnApplicationRequest>) -> Answer<pb::Application> {
        command!(self, request, "ReturnApplication", return_for_correction)
    }

    async fn recommend_approval(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "RecommendApproval", recommend)
    }

    async fn review_document(&self, request: Request<pb::ReviewDocumentRequest>) -> Answer<pb::Application> {
        command!(self, request, "ReviewDocument", review_document)
    }

    async fn approve_application(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "ApproveApplication", approve)
    }

    async fn send_back_to_review(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "SendBackToReview", send_back)
    }

    async fn reject_application(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "RejectApplication", reject)
    }

    async fn receive_originals(&self, request: Request<pb::ItemsCommand>) -> Answer<pb::Application> {
        command!(self, request, "ReceiveOriginals", receive_originals)
    }

    async fn send_to_state_body(&self, request: Request<pb::SendToStateBodyRequest>) -> Answer<pb::Application> {
        command!(self, request, "SendToStateBody", send_to_state_body)
    }

    async fn request_originals(&self, request: Request<pb::ItemsCommand>) -> Answer<pb::Application> {
        command!(self, request, "RequestOriginals", request_originals)
    }

    async fn record_decision(&self, request: Request<pb::RecordDecisionRequest>) -> Answer<pb::Application> {
        command!(self, request, "RecordDecision", record_decision)
    }

    async fn mark_ready(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "MarkReady", mark_ready)
    }

    async fn complete_application(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "CompleteApplication", complete)
    }

    async fn record_hand_out(&self, request: Request<pb::RecordHandOutRequest>) -> Answer<pb::Application> {
        command!(self, request, "RecordHandOut", record_hand_out)
    }

    async fn save_manager_tasks(&self, request: Request<pb::SaveManagerTasksRequest>) -> Answer<pb::Application> {
        named_command!(self, request, "SaveManagerTasks", save_manager_tasks)
    }

    async fn get_act(&self, request: Request<pb::GetActRequest>) -> Answer<pb::Act> {
        let context = &self.ports.context;
        context.query(request, async |call, message| app::act::told(&self.ports, call.actor, &message).await).await
    }

    async fn download_act(&self, request: Request<pb::GetActRequest>) -> Answer<Chunks> {
        let found: Answer<app::download_document::Download> = self
            .ports
            .context
            .query(request, async |call, message| app::act::printed(&self.ports, call.actor, &message).await)
            .await;
        found.map(|answer| Response::new(chunks(answer.into_inner())))
    }

    async fn assign_application(&self, request: Request<pb::AssignApplicationRequest>) -> Answer<pb::Application> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |call, message| {
                let name = app::assign::check(&ports, &call, &message).await?;
                let inner = Arc::clone(&ports);
                ports
                    .context
                    .command_as("AssignApplication", call, message, |tx, call, message| async move {
                        app::assign::run(&tx, &inner, &call.actor, &message, &name).await
                    })
                    .await
            })
            .await
    }

    async fn release_application(&self, request: Request<pb::CaseCommand>) -> Answer<pb::Application> {
        command!(self, request, "ReleaseApplication", release)
    }

    async fn count_work(&self, request: Request<pb::CountWorkRequest>) -> Answer<pb::CountWorkResponse> {
        let context = &self.ports.context;
        let now = context.sources.now();
        context.query(request, async |call, _| queries::count_work(context.db.read(), &call.actor, now).await).await
    }

    async fn get_work_report(&self, request: Request<pb::GetWorkReportRequest>) -> Answer<pb::WorkReport> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                queries::report::run(context.db.read(), &self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn get_thread(&self, request: Request<pb::GetThreadRequest>) -> Answer<pb::Thread> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| app::read_thread::run(&self.ports, call.actor, message.number).await)
            .await
    }

    async fn post_message(&self, request: Request<pb::PostMessageRequest>) -> Answer<pb::Thread> {
        command!(self, request, "PostMessage", post_message)
    }

    async fn add_note(&self, request: Request<pb::AddNoteRequest>) -> Answer<pb::Thread> {
        command!(self, request, "AddNote", add_note)
    }

    async fn reply_to_mark(&self, request: Request<pb::ReplyToMarkRequest>) -> Answer<pb::Application> {
        command!(self, request, "ReplyToMark", reply_to_mark)
    }

    async fn get_changes(&self, request: Request<pb::GetChangesRequest>) -> Answer<pb::Changes> {
        let context = &self.ports.context;
        context
            .query(request, async |call, message| {
                let number = message.number;
                let told = queries::changes::told(context.db.read(), &self.ports, &call.actor, number).await?;
                if !told.changes.is_empty() {
                    let sources = context.sources.clone();
                    context
                        .db
                        .write(move |tx| async move {
                            audit::record(&tx, &sources, &call.actor, "CHANGES_READ", number, "").await
                        })
                        .await?;
                }
                Ok(told)
            })
            .await
    }

    async fn create_application(&self, request: Request<pb::CreateApplicationRequest>) -> Answer<pb::Application> {
        let ports = Arc::clone(&self.ports);
        self.ports
            .context
            .query(request, async |call, message| {
                let client = match message.owner_account_id.as_str() {
                    "" => None,
                    id => Some(app::desk::client(&ports, &call, id).await?),
                };
                let inner = Arc::clone(&ports);
                ports
                    .context
                    .command_as("CreateApplication", call, message, move |tx, call, message| async move {
                        app::create::run(&tx, &inner, &call.actor, &message, client).await
                    })
                    .await
            })
            .await
    }

    async fn save_contact(&self, request: Request<pb::SaveContactRequest>) -> Answer<pb::Application> {
        command!(self, request, "SaveContact", save_contact)
    }

    async fn save_person(&self, request: Request<pb::SavePersonRequest>) -> Answer<pb::Application> {
        command!(self, request, "SavePerson", save_person)
    }

    async fn remove_person(&self, request: Request<pb::RemovePersonRequest>) -> Answer<pb::Application> {
        command!(self, request, "RemovePerson", remove_person)
    }

    async fn save_line_answers(&self, request: Request<pb::SaveLineAnswersRequest>) -> Answer<pb::Application> {
        command!(self, request, "SaveLineAnswers", save_answers)
    }

    async fn list_editions(&self, request: Request<pb::ListEditionsRequest>) -> Answer<pb::ListEditionsResponse> {
        self.ports
            .context
            .query(request, async |call, message| queries::editions::list(&self.ports, &call.actor, &message).await)
            .await
    }

    async fn get_edition(&self, request: Request<pb::GetEditionRequest>) -> Answer<pb::Edition> {
        self.ports
            .context
            .query(request, async |call, message| queries::editions::get(&self.ports, &call.actor, message.id).await)
            .await
    }

    async fn preview_edition(&self, request: Request<pb::ProposeEditionRequest>) -> Answer<pb::EditionPreview> {
        self.ports
            .context
            .query(request, async |call, message| {
                app::propose_edition::preview(&self.ports, &call.actor, &message).await
            })
            .await
    }

    async fn propose_edition(&self, request: Request<pb::ProposeEditionRequest>) -> Answer<pb::Edition> {
        let done = command!(self, request, "ProposeEdition", propose_edition)?;
        self.ports.shelf.refresh(&self.ports.context).await.map_err(|error| status::encode("applications", error))?;
        Ok(done)
    }

    async fn export_catalogue(&self, request: Request<pb::ExportCatalogueRequest>) -> Answer<pb::CatalogueFiles> {
        self.ports.context.query(request, async |call, _| queries::editions::export(&self.ports, &call.actor)).await
    }

    async fn import_catalogue(
        &self,
        request: Request<pb::ImportCatalogueRequest>,
    ) -> Answer<pb::ImportCatalogueResponse> {
        if !request.get_ref().apply {
            return self
                .ports
                .context
                .query(request, async |call, message| {
                    app::import_catalogue::look(&self.ports, &call.actor, &message).await
                })
                .await;
        }
        let done = command!(self, request, "ImportCatalogue", import_catalogue)?;
        self.ports.shelf.refresh(&self.ports.context).await.map_err(|error| status::encode("applications", error))?;
        Ok(done)
    }

    async fn decide_edition(&self, request: Request<pb::DecideEditionRequest>) -> Answer<pb::Edition> {
        let done = command!(self, request, "DecideEdition", decide_edition)?;
        self.ports.shelf.refresh(&self.ports.context).await.map_err(|error| status::encode("applications", error))?;
        Ok(done)
    }

    async fn get_consent_text(&self, request: Request<pb::GetConsentTextRequest>) -> Answer<ConsentText> {
        self.ports.context.query(request, async |_, _| Ok(wire::consent_text(&self.ports.consent))).await
    }

    async fn export_reads(&self, request: Request<pb::ExportReadsRequest>) -> Answer<pb::ExportReadsResponse> {
        self.ports
            .context
            .query(request, async |call, message| app::export_reads::run(&self.ports, call.actor, &message).await)
            .await
    }

    async fn remove_document(&self, request: Request<pb::RemoveDocumentRequest>) -> Answer<pb::Application> {
        command!(self, request, "RemoveDocument", remove_document)
    }
}

/// Takes a file in, within the limit, after its place is known to be good.
async fn receive(
    ports: &Ports,
    call: &Call,
    parts: &mut Streaming<pb::UploadDocumentRequest>,
) -> Result<(pb::UploadStart, Vec<u8>), Error> {
    use pb::upload_document_request::Part;
    let malformed = |what: &str| Error::Malformed(what.to_owned());
    let first = parts.message().await.map_err(|error| status::into_error(&error))?.and_then(|message| message.part);
    let Some(Part::Start(start)) = first else { return Err(malformed("an upload begins with `start`")) };
    app::upload_document::check(ports, &call.actor, &start).await?;
    let limit = ports.config.documents.size_mib_max * 1024 * 1024;
    let mut content = Vec::new();
    while let Some(message) = parts.message().await.map_err(|error| status::into_error(&error))? {
        let Some(Part::Data(data)) = message.part else { return Err(malformed("`start` stands only once")) };
        if content.len() + data.len() > limit {
            let refusal = kernel::Violation::new("file", crate::domain::codes::FILE_TOO_LARGE)
                .with("mib", ports.config.documents.size_mib_max.to_string());
            return Err(kernel::Refusal::invalid(vec![refusal]).into());
        }
        content.extend_from_slice(&data);
    }
    Ok((start, content))
}

fn chunks(download: app::download_document::Download) -> Chunks {
    let mut messages = vec![Ok(FileChunk {
        file_name: download.file_name,
        media_type: download.media_type,
        size_bytes: download.content.len() as u64,
        data: Vec::new(),
    })];
    let pieces = download.content.chunks(CHUNK);
    messages.extend(pieces.map(|piece| Ok(FileChunk { data: piece.to_vec(), ..FileChunk::default() })));
    tokio_stream::iter(messages)
}
