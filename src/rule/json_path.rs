//! JSONPath expressions (RFC 9535) that remember how they were written, and how much work they can make.

use std::fmt;

use super::Css;
use super::nesting::nesting;
use crate::limits;

/// A compiled JSONPath expression.
#[derive(Clone, Debug)]
pub struct JsonPath {
    compiled: serde_json_path::JsonPath,
    written: String,
    shape: Shape,
}

/// Why a text is no JSONPath expression that Feedmill can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonPathError {
    message: String,
    /// The byte of the expression at which it goes wrong, if there is one.
    pub position: Option<usize>,
}

/// JSON, and what to take from it.
#[derive(Clone, Debug)]
pub struct Json {
    /// What to take.
    pub path: JsonPath,
    /// The elements that hold the JSON, on a page; `None`: the row or the document itself, on a page whichever script.
    pub script: Option<Css>,
    /// The attribute of those elements that holds it, instead of their text.
    pub attr: Option<String>,
}

/// What makes an expression dear: the library evaluates it to the end, whatever that takes.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// `..`: each walks the whole document.
    descents: u32,
    /// `$` within a filter: each starts from the root again for every value that is looked at.
    restarts: u32,
    /// How often a value may be taken, by lists of selectors: `[*, *]` takes every one twice.
    copies: u64,
    /// Whether a pattern is compiled for every value.
    has_patterns: bool,
}

impl JsonPath {
    /// Compiles an expression. The `$` at its beginning may be left out: `title.rendered`.
    pub fn parse(written: &str) -> Result<Self, JsonPathError> {
        let written = written.trim();
        let of = |message: String| JsonPathError { message, position: None };
        if written.chars().count() > limits::PATTERN_CHARS {
            return Err(of(format!("longer than {} characters", limits::PATTERN_CHARS)));
        }
        if nesting(written) > limits::EXPRESSION_DEPTH {
            return Err(of(format!("it nests deeper than {} levels", limits::EXPRESSION_DEPTH)));
        }
        let (whole, added) = match written {
            "" => return Err(of("it is empty".to_owned())),
            path if path.starts_with('$') => (path.to_owned(), 0),
            path if path.starts_with(['[', '.']) => (format!("${path}"), 1),
            path => (format!("$.{path}"), 2),
        };
        let compiled = serde_json_path::JsonPath::parse(&whole).map_err(|error| JsonPathError {
            message: error.message().to_owned(),
            position: Some(error.position().saturating_sub(added)),
        })?;
        let shape = Shape::of(&whole);
        Ok(Self { compiled, written: whole, shape })
    }

    /// The compiled expression.
    pub fn compiled(&self) -> &serde_json_path::JsonPath {
        &self.compiled
    }

    /// Whether evaluating it on a document with so many values, nested so deep, stays within bounds.
    pub fn is_cheap(&self, values: usize, depth: usize) -> bool {
        let (values, depth) = (u64::try_from(values).unwrap_or(u64::MAX), u64::try_from(depth).unwrap_or(u64::MAX));
        let walks = values.max(1).saturating_pow(self.shape.restarts + 1);
        let again = depth.max(1).saturating_pow(self.shape.descents.saturating_sub(1));
        let work = walks.saturating_mul(again).saturating_mul(self.shape.copies);
        // The way to each value that `..` finds is written down: it is as long as the value is deep.
        let places = values.saturating_mul(depth.max(1).saturating_pow(self.shape.descents));
        work.saturating_mul(if self.shape.has_patterns { 100 } else { 1 }) <= limits::JSON_PATH_WORK
            && (self.shape.descents == 0 || places <= limits::JSON_PATH_STEPS)
    }

    /// The expression, with its `$`.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Shape {
    fn of(written: &str) -> Self {
        let mut shape = Self { descents: 0, restarts: 0, copies: 1, has_patterns: false };
        let mut quote = None;
        let mut widths = vec![1_u64];
        let mut before = ' ';
        for (at, c) in written.char_indices() {
            match (quote, c) {
                (Some(_), '\\') if before == '\\' => {
                    before = ' ';
                    continue;
                }
                (Some(open), c) if c == open && before != '\\' => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '.') if before == '.' => shape.descents += 1,
                (None, '$') if at > 0 => shape.restarts += 1,
                (None, '[' | '(') => widths.push(1),
                (None, ',') => {
                    if let Some(width) = widths.last_mut() {
                        *width += 1;
                    }
                }
                (None, ']' | ')') => shape.copies = shape.copies.saturating_mul(widths.pop().unwrap_or(1)),
                _ => {}
            }
            before = c;
        }
        shape.has_patterns = written.contains("match(") || written.contains("search(");
        shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dollar_may_be_left_out() {
        for (written, whole) in [
            ("$.title", "$.title"),
            ("title.rendered", "$.title.rendered"),
            ("[0].title", "$[0].title"),
            ("..title", "$..title"),
            (" $ ", "$"),
        ] {
            assert_eq!(JsonPath::parse(written).unwrap().as_str(), whole);
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for wrong in ["", "$.", "$[", "$.a b", "$[?@.x = 1]", &format!("${}", "[?(".repeat(100)), &"a".repeat(1_001)] {
            assert!(JsonPath::parse(wrong).is_err(), "{wrong}");
        }
        assert!(JsonPath::parse("$.a[?@.x = 1]").unwrap_err().position.is_some());
    }

    #[test]
    fn dear_expressions_are_known_beforehand() {
        let is_cheap = |written: &str| JsonPath::parse(written).unwrap().is_cheap(200_000, 30);
        for cheap in ["$.posts[*].title", "$..posts[*]", "$.a['x', 'y, z', \"[*,*]\"]"] {
            assert!(is_cheap(cheap), "{cheap}");
        }
        assert!(JsonPath::parse("$..posts[?@.type == 'a']..title").unwrap().is_cheap(20_000, 15));
        // Many values deep down: finding them is quick, and the ways to them fill the memory.
        assert!(!JsonPath::parse("$..posts[*]").unwrap().is_cheap(5_000_000, 116));
        for dear in [
            "$..*..*..*..*",
            "$[?$..a]",
            "$[*, *][*, *][*, *][*, *][*, *][*, *][*, *][*, *][*, *][*, *]",
            "$..[?search(@.a, 'b')]..[?search(@.a, 'b')]",
        ] {
            assert!(!is_cheap(dear), "{dear}");
        }
    }
}
