//! Which rule a listing was read by, and archives in which an earlier version noted that in another way.

use super::Engine;
use crate::archive::{ArchiveError, SiteState};
use crate::config::Site;

/// The rule that a listing was read by. A filter belongs to it: the articles that it kept from being read are read once
/// it lets them through.
pub(super) fn reading_rule(site: &Site) -> String {
    format!("{}{}{}", site.rule.hash, SECOND, with_filter(site, &site.rule.item_hash))
}

/// Between the whole rule's hash and that of items, which versions before did not note.
const SECOND: &str = " items ";

/// How version 2 of the archive noted the same.
fn old_reading_rule(site: &Site) -> String {
    with_filter(site, &site.rule.hash)
}

fn with_filter(site: &Site, hash: &str) -> String {
    if site.filter.is_empty() { hash.to_owned() } else { format!("{hash} {}", site.filter.written()) }
}

impl Engine {
    /// Notes in the way of this version by which rule the site's items were read, if the operator has not edited that
    /// since an earlier version read them: else the first edit that does not concern items would make all of their
    /// articles be fetched again.
    pub(super) async fn adopt_rule(&self, site: &Site, state: &mut SiteState) -> Result<(), ArchiveError> {
        if state.rule.as_ref() == Some(&old_reading_rule(site)) {
            self.parts.archive.rename_rule(&site.name, &site.rule.hash, &site.rule.item_hash).await?;
            state.rule = Some(reading_rule(site));
        }
        Ok(())
    }
}
