//! What is wrong with a configuration: every problem, in the order of the files, shown with a caret under it.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::limits;
use crate::text::shorten;

/// One thing that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostic {
    /// The number of the file that it stands in, from 0: the main file.
    pub file: usize,
    /// The bytes of the file that are wrong; `None` if something is missing that could stand anywhere.
    pub span: Option<Range<usize>>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to say beside the caret.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Another place that has to do with it.
    pub also: Option<Also>,
}

/// Another place that a problem points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The number of the file.
    pub file: usize,
    /// The bytes of the file.
    pub span: Range<usize>,
    /// What to say beside them.
    pub label: String,
}

/// What is wrong with a value, by those who do not know where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    message: String,
    label: Option<String>,
    help: Option<String>,
}

impl Complaint {
    /// What is wrong, in one line.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), label: None, help: None }
    }

    /// With words beside the caret.
    pub(super) fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// With advice.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// With the place.
    pub(super) fn at(self, span: impl Into<Option<Range<usize>>>) -> Diagnostic {
        Diagnostic {
            span: span.into(),
            message: self.message,
            label: self.label,
            help: self.help,
            ..Diagnostic::default()
        }
    }
}

/// A file of the configuration.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its name in messages.
    pub(super) name: String,
    /// What stands in it.
    pub(super) text: String,
}

/// Everything that is wrong with a configuration; never empty.
#[derive(Debug)]
pub struct Diagnostics {
    files: Vec<Source>,
    problems: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Puts the problems of some files into order. The first file is the main one.
    pub(super) fn new(files: Vec<Source>, mut problems: Vec<Diagnostic>) -> Self {
        let place = |problem: &Diagnostic| (problem.file, problem.span.as_ref().map(|span| (span.start, span.end)));
        problems.sort_by_key(place);
        // Keys and values from the file stand in these: they must not command the terminal.
        for problem in &mut problems {
            let also = problem.also.as_mut().map(|also| &mut also.label);
            let texts = [Some(&mut problem.message), problem.label.as_mut(), problem.help.as_mut(), also];
            for text in texts.into_iter().flatten() {
                *text = without_c1(&normalize_untrusted_str(text));
            }
        }
        Self { files, problems }
    }

    /// The problems, in the order of the files.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The problems as a person reads them, with their lines and carets; `coloured` for a terminal.
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for problem in self.problems.iter().take(limits::PROBLEMS_SHOWN) {
            text.push_str(&renderer.render(&[self.group(problem)]));
            text.push_str("\n\n");
        }
        let plural = if self.problems.len() == 1 { "" } else { "s" };
        let shown = if self.problems.len() > limits::PROBLEMS_SHOWN {
            format!("; the first {} are shown", limits::PROBLEMS_SHOWN)
        } else {
            String::new()
        };
        format!("{text}{} problem{plural} in {}{shown}", self.problems.len(), self.wrong_files())
    }

    /// The names of the files that have problems.
    fn wrong_files(&self) -> String {
        let wrong: BTreeSet<usize> = self.problems.iter().map(|problem| problem.file).collect();
        let names: Vec<&str> = wrong.iter().filter_map(|file| Some(self.files.get(*file)?.name.as_str())).collect();
        match names.as_slice() {
            [first, .., _] if names.len() > 3 => format!("{first} and {} other files", names.len() - 1),
            [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
            names => names.concat(),
        }
    }

    fn group<'a>(&'a self, problem: &'a Diagnostic) -> Group<'a> {
        let group = Level::ERROR.primary_title(&problem.message);
        let help = problem.help.as_ref().map(|help| Level::HELP.message(help));
        let snippet = problem
            .span
            .as_ref()
            .and_then(|span| self.snippet(problem.file, span, AnnotationKind::Primary, problem.label.as_deref()));
        let also = problem.also.as_ref();
        let also = also.and_then(|a| self.snippet(a.file, &a.span, AnnotationKind::Context, Some(&a.label)));
        Group::with_title(group).elements(snippet).elements(also).elements(help)
    }

    /// The line of a file in which `span` begins, with a caret.
    fn snippet<'a>(
        &'a self,
        file: usize,
        span: &Range<usize>,
        kind: AnnotationKind,
        label: Option<&'a str>,
    ) -> Option<Snippet<'a, Annotation<'a>>> {
        let Source { name, text } = self.files.get(file)?;
        // Only the line itself is handed over: going through a whole file for each of its problems would be quadratic.
        let range = line_range(text, span.start);
        let line = piece(text, range.clone());
        // The TOML parser may point into a character.
        let start = line.floor_char_boundary(span.start.saturating_sub(range.start));
        let end = line.ceil_char_boundary(span.end.saturating_sub(range.start)).max(start);
        let snippet = Snippet::source(without_c1(line)).line_start(line_number(text, span.start)).path(name);
        Some(snippet.annotation(kind.span(start..end).label(label)))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The bytes of the line in which `at` lies, without its end.
pub(super) fn line_range(source: &str, at: usize) -> Range<usize> {
    let (before, after) = source.split_at(source.floor_char_boundary(at));
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = before.len() + after.find('\n').unwrap_or(after.len());
    let end = if source.get(start..end).is_some_and(|line| line.ends_with('\r')) { end - 1 } else { end };
    start..end
}

/// The number of the line in which `at` lies, from 1.
pub(super) fn line_number(source: &str, at: usize) -> usize {
    1 + source.bytes().take(at).filter(|&byte| byte == b'\n').count()
}

/// The bytes `range` of `source`; nothing where that is no text.
pub(super) fn piece(source: &str, range: Range<usize>) -> &str {
    source.get(range).unwrap_or_default()
}

/// Something from the file, as it may stand in a message: short, on one line.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shorten(text, 60).replace('\n', " "))
}

/// The control characters that the renderer lets through (ISO 6429, C1) become another of the same length.
fn without_c1(text: &str) -> String {
    text.chars().map(|c| if ('\u{80}'..='\u{9f}').contains(&c) { '\u{b7}' } else { c }).collect()
}
