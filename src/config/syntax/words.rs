//! The TOML parser's errors in words that help someone who does not know TOML.

use super::Mistake;
use crate::config::diagnostics::{Diagnostic, line_range, piece, quoted};

/// What to say about a file that is not even meant as TOML.
pub(super) fn something_else(text: &str) -> Option<Diagnostic> {
    let start = text.len() - text.trim_start().len();
    let what = match piece(text, start..start + 1) {
        "<" => "a web page, or some other kind of XML",
        "{" => "JSON",
        _ => return None,
    };
    Some(Diagnostic {
        span: Some(start..line_range(text, start).end),
        message: format!("this looks like {what}"),
        label: None,
        help: Some("a configuration is TOML: `[headers]`, and `key = value` below them".to_owned()),
        ..Diagnostic::default()
    })
}

/// What a mistake is called, and what to do about it.
pub(super) fn explain(text: &str, mistake: &Mistake<'_>) -> Diagnostic {
    let said = mistake.error.message();
    let found = piece(text, mistake.span.clone());
    let at = |message: &str, label: &str, help: &str| Diagnostic {
        span: Some(mistake.span.clone()),
        message: message.to_owned(),
        label: some(label),
        help: some(help),
        ..Diagnostic::default()
    };
    let whole = |message: &str, label: &str, help: &str| Diagnostic {
        span: Some(mistake.value.clone().unwrap_or(mistake.span.clone())),
        ..at(message, label, help)
    };
    if mistake.is_unclosed {
        return unclosed(text, mistake);
    }
    match said.split(',').next().unwrap_or(said) {
        "string values must be quoted" if found.is_empty() => at("no value after `=`", "", ""),
        "string values must be quoted" => {
            let bare =
                found.trim_matches(['\u{201c}', '\u{201d}', '\u{201e}', '\u{ab}', '\u{bb}', '\u{2018}', '\u{2019}']);
            let label = if bare.len() < found.len() { "these quotes are not straight" } else { "" };
            at("a text without quotes", label, &format!("write `\"{}\"`", short(bare)))
        }
        "invalid boolean" => at("neither `true` nor `false`", "", "both are written in small letters"),
        "invalid basic string" | "invalid literal string" if found.is_empty() => {
            whole("a text without a closing quote", "it begins here and does not end on this line", "")
        }
        "missing escaped value" => escape(text, mistake),
        "unexpected key or value" if is_in_header(text, mistake) => at("something stands after the header", "", ""),
        "unexpected key or value" => at(
            "something stands after the value",
            "",
            "one key a line; a text that holds `'` stands between `\"`, one that holds `\"` between `'`",
        ),
        "missing comma between array elements" | "missing comma between key-value pairs" => {
            at("a comma is missing", "before this", "")
        }
        "missing assignment between key-value pairs" | "key with no value" => no_equals(text, mistake),
        "duplicate key" => at(
            &format!("{} stands here twice", quoted(found)),
            "the second time",
            "put everything under the first, and take this one out",
        ),
        "unclosed table" => at("a header without its `]`", "", ""),
        "recursion limit" => at("nested too deeply", "", ""),
        "unexpected leading zero" => at("a number does not begin with a zero", "", ""),
        "invalid float" | "invalid date" | "invalid integer" => {
            at("neither a number nor a date", "", "a text stands between quotes")
        }
        "invalid unquoted key" if found.starts_with(':') => at("`:` instead of `=`", "", "write `key = value`"),
        "invalid unquoted key" => {
            at(&format!("{} cannot stand in a key", quoted(found)), "", "a line is a `[header]` or `key = value`")
        }
        "invalid key-value pair" => at("no key", "", "a line is a `[header]` or `key = value`"),
        said if said.starts_with("cannot extend value") => {
            at(&format!("{} has a value already", quoted(found)), "and so cannot be a table", "")
        }
        _ => at(&format!("this is no TOML: {said}"), "", ""),
    }
}

fn unclosed(text: &str, mistake: &Mistake<'_>) -> Diagnostic {
    let start = mistake.value.as_ref().map_or(mistake.span.start, |value| value.start);
    let (message, length, closer) = match piece(text, start..start + 1) {
        "[" => ("a list without its `]`", 1, "`]`"),
        "{" => ("a table without its `}`", 1, "`}`"),
        _ => ("a text without its closing quotes", 3, "three quotes"),
    };
    Diagnostic {
        span: Some(start..start + length),
        message: message.to_owned(),
        label: Some("it begins here".to_owned()),
        help: Some(format!("close it with {closer}")),
        ..Diagnostic::default()
    }
}

/// `\d` between double quotes, where a backslash begins an escape: most often a regular expression.
fn escape(text: &str, mistake: &Mistake<'_>) -> Diagnostic {
    let start = piece(text, 0..mistake.span.start).rfind('\\').unwrap_or(mistake.span.start);
    let end =
        piece(text, mistake.span.start..text.len()).chars().next().map_or(start, |c| mistake.span.start + c.len_utf8());
    let written = piece(text, start..end);
    Diagnostic {
        span: Some(start..end),
        message: format!("{} means nothing between double quotes", quoted(written)),
        label: None,
        help: Some("between single quotes every character stands for itself: write patterns as '\\d+'".to_owned()),
        ..Diagnostic::default()
    }
}

fn no_equals(text: &str, mistake: &Mistake<'_>) -> Diagnostic {
    let line = line_range(text, mistake.span.start);
    let help = Some("a line is a `[header]` or `key = value`".to_owned());
    // The parser notices it at the end of the line; what stands there is the whole line.
    let start = line.start + (piece(text, line.clone()).len() - piece(text, line.clone()).trim_start().len());
    let span = if mistake.span.start >= line.end { start..line.end } else { mistake.span.clone() };
    Diagnostic { span: Some(span), message: "`=` is missing".to_owned(), label: None, help, ..Diagnostic::default() }
}

fn is_in_header(text: &str, mistake: &Mistake<'_>) -> bool {
    let line = line_range(text, mistake.span.start);
    mistake.value.is_none() && piece(text, line).trim_start().starts_with('[')
}

fn short(text: &str) -> String {
    quoted(text).trim_matches('`').to_owned()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
