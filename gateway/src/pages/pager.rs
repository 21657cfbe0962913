//! The paginator under a list: "Items per page: 10", "1 – 1 of 1", "Go To: 1".
#![expect(clippy::unused_self, reason = "templates hand over references and reach only methods")]

use proto::common::v1::{PageInfo, PageRequest};

use crate::visit::Visit;

const SIZES: [u32; 4] = [10, 20, 50, 100];

pub(crate) struct Pager {
    pub page: u32,
    pub size: u32,
    total: u64,
    of: String,
    /// Query parameters that a turn of the page keeps.
    pub kept: Vec<(String, String)>,
}

/// The page that the query asks for.
pub(crate) fn wanted(visit: &Visit) -> PageRequest {
    let size: u32 = visit.query.number("size");
    PageRequest { page: visit.query.number::<u32>("page").max(1), size: if SIZES.contains(&size) { size } else { 10 } }
}

impl Pager {
    pub(crate) fn new(visit: &Visit, page: Option<PageInfo>, kept: &[&str]) -> Self {
        let wanted = wanted(visit);
        let page = page.unwrap_or_default();
        Self {
            page: if page.page == 0 { wanted.page } else { page.page },
            size: if page.size == 0 { wanted.size } else { page.size },
            total: page.total,
            of: visit.texts.get("of"),
            kept: kept
                .iter()
                .map(|name| ((*name).to_owned(), visit.query.text(name)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        }
    }

    pub(crate) fn sizes(&self) -> [u32; 4] {
        SIZES
    }

    pub(crate) fn pages(&self) -> u64 {
        self.total.div_ceil(u64::from(self.size.max(1))).max(1)
    }

    /// `1 – 10 of 42`.
    pub(crate) fn range(&self) -> String {
        let before = u64::from(self.page.saturating_sub(1)) * u64::from(self.size);
        let first = if self.total == 0 { 0 } else { before + 1 };
        let last = (before + u64::from(self.size)).min(self.total);
        format!("{first} – {last} {} {}", self.of, self.total)
    }

    pub(crate) fn previous(&self, path: &str) -> Option<String> {
        (self.page > 1).then(|| self.address(path, self.page - 1))
    }

    pub(crate) fn next(&self, path: &str) -> Option<String> {
        (u64::from(self.page) < self.pages()).then(|| self.address(path, self.page + 1))
    }

    fn address(&self, path: &str, page: u32) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.kept {
            query.append_pair(name, value);
        }
        query.append_pair("size", &self.size.to_string()).append_pair("page", &page.to_string());
        format!("{path}?{}", query.finish())
    }
}
