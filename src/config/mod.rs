//! `sites.toml`: what may be written there, and what it is compiled to.
//!
//! A text becomes a plan in four steps: `syntax` takes out what is no TOML, `shape` what the schema does not know,
//! serde reads the rest into the types of `raw`, and `compile` makes the plan. Each step goes on with what is left, so
//! that all problems are reported at once.

mod compile;
mod diagnostics;
mod family;
mod file;
mod near;
mod plan;
mod raw;
mod schema;
mod shape;
mod syntax;

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use raw::Root;

pub use diagnostics::{Diagnostic, Diagnostics};
pub use family::{Family, Param, canonical};
pub use file::{ConfigError, find, load};
pub use plan::{Merged, Named, PageKind, Plan, SavedTest, Server, Site};
pub use schema::schema;

/// Compiles the text of a configuration file. `path` is its name in messages, and its folder is where the pages of
/// saved tests are looked for.
pub fn parse(text: &str, path: &Path) -> Result<Plan, Diagnostics> {
    let text = text.trim_start_matches('\u{feff}');
    let complain = |problems| Diagnostics::new(path.display().to_string(), text, problems);
    let mended = syntax::mend(text);
    let mut problems = mended.problems;
    let Some(toml) = mended.text else { return Err(complain(problems)) };
    let (table, _) = DeTable::parse_recoverable(&toml);
    let mut table = table.into_inner();
    problems.extend(shape::prune(&mut table, &schema::SCHEMA, !problems.is_empty()));
    let root = Root::deserialize(ValueDeserializer::from(Spanned::new(0..toml.len(), DeValue::Table(table))));
    let root = root.unwrap_or_else(|error| {
        // What is left has the schema's shape, so that this is not expected; but if it happens, it is said.
        problems.push(Diagnostic { span: error.span(), message: error.message().to_owned(), label: None, help: None });
        Root::default()
    });
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let plan = compile::compile(&root, &toml, absolute.parent().unwrap_or(path), &mut problems);
    if problems.is_empty() { Ok(plan) } else { Err(complain(problems)) }
}
