//! Where a file fails to be TOML: one problem for each place, however the parser stumbles after it.
//!
//! The parser can go on after a mistake, but what it says then is mostly noise, and after some mistakes it gives up.
//! So only its first error is believed; the statement that has it is blanked out, keeping every other byte in its
//! place, and the rest is parsed again.

mod words;

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, de};

use super::diagnostics::{Diagnostic, line_range, piece};
use crate::limits;

/// What is left of a text that need not be TOML.
pub(super) struct Mended {
    /// TOML of the same length, with spaces where the broken statements stood; `None` if too much is broken.
    pub(super) text: Option<String>,
    /// What was wrong.
    pub(super) problems: Vec<Diagnostic>,
}

/// Finds the places where `source` is no TOML, and takes them out.
pub(super) fn mend(source: &str) -> Mended {
    if let Some(problem) = words::something_else(source) {
        return Mended { text: None, problems: vec![problem] };
    }
    let mut text = source.to_owned();
    let mut problems = Vec::new();
    for _ in 0..=limits::SYNTAX_ERRORS {
        let (problem, broken) = {
            let (table, errors) = DeTable::parse_recoverable(&text);
            let Some(mistake) = first(&text, table.get_ref(), &errors) else {
                return Mended { text: Some(text), problems };
            };
            (words::explain(&text, &mistake), mistake.broken)
        };
        problems.push(problem);
        let Some(statement) = text.get(broken.clone()).filter(|statement| !statement.trim().is_empty()) else { break };
        let blank: String = statement.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        text.replace_range(broken, &blank);
    }
    Mended { text: None, problems }
}

/// The first error of the parser, and how far it reaches.
struct Mistake<'e> {
    error: &'e de::Error,
    /// Where the parser noticed it.
    span: Range<usize>,
    /// The value in which it lies, if the parser came so far.
    value: Option<Range<usize>>,
    /// Whether that value never ends.
    is_unclosed: bool,
    /// The whole statement: what has to go so that the rest can be read.
    broken: Range<usize>,
}

fn first<'e>(text: &str, table: &DeTable<'_>, errors: &'e [de::Error]) -> Option<Mistake<'e>> {
    let span = |error: &de::Error| error.span().unwrap_or_default();
    let is_unclosed = |error: &de::Error| {
        let said = error.message();
        said.starts_with("unclosed array")
            || said.starts_with("unclosed inline table")
            || said.starts_with("invalid multi-line") && span(error).end == text.len()
    };
    // What is never closed swallows everything after it: it is the cause of whatever is found in there.
    let position = |error: &de::Error| match is_unclosed(error).then(|| value_around(text, table, &span(error))) {
        Some(Some(value)) => (value.start, false),
        _ => (span(error).start, true),
    };
    let error = errors.iter().min_by_key(|error| position(error))?;
    let value = value_around(text, table, &span(error));
    let mistake = Mistake { error, span: span(error), value, is_unclosed: is_unclosed(error), broken: 0..0 };
    Some(Mistake { broken: statement(text, &mistake), ..mistake })
}

/// The outermost value that `span` lies in or touches; or the header, if it lies in one.
fn value_around(text: &str, table: &DeTable<'_>, span: &Range<usize>) -> Option<Range<usize>> {
    fn within(text: &str, value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<Range<usize>> {
        let own = value.span();
        // A table that is not written in braces has the span of its header, or of the key that implies it.
        let is_around = own.start <= span.start && span.end <= own.end;
        match value.get_ref() {
            DeValue::Table(table) if !(is_around && piece(text, own.start..text.len()).starts_with('{')) => {
                value_around(text, table, span)
            }
            DeValue::Array(values) if !is_around => values.iter().find_map(|value| within(text, value, span)),
            _ => is_around.then_some(own),
        }
    }
    table.values().find_map(|value| within(text, value, span))
}

/// The lines of the statement that a mistake lies in.
fn statement(text: &str, mistake: &Mistake<'_>) -> Range<usize> {
    let line = line_range(text, mistake.span.start.min(text.len()));
    match &mistake.value {
        Some(value) if mistake.is_unclosed => {
            let start = line_range(text, value.start);
            start.start..next(text, start.end, is_statement)
        }
        Some(value) => line_range(text, value.start).start..line_range(text, value.end).end,
        // Without its header, the rest of the section would seem to belong to the section before it.
        None if piece(text, line.clone()).trim_start().starts_with('[') => {
            let name = name_of_header(piece(text, line.clone()));
            let is_other = |line: &str| is_header(line) && !is_below(name_of_header(line), name);
            let is_twice = mistake.error.message().starts_with("duplicate");
            line.start..if is_twice { next(text, line.end, is_other) } else { next(text, line.end, is_header) }
        }
        // What stands twice may go on over several lines.
        None if mistake.error.message().starts_with("duplicate") => line.start..next(text, line.end, is_statement),
        None => line,
    }
}

/// Where the first line after `from` begins that is what is looked for.
fn next(text: &str, from: usize, is_it: impl Fn(&str) -> bool) -> usize {
    let mut at = from;
    for line in piece(text, from..text.len()).split_inclusive('\n') {
        if at > from && is_it(line) {
            return at;
        }
        at += line.len();
    }
    text.len()
}

fn is_statement(line: &str) -> bool {
    let is_key = |c: char| c.is_ascii_alphanumeric() || "_-. \t\"'".contains(c);
    is_header(line) || line.split_once('=').is_some_and(|(key, _)| !key.trim().is_empty() && key.chars().all(is_key))
}

/// Whether a line looks like `[header]`, and not like a row of a list.
fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('[')
        && name_of_header(line).starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && !line.contains(',')
}

fn name_of_header(line: &str) -> &str {
    let line = line.trim_start().trim_start_matches(['[', ' ', '\t']);
    line.split([']', '\n']).next().unwrap_or(line).trim()
}

fn is_below(name: &str, above: &str) -> bool {
    name.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}
