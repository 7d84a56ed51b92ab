//! XPath 1.0 expressions that remember how they were written, within limits that keep parsing and evaluation cheap.

use std::fmt;
use std::sync::Arc;

use xpath_eval::{Expr, FilterExpr, LocationPath, NodeTest, PathExpr, PrimaryExpr, Step};

use super::nesting::nesting;
use crate::limits;

/// A compiled XPath 1.0 expression.
#[derive(Clone, Debug)]
pub struct XPath {
    compiled: Arc<Expr>,
    written: String,
}

/// Why a text is no XPath expression that Feedmill can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct XPathError {
    message: String,
    /// The byte of the expression at which it goes wrong, if there is one.
    pub position: Option<usize>,
}

/// The functions of XPath 1.0 (section 4) with the fewest and the most arguments that they take.
const FUNCTIONS: [(&str, usize, usize); 27] = [
    ("boolean", 1, 1),
    ("ceiling", 1, 1),
    ("concat", 2, usize::MAX),
    ("contains", 2, 2),
    ("count", 1, 1),
    ("false", 0, 0),
    ("floor", 1, 1),
    ("id", 1, 1),
    ("lang", 1, 1),
    ("last", 0, 0),
    ("local-name", 0, 1),
    ("name", 0, 1),
    ("namespace-uri", 0, 1),
    ("normalize-space", 0, 1),
    ("not", 1, 1),
    ("number", 0, 1),
    ("position", 0, 0),
    ("round", 1, 1),
    ("starts-with", 2, 2),
    ("string", 0, 1),
    ("string-length", 0, 1),
    ("substring", 2, 3),
    ("substring-after", 2, 2),
    ("substring-before", 2, 2),
    ("sum", 1, 1),
    ("translate", 3, 3),
    ("true", 0, 0),
];

impl XPath {
    /// Compiles an expression.
    pub fn parse(written: &str) -> Result<Self, XPathError> {
        let written = written.trim();
        if written.chars().count() > limits::PATTERN_CHARS {
            return Err(XPathError::of(format!("longer than {} characters", limits::PATTERN_CHARS)));
        }
        if nesting(written) > limits::EXPRESSION_DEPTH {
            return Err(too_deep());
        }
        let compiled = xpath_eval::parse(written)
            .map_err(|error| XPathError { message: error.message, position: Some(error.position) })?;
        check(&compiled, limits::EXPRESSION_DEPTH)?;
        Ok(Self { compiled: Arc::new(compiled), written: written.to_owned() })
    }

    /// The compiled expression.
    pub fn compiled(&self) -> &Expr {
        &self.compiled
    }

    /// The expression as the rule writes it.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl fmt::Display for XPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl XPathError {
    fn of(message: String) -> Self {
        Self { message, position: None }
    }
}

fn too_deep() -> XPathError {
    XPathError::of(format!("it nests deeper than {} levels", limits::EXPRESSION_DEPTH))
}

/// Looks for what would fail at every evaluation: too many levels, unknown functions, variables.
fn check(expression: &Expr, depth: usize) -> Result<(), XPathError> {
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    match expression {
        Expr::Or(a, b)
        | Expr::And(a, b)
        | Expr::Equality(a, _, b)
        | Expr::Relational(a, _, b)
        | Expr::Additive(a, _, b)
        | Expr::Multiplicative(a, _, b)
        | Expr::Union(a, b) => check(a, depth).and_then(|()| check(b, depth)),
        Expr::Negate(a) => check(a, depth),
        Expr::Path(PathExpr::Location(path)) => check_path(path, depth),
        Expr::Path(PathExpr::Filter(filter)) => check_filter(filter, depth),
        Expr::Path(PathExpr::FilterLocation(filter, path)) => {
            check_filter(filter, depth).and_then(|()| check_path(path, depth))
        }
    }
}

fn check_path(path: &LocationPath, depth: usize) -> Result<(), XPathError> {
    path.steps.iter().try_for_each(|step: &Step| {
        if let NodeTest::QName(name) = &step.node_test
            && name.prefix.is_none()
            && name.local.contains('.')
        {
            let message = format!("`{}` is a name with a dot; a class is `*[contains(@class, 'name')]`", name.local);
            return Err(XPathError::of(message));
        }
        step.predicates.iter().try_for_each(|predicate| check(predicate, depth))
    })
}

fn check_filter(filter: &FilterExpr, depth: usize) -> Result<(), XPathError> {
    filter.predicates.iter().try_for_each(|predicate| check(predicate, depth))?;
    match &filter.primary {
        PrimaryExpr::Variable(name) => {
            Err(XPathError::of(format!("`${}` is a variable, and there are none here", name.local)))
        }
        PrimaryExpr::Parenthesized(inner) => check(inner, depth),
        PrimaryExpr::Function(call) => {
            let known = FUNCTIONS.iter().find(|(name, ..)| *name == call.name.local && call.name.prefix.is_none());
            let Some((name, least, most)) = known else {
                let message = format!(
                    "`{}()` is no function of XPath 1.0 (known are `contains`, `starts-with`, `normalize-space`, \
                     `substring-before`, `translate` and so on; for patterns use `match`)",
                    call.name.local
                );
                return Err(XPathError::of(message));
            };
            if !(*least..=*most).contains(&call.args.len()) {
                let count = call.args.len();
                return Err(XPathError::of(format!("`{name}()` does not take {count} arguments")));
            }
            call.args.iter().try_for_each(|argument| check(argument, depth))
        }
        PrimaryExpr::Literal(_) | PrimaryExpr::Number(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_works() {
        for xpath in [
            "//a[@class='x']/@href",
            "./td[2]//text()",
            "../following-sibling::tr[1]",
            "(//h2)[1]",
            "count(./li)",
            "substring-before(./p, ' by ')",
            "normalize-space(.)",
            "//a | //b",
        ] {
            assert!(XPath::parse(xpath).is_ok(), "{xpath}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        for (xpath, part) in [
            ("", "empty"),
            ("//a[", "expected"),
            ("//a[matches(@href, 'x')]", "no function"),
            ("//a[contains(@href)]", "arguments"),
            ("//a[$x]", "variable"),
            ("//div.post", "class"),
            (&"(".repeat(900), "deeper"),
            (&format!("{}1", "-".repeat(900)), "deeper"),
            (&format!("1{}", "=1".repeat(400)), "deeper"),
            (&"a".repeat(1_001), "longer"),
        ] {
            let error = XPath::parse(xpath).unwrap_err().to_string();
            assert!(error.contains(part), "{xpath}: {error}");
        }
        assert_eq!(XPath::parse("//a[@b=]").unwrap_err().position, Some(7));
    }
}
