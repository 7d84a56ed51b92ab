//! Compiled rules: what a site's table says about finding entries and reading articles, checked and ready to run.
//!
//! Nothing here reads pages; `extract` does. Nothing here reads TOML; `config` does.

mod address;
mod asking;
mod date_hint;
mod extractor;
mod filter;
mod json_path;
mod keys;
mod locale;
mod nesting;
mod rows;
mod selector;
mod upstream;
mod wording;
mod xpath;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use regex::Regex;

pub use crate::secret::Secret;
pub use address::Address;
pub use asking::{AskingRule, PostRule};
pub use date_hint::{DateFormat, DateHint};
pub use extractor::{Extractor, Refinements, Source, Telling, Template, TemplateError, TemplatePart};
pub use filter::{Filter, Patterns};
pub use json_path::{Json, JsonPath, JsonPathError};
pub use keys::{Key, Keys};
pub use locale::{Language, Locale, Order};
pub use rows::{Elements, Form, Rows};
pub use selector::{Css, CssError};
pub use upstream::{Allowed, Patience, Upstream};
pub use wording::{Wording, WordingError, WordingPart};
pub use xpath::{XPath, XPathError};

use crate::item::Field;
use crate::limits;

/// How one field is read.
#[derive(Clone, Debug)]
pub enum FieldRule {
    /// Not at all, not even from the usual places (`false`).
    Off,
    /// By the first of these extractors that yields a value.
    From(Vec<Extractor>),
}

impl FieldRule {
    /// The extractors, in the order in which they are tried.
    pub fn extractors(&self) -> &[Extractor] {
        match self {
            Self::Off => &[],
            Self::From(extractors) => extractors,
        }
    }
}

/// The fields that a rule names.
#[derive(Clone, Debug, Default)]
pub struct FieldRules(BTreeMap<Field, FieldRule>);

impl FieldRules {
    /// Sets how `field` is read.
    pub fn insert(&mut self, field: Field, rule: FieldRule) {
        self.0.insert(field, rule);
    }

    /// How `field` is read; `None` if the rule does not say.
    pub fn get(&self, field: Field) -> Option<&FieldRule> {
        self.0.get(&field)
    }

    /// The extractors of `field`; none if the rule does not say or switches it off.
    pub fn extractors(&self, field: Field) -> &[Extractor] {
        self.get(field).map(FieldRule::extractors).unwrap_or_default()
    }

    /// Whether `field` is switched off.
    pub fn is_off(&self, field: Field) -> bool {
        matches!(self.get(field), Some(FieldRule::Off))
    }

    /// Whether the rule says anything about `field`.
    pub fn names(&self, field: Field) -> bool {
        self.0.contains_key(&field)
    }

    /// The value that `field` takes if every source failed.
    pub fn default_of(&self, field: Field) -> Option<&str> {
        self.extractors(field).iter().find_map(|extractor| extractor.refine.default.as_deref())
    }

    /// The named fields with their rules, in [`Field::ALL`]'s order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &FieldRule)> {
        self.0.iter().map(|(field, rule)| (*field, rule))
    }
}

/// How entries are found on a listing.
#[derive(Clone, Debug)]
pub struct ListingRule {
    /// What the listing is; `None`: to be guessed from the response.
    pub from: Option<Form>,
    /// What finds the rows; the first that matches anything is used. Empty means: a feed's or a sitemap's own.
    pub item: Vec<Rows>,
    /// What stays when the list is empty, so that an empty list differs from a list that is gone.
    pub container: Option<Rows>,
    /// How fields are read from a row.
    pub fields: FieldRules,
    /// Entries taken from the page.
    pub limit: usize,
    /// Entries whose link does not match are none.
    pub link_pattern: Option<Regex>,
    /// Whether the page lists the oldest entry first.
    pub reverse: bool,
    /// How the address of the list's next page is read; `None`: it is looked for where pages usually have it.
    pub next: Option<FieldRule>,
    /// Pages of the list that are read, the first one among them.
    pub pages: usize,
}

/// How an article's page is read.
#[derive(Clone, Debug, Default)]
pub struct ArticleRule {
    /// How fields are read from the page.
    pub fields: FieldRules,
    /// What is cut out before `content` and `summary` are read.
    pub remove: Vec<Elements>,
    /// How the address of the article's next page is read. Never looked for without a rule: what usually looks like one
    /// leads to the next article.
    pub next: Option<FieldRule>,
    /// The version of the page that is read instead, where the page names one.
    pub prefer: Option<Prefer>,
    /// Whether the text is looked for where no rule finds it.
    pub full_text: bool,
}

impl ArticleRule {
    /// A rule that names nothing: all is looked for.
    pub fn automatic() -> Self {
        Self { full_text: true, ..Self::default() }
    }

    /// Whether a page without content is not what the rule is about: it names where the content stands.
    pub fn names_content(&self) -> bool {
        !self.fields.extractors(Field::Content).is_empty()
    }
}

/// Another version of an article's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefer {
    /// For phones (AMP).
    Amp,
    /// For the printer.
    Print,
}

/// What one site's table says, compiled.
#[derive(Clone, Debug)]
pub struct Rule {
    /// How entries are found.
    pub listing: ListingRule,
    /// How articles are read; without it, items come from the listing alone.
    pub article: Option<ArticleRule>,
    /// The zone of dates that name none, and of days without a time.
    pub timezone: Tz,
    /// The language, and perhaps the country, that its dates are written in.
    pub locale: Option<Locale>,
    /// The encoding that the site's pages are in, whatever they say.
    pub charset: Option<&'static encoding_rs::Encoding>,
    /// Changes whenever the rule is edited in a way that may change what is extracted: then the listing is read again,
    /// whether its pages changed or not.
    pub hash: String,
    /// Changes whenever it is edited in a way that may change what an item is made of: then its article is read again. How
    /// many rows and pages are taken is no part of it, for instance.
    pub item_hash: String,
}

impl Rule {
    /// A rule that says nothing but what the rows are, with times in UTC. Nobody has written it: its hashes are empty.
    pub fn of_rows(item: Vec<Rows>) -> Self {
        let listing = ListingRule {
            from: None,
            item,
            container: None,
            fields: FieldRules::default(),
            limit: limits::ENTRIES_OF_A_PAGE,
            link_pattern: None,
            reverse: false,
            next: None,
            pages: 1,
        };
        Self {
            listing,
            article: None,
            timezone: Tz::UTC,
            locale: None,
            charset: None,
            hash: String::new(),
            item_hash: String::new(),
        }
    }

    /// Whether an item that was read by the rule of this hash would be read in the same way now. Earlier versions of
    /// Feedmill noted the whole rule's hash.
    pub fn made(&self, hash: &str) -> bool {
        hash == self.item_hash || hash == self.hash
    }

    /// How dates are written that no extractor says more about.
    pub fn dates(&self) -> DateHint {
        DateHint { locale: self.locale, ..DateHint::in_zone(self.timezone) }
    }
}
