//! Staff accounts: who there is, inviting, roles, disabling and enabling, ending sessions.

use askama::Template;
use axum::extract::Path;
use proto::identity::v1::{
    Account, ChangeRolesRequest, DisableAccountRequest, EnableAccountRequest, EndAccountSessionsRequest,
    InviteStaffRequest, ListStaffRequest, SetTeamRequest,
};

use crate::fields::Fields;
use crate::form::Form;
use crate::frame::Frame;
use crate::pages::{Answer, html, html_refused, to};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "staff/team.html")]
struct TeamPage {
    frame: Frame,
    form: Form,
    accounts: Vec<Account>,
    /// Those that the reader may give.
    roles: Vec<&'static str>,
    /// Admins change roles and teams; supervisors look after the managers of their own team.
    is_admin: bool,
    /// The invitation's link, shown once.
    link: String,
    /// The reader's own account, which he does not change here.
    own: String,
    done: bool,
}

impl TeamPage {
    /// Whether a supervisor may disable him and let him in again; identity decides anew.
    fn manages(&self, account: &Account) -> bool {
        !self.is_admin && account.roles == ["manager"]
    }
}

async fn page(visit: &Visit, form: Form, link: String) -> Result<TeamPage, Problem> {
    let request = visit.ask(ListStaffRequest {});
    let accounts = visit.app.services.identity().list_staff(request).await?.into_inner().accounts;
    let is_admin = visit.has_role("admin");
    Ok(TeamPage {
        frame: Frame::new(visit, "staff-team"),
        form,
        accounts,
        roles: if is_admin { vec!["manager", "supervisor", "finance", "admin"] } else { vec!["manager"] },
        is_admin,
        link,
        own: visit.account().map(|account| account.id.clone()).unwrap_or_default(),
        done: visit.query.has("done"),
    })
}

pub(super) async fn show(visit: Visit) -> Answer {
    let page = page(&visit, Form::new(&visit, Fields::default()), String::new()).await?;
    Ok(html(&page))
}

pub(super) async fn invite(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let request = posted.command(InviteStaffRequest {
        email: posted.fields.text("email"),
        given_name: posted.fields.text("given_name"),
        surname: posted.fields.text("surname"),
        roles: posted.fields.all("role"),
        team: posted.fields.text("team"),
    });
    match visit.app.services.identity().invite_staff(request).await {
        Ok(response) => {
            let mut link = visit.app.config.public_url.clone();
            link.set_path("/invitation");
            link.query_pairs_mut().append_pair("token", &response.into_inner().token);
            let form = Form::new(visit, Fields::default());
            Ok(html(&page(visit, form, link.to_string()).await?))
        }
        Err(status) => refused(&posted, status).await,
    }
}

pub(super) async fn disable(Path(account_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(DisableAccountRequest { account_id, reason: posted.fields.text("reason") });
    let answer = posted.visit.app.services.identity().disable_account(request).await;
    done(&posted, answer).await
}

pub(super) async fn enable(Path(account_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(EnableAccountRequest { account_id });
    let answer = posted.visit.app.services.identity().enable_account(request).await;
    done(&posted, answer).await
}

pub(super) async fn change_roles(Path(account_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(ChangeRolesRequest { account_id, roles: posted.fields.all("role_of") });
    let answer = posted.visit.app.services.identity().change_roles(request).await;
    done(&posted, answer).await
}

pub(super) async fn set_team(Path(account_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(SetTeamRequest { account_id, team: posted.fields.text("team_of") });
    let answer = posted.visit.app.services.identity().set_team(request).await;
    done(&posted, answer).await
}

pub(super) async fn end_sessions(Path(account_id): Path<String>, posted: Posted) -> Answer {
    let request = posted.command(EndAccountSessionsRequest { account_id });
    let answer = posted.visit.app.services.identity().end_account_sessions(request).await;
    done(&posted, answer).await
}

async fn done<T>(posted: &Posted, answer: Result<tonic::Response<T>, tonic::Status>) -> Answer {
    match answer {
        Ok(_) => Ok(to("/staff/team?done")),
        Err(status) => refused(posted, status).await,
    }
}

async fn refused(posted: &Posted, status: tonic::Status) -> Answer {
    let problem = Problem::from(status).refusal()?;
    let form = Form::refused(&posted.visit, posted.fields.clone(), problem.clone());
    Ok(html_refused(&page(&posted.visit, form, String::new()).await?, &problem))
}
