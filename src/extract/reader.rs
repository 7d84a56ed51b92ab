//! Reading one field: extractors are tried in order until one yields a value.

use std::collections::HashSet;

use chrono_tz::Tz;
use ego_tree::NodeId;
use scraper::ElementRef;

use super::refine::{divided, filled, first_group, refined};
use super::{Circumstances, Findings, clean, dates, images, prepare};
use crate::item::{Enclosure, Field, Fields, Kind};
use crate::limits;
use crate::page::{Document, line_text, plain};
use crate::report::Attempt;
use crate::rule::{DateHint, Extractor, Source};
use crate::text::{Html, Text, escape, shorten};
use crate::weburl::WebUrl;

/// Reads fields from one place: a row of a listing, or an article's page.
pub(super) struct Reader<'a> {
    pub(super) document: &'a mut Document,
    /// The row; `None`: the whole page.
    pub(super) row: Option<(usize, NodeId)>,
    /// The item's link, for `url` sources.
    pub(super) link: Option<WebUrl>,
    pub(super) zone: Tz,
    pub(super) circumstances: Circumstances,
    pub(super) findings: &'a mut Findings,
}

/// Where a field's value came from.
pub(super) struct Won {
    /// The element that it stood in, if it stood in one.
    pub(super) node: Option<NodeId>,
}

/// A text that a source yielded, and the element that it stood in.
struct Raw {
    text: String,
    node: Option<NodeId>,
}

impl Reader<'_> {
    /// Reads `field` into `fields` by the first extractor that yields a value, and tells which element it came from.
    /// `None`: none of them yielded one.
    pub(super) fn read(&mut self, field: Field, extractors: &[Extractor], fields: &mut Fields) -> Option<Won> {
        for extractor in extractors {
            let mut attempt = Attempt {
                field,
                row: self.row.map(|(number, _)| number),
                article: self.link.as_ref().filter(|_| self.row.is_none()).map(ToString::to_string),
                extractor: extractor.written.clone(),
                matched: 0,
                is_traced: self.circumstances.explain,
                steps: Vec::new(),
                won: false,
            };
            let won = if field.kind() == Kind::Html {
                self.html(extractor, fields, &mut attempt).map(|html| {
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

    /// Tells in the explanation what became of the value that has just been found.
    pub(super) fn amend(&mut self, what: &'static str, value: &str) {
        if let Some(attempt) = self.findings.attempts.last_mut() {
            attempt.step(what, value);
        }
    }

    /// Text, links, dates and enclosures.
    fn line(&mut self, field: Field, extractor: &Extractor, fields: &mut Fields, attempt: &mut Attempt) -> Option<Won> {
        let refine = &extractor.refine;
        let every = refine.all.unwrap_or(field.takes_many());
        let raws = self.raws(field, extractor);
        attempt.matched = raws.len();
        let mut yielded: Vec<(String, Option<NodeId>)> = Vec::new();
        for raw in raws {
            attempt.step("found", &raw.text);
            let found = shorten(&raw.text, 60);
            let text = refined(raw.text, refine, attempt);
            let pieces: Vec<String> = text.into_iter().flat_map(|text| divided(text, refine, attempt)).collect();
            let values = pieces.into_iter().filter_map(|text| {
                // A link is completed before it is read: `template = "https://a.example/{value}"` makes one of a number.
                let text = match &refine.template {
                    Some(template) if refine.join.is_none() => filled(template, &text, fields)?,
                    _ => text,
                };
                self.readable(field, text, extractor, attempt)
            });
            let before = yielded.len();
            yielded.extend(values.map(|value| (value, raw.node)));
            if yielded.len() == before && refine.date.is_some() {
                let what = format!("`{found}` cannot be read as a date by {}", extractor.written);
                self.findings.report.note(field, self.row.map(|(number, _)| number), what);
            }
            if !every && !yielded.is_empty() {
                break;
            }
        }
        let node = yielded.first()?.1;
        let mut values: Vec<String> = yielded.iter().map(|(value, _)| value.clone()).collect();
        let join = refine.join.as_deref().or((every && !field.takes_many()).then_some(" "));
        if let Some(join) = join {
            let joined = values.join(join);
            values = vec![match &refine.template {
                Some(template) if refine.join.is_some() => filled(template, &joined, fields)?,
                _ => joined,
            }];
        }
        if field == Field::Enclosure {
            fields.enclosure = yielded.into_iter().filter_map(|(url, node)| self.enclosure(&url, node)).collect();
            return (!fields.enclosure.is_empty()).then_some(Won { node });
        }
        set_line(fields, field, &values, attempt).then_some(Won { node })
    }

    /// Fragments of HTML: prepared and cleaned.
    fn html(&mut self, extractor: &Extractor, fields: &Fields, attempt: &mut Attempt) -> Option<Html> {
        let refine = &extractor.refine;
        let is_element =
            matches!(extractor.source, Source::Css(_)) && refine.html != Some(false) && refine.attr.is_none();
        let raws: Vec<Raw> = if is_element {
            let mut nodes = self.nodes(&extractor.source, limits::PIECES);
            if refine.all == Some(true) {
                self.leave_outermost(&mut nodes);
            }
            nodes.into_iter().map(|node| Raw { text: String::new(), node: Some(node) }).collect()
        } else {
            self.raws(Field::Title, extractor)
        };
        attempt.matched = raws.len();
        let mut yielded: Vec<Html> = Vec::new();
        // Of many, each keeps its own element, so that paragraphs stay paragraphs; `join` puts their insides together.
        let whole = refine.all == Some(true) && refine.join.is_none();
        for raw in raws {
            // One after the other: preparing an element changes the page, and the first one is mostly enough.
            let fragment = match raw.node.filter(|_| is_element) {
                Some(node) => self.fragment(node, whole).unwrap_or_default(),
                None if refine.html == Some(true) => raw.text,
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
            Some(template) => clean(&filled(template, &joined, fields)?),
            None => clean(&joined),
        }
    }

    /// Leaves out what stands in another match, and would be told twice.
    fn leave_outermost(&self, nodes: &mut Vec<NodeId>) {
        let matched: HashSet<NodeId> = nodes.iter().copied().collect();
        nodes.retain(|node| {
            let element = self.document.element(*node);
            element.is_some_and(|element| element.ancestors().all(|above| !matched.contains(&above.id())))
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

    /// What `text` is as a value of `field`: a link is made absolute, a date is read.
    fn readable(&self, field: Field, text: String, extractor: &Extractor, attempt: &mut Attempt) -> Option<String> {
        match field.kind() {
            Kind::Link => match self.document.base().join(&text) {
                Ok(url) if field == Field::Link || field == Field::Comments => Some(url.without_tracking().into()),
                Ok(url) => Some(url.into()),
                Err(error) => {
                    attempt.step("link", &format!("({error})"));
                    None
                }
            },
            Kind::Date => {
                let anywhere = DateHint::in_zone(self.zone);
                let date = dates::read(&text, extractor.refine.date.as_ref().unwrap_or(&anywhere));
                attempt.step("date", &date.map_or_else(|| "(cannot be read)".to_owned(), |date| date.to_rfc3339()));
                date.map(|date| date.to_rfc3339())
            }
            Kind::Text | Kind::Html => Some(text),
        }
    }

    /// What the source yields for a field that is not HTML.
    fn raws(&self, field: Field, extractor: &Extractor) -> Vec<Raw> {
        let of_page = |texts: Vec<String>| -> Vec<Raw> {
            let read = |text: String| if extractor.refine.html == Some(true) { text } else { plain(&text) };
            texts.into_iter().take(limits::VALUES).map(|text| Raw { text: read(text), node: None }).collect()
        };
        match &extractor.source {
            Source::Css(_) => {
                let read = |node: NodeId| {
                    let text = raw_of(self.document.element(node)?, field, extractor)?;
                    Some(Raw { text, node: Some(node) })
                };
                self.nodes(&extractor.source, limits::VALUES).into_iter().filter_map(read).collect()
            }
            Source::Meta(name) => of_page(self.document.meta(name).to_vec()),
            Source::JsonLd(path) => of_page(self.document.things().get(path)),
            Source::Url(regex) => {
                let found = self.link.as_ref().and_then(|link| first_group(regex, link.as_str()));
                found.map(|text| Raw { text: text.to_owned(), node: None }).into_iter().collect()
            }
            Source::Text(text) => vec![Raw { text: text.clone(), node: None }],
        }
    }

    /// The first elements that a selector matches.
    fn nodes(&self, source: &Source, most: usize) -> Vec<NodeId> {
        let Source::Css(css) = source else { return Vec::new() };
        let top = match self.row {
            Some((_, row)) => self.document.element(row),
            None => Some(self.document.root()),
        };
        let Some(top) = top else { return Vec::new() };
        if css.is_scope() {
            return vec![top.id()];
        }
        top.select(css.compiled()).take(most).map(|element| element.id()).collect()
    }

    /// An enclosure has a type that is no page's; the element may say which, else the address's ending does.
    fn enclosure(&self, url: &str, node: Option<NodeId>) -> Option<Enclosure> {
        let url = WebUrl::parse(url).ok()?;
        let element = node.and_then(|node| self.document.element(node));
        let stated = element.and_then(|element| element.attr("type")).map(str::to_owned);
        let media_type = stated.as_deref().and_then(media_type).or_else(|| of_ending(url.as_url().path()))?;
        let length = element.and_then(|element| element.attr("length")).and_then(|length| length.trim().parse().ok());
        Some(Enclosure { url, media_type, length: length.unwrap_or(0) })
    }
}

/// The text of an element as `field` wants it. Without `attr`, a link is the element's own address and a date its
/// machine-readable one.
fn raw_of(element: ElementRef<'_>, field: Field, extractor: &Extractor) -> Option<String> {
    let value = element.value();
    let text = match extractor.refine.attr.as_deref() {
        Some("src") if field == Field::Image => images::source(value).or_else(|| images::of_picture(element)),
        Some(name) => value.attr(name).map(str::to_owned),
        None if extractor.refine.html == Some(true) => Some(element.inner_html()),
        None => match field.kind() {
            Kind::Link if value.name() == "img" => images::source(value).or_else(|| images::of_picture(element)),
            Kind::Link => ["href", "src", "content"].iter().find_map(|name| value.attr(name)).map(str::to_owned),
            Kind::Date => ["datetime", "content"].iter().find_map(|name| value.attr(name)).map(str::to_owned),
            Kind::Text | Kind::Html => value.attr("content").filter(|_| value.name() == "meta").map(str::to_owned),
        }
        .or_else(|| Some(line_text(element))),
    };
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn media_type(stated: &str) -> Option<String> {
    let mime: mime::Mime = stated.trim().parse().ok()?;
    let is_page = mime.type_() == mime::TEXT && mime.subtype() == mime::HTML || mime.subtype() == "xhtml";
    (!is_page).then(|| mime.essence_str().to_owned())
}

/// The types of what people publish beside text.
fn of_ending(path: &str) -> Option<String> {
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    let media_type = match ending.as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "opus" => "audio/opus",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mov" => "video/quicktime",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "torrent" => "application/x-bittorrent",
        _ => return None,
    };
    Some(media_type.to_owned())
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
