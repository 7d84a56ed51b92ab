//! What is known of the pages of one address while they are followed.

use std::collections::{HashSet, VecDeque};

use crate::archive::PageState;
use crate::extract::{Entry, EntryKey, ListingReading};
use crate::weburl::WebUrl;

/// The pages of one address while they are followed.
pub(super) struct Pages {
    pub(super) read: Vec<ListingReading>,
    /// Pages read or found unchanged, an index not counted.
    pub(super) count: usize,
    /// Whether the first page only leads to others, as the index of a sitemap does.
    pub(super) is_of_index: bool,
    /// Whether any page is as it was.
    pub(super) is_unchanged: bool,
    pub(super) waiting: VecDeque<WebUrl>,
    /// Addresses and contents that came up: pages may lead in a circle, or be the same under any number.
    pub(super) seen: HashSet<String>,
    pub(super) bytes: HashSet<String>,
    pub(super) keys: HashSet<EntryKey>,
}

impl Pages {
    pub(super) fn new(url: &WebUrl, state: &PageState, is_of_index: bool) -> Self {
        Self {
            read: Vec::new(),
            count: 0,
            is_of_index,
            is_unchanged: false,
            waiting: VecDeque::new(),
            seen: HashSet::from([url.essence()]),
            bytes: HashSet::from([state.fingerprint.clone()]),
            keys: HashSet::new(),
        }
    }

    /// Takes a page that was read, and tells how many entries stand on it for the first time.
    pub(super) fn add(&mut self, reading: ListingReading) -> usize {
        self.waiting.extend(reading.next.iter().cloned());
        if reading.is_index {
            return 0;
        }
        let before = self.keys.len();
        self.keys.extend(reading.entries.iter().map(Entry::key));
        self.count += 1;
        self.read.push(reading);
        self.keys.len() - before
    }
}
