//! Reading a listing: rows become entries.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::next::{self, Onward};
use super::raw::{At, Row};
use super::reader::Reader;
use super::{Census, Circumstances, Findings, Sight, rows, usual};
use crate::item::{Field, Fields, Found};
use crate::limits;
use crate::page::{Document, Told, plain};
use crate::profile::token;
use crate::rule::{Css, DateHint, Extractor, FieldRules, ListingRule, Rule, Source, Template};
use crate::text::Text;
use crate::weburl::WebUrl;

/// What one row of a listing yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The fields that stand in the row.
    pub found: Found,
}

impl Entry {
    /// The article's address.
    pub fn link(&self) -> Option<&WebUrl> {
        self.found.ruled.link.as_ref().or(self.found.automatic.link.as_ref())
    }

    /// What identifies it by the rule's `id`.
    pub fn id(&self) -> Option<&Text> {
        self.found.ruled.id.as_ref()
    }

    /// What tells it from the other entries.
    pub fn key(&self) -> EntryKey {
        match self.id() {
            Some(id) => (Some(id.to_string()), None),
            None => (None, self.link().map(WebUrl::essence)),
        }
    }
}

/// What tells an entry from the others: its id, or else its link without what does not tell pages apart.
pub type EntryKey = (Option<String>, Option<String>);

/// What a listing yields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListingReading {
    /// The page's own title, for a feed that is given none.
    pub title: Option<Text>,
    /// The entries, newest first as far as the page's order says so.
    pub entries: Vec<Entry>,
    /// Where to read on, best first, if that was looked for. Never the page itself; whoever follows sees to it that no page comes twice
    /// ([`WebUrl::essence`]).
    pub next: Vec<WebUrl>,
    /// What the page calls its next one, if that was looked for. Where a site pages by age, that may be the newer one, which `next` never is.
    pub named_next: Option<WebUrl>,
    /// Whether the page only leads to other lists, as the index of a sitemap does.
    pub is_index: bool,
    /// What was found, missed and dropped.
    pub findings: Findings,
    /// What the page shows beside its entries; of several pages, what the first shows.
    pub sight: Sight,
}

/// Reads a listing by its rule. Where it goes on is not looked for if the rule neither says it nor reads more than one
/// page.
pub fn listing(document: &mut Document, rule: &Rule, circumstances: Circumstances) -> ListingReading {
    let is_led_on = rule.listing.next.is_some() || rule.listing.pages > 1;
    let onward = is_led_on.then(|| onward(document, rule, circumstances));
    going_on(document, rule, circumstances, onward.unwrap_or_default())
}

/// Reads a listing by its rule, and where it goes on in any case: for those who want to see it.
pub fn listing_with_next(document: &mut Document, rule: &Rule, circumstances: Circumstances) -> ListingReading {
    let onward = onward(document, rule, circumstances);
    going_on(document, rule, circumstances, onward)
}

/// Reads a listing that goes on where `onward` says.
fn going_on(
    document: &mut Document,
    rule: &Rule,
    circumstances: Circumstances,
    (onward, findings): (Onward, Findings),
) -> ListingReading {
    let mut reading = ListingReading { title: page_title(document), findings, ..ListingReading::default() };
    reading.named_next = onward.named;
    reading.next = onward.followed.into_iter().collect();
    if let Some(told) = document.told() {
        // An index of sitemaps goes on in all of its children.
        reading.next.extend(told.next.iter().cloned());
        reading.is_index = !told.next.is_empty();
    }
    let report = &mut reading.findings.report;
    report.container = rule.listing.container.as_ref().map(|container| rows::stands(document, container));
    let rows = rows::rows(document, &rule.listing, report);
    report.rows = Some(rows.len());
    reading.sight = Sight::of(document, &rows);
    reading.sight.lacks_place = rows.is_empty() && rows::are_displaced(document, &rule.listing);
    if rows.len() == limits::LISTING_ROWS {
        report.note(None, None, format!("only {} rows are read", limits::LISTING_ROWS));
    }
    let prepared = Prepared {
        rule: &rule.listing,
        ids: id_extractors(rule),
        title: usual::title_beside(rule.listing.fields.extractors(Field::Link)),
        dates: rule.dates(),
        order: in_reading_order(&rule.listing.fields),
    };
    let mut entries = Entries::default();
    for row in rows {
        let number = row.number;
        let findings = &mut reading.findings;
        match entry(document, &prepared, row, circumstances, findings) {
            Ok(entry) => entries.add(entry),
            Err(why) => {
                findings.report.dropped += 1;
                findings.report.note(Field::Link, Some(number), why);
            }
        }
    }
    if entries.again > 0 {
        let again = entries.again;
        let (rows, are) = if again == 1 { ("row has", "is") } else { ("rows have", "are") };
        let what = format!("{again} {rows} the same link or id as another row and {are} one entry with it");
        reading.findings.report.note(Field::Link, None, what);
    }
    reading.entries = entries.list;
    if rule.listing.reverse {
        reading.entries.reverse();
    }
    let (all, limit) = (reading.entries.len(), rule.listing.limit);
    if all > limit {
        let what = format!("the page has {all} entries; the first {limit} are taken, as `limit` says");
        reading.findings.report.note(None, None, what);
        reading.entries.truncate(limit);
    }
    let links = reading.entries.iter().filter_map(Entry::link);
    reading.sight.own = links.map(|link| token(&link.essence())).collect();
    count(&mut reading, rule);
    reading
}

/// Where the list goes on: by the rule, else by what the page looks like; and what reading that tells.
fn onward(document: &mut Document, rule: &Rule, circumstances: Circumstances) -> (Onward, Findings) {
    let mut findings = Findings::default();
    let Some(ruled) = &rule.listing.next else { return (next::found(document), findings) };
    let mut reader = Reader {
        document,
        row: None,
        link: None,
        dates: rule.dates(),
        is_usual: false,
        known: Fields::default(),
        circumstances,
        findings: &mut findings,
    };
    let next = reader.next(ruled.extractors()).filter(|url| next::leads_away(document, url));
    (Onward { named: next.clone(), followed: next }, findings)
}

/// The extractors of `id` that need no article: the listing's own, else those of the article that read the link.
fn id_extractors(rule: &Rule) -> Vec<Extractor> {
    let own = rule.listing.fields.extractors(Field::Id);
    if !own.is_empty() {
        return own.to_vec();
    }
    rule.article.as_ref().map(|article| ids_in_link(&article.fields)).unwrap_or_default()
}

/// The extractors of `id` that read the link: they hold wherever the link is known.
pub(super) fn ids_in_link(rules: &FieldRules) -> Vec<Extractor> {
    let ids = rules.extractors(Field::Id);
    ids.iter().filter(|extractor| matches!(extractor.source, Source::Url(_))).cloned().collect()
}

/// What every row is read by.
struct Prepared<'r> {
    rule: &'r ListingRule,
    ids: Vec<Extractor>,
    /// The usual places of the title.
    title: Vec<Extractor>,
    dates: DateHint,
    /// The fields that the rule names, in the order in which they are read.
    order: Vec<Field>,
}

/// Reads one row; the error says why it is no entry.
fn entry(
    document: &mut Document,
    prepared: &Prepared<'_>,
    row: Row,
    circumstances: Circumstances,
    findings: &mut Findings,
) -> Result<Entry, String> {
    let mut found = Found::default();
    let Prepared { rule, ids, dates, .. } = prepared;
    let mut reader = Reader {
        document,
        row: Some(row),
        link: None,
        dates: dates.clone(),
        is_usual: false,
        known: Fields::default(),
        circumstances,
        findings,
    };
    reader.read(Field::Link, rule.fields.extractors(Field::Link), &mut found.ruled);
    told(&mut reader, &rule.fields, &mut found.ruled, |field| field == Field::Link);
    usually(&mut reader, prepared, &mut found.automatic, |field| field == Field::Link);
    reader.link = found.ruled.link.clone().or_else(|| found.automatic.link.clone());
    reader.read(Field::Id, ids, &mut found.ruled);
    if ids.is_empty() {
        told(&mut reader, &rule.fields, &mut found.ruled, |field| field == Field::Id);
    }
    let link = reader.link.clone();
    if found.ruled.id.is_none() {
        found.ruled.id = link.as_ref().and_then(|link| place_on(reader.document.url(), link));
    }
    match (&link, &found.ruled.id, &rule.link_pattern) {
        (None, None, _) => return Err("the row has neither a link that leads to another page nor an id".to_owned()),
        (Some(link), _, Some(pattern)) if !pattern.is_match(link.as_str()) => {
            return Err(format!("{link} does not match link_pattern"));
        }
        _ => {}
    }
    // First, because a rule's template may need them, and because preparing markup changes the page.
    told(&mut reader, &rule.fields, &mut found.ruled, |field| !matches!(field, Field::Link | Field::Id));
    usually(&mut reader, prepared, &mut found.automatic, |field| field != Field::Link);
    reader.known = std::mem::take(&mut found.automatic);
    for field in prepared.order.iter().copied() {
        if !matches!(field, Field::Link | Field::Id) {
            reader.read(field, rule.fields.extractors(field), &mut found.ruled);
        }
    }
    found.automatic = reader.known;
    Ok(Entry { found })
}

/// A link to a place on the listing itself, as a page of release notes has them, differs from its neighbours only in its
/// fragment: that is its id.
fn place_on(listing: &WebUrl, link: &WebUrl) -> Option<Text> {
    let fragment = link.as_url().fragment().filter(|fragment| !fragment.is_empty())?;
    (link.canonical() == listing.canonical()).then(|| Text::new(fragment)).flatten()
}

/// The fields that a rule names, in the order in which they can be read: a template that needs other fields comes
/// after them, and HTML last, because preparing it changes the page.
pub(super) fn in_reading_order(rules: &FieldRules) -> Vec<Field> {
    let mut fields: Vec<Field> = rules.iter().map(|(field, _)| field).collect();
    fields.sort_by_key(|field| {
        let needs_others =
            |extractor: &Extractor| extractor.refine.template.as_ref().is_some_and(Template::needs_others);
        let is_late = rules.extractors(*field).iter().any(needs_others);
        (field.kind() == crate::item::Kind::Html, is_late)
    });
    fields
}

/// Reads what a feed's or a sitemap's row tells under the fields' own names. It is as good as ruled: the site says it about
/// this very item, and the rule says to believe it.
fn told(reader: &mut Reader<'_>, rules: &FieldRules, fields: &mut Fields, wanted: fn(Field) -> bool) {
    if !reader.document.told().is_some_and(Told::is_a_feed) {
        return;
    }
    for (field, places) in usual::of_told() {
        if wanted(*field) && !rules.names(*field) {
            reader.read(*field, places, fields);
        }
    }
}

/// Looks in the usual places of a row for what the rule does not name.
fn usually(reader: &mut Reader<'_>, prepared: &Prepared<'_>, fields: &mut Fields, wanted: fn(Field) -> bool) {
    let of_json = reader.row.as_ref().is_some_and(|row| matches!(row.at, At::Json(..)));
    reader.is_usual = true;
    for (field, places) in if of_json { usual::of_json_row() } else { usual::of_row() } {
        if wanted(*field) && !prepared.rule.fields.names(*field) {
            let places = if *field == Field::Title && !of_json { &prepared.title } else { places };
            reader.read(*field, places, fields);
        }
    }
    reader.is_usual = false;
}

/// Entries in order; rows with the same link are one, unless their ids differ.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) list: Vec<Entry>,
    /// Rows that were one entry with an earlier one.
    pub(super) again: usize,
    places: HashMap<EntryKey, usize>,
}

impl Extend<Entry> for Entries {
    fn extend<T: IntoIterator<Item = Entry>>(&mut self, entries: T) {
        entries.into_iter().for_each(|entry| self.add(entry));
    }
}

impl Entries {
    fn add(&mut self, entry: Entry) {
        let key = entry.key();
        match self.places.get(&key).and_then(|place| self.list.get_mut(*place)) {
            Some(first) => {
                self.again += 1;
                let found = std::mem::take(&mut first.found);
                first.found = Found {
                    ruled: found.ruled.or(entry.found.ruled),
                    automatic: found.automatic.or(entry.found.automatic),
                };
            }
            None => {
                self.places.insert(key, self.list.len());
                self.list.push(entry);
            }
        }
    }
}

/// Counts, over the entries that are left, what was found and missed.
pub(super) fn count(reading: &mut ListingReading, rule: &Rule) {
    let mut census = Census::default();
    for entry in &reading.entries {
        census.add(&entry.found.ruled.clone().or(entry.found.automatic.clone()));
    }
    reading.findings.report.fields = census.tallies(&[&rule.listing.fields]);
}

/// What a page calls itself: a feed that is given no title is called that.
pub fn page_title(document: &Document) -> Option<Text> {
    static TITLE: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("head > title").ok());
    if let Some(told) = document.told() {
        return Text::new(&plain(told.tree.value.get("title")?.as_str().filter(|_| told.is_a_feed())?));
    }
    let stated = document.select(TITLE.as_ref()?).next().and_then(|title| Text::new(&title.text().collect::<String>()));
    document.meta("og:site_name").first().and_then(|name| Text::new(name)).filter(|_| stated.is_none()).or(stated)
}
