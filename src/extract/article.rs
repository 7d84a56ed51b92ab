//! Reading an article's page: the rule's fields, and the rest from the usual places.

use std::sync::LazyLock;

use chrono::TimeDelta;
use ego_tree::NodeId;

use super::lines::{self, Lines};
use super::listing::{ids_in_link, in_reading_order};
use super::reader::Reader;
use super::site_name::SiteNames;
use super::{
    Census, Circumstances, Findings, byline, dateline, dates, full_text, headline, next, picture, rows, signature,
    state, usual, version,
};
use crate::item::{Field, Fields, Found, Kind};
use crate::page::Document;
use crate::report::Attempt;
use crate::rule::{ArticleRule, Css, Extractor, Rule};
use crate::text::{Html, Text};
use crate::weburl::WebUrl;

/// What an article's page yields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticleReading {
    /// The fields.
    pub found: Found,
    /// The address that the page says is its own (`rel=canonical`, RFC 6596).
    pub canonical: Option<WebUrl>,
    /// Where the text goes on, by the rule. Never the page itself; whoever follows sees to it that no page comes twice
    /// ([`WebUrl::essence`]).
    pub next: Option<WebUrl>,
    /// The version of the page that the rule prefers, as the page names it.
    pub preferred: Option<WebUrl>,
    /// What was found and missed.
    pub findings: Findings,
}

impl ArticleReading {
    /// The text: by the rule, else as it was found without one.
    pub fn content(&self) -> Option<&Html> {
        self.found.ruled.content.as_ref().or(self.found.automatic.content.as_ref())
    }
}

/// What `version` says of an article that the rule prefers it for, and what only the `page` itself does: who it is, too.
pub fn preferring(version: ArticleReading, page: ArticleReading) -> ArticleReading {
    let mut ruled = version.found.ruled;
    let mut automatic = version.found.automatic;
    for fields in [&mut ruled, &mut automatic] {
        (fields.id, fields.link) = (None, None);
    }
    let mut findings = page.findings;
    findings.report = version.findings.report;
    findings.attempts.extend(version.findings.attempts);
    ArticleReading {
        found: Found { ruled: ruled.or(page.found.ruled), automatic: automatic.or(page.found.automatic) },
        canonical: page.canonical,
        next: version.next,
        preferred: None,
        findings,
    }
}

/// Reads an article by its rule. `link` is the item's link, for `url` extractors.
pub fn article(
    document: &mut Document,
    rule: &Rule,
    link: Option<&WebUrl>,
    circumstances: Circumstances,
) -> ArticleReading {
    let nothing = ArticleRule::default();
    let article = rule.article.as_ref().unwrap_or(&nothing);
    let mut reading = ArticleReading {
        canonical: canonical(document),
        preferred: article.prefer.and_then(|prefer| version::preferred(document, prefer)),
        ..ArticleReading::default()
    };
    let found = &mut reading.found;
    let mut reader = Reader {
        document,
        row: None,
        link: link.cloned(),
        dates: rule.dates(),
        is_usual: false,
        known: Fields::default(),
        circumstances,
        findings: &mut reading.findings,
    };
    let (html, lines): (Vec<Field>, Vec<Field>) =
        in_reading_order(&article.fields).into_iter().partition(|field| field.kind() == Kind::Html);
    let mut image = None;
    for field in lines {
        let won = reader.read(field, article.fields.extractors(field), &mut found.ruled);
        if field == Field::Image {
            image = won.and_then(|won| won.node);
        }
    }
    if !article.fields.names(Field::Id) {
        reader.read(Field::Id, &ids_in_link(&rule.listing.fields), &mut found.ruled);
    }
    reader.is_usual = true;
    let site = SiteNames::of(reader.document);
    for (field, places) in usual::of_article() {
        if !article.fields.names(*field) {
            reader.read(*field, places, &mut found.automatic);
        }
        if *field == Field::Title
            && let Some(headline) =
                found.automatic.title.as_ref().and_then(|title| headline::headline(title, &site, reader.document))
        {
            reader.amend("headline", headline.as_ref());
            found.automatic.title = Some(headline);
        }
    }
    let title = found.ruled.title.as_ref().or(found.automatic.title.as_ref());
    let page = lines::lines(reader.document, title.map(AsRef::as_ref));
    if !article.fields.names(Field::Published) {
        dateline(&mut reader, &page, &mut found.automatic);
    }
    if !article.fields.names(Field::Author) {
        found.automatic.author = authors(&mut reader, &page, &site);
    }
    reader.is_usual = false;
    about_image(&reader, article, found, image);
    let next = article.next.as_ref().and_then(|next| reader.next(next.extractors()));
    reading.next = next.filter(|url| next::leads_away(reader.document, url));
    // Last, because both change the page.
    let cut: Vec<NodeId> =
        article.remove.iter().flat_map(|what| rows::elements(reader.document, what).unwrap_or_default()).collect();
    reader.document.cut(&cut);
    reader.known = std::mem::take(&mut found.automatic);
    for field in html {
        reader.read(field, article.fields.extractors(field), &mut found.ruled);
    }
    found.automatic = reader.known;
    if article.full_text && found.ruled.content.is_none() && !lacks_all(article, &found.ruled) {
        look_for_text(document, article, link, circumstances, &mut reading);
    }
    let mut census = Census::default();
    census.add(&reading.found.ruled.clone().or(reading.found.automatic.clone()));
    reading.findings.report.fields = census.tallies(&[&article.fields]);
    reading
}

/// The date that readers see, if no data tells one, or tells a later one. What only scripts tell comes next, and a last
/// change comes last: it is nearer to the truth than the moment at which somebody came by.
fn dateline(reader: &mut Reader<'_>, page: &Lines, fields: &mut Fields) {
    let link = dates::in_link(reader.link.as_ref().unwrap_or_else(|| reader.document.url()));
    let now = reader.circumstances.now;
    let hint = reader.usual_dates().into_owned();
    let seen = dateline::seen(page, link, &hint, now);
    let found = seen.published.map(|date| date.to_rfc3339());
    // Of two dates of publication the first one is meant: data may be written anew with each change.
    let is_first = fields.published.zip(seen.published).is_some_and(|(told, seen)| told - seen > TimeDelta::hours(36));
    let is_best = if fields.published.is_some() { is_first && seen.is_sure } else { seen.is_near };
    if is_best {
        fields.published = seen.published;
    }
    reader.explain(Field::Published, "the date near the heading", found.as_deref(), is_best);
    if fields.published.is_some() {
        return;
    }
    reader.read(Field::Published, byline::dated(), fields);
    let is_in_link = link.is_some_and(|link| link.names_day);
    let told = || state::published(reader.document, &hint, now).filter(|_| !is_in_link);
    let updated = || fields.updated.or(seen.updated).filter(|_| !is_in_link);
    fields.published = fields.published.or(seen.published).or_else(told).or_else(updated);
}

/// The authors that the page names, in its data, near its heading, or elsewhere: the site itself only if nobody else is.
fn authors(reader: &mut Reader<'_>, page: &Lines, site: &SiteNames) -> Vec<Text> {
    let mut publisher = Vec::new();
    let mut read = |reader: &mut Reader<'_>, places: &[Extractor]| {
        places.iter().find_map(|place| {
            let mut seen = Fields::default();
            reader.read(Field::Author, std::slice::from_ref(place), &mut seen);
            if seen.author.iter().any(|name| !site.has(name.as_ref())) {
                return Some(seen.author);
            }
            if publisher.is_empty() && !seen.author.is_empty() {
                reader.amend("site", "(is the site itself: taken if nobody else is named)");
                publisher = seen.author;
            }
            None
        })
    };
    if let Some(told) = read(reader, byline::told()) {
        return told.into_iter().flat_map(signature::apart).collect();
    }
    let signed = signature::signed(page, site);
    let names = signed.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    reader.explain(
        Field::Author,
        "the names near the heading",
        signed.first().map(|_| names.as_str()),
        !signed.is_empty(),
    );
    if !signed.is_empty() {
        return signed;
    }
    read(reader, byline::seen()).unwrap_or(publisher)
}

/// Whatever the page says about the lead image and no rule names.
fn about_image(reader: &Reader<'_>, article: &ArticleRule, found: &mut Found, node: Option<NodeId>) {
    let is_wanted = |field| !article.fields.names(field);
    if !is_wanted(Field::ImageCaption) && !is_wanted(Field::ImageCredit) {
        return;
    }
    let Some(image) = found.ruled.image.clone().or_else(|| found.automatic.image.clone()) else { return };
    let told = picture::told(reader.document, &image, node);
    let automatic = &mut found.automatic;
    automatic.image_caption = told.caption.filter(|_| is_wanted(Field::ImageCaption));
    automatic.image_credit = told.credit.filter(|_| is_wanted(Field::ImageCredit));
    // So that a merge sees whose caption it is.
    if automatic.image_caption.is_some() || automatic.image_credit.is_some() {
        automatic.image = Some(image);
    }
}

/// Whether a page has nothing of what its rule names, its content first of all: it is the page of something else.
fn lacks_all(article: &ArticleRule, found: &Fields) -> bool {
    let is_named = |field: &Field| *field != Field::Content && !article.fields.extractors(*field).is_empty();
    let mut others = Field::ALL.into_iter().filter(is_named).peekable();
    article.names_content() && others.peek().is_some() && others.all(|field| !found.has(field))
}

/// Looks for the text of an article whose rule names none, or names one that is not there.
fn look_for_text(
    document: &mut Document,
    article: &ArticleRule,
    link: Option<&WebUrl>,
    circumstances: Circumstances,
    reading: &mut ArticleReading,
) {
    let found = &mut reading.found;
    let title = found.ruled.title.as_ref().or(found.automatic.title.as_ref());
    let text = full_text::read(document, title.map(AsRef::as_ref));
    let findings = &mut reading.findings;
    if circumstances.explain {
        let mut attempt = Attempt {
            field: Field::Content.name(),
            row: None,
            article: link.map(ToString::to_string),
            extractor: "the full text, found by itself".to_owned(),
            matched: usize::from(text.is_some()),
            is_traced: true,
            steps: Vec::new(),
            won: text.is_some(),
        };
        attempt.step("found", text.as_ref().map(Html::as_str).unwrap_or_default());
        findings.attempts.push(attempt);
    }
    if text.is_some() && article.names_content() {
        findings.report.note(Field::Content, None, "not where the rule looks for it; found without the rule");
    }
    found.automatic.content = text;
}

fn canonical(document: &Document) -> Option<WebUrl> {
    static CANONICAL: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("link[rel~=canonical][href]").ok());
    let href = document.select(CANONICAL.as_ref()?).next()?.attr("href")?.to_owned();
    document.base().join(&href).ok()
}
