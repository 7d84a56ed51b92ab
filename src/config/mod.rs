//! `sites.toml`: what may be written there, and what it is compiled to.
//!
//! A text becomes a plan in four steps: `syntax` takes out what is no TOML, `shape` what the schema does not know,
//! serde reads the rest into the types of `raw`, and `compile` makes the plan. Each step goes on with what is left, so
//! that all problems are reported at once. The first three are done for each file (`read`), the last for all together.

mod compile;
mod diagnostics;
mod drafted;
mod family;
mod file;
mod footprint;
mod include;
mod lines;
mod near;
mod outside;
mod plan;
mod raw;
mod read;
mod reference;
mod schema;
mod shape;
mod syntax;

use std::path::Path;

use diagnostics::Complaint;
use outside::{Nowhere, Outside};

pub use diagnostics::{Also, Diagnostic, Diagnostics};
pub use family::{Family, Param, canonical};
pub use file::{ConfigError, Reading, find, load, open, proposed, reading, text_of};
pub use footprint::Footprint;
pub use lines::Lines;
pub use plan::{Alarm, Merged, Named, PageKind, Plan, Refresh, Repairing, SavedTest, Server, Site, Sleep, Webhook};
pub use reference::reference;
pub use schema::schema;

/// Compiles the text of a configuration. `path` is its name in messages, and its folder is where the pages of saved
/// tests are looked for. Other files and the environment are out of its reach: see [`load`].
pub fn parse(text: &str, path: &Path) -> Result<Plan, Diagnostics> {
    parse_within(&Nowhere, text, path)
}

/// The same with what is around it: included files, secrets.
fn parse_within(outside: &dyn Outside, text: &str, path: &Path) -> Result<Plan, Diagnostics> {
    let mut main = read::read(text, path, None);
    let includes = main.root.include.is_some();
    let mut files = include::included(&mut main, outside);
    files.insert(0, main);
    include::note_twice(&mut files);
    let plan = compile::compile(&mut files, outside);
    let has_no_site =
        files.iter().all(|file| file.problems.is_empty()) && plan.sites.is_empty() && plan.families.is_empty();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut sources = Vec::with_capacity(files.len());
    for (number, file) in files.into_iter().enumerate() {
        problems.extend(file.problems.into_iter().map(|problem| Diagnostic { file: number, ..problem }));
        sources.push(file.source);
    }
    if includes && has_no_site {
        let complaint = Complaint::new("there are no sites").help("neither here nor in a file that is included");
        problems.push(complaint.at(None));
    }
    if problems.is_empty() { Ok(plan) } else { Err(Diagnostics::new(sources, problems)) }
}
