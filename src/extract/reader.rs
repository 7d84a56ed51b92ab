//! Reading one field: extractors are tried in order until one yields a value.

use std::borrow::Cow;
use std::collections::HashSet;

use ego_tree::NodeId;

use super::dates::{Doubt, Reading};
use super::enclosures::{self, Media};
use super::markup::prepared;
use super::raw::{Raw, Row, Whence};
use super::refine::{divided, filled, refined};
use super::{Circumstances, Findings, clean, dates, prepare};
use crate::item::{Enclosure, Field, Fields, Kind};
use crate::page::Document;
use crate::report::Attempt;
use crate::rule::{DateHint, Extractor, Refinements, Source, Template};
use crate::text::{Html, Text, escape, shorten};
use crate::weburl::WebUrl;

/// Reads fields from one place: a row of a listing, or an article's page.
pub(super) struct Reader<'a> {
    pub(super) document: &'a mut Document,
    /// The row; `None`: the whole page.
    pub(super) row: Option<Row>,
    /// The item's link, for `url` sources.
    pub(super) link: Option<WebUrl>,
    /// How dates are written that no rule says anything about.
    pub(super) dates: DateHint,
    /// Whether it looks in the usual places, where not everything is what the field is for.
    pub(super) is_usual: bool,
    /// What the usual places had: a template may need it.
    pub(super) known: Fields,
    pub(super) circumstances: Circumstances,
    pub(super) findings: &'a mut Findings,
}

/// Where a field's value came from.
pub(super) struct Won {
    /// The element that it stood in, if it stood in one.
    pub(super) node: Option<NodeId>,
}

impl Reader<'_> {
    /// Reads `field` into `fields` by the first extractor that yields a value, and tells which element it came from.
    /// `None`: none of them yielded one.
    pub(super) fn read(&mut self, field: Field, extractors: &[Extractor], fields: &mut Fields) -> Option<Won> {
        self.read_as(field.name(), field, extractors, fields)
    }

    /// Reads the address of the next page, as it reads the address of the comments.
    pub(super) fn next(&mut self, extractors: &[Extractor]) -> Option<WebUrl> {
        let mut fields = Fields::default();
        self.read_as("next", Field::Comments, extractors, &mut fields)?;
        fields.comments
    }

    fn read_as(
        &mut self,
        name: &'static str,
        field: Field,
        extractors: &[Extractor],
        fields: &mut Fields,
    ) -> Option<Won> {
        for extractor in extractors {
            let mut attempt = self.attempt(name, extractor);
            let won = if field.kind() == Kind::Html {
                self.html(field, extractor, fields, &mut attempt).map(|html| {
                    set_html(fields, field, html);
                    Won { node: None }
                })
            } else {
                self.line(field, extractor, fields, &mut attempt)
            };
            attempt.won = won.is_some();
            if self.circumstances.explain {
                self.findings.attempts.push(attempt);
            }
            if won.is_some() {
                return won;
            }
        }
        None
    }

    /// An attempt to read the field called `name` by `extractor`. What only an explanation tells is left out of others.
    fn attempt(&self, name: &'static str, extractor: &Extractor) -> Attempt {
        let is_traced = self.circumstances.explain;
        let article = self.link.as_ref().filter(|_| is_traced && self.row.is_none());
        Attempt {
            field: name,
            row: self.number(),
            article: article.map(ToString::to_string),
            extractor: if is_traced { extractor.written.clone() } else { String::new() },
            matched: 0,
            is_traced,
            steps: Vec::new(),
            won: false,
        }
    }

    /// Tells in the explanation what became of the value that has just been found.
    pub(super) fn amend(&mut self, what: &'static str, value: &str) {
        if let Some(attempt) = self.findings.attempts.last_mut() {
            attempt.step(what, value);
        }
    }

    /// Tells in the explanation what was found in a place that no extractor describes.
    pub(super) fn explain(&mut self, field: Field, place: &str, found: Option<&str>, won: bool) {
        if !self.circumstances.explain {
            return;
        }
        let place = Extractor {
            source: Source::Text(String::new()),
            refine: Refinements::default(),
            written: format!("{place} (usual place)"),
        };
        let mut attempt = self.attempt(field.name(), &place);
        attempt.matched = usize::from(found.is_some());
        attempt.won = won;
        if let Some(found) = found {
            attempt.step("found", found);
        }
        self.findings.attempts.push(attempt);
    }

    /// Text, links, dates and enclosures.
    fn line(&mut self, field: Field, extractor: &Extractor, fields: &mut Fields, attempt: &mut Attempt) -> Option<Won> {
        let refine = &extractor.refine;
        let every = refine.all.unwrap_or(field.takes_many());
        let raws = self.raws(field, extractor, attempt);
        let mut yielded: Vec<(String, Option<NodeId>, Media)> = Vec::new();
        for raw in raws {
            attempt.step("found", &raw.text);
            let found = shorten(&raw.text, 60);
            let text = refined(raw.text, refine, attempt);
            let pieces: Vec<String> = text.into_iter().flat_map(|text| divided(text, refine, attempt)).collect();
            let mut failed = pieces.is_empty().then_some(None);
            for piece in pieces {
                // A link is completed before it is read: `template = "https://a.example/{value}"` makes one of a number.
                let text = match &refine.template {
                    Some(template) if refine.join.is_none() => self.filled(template, &piece, fields, attempt),
                    _ => Some(piece),
                };
                match text.ok_or(None).and_then(|text| self.readable(field, text, extractor, fields, attempt)) {
                    Ok(value) => yielded.push((value, raw.node, raw.media.clone())),
                    Err(doubt) => failed = Some(doubt),
                }
            }
            let why = match failed {
                Some(Some(doubt)) => Some(format!("`{found}` is doubted as a date: {doubt}")),
                Some(None) if refine.date.is_some() => {
                    Some(format!("`{found}` cannot be read as a date by {}", extractor.written))
                }
                _ => None,
            };
            if let Some(why) = why {
                self.findings.report.note(field, self.number(), why);
            }
            if !every && !yielded.is_empty() {
                break;
            }
        }
        let node = yielded.first()?.1;
        let mut values: Vec<String> = yielded.iter().map(|(value, ..)| value.clone()).collect();
        let join = refine.join.as_deref().or((every && !field.takes_many()).then_some(" "));
        if let Some(join) = join {
            let joined = values.join(join);
            values = vec![match &refine.template {
                Some(template) if refine.join.is_some() => self.filled(template, &joined, fields, attempt)?,
                _ => joined,
            }];
        }
        if field == Field::Enclosure {
            let read = |(url, node, beside): (String, Option<NodeId>, Media)| {
                let element = node.and_then(|node| self.document.element(node));
                let media = element.map_or(beside, Media::of_element);
                enclosures::enclosure(self.document, &url, media)
                    .filter(|found| !self.is_usual || enclosures::is_played(found))
            };
            for found in yielded.into_iter().filter_map(read) {
                if fields.enclosure.iter().all(|other: &Enclosure| other.url != found.url) {
                    fields.enclosure.push(found);
                }
            }
            return (!fields.enclosure.is_empty()).then_some(Won { node });
        }
        set_line(fields, field, &values, attempt).then_some(Won { node })
    }

    /// What the extractor's source yields.
    fn raws(&mut self, field: Field, extractor: &Extractor, attempt: &mut Attempt) -> Vec<Raw> {
        let whence = Whence { document: self.document, row: self.row.as_ref(), link: self.link.as_ref() };
        let raws = whence.raws(field, extractor).unwrap_or_else(|error| {
            attempt.step("found", &format!("({error})"));
            self.findings.report.note_once(field, format!("{}: {error}", extractor.written));
            Vec::new()
        });
        attempt.matched = raws.len();
        raws
    }

    /// The template with its places filled: by what rules found, else by what the usual places had.
    fn filled(&self, template: &Template, value: &str, fields: &Fields, attempt: &mut Attempt) -> Option<String> {
        let filled = filled(template, value, &[fields, &self.known]);
        attempt.step("template", filled.as_deref().unwrap_or("(a field that it needs has no value)"));
        filled
    }

    /// The row's number in the listing.
    fn number(&self) -> Option<usize> {
        self.row.as_ref().map(|row| row.number)
    }

    /// Fragments of HTML: prepared and cleaned.
    fn html(&mut self, field: Field, extractor: &Extractor, fields: &Fields, attempt: &mut Attempt) -> Option<Html> {
        let refine = &extractor.refine;
        let mut raws = self.raws(field, extractor, attempt);
        if refine.all == Some(true) {
            self.leave_outermost(&mut raws);
        }
        // Of many, each keeps its own element, so that paragraphs stay paragraphs; `join` puts their insides together.
        let whole = refine.all == Some(true) && refine.join.is_none();
        let mut yielded: Vec<Html> = Vec::new();
        for raw in raws {
            // One after the other: preparing an element changes the page, and the first one is mostly enough.
            let fragment = match raw.node.filter(|_| raw.is_element) {
                Some(node) => self.fragment(node, whole).unwrap_or_default(),
                None if raw.is_markup => prepared(&raw.text, self.document.base()),
                None => escape(&raw.text),
            };
            attempt.step("found", &fragment);
            yielded.extend(refined(fragment, refine, attempt).and_then(|markup| clean(&markup)));
            if refine.all != Some(true) && !yielded.is_empty() {
                break;
            }
        }
        if yielded.len() == 1 && refine.template.is_none() {
            return yielded.pop();
        }
        if yielded.is_empty() {
            return None;
        }
        let parts: Vec<&str> = yielded.iter().map(Html::as_str).collect();
        let joined = parts.join(refine.join.as_deref().unwrap_or("\n"));
        match &refine.template {
            Some(template) => clean(&self.filled(template, &joined, fields, attempt)?),
            None => clean(&joined),
        }
    }

    /// Leaves out what stands in another match, and would be told twice.
    fn leave_outermost(&self, raws: &mut Vec<Raw>) {
        let elements = |raw: &Raw| raw.node.filter(|_| raw.is_element);
        let matched: HashSet<NodeId> = raws.iter().filter_map(elements).collect();
        raws.retain(|raw| {
            let element = elements(raw).and_then(|node| self.document.element(node));
            element.is_none_or(|element| element.ancestors().all(|above| !matched.contains(&above.id())))
        });
    }

    fn fragment(&mut self, node: NodeId, whole: bool) -> Option<String> {
        prepare::prepare(self.document, node);
        let element = self.document.element(node)?;
        // What is inside of these means nothing without them.
        let is_whole = whole
            || matches!(
                element.value().name(),
                "ul" | "ol" | "dl" | "table" | "pre" | "blockquote" | "figure" | "picture" | "img" | "video" | "audio"
            );
        Some(if is_whole { element.html() } else { element.inner_html() })
    }

    /// How dates are written that no rule says anything about.
    pub(super) fn usual_dates(&self) -> Cow<'_, DateHint> {
        self.spoken(&self.dates)
    }

    /// How dates of `extractor` are written.
    fn hint<'h>(&'h self, extractor: &'h Extractor) -> Cow<'h, DateHint> {
        self.spoken(extractor.refine.date.as_ref().unwrap_or(&self.dates))
    }

    /// The language that the rule does not say, the page may.
    fn spoken<'h>(&self, stated: &'h DateHint) -> Cow<'h, DateHint> {
        match self.document.locale().filter(|_| stated.locale.is_none()) {
            Some(locale) => Cow::Owned(DateHint { locale: Some(locale), ..stated.clone() }),
            None => Cow::Borrowed(stated),
        }
    }

    /// The date that a text tells. A row's title may name another day: what stands beside the title comes first.
    fn dated(&self, text: &str, extractor: &Extractor, fields: &Fields) -> Reading {
        let hint = self.hint(extractor);
        let read = |text: &str| dates::read(text, &hint, self.circumstances.now);
        let title = fields.title.as_ref().or(self.known.title.as_ref()).filter(|_| self.row.is_some());
        let beside = title.and_then(|title| {
            let (before, behind) = text.split_once(title.as_str())?;
            let names_a_day = !matches!(read(title.as_str()), Reading::Nothing);
            names_a_day.then(|| read(&format!("{before} {behind}")))
        });
        beside.filter(|reading| matches!(reading, Reading::Date(_))).unwrap_or_else(|| read(text))
    }

    /// What `text` is as a value of `field`: a link is made absolute, a date is read. The error is a doubt, if it is one.
    fn readable(
        &self,
        field: Field,
        text: String,
        extractor: &Extractor,
        fields: &Fields,
        attempt: &mut Attempt,
    ) -> Result<String, Option<Doubt>> {
        match field.kind() {
            Kind::Link => match self.document.base().join(&text) {
                Ok(url) if field == Field::Link || field == Field::Comments => Ok(url.without_tracking().into()),
                Ok(url) => Ok(url.into()),
                Err(error) => {
                    attempt.step("link", &format!("({error})"));
                    Err(None)
                }
            },
            Kind::Date => match self.dated(&text, extractor, fields) {
                Reading::Date(date) => {
                    attempt.step("date", &date.to_rfc3339());
                    Ok(date.to_rfc3339())
                }
                Reading::Doubted(doubt) => {
                    attempt.step("date", &format!("(doubted: {doubt})"));
                    Err(Some(doubt))
                }
                Reading::Nothing => {
                    attempt.step("date", "(cannot be read)");
                    Err(None)
                }
            },
            Kind::Text | Kind::Html => Ok(text),
        }
    }
}

fn set_html(fields: &mut Fields, field: Field, html: Html) {
    match field {
        Field::Summary => fields.summary = Some(html),
        _ => fields.content = Some(html),
    }
}

/// Sets a field; `false` if nothing legal is left of its values.
fn set_line(fields: &mut Fields, field: Field, values: &[String], attempt: &mut Attempt) -> bool {
    let first = values.first().map(String::as_str).unwrap_or_default();
    let text = || Text::new(first);
    let link = || WebUrl::parse(first).ok();
    let date = || chrono::DateTime::parse_from_rfc3339(first).ok();
    match field {
        Field::Id => fields.id = text(),
        Field::Link => fields.link = link(),
        Field::Title => fields.title = text(),
        Field::Published => fields.published = date(),
        Field::Updated => fields.updated = date(),
        Field::Author => fields.author = texts(values),
        Field::Category => fields.category = texts(values),
        Field::Image => fields.image = link(),
        Field::ImageCaption => fields.image_caption = text(),
        Field::ImageCredit => fields.image_credit = text(),
        Field::Comments => fields.comments = link(),
        Field::Language => fields.language = text(),
        Field::Summary | Field::Content | Field::Enclosure => {}
    }
    attempt.step("value", &values.join(", "));
    fields.has(field)
}

/// Each text once, in the order of the page.
fn texts(values: &[String]) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    for text in values.iter().filter_map(|value| Text::new(value)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
