//! One extractor: a source, and what is done with what it yields.

use regex::Regex;

use super::{Css, DateHint, Json, XPath};
use crate::item::Field;

/// How a value is read from a page.
#[derive(Clone, Debug)]
pub struct Extractor {
    /// Where the value comes from.
    pub source: Source,
    /// What is done with it.
    pub refine: Refinements,
    /// The extractor as the rule writes it, for reports.
    pub written: String,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The nodes that a selector matches: in the row on a listing, in the page on an article.
    Css(Css),
    /// What an XPath expression yields: nodes, a text or a number. A row is its context node.
    XPath(XPath),
    /// Values of a JSON document, or of JSON within a page. In a row of JSON, `$` is the row.
    Json(Json),
    /// A `<meta>` by `name`, `property`, `itemprop` or `http-equiv`.
    Meta(String),
    /// A property of the page's JSON-LD thing, or of what its markup describes; dots lead into nested ones
    /// (`author.name`).
    JsonLd(String),
    /// The same, from one of them only: a usual place.
    Thing(Telling, String),
    /// A regular expression on the item's link: the first group that matched, or the whole match.
    Url(Regex),
    /// A constant.
    Text(String),
}

/// How a page tells things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// In JSON-LD.
    JsonLd,
    /// In markup: microdata, microformats. In a row, of the row.
    Markup,
}

/// What is done with a source's values, in this order.
#[derive(Clone, Debug, Default)]
pub struct Refinements {
    /// Read this attribute instead of the text.
    pub attr: Option<String>,
    /// Read the inner HTML instead of the text, or the text instead of the inner HTML. `None`: as the field asks.
    pub html: Option<bool>,
    /// Take every match instead of the first. `None`: as the field asks.
    pub all: Option<bool>,
    /// Take the first group that matched, or the whole match; no match, no value.
    pub matching: Option<Regex>,
    /// Replace each match of the first by the second, in order (`$1` refers to a group).
    pub replace: Vec<(Regex, String)>,
    /// What stands between several values in one text.
    pub split: Option<Regex>,
    /// How a date is written. Always present on fields that are dates.
    pub date: Option<DateHint>,
    /// Put every value into one, with this between them.
    pub join: Option<String>,
    /// Put the value into a sentence.
    pub template: Option<Template>,
    /// The field's value if every source of every page failed.
    pub default: Option<String>,
}

/// A text with places for values: `"{title} ({value})"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<TemplatePart>);

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplatePart {
    /// Stands as it is.
    Literal(String),
    /// `{value}`: what the extractor itself yielded.
    Value,
    /// `{title}`, `{link}`, ..: another field of the same entry or article.
    Other(Field),
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A `{` without its `}`.
    #[error("`{{` has no `}}` (write `{{{{` for a brace that is meant as one)")]
    Unclosed,
    /// `{name}` is no field.
    #[error("`{{{0}}}` is neither `{{value}}` nor a field")]
    Unknown(String),
}

impl Template {
    /// Reads `{value}` and `{field}`; `{{` and `}}` stand for braces.
    pub fn parse(written: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = written;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            literal.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                literal.extend(from.chars().next());
                rest = after;
            } else if let Some(after) = from.strip_prefix('}') {
                literal.push('}');
                rest = after;
            } else {
                let (name, after) = from.get(1..).and_then(|f| f.split_once('}')).ok_or(TemplateError::Unclosed)?;
                if !literal.is_empty() {
                    parts.push(TemplatePart::Literal(std::mem::take(&mut literal)));
                }
                parts.push(match (name, Field::named(name)) {
                    ("value", _) => TemplatePart::Value,
                    (_, Some(field)) => TemplatePart::Other(field),
                    _ => return Err(TemplateError::Unknown(name.to_owned())),
                });
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(TemplatePart::Literal(literal));
        }
        Ok(Self(parts))
    }

    /// The pieces, in order.
    pub fn parts(&self) -> &[TemplatePart] {
        &self.0
    }

    /// Whether it needs other fields than the extractor's own value.
    pub fn needs_others(&self) -> bool {
        self.0.iter().any(|part| matches!(part, TemplatePart::Other(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_read_once() {
        let template = Template::parse("{title}: {value} {{x}}").unwrap();
        assert_eq!(
            template.parts(),
            [
                TemplatePart::Other(Field::Title),
                TemplatePart::Literal(": ".into()),
                TemplatePart::Value,
                TemplatePart::Literal(" {x}".into()),
            ]
        );
        assert_eq!(Template::parse("{score}"), Err(TemplateError::Unknown("score".into())));
        assert_eq!(Template::parse("{title"), Err(TemplateError::Unclosed));
    }
}
