//! CSS selectors that remember how they were written and explain what is wrong with them.

use std::fmt;
use std::sync::OnceLock;

use scraper::Selector;

use super::keys::Keys;
use crate::limits;

/// A compiled CSS selector (or a list of them, with commas).
#[derive(Clone, Debug)]
pub struct Css {
    compiled: Selector,
    written: String,
    keys: OnceLock<Keys>,
    is_scope: bool,
    names_scope: bool,
    leaves_row: bool,
}

/// Why a text is no selector that Feedmill can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CssError(String);

impl Css {
    /// Compiles a selector.
    pub fn parse(written: &str) -> Result<Self, CssError> {
        let written = written.trim();
        if written.chars().count() > limits::PATTERN_CHARS {
            return Err(CssError(format!("longer than {} characters", limits::PATTERN_CHARS)));
        }
        let compiled = Selector::parse(written).map_err(|error| CssError(explain(&error)))?;
        Ok(Self {
            compiled,
            written: written.to_owned(),
            keys: OnceLock::new(),
            is_scope: written == ":scope",
            names_scope: written.contains(":scope"),
            leaves_row: leaves_row(written),
        })
    }

    /// The compiled selector.
    pub fn compiled(&self) -> &Selector {
        &self.compiled
    }

    /// What elements must have for it to match them.
    pub fn keys(&self) -> &Keys {
        self.keys.get_or_init(|| Keys::of(&self.written))
    }

    /// Whether it is just `:scope`, the row itself.
    pub fn is_scope(&self) -> bool {
        self.is_scope
    }

    /// Whether it may match the row itself, as `a:scope` does.
    pub fn names_scope(&self) -> bool {
        self.names_scope
    }

    /// Whether it looks at what follows the row: `:scope + tr .comments`, `:scope ~ dd`.
    pub fn leaves_row(&self) -> bool {
        self.leaves_row
    }

    /// The selector as the rule writes it.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl fmt::Display for Css {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Whether one of the selectors of the list begins with the row's siblings.
fn leaves_row(written: &str) -> bool {
    written.split(',').any(|one| {
        let after = one.trim_start().strip_prefix(":scope").map(str::trim_start);
        after.is_some_and(|after| after.starts_with(['+', '~']))
    })
}

/// The parser's own words are of no use to the author of a rule: these are.
fn explain(error: &scraper::error::SelectorErrorKind) -> String {
    use scraper::error::SelectorErrorKind as Kind;
    use selectors::parser::SelectorParseErrorKind as Parse;
    let said = match error {
        Kind::UnexpectedSelectorParseError(parse) => match parse {
            Parse::EmptySelector => {
                "a selector is missing or begins with something that is not CSS \
                 (a class that begins with a digit needs an escape: `.\\32 col` is the class `2col`)"
            }
            Parse::DanglingCombinator => "it ends in `>`, `+`, `~` or a comma that joins it to nothing",
            Parse::UnsupportedPseudoClassOrElement => {
                "it has a pseudo-class that Feedmill does not know (`:contains` and the like are no CSS; use `match` on the text)"
            }
            Parse::ExpectedNamespace => {
                "`|` names a namespace, which HTML does not need; in a class name write `\\\\|`"
            }
            Parse::ClassNeedsIdent => {
                "after `.` stands no class name (a name that begins with a digit or holds `:` or `/` needs a `\\\\` before it)"
            }
            Parse::NoQualifiedNameInAttributeSelector
            | Parse::UnexpectedTokenInAttributeSelector
            | Parse::ExpectedBarInAttr
            | Parse::BadValueInAttr
            | Parse::InvalidQualNameInAttr => {
                "between `[` and `]` stands no `name`, `name=value` or `name=\"value\"` (also `~= |= ^= $= *=`)"
            }
            Parse::UnexpectedIdent => "a name stands where none can stand",
            _ => "a part of it is not CSS",
        },
        Kind::UnexpectedToken => "a character stands where none like it can stand",
        Kind::EndOfLine => "it ends before it is complete",
        Kind::ExpectedColonOnPseudoElement | Kind::ExpectedIdentityOnPseudoElement => {
            "after `:` stands no pseudo-class"
        }
        Kind::TooManyNestedBlocks => "it nests too deeply",
        _ => "it is not CSS",
    };
    said.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_works() {
        for selector in
            [":scope", ":scope > a", "li:has(> a.x)", "a:not([href^=\"#\"]), b", ".a\\:b", "td:nth-child(2n+1)"]
        {
            assert!(Css::parse(selector).is_ok(), "{selector}");
        }
    }

    #[test]
    fn some_look_at_the_rows_that_follow() {
        let leaves = |written| Css::parse(written).unwrap().leaves_row();
        assert!(leaves(":scope + tr a") && leaves("b, :scope~dd"));
        assert!(!leaves(":scope > a + b") && !leaves("a ~ b"));
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        for (selector, part) in [
            ("", "missing"),
            ("a >", "joins it to nothing"),
            ("a:contains('x')", "pseudo-class"),
            (".2col", "digit"),
            ("a[=x]", "between `[`"),
            ("a, ", "missing"),
        ] {
            let error = Css::parse(selector).unwrap_err().to_string();
            assert!(error.contains(part), "{selector}: {error}");
        }
    }
}
