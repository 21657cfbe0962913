//! The papers of a case as messages.

use chassis::wire;
use kernel::PersonItemId;
use proto::applications::v1 as pb;

use crate::{
    catalogue::Catalogue,
    domain::{
        case::Case,
        documents::{Document, RESULT},
        form::is_blank,
        originals::{Original, Standing},
    },
};

/// The checklist: each paper that is asked for, with what was uploaded; and files whose paper is no longer asked for.
pub(super) fn items(
    catalogue: &Catalogue,
    case: &Case,
    item: Option<PersonItemId>,
    asked: Vec<(String, bool)>,
    files: &[Document],
    staff: bool,
) -> Vec<pb::DocumentItem> {
    let papers = || files.iter().filter(|file| file.code != RESULT);
    let mut list = asked;
    for file in papers().filter(|file| staff || file.counts()) {
        if !list.iter().any(|(code, _)| *code == file.code) {
            list.push((file.code.clone(), false));
        }
    }
    list.into_iter()
        .map(|(code, required)| {
            let paper = catalogue.paper(&code);
            let standing = case.standing(&Original { item, code: code.clone() });
            let own = |counts: bool| papers().filter(move |file| file.counts() == counts);
            pb::DocumentItem {
                name: paper.map(|paper| wire::localized(&paper.name)),
                help: paper.filter(|paper| !is_blank(&paper.help)).map(|paper| wire::localized(&paper.help)),
                original: paper.is_some_and(|paper| paper.original),
                original_state: match standing {
                    Some(Standing::Awaited) => "awaited",
                    Some(Standing::Received(_)) => "received",
                    None => "",
                }
                .to_owned(),
                original_at_micros: match standing {
                    Some(Standing::Received(Some(at))) => at.micros(),
                    Some(Standing::Received(None) | Standing::Awaited) | None => 0,
                },
                required,
                files: own(true).filter(|file| file.code == code).map(wire_document).collect(),
                former: own(false).filter(|file| staff && file.code == code).map(wire_document).collect(),
                code,
            }
        })
        .collect()
}

pub(super) fn wire_document(document: &Document) -> pb::Document {
    pb::Document {
        id: document.id.to_string(),
        file_name: document.file_name.clone(),
        media_type: document.media_type.clone(),
        size_bytes: document.size_bytes,
        uploaded_at_micros: document.uploaded_at.micros(),
        state: document.state.code().to_owned(),
        reason: document.reason.clone(),
        scanned: document.scanned,
        sha256: document.sha256.clone(),
    }
}
