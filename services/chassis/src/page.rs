//! Pages of a list: what was asked, bounded, and what is told of it.

use proto::common::v1::{PageInfo, PageRequest};

const SIZE_DEFAULT: u32 = 10;
const SIZE_MAX: u32 = 100;

/// A page within bounds.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    number: u32,
    size: u32,
}

impl Page {
    pub fn new(request: Option<&PageRequest>) -> Self {
        let (number, size) = request.map_or((1, 0), |request| (request.page, request.size));
        Self { number: number.max(1), size: if size == 0 { SIZE_DEFAULT } else { size.min(SIZE_MAX) } }
    }

    pub fn offset(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.size)
    }

    pub fn limit(self) -> u64 {
        u64::from(self.size)
    }

    pub fn info(self, total: u64) -> PageInfo {
        PageInfo { page: self.number, size: self.size, total }
    }
}
