//! Rules that are not written in `sites.toml`: a site's own table, completed by a draft of its listing.

use std::path::Path;
use std::sync::Arc;

use super::diagnostics::Diagnostics;
use super::plan::Site;
use crate::edition::fingerprint;
use crate::item::Field;
use crate::rule::{FieldRule, FieldRules, ListingRule, Rule};
use crate::selfmade::Change;

impl Site {
    /// The site with the lines of a draft as its `listing`. What its own table says counts before what the draft says; what
    /// finds the rows is the draft's.
    pub fn drafted(&self, draft: &str) -> Result<Self, Diagnostics> {
        let Some(theirs) = self.compiled(draft)? else { return Ok(self.clone()) };
        let own = &self.rule.listing;
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
            limit: if self.written.contains_key("limit") { own.limit } else { theirs.limit },
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

    /// The site with some keys of its `listing` changed. What it makes of a row that it finds is meant to be what it made
    /// before: items that were read before the change count as read in the same way.
    pub fn amended(&self, changes: &[Change]) -> Result<Self, Diagnostics> {
        let lines = changes.iter().filter_map(|change| Some(format!("{} = {}\n", change.key, change.to.as_ref()?)));
        let lines: String = lines.collect();
        let Some(theirs) = self.compiled(&lines)? else { return Ok(self.clone()) };
        let mut listing = self.rule.listing.clone();
        for Change { key, .. } in changes {
            match key.as_str() {
                "item" => listing.item.clone_from(&theirs.item),
                "container" => listing.container.clone_from(&theirs.container),
                "link_pattern" => listing.link_pattern.clone_from(&theirs.link_pattern),
                "limit" => listing.limit = theirs.limit,
                "next" => listing.next.clone_from(&theirs.next),
                key => {
                    let Some(changed) = Field::named(key) else { continue };
                    let mut fields = FieldRules::default();
                    let others = listing.fields.iter().filter(|(field, _)| *field != changed);
                    others.for_each(|(field, rule)| fields.insert(field, rule.clone()));
                    if let Some(rule) = theirs.fields.get(changed) {
                        fields.insert(changed, self.in_its_language(rule));
                    }
                    listing.fields = fields;
                }
            }
        }
        let hash = fingerprint(format!("{}\namended\n{lines}", self.rule.hash).as_bytes());
        Ok(Self { rule: Arc::new(Rule { listing, hash, ..Rule::clone(&self.rule) }), ..self.clone() })
    }

    /// What the lines of a `listing` say, in a table of their own; `None` if that is no site.
    fn compiled(&self, lines: &str) -> Result<Option<ListingRule>, Diagnostics> {
        let text = format!(
            "[sites.draft]\nurl = \"http://localhost/\"\ntimezone = \"{}\"\n[sites.draft.listing]\n{lines}",
            self.rule.timezone.name()
        );
        let plan = super::parse(&text, Path::new("(draft)"))?;
        Ok(plan.sites.get("draft").map(|drafted| drafted.rule.listing.clone()))
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
