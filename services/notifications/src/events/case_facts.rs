//! What facts tell of where a case stands and who handles it: kept, so that nothing is sent that is no longer so, and for the
//! staff's digest.

use chassis::Error;
use proto::{Fact as _, applications::v1 as pb};

use super::Reading;
use crate::store::case::{self, Column};

impl Reading<'_> {
    pub(super) async fn case_facts(&self) -> Result<(), Error> {
        let version = self.envelope.aggregate_version;
        let (number, account_id, state) = match self.envelope.r#type.as_str() {
            pb::ApplicationSubmitted::TYPE => {
                let fact: pb::ApplicationSubmitted = self.payload()?;
                (fact.number, fact.account_id, "NEW".to_owned())
            }
            pb::ApplicationClaimed::TYPE => {
                let fact: pb::ApplicationClaimed = self.payload()?;
                case::owned(self.tx, fact.number, &fact.account_id).await?;
                case::handled_by(self.tx, fact.number, &fact.manager_id).await?;
                let known = case::known(&**self.tx, fact.number).await?;
                // One that was given back is claimed where it stands.
                let fresh = known.is_none_or(|known| known.state == "NEW" || known.state.is_empty());
                return if fresh { case::came_to(self.tx, fact.number, "IN_REVIEW", version).await } else { Ok(()) };
            }
            pb::ApplicationReturned::TYPE => {
                let fact: pb::ApplicationReturned = self.payload()?;
                (fact.number, fact.account_id, "RETURNED".to_owned())
            }
            pb::ApplicationResubmitted::TYPE => {
                let fact: pb::ApplicationResubmitted = self.payload()?;
                (fact.number, fact.account_id, "NEW".to_owned())
            }
            pb::ApprovalRecommended::TYPE => {
                let fact: pb::ApprovalRecommended = self.payload()?;
                (fact.number, fact.account_id, "PENDING_APPROVAL".to_owned())
            }
            pb::SentBackToReview::TYPE => {
                let fact: pb::SentBackToReview = self.payload()?;
                (fact.number, fact.account_id, "IN_REVIEW".to_owned())
            }
            pb::ApplicationRejected::TYPE => {
                let fact: pb::ApplicationRejected = self.payload()?;
                (fact.number, fact.account_id, "REJECTED".to_owned())
            }
            pb::ApplicationApproved::TYPE => {
                let fact: pb::ApplicationApproved = self.payload()?;
                (fact.number, fact.account_id, "AWAITING_PAYMENT".to_owned())
            }
            pb::ApplicationCancelled::TYPE => {
                let fact: pb::ApplicationCancelled = self.payload()?;
                (fact.number, fact.account_id, "CANCELLED".to_owned())
            }
            pb::ApplicationExpired::TYPE => {
                let fact: pb::ApplicationExpired = self.payload()?;
                (fact.number, fact.account_id, "EXPIRED".to_owned())
            }
            pb::DocumentsAwaited::TYPE => {
                let fact: pb::DocumentsAwaited = self.payload()?;
                if fact.kind == "pick_up" {
                    return Ok(());
                }
                (fact.number, fact.account_id, "AWAITING_DOCUMENTS".to_owned())
            }
            pb::ApplicationProgressed::TYPE => {
                let fact: pb::ApplicationProgressed = self.payload()?;
                (fact.number, fact.account_id, fact.state)
            }
            pb::ApplicationAssigned::TYPE => {
                let fact: pb::ApplicationAssigned = self.payload()?;
                case::owned(self.tx, fact.number, &fact.account_id).await?;
                return case::handled_by(self.tx, fact.number, &fact.manager_id).await;
            }
            pb::StepOverdue::TYPE => {
                let fact: pb::StepOverdue = self.payload()?;
                case::owned(self.tx, fact.number, &fact.account_id).await?;
                let now = self.ports.context.sources.now().micros();
                return case::waits(self.tx, fact.number, Column::OverdueSince, Some(now)).await;
            }
            _ => return Ok(()),
        };
        case::owned(self.tx, number, &account_id).await?;
        case::came_to(self.tx, number, &state, version).await
    }
}
