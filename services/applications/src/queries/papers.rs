//! The papers of a case as messages.

use std::collections::HashMap;

use chassis::wire;
use kernel::PersonItemId;
use proto::applications::v1 as pb;

use crate::{
    catalogue::Catalogue,
    domain::{
        documents::{Document, RESULT},
        form::is_blank,
        originals::{Original, Standing},
    },
};

/// What the checklists of a case are written from.
pub(super) struct Checklist<'a> {
    pub catalogue: &'a Catalogue,
    /// How its originals stand.
    pub standings: HashMap<Original, Standing>,
    /// Who reads it: staff see what was taken away too.
    pub staff: bool,
}

impl Checklist<'_> {
    /// Each paper that is asked for, with what was uploaded; and files whose paper is no longer asked for.
    pub(super) fn items(
        &self,
        item: Option<PersonItemId>,
        asked: Vec<(String, bool)>,
        files: &[Document],
    ) -> Vec<pb::DocumentItem> {
        let papers = || files.iter().filter(|file| file.code != RESULT);
        let mut list = asked;
        for file in papers().filter(|file| self.staff || file.counts()) {
            if !list.iter().any(|(code, _)| *code == file.code) {
                list.push((file.code.clone(), false));
            }
        }
        list.into_iter()
            .map(|(code, required)| {
                let paper = self.catalogue.paper(&code);
                let standing = self.standings.get(&Original { item, code: code.clone() }).copied();
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
                    former: own(false).filter(|file| self.staff && file.code == code).map(wire_document).collect(),
                    code,
                }
            })
            .collect()
    }
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
