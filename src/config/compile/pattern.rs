//! Values that are small languages: CSS selectors, regular expressions, replacements, templates, date formats.

use chrono::format::{Item, StrftimeItems};
use regex::{Regex, RegexBuilder};

use crate::config::diagnostics::{Complaint, quoted};
use crate::config::near::nearest;
use crate::item::Field;
use crate::limits;
use crate::rule::{Css, DateFormat, JsonPath, Template, TemplateError, TemplatePart, XPath};
use crate::text::shorten;

/// An expression without a key that says what it is: its beginning does.
pub(super) enum Short {
    /// A selector, and the ` @attribute` behind it.
    Css(Css, Option<String>),
    /// An XPath.
    XPath(XPath),
    /// A JSONPath.
    Json(JsonPath),
}

/// What begins as no selector can is XPath or JSONPath.
pub(super) fn any(written: &str) -> Result<Short, Complaint> {
    let start = written.trim_start();
    if start.starts_with('$') {
        return json_path(written).map(Short::Json);
    }
    if [".", ".."].contains(&start.trim_end()) || ["/", "./", "../", "("].iter().any(|sign| start.starts_with(sign)) {
        return xpath(written).map(Short::XPath);
    }
    short(written).map(|(css, attr)| Short::Css(css, attr))
}

/// An XPath expression.
pub(super) fn xpath(written: &str) -> Result<XPath, Complaint> {
    XPath::parse(written).map_err(|error| {
        let complaint = Complaint::new("this is no XPath 1.0 expression");
        match (split_attribute(written), error.position) {
            ((path, Some(attribute)), _) => {
                complaint.help(format!("write {}", quoted(&format!("{path}/@{attribute}"))))
            }
            (_, Some(position)) => complaint.label(format!("{}: {error}", place(written, position))),
            (_, None) => complaint.help(error.to_string()),
        }
    })
}

/// A JSONPath expression.
pub(super) fn json_path(written: &str) -> Result<JsonPath, Complaint> {
    JsonPath::parse(written).map_err(|error| {
        let complaint = Complaint::new("this is no JSONPath");
        match error.position {
            Some(position) => complaint
                .label(format!("{} it is not understood", place(written, position)))
                .help("for example `$.posts[*].title`, `$['a name']`, `$.posts[?@.type == 'news']` (RFC 9535)"),
            None => complaint.help(error.to_string()),
        }
    })
}

/// A place in an expression, in words.
fn place(written: &str, position: usize) -> String {
    match written.trim().get(position..) {
        Some("") | None => "at its end".to_owned(),
        Some(rest) => format!("at {}", quoted(&shorten(rest, 20))),
    }
}

/// A selector, and the ` @attribute` behind it. `@attribute` alone is the row's own.
pub(super) fn short(written: &str) -> Result<(Css, Option<String>), Complaint> {
    let (selector, attribute) = split_attribute(written);
    let selector = if selector.is_empty() && attribute.is_some() { ":scope" } else { selector };
    Ok((css(selector)?, attribute.map(str::to_ascii_lowercase)))
}

/// `a.title @href`: the selector, and the attribute.
fn split_attribute(written: &str) -> (&str, Option<&str>) {
    let written = written.trim();
    let last = written.rsplit(char::is_whitespace).next().unwrap_or(written);
    match last.strip_prefix('@') {
        Some(name) if is_attribute(name) => (written.strip_suffix(last).unwrap_or(written).trim_end(), Some(name)),
        _ => (written, None),
    }
}

fn is_attribute(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '-')
}

/// A CSS selector.
fn css(written: &str) -> Result<Css, Complaint> {
    Css::parse(written).map_err(|error| {
        let is_misplaced = written.starts_with('@') || written.contains(" @") || written.contains("\t@");
        Complaint::new("this is no CSS selector").help(match written.split_once('@') {
            Some(_) if is_misplaced => {
                "` @attribute` stands once, at the end; for several, write a list: `[\"a @href\", \"b @src\"]`"
                    .to_owned()
            }
            Some((selector, attribute)) => {
                format!("put a space before the attribute: {}", quoted(&format!("{selector} @{attribute}")))
            }
            None => error.to_string(),
        })
    })
}

/// A CSS selector where no attribute can stand.
pub(super) fn selector(written: &str) -> Result<Css, Complaint> {
    match split_attribute(written) {
        (selector, Some(attribute)) => Err(Complaint::new("an `@attribute` cannot stand here: this is about elements")
            .help(match selector {
                "" => format!("write a selector, such as `[{attribute}]`"),
                selector => format!("write {}", quoted(selector)),
            })),
        (selector, None) => css(selector),
    }
}

/// The selector of an extractor's table, where the attribute has a key of its own.
pub(super) fn selector_of_table(written: &str) -> Result<Css, Complaint> {
    match split_attribute(written) {
        (selector, Some(attribute)) => {
            let selector = if selector.is_empty() { ":scope" } else { selector };
            Err(Complaint::new("in a table the attribute has a key of its own")
                .help(format!("write `css = \"{selector}\", attr = \"{attribute}\"`")))
        }
        (selector, None) => css(selector),
    }
}

/// The name of an attribute. HTML knows no capital letters in them.
pub(super) fn attribute(written: &str) -> Result<String, Complaint> {
    let name = written.trim();
    let bare = name.trim_start_matches('@');
    match is_attribute(bare) {
        true if bare.len() == name.len() => Ok(name.to_ascii_lowercase()),
        true => {
            Err(Complaint::new(format!("{} is no attribute", quoted(name))).help(format!("write {}", quoted(bare))))
        }
        false => Err(Complaint::new(format!("{} is no attribute", quoted(name)))),
    }
}

/// A regular expression, within the limits that keep it cheap.
pub(super) fn regex(written: &str) -> Result<Regex, Complaint> {
    if written.chars().count() > limits::PATTERN_CHARS {
        return Err(Complaint::new(format!("a pattern of more than {} characters", limits::PATTERN_CHARS)));
    }
    if let Some(c) = written.chars().find(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Complaint::new(format!("this pattern holds the control character `{}`", c.escape_default()))
            .help("between double quotes, `\\b` is a backspace: write patterns between single quotes"));
    }
    RegexBuilder::new(written).size_limit(limits::REGEX_BYTES).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Complaint::new("this pattern takes too much memory")
            .help("repetitions of repetitions grow fast: `{1000}` within `{1000}` is a million"),
        error => {
            // The library draws the pattern with a caret of its own; its last line is the sentence.
            let said = error.to_string();
            let said = said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Complaint::new(format!("this is no regular expression: {said}"))
        }
    })
}

/// What a replacement puts in: its `$1` must be groups of the pattern, or nothing would be put in, silently.
pub(super) fn replacement(written: &str, pattern: &Regex) -> Result<String, Complaint> {
    let mut rest = written;
    while let Some((_, after)) = rest.split_once('$') {
        if let Some(after) = after.strip_prefix('$') {
            rest = after;
            continue;
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let braced = after.strip_prefix('{').and_then(|after| after.split_once('}'));
        let (name, next) = braced.unwrap_or_else(|| after.split_at(after.find(|c| !is_word(c)).unwrap_or(after.len())));
        rest = next;
        let is_group = match name.parse::<usize>() {
            Ok(number) => number < pattern.captures_len(),
            Err(_) => pattern.capture_names().flatten().any(|group| group == name),
        };
        if !is_group && !name.is_empty() {
            let complaint = Complaint::new(format!("the pattern has no group {}", quoted(&format!("${name}"))));
            let digits = name.trim_end_matches(|c: char| !c.is_ascii_digit());
            let help = if digits.is_empty() || digits.len() == name.len() {
                "groups are counted by their `(`, from `$1`; `$$` is a dollar".to_owned()
            } else {
                format!(
                    "the name goes on as long as letters do: write `${{{digits}}}{}`",
                    &name.replacen(digits, "", 1)
                )
            };
            return Err(complaint.help(help));
        }
    }
    Ok(written.to_owned())
}

/// A sentence around the value of `field`.
pub(super) fn template(written: &str, field: Field) -> Result<Template, Complaint> {
    let template = Template::parse(written).map_err(|error| {
        let complaint = Complaint::new(format!("in this template, {error}"));
        let names = Field::ALL.into_iter().map(Field::name).chain(["value"]);
        match &error {
            TemplateError::Unknown(name) => match nearest(name, names) {
                Some(name) => complaint.label(format!("did you mean `{{{name}}}`?")),
                None => complaint.help("known are `{value}`, `{title}`, `{link}` and every other field"),
            },
            TemplateError::Unclosed => complaint,
        }
    })?;
    if template.parts().contains(&TemplatePart::Other(field)) {
        return Err(Complaint::new(format!("`{{{}}}` is the very field that this is about", field.name()))
            .help("write `{value}` for what this extractor found"));
    }
    Ok(template)
}

/// How a date is written.
pub(super) fn date_format(written: &str) -> Result<DateFormat, Complaint> {
    match written {
        "unix" => return Ok(DateFormat::Unix),
        "unix-ms" => return Ok(DateFormat::UnixMillis),
        _ => {}
    }
    let advice = |message: String| {
        Complaint::new(message).help("as in `%d.%m.%Y %H:%M` for 31.12.2026 23:59, or `unix`, or `unix-ms`")
    };
    let items: Vec<Item<'_>> = StrftimeItems::new(written).collect();
    if items.contains(&Item::Error) {
        return Err(advice(format!("a directive in {} is not known", quoted(written))));
    }
    if items
        .iter()
        .all(|item| matches!(item, Item::Literal(_) | Item::Space(_) | Item::OwnedLiteral(_) | Item::OwnedSpace(_)))
    {
        return Err(advice(format!("{} has no `%` directives", quoted(written))));
    }
    Ok(DateFormat::Strftime(written.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_cut_off_at_the_end_only() {
        let attribute = |written| split_attribute(written);
        assert_eq!(attribute("a.x @href"), ("a.x", Some("href")));
        assert_eq!(attribute(" a  @xlink:href "), ("a", Some("xlink:href")));
        assert_eq!(attribute("@data-id"), ("", Some("data-id")));
        assert_eq!(attribute("a.x"), ("a.x", None));
        assert_eq!(attribute("a[href='me@host']"), ("a[href='me@host']", None));
        assert_eq!(attribute("a @href @src"), ("a @href", Some("src")));
        assert_eq!(attribute("a\u{2003}@href"), ("a", Some("href")));
        assert_eq!(attribute("a @"), ("a @", None));
        assert_eq!(attribute(""), ("", None));
    }

    #[test]
    fn replacements_name_groups_that_are_there() {
        let pattern = Regex::new(r"(\d+)-(?<word>\w+)").unwrap();
        for right in ["$1", "${1}st", "$word", "$$5", "a", "$0", "5 $", "$1 $2"] {
            assert!(replacement(right, &pattern).is_ok(), "{right}");
        }
        for wrong in ["$3", "$1st", "${name}", "$words"] {
            assert!(replacement(wrong, &pattern).is_err(), "{wrong}");
        }
    }

    #[test]
    fn formats() {
        assert_eq!(date_format("unix-ms").ok(), Some(DateFormat::UnixMillis));
        assert!(date_format("%d. %B %Y, %H:%M Uhr").is_ok());
        for wrong in ["%Q", "dd.mm.yyyy", "%", "%d.%m.%!"] {
            assert!(date_format(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn greedy_patterns_are_refused() {
        assert!(regex("(a+)+$").is_ok());
        for wrong in ["(?:(?:a{1000}){1000}){100}", "(", "a(?=b)", r"(a)\1", "\u{8}a", &"a".repeat(1001)] {
            assert!(regex(wrong).is_err(), "{wrong}");
        }
    }
}
