//! What an extractor makes of the text that its source yields: `match`, `replace`, `split`, `join`, `template`.

use regex::Regex;

use crate::item::{Field, Fields};
use crate::limits;
use crate::report::Attempt;
use crate::rule::{Refinements, Template, TemplatePart};

/// `match`, then `replace`. `None` if `match` does not, or nothing is left.
pub(super) fn refined(text: String, refine: &Refinements, attempt: &mut Attempt) -> Option<String> {
    let mut text = text;
    if let Some(regex) = &refine.matching {
        let Some(found) = first_group(regex, &text) else {
            attempt.step("match", "(no match)");
            return None;
        };
        text = found.trim().into();
        attempt.step("match", &text);
    }
    for (from, to) in &refine.replace {
        text = from.replace_all(&text, to.as_str()).into_owned();
        attempt.step("replace", &text);
    }
    (!text.trim().is_empty()).then_some(text)
}

/// `split`: the parts of a text, or the text as it is.
pub(super) fn divided(text: String, refine: &Refinements, attempt: &mut Attempt) -> Vec<String> {
    let Some(between) = &refine.split else { return vec![text] };
    let parts = between.split(&text).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.take(limits::VALUES).map(str::to_owned).collect();
    attempt.step("split", &parts.join(" | "));
    parts
}

/// The first group that matched, or the whole match.
pub(super) fn first_group<'t>(regex: &Regex, text: &'t str) -> Option<&'t str> {
    let groups = regex.captures(text)?;
    let first = groups.iter().skip(1).flatten().next();
    first.or_else(|| groups.get(0)).map(|found| found.as_str())
}

/// The template with its places filled; `None` if a field that it needs has no value.
pub(super) fn filled(template: &Template, value: &str, others: &[&Fields]) -> Option<String> {
    template.parts().iter().try_fold(String::new(), |mut text, part| {
        match part {
            TemplatePart::Literal(literal) => text.push_str(literal),
            TemplatePart::Value => text.push_str(value),
            TemplatePart::Other(field) => text.push_str(&others.iter().find_map(|fields| shown(fields, *field))?),
        }
        Some(text)
    })
}

/// A field's value as text; several are joined by commas.
pub fn shown(fields: &Fields, field: Field) -> Option<String> {
    let many = |texts: Vec<&str>| (!texts.is_empty()).then(|| texts.join(", "));
    match field {
        Field::Id => fields.id.as_ref().map(ToString::to_string),
        Field::Link => fields.link.as_ref().map(ToString::to_string),
        Field::Title => fields.title.as_ref().map(ToString::to_string),
        Field::Published => fields.published.map(|date| date.to_rfc3339()),
        Field::Updated => fields.updated.map(|date| date.to_rfc3339()),
        Field::Author => many(fields.author.iter().map(AsRef::as_ref).collect()),
        Field::Category => many(fields.category.iter().map(AsRef::as_ref).collect()),
        Field::Summary => fields.summary.as_ref().map(|html| html.as_str().to_owned()),
        Field::Content => fields.content.as_ref().map(|html| html.as_str().to_owned()),
        Field::Image => fields.image.as_ref().map(ToString::to_string),
        Field::ImageCaption => fields.image_caption.as_ref().map(ToString::to_string),
        Field::ImageCredit => fields.image_credit.as_ref().map(ToString::to_string),
        Field::Enclosure => many(fields.enclosure.iter().map(|enclosure| enclosure.url.as_str()).collect()),
        Field::Comments => fields.comments.as_ref().map(ToString::to_string),
        Field::Language => fields.language.as_ref().map(ToString::to_string),
    }
}
