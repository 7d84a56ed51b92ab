//! Rules that are not written in `sites.toml`: a site's own table, completed by a draft of its listing.

use std::path::Path;
use std::sync::Arc;

use super::diagnostics::Diagnostics;
use super::plan::Site;
use crate::edition::fingerprint;
use crate::rule::{FieldRule, FieldRules, ListingRule, Rule};

impl Site {
    /// The site with the lines of a draft as its `listing`. What its own table says counts before what the draft says; what
    /// finds the rows is the draft's.
    pub fn drafted(&self, draft: &str) -> Result<Self, Diagnostics> {
        let text = format!(
            "[sites.draft]\nurl = \"http://localhost/\"\ntimezone = \"{}\"\n[sites.draft.listing]\n{draft}",
            self.rule.timezone.name()
        );
        let plan = super::parse(&text, Path::new("(draft)"))?;
        let Some(drafted) = plan.sites.get("draft") else { return Ok(self.clone()) };
        let own = &self.rule.listing;
        let theirs = &drafted.rule.listing;
        let mut fields = FieldRules::default();
        theirs.fields.iter().for_each(|(field, rule)| fields.insert(field, self.in_its_language(rule)));
        own.fields.iter().for_each(|(field, rule)| fields.insert(field, rule.clone()));
        let listing = ListingRule {
            from: theirs.from,
            item: theirs.item.clone(),
            container: own.container.clone().or_else(|| theirs.container.clone()),
            fields,
            link_pattern: own.link_pattern.clone().or_else(|| theirs.link_pattern.clone()),
            next: own.next.clone().or_else(|| theirs.next.clone()),
            ..own.clone()
        };
        let hash = |own: &str| fingerprint(format!("{own}\n{draft}").as_bytes());
        let rule = Rule {
            listing,
            hash: hash(&self.rule.hash),
            item_hash: hash(&self.rule.item_hash),
            ..Rule::clone(&self.rule)
        };
        Ok(Self { rule: Arc::new(rule), ..self.clone() })
    }
    /// A draft's field whose dates are written in the site's language.
    fn in_its_language(&self, rule: &FieldRule) -> FieldRule {
        let FieldRule::From(extractors) = rule else { return rule.clone() };
        let mut extractors = extractors.clone();
        for hint in extractors.iter_mut().filter_map(|extractor| extractor.refine.date.as_mut()) {
            hint.locale = hint.locale.or(self.rule.locale);
        }
        FieldRule::From(extractors)
    }
}
