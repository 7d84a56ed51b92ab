//! How two versions of an item differ, field by field, for a person to read.

use std::fmt::Write as _;

use crate::extract::text_of;
use crate::item::{Field, Fields, Item, Kind};
use crate::text::shorten;

/// Characters of a value that are shown.
const SHOWN: usize = 90;
/// Words of a text that are shown before the place where it becomes different.
const BEFORE: usize = 4;

/// One field that is different.
pub(super) struct Difference {
    pub(super) name: &'static str,
    /// What it was; `None`: there was no value.
    pub(super) before: Option<String>,
    /// What it is now.
    pub(super) after: Option<String>,
    is_long: bool,
}

/// Colours, where somebody looks.
pub(super) struct Paint {
    pub(super) is_on: bool,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.is_on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }
}

impl Difference {
    /// Two lines, like those of `diff`; of long texts, the place where they begin to differ.
    pub(super) fn shown(&self, paint: &Paint) -> String {
        let (before, after) = if self.is_long { self.excerpts() } else { (self.before.clone(), self.after.clone()) };
        let mut out = String::new();
        for (mark, colour, value) in [("-", "31", before), ("+", "32", after)] {
            if let Some(value) = value {
                let value = shorten(&value.replace('\n', " "), SHOWN);
                let _ = writeln!(out, "{}", paint.with(colour, &format!("  {mark} {:<13} {value}", self.name)));
            }
        }
        out
    }

    fn excerpts(&self) -> (Option<String>, Option<String>) {
        let words = |text: &Option<String>| -> Vec<String> {
            text.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect()
        };
        let (old, new) = (words(&self.before), words(&self.after));
        let alike = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let from = alike.saturating_sub(BEFORE);
        let excerpt = |words: &[String]| {
            let dots = if from > 0 { "… " } else { "" };
            let text = words.get(from..).unwrap_or_default().iter().take(SHOWN).cloned().collect::<Vec<_>>().join(" ");
            let count = words.len();
            format!("({count} word{}) {dots}{text}", if count == 1 { "" } else { "s" })
        };
        let is_markup_only = old == new && !old.is_empty();
        let excerpt = |words: &[String]| {
            if is_markup_only { format!("({} words) only the markup differs", words.len()) } else { excerpt(words) }
        };
        (self.before.is_some().then(|| excerpt(&old)), self.after.is_some().then(|| excerpt(&new)))
    }
}

/// Every field that is different, and the item's own dates.
pub(super) fn differences(before: &Item, after: &Item) -> Vec<Difference> {
    let mut all = Vec::new();
    for field in Field::ALL {
        let (old, new) = match field {
            Field::Published => (Some(before.published.to_rfc3339()), Some(after.published.to_rfc3339())),
            Field::Updated => continue,
            _ => (value(&before.fields, field), value(&after.fields, field)),
        };
        let is_long = field.kind() == Kind::Html;
        let is_same = match field {
            Field::Content => before.fields.content == after.fields.content,
            Field::Summary => before.fields.summary == after.fields.summary,
            _ => old == new,
        };
        if !is_same {
            all.push(Difference { name: field.name(), before: old, after: new, is_long });
        }
    }
    all
}

/// A field as one text.
fn value(fields: &Fields, field: Field) -> Option<String> {
    let joined = |texts: &[crate::text::Text]| {
        let all: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        Some(all.join(", ")).filter(|all| !all.is_empty())
    };
    let text = |text: &Option<crate::text::Text>| text.as_ref().map(ToString::to_string);
    let link = |link: &Option<crate::weburl::WebUrl>| link.as_ref().map(ToString::to_string);
    match field {
        Field::Id => text(&fields.id),
        Field::Link => link(&fields.link),
        Field::Title => text(&fields.title),
        Field::Published => fields.published.map(|date| date.to_rfc3339()),
        Field::Updated => fields.updated.map(|date| date.to_rfc3339()),
        Field::Author => joined(&fields.author),
        Field::Category => joined(&fields.category),
        Field::Summary => fields.summary.as_ref().map(text_of),
        Field::Content => fields.content.as_ref().map(text_of),
        Field::Image => link(&fields.image),
        Field::ImageCaption => text(&fields.image_caption),
        Field::ImageCredit => text(&fields.image_credit),
        Field::Enclosure => {
            let all: Vec<&str> = fields.enclosure.iter().map(|enclosure| enclosure.url.as_str()).collect();
            Some(all.join(", ")).filter(|all| !all.is_empty())
        }
        Field::Comments => link(&fields.comments),
        Field::Language => text(&fields.language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_where_it_becomes_different() {
        let text = |end: &str| Some(format!("{} {end}", "the goose counted its sacks again ".repeat(40)));
        let mut difference =
            Difference { name: "content", before: text("ADVERTISEMENT"), after: text(""), is_long: true };
        let plain = Paint { is_on: false };
        assert_eq!(
            difference.shown(&plain),
            "  - content       (241 words) … counted its sacks again ADVERTISEMENT\n\
             \x20 + content       (240 words) … counted its sacks again\n"
        );
        difference.before = None;
        assert!(difference.shown(&Paint { is_on: true }).starts_with("\x1b[32m  + content"));
        difference.before.clone_from(&difference.after);
        assert!(difference.shown(&plain).contains("only the markup differs"));
    }
}
