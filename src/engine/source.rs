//! What a feed is made of, and whether an edited table makes another feed of it.

use std::sync::Arc;

use super::shelf::Shelf;
use crate::config::{Merged, Site};

/// What a feed is made of.
#[derive(Clone)]
pub(super) enum Source {
    /// One site.
    Site(Arc<Site>),
    /// Several.
    Merged(Arc<Blend>),
}

/// A merged feed, with its sites as the same plan has them.
pub(super) struct Blend {
    pub(super) table: Arc<Merged>,
    pub(super) members: Vec<(Arc<Site>, Arc<Shelf>)>,
}

impl Source {
    /// Items in the feed.
    pub(super) fn show(&self) -> usize {
        match self {
            Self::Site(site) => site.show,
            Self::Merged(blend) => blend.table.show,
        }
    }

    /// Whether readers may filter the feed by a query string.
    pub(super) fn takes_queries(&self) -> bool {
        match self {
            Self::Site(site) => site.query_filter,
            Self::Merged(blend) => blend.table.query_filter,
        }
    }

    /// Whether this is the very same value of the same plan.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Site(own), Self::Site(other)) => Arc::ptr_eq(own, other),
            (Self::Merged(own), Self::Merged(other)) => Arc::ptr_eq(own, other),
            _ => false,
        }
    }

    /// Whether it is the same or, in another plan, would make the same feed: then what was made by one is good for the
    /// other.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Site(own), Self::Site(other)) => own.is_alike(other),
            (Self::Merged(own), Self::Merged(other)) => {
                let pairs = || own.members.iter().zip(&other.members);
                own.table.is_alike(&other.table)
                    && own.members.len() == other.members.len()
                    && pairs().all(|((own, _), (other, _))| own.is_alike(other))
            }
            _ => false,
        }
    }
}
