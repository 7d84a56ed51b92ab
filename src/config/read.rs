//! One file of the configuration: from its text to the raw types, with everything that is wrong on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::diagnostics::{Complaint, Diagnostic, Source};
use super::lines::{self, Lines};
use super::raw::{self, Root};
use super::{schema, shape, syntax};

/// A file that was read.
pub(super) struct File {
    /// Its path, absolute.
    pub(super) path: PathBuf,
    /// Its name in messages, and its text.
    pub(super) source: Source,
    /// The text without what is no TOML, byte for byte in the same place.
    pub(super) toml: String,
    /// What it says.
    pub(super) root: Root,
    /// Where its sites say it.
    pub(super) lines: BTreeMap<String, Lines>,
    /// What is wrong with it.
    pub(super) problems: Vec<Diagnostic>,
}

impl File {
    /// The names of its tables of sites.
    pub(super) fn site_names(&self) -> impl Iterator<Item = &str> {
        self.root.sites.iter().flatten().map(|(name, _)| name.get_ref().as_str())
    }
}

/// Reads the text of a file. `main` is the name of the file that includes it; `None`: it is the main file itself.
pub(super) fn read(text: &str, path: &Path, main: Option<&str>) -> File {
    let text = text.trim_start_matches('\u{feff}');
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut file = File {
        path: absolute,
        source: Source { name: path.display().to_string(), text: text.to_owned() },
        toml: String::new(),
        root: Root::default(),
        lines: BTreeMap::new(),
        problems: Vec::new(),
    };
    let mended = syntax::mend(text);
    file.problems = mended.problems;
    let Some(toml) = mended.text else { return file };
    let (table, _) = DeTable::parse_recoverable(&toml);
    let mut table = table.into_inner();
    let is_broken = !file.problems.is_empty();
    let schema = match main {
        Some(main) => {
            refuse_settings(&mut table, main, &mut file.problems);
            &*schema::INCLUDED
        }
        None if table.contains_key("include") => &*schema::INCLUDING,
        None => &*schema::SCHEMA,
    };
    file.problems.extend(shape::prune(&mut table, schema, is_broken));
    file.lines = lines::of_sites(&table, &toml);
    raw::gather_shared(&mut table);
    let root = Root::deserialize(ValueDeserializer::from(Spanned::new(0..toml.len(), DeValue::Table(table))));
    match root {
        Ok(root) => file.root = root,
        // What is left has the schema's shape, so that this is not expected; but if it happens, it is said.
        Err(error) => file.problems.push(Complaint::new(error.message()).at(error.span())),
    }
    file.toml = toml;
    file
}

/// Takes the tables out of an included file that only the main file may have.
fn refuse_settings(table: &mut DeTable<'_>, main: &str, problems: &mut Vec<Diagnostic>) {
    let known = schema::SCHEMA.get("properties").and_then(serde_json::Value::as_object);
    let is_setting =
        |name: &str| !schema::INCLUDABLE.contains(&name) && known.is_some_and(|known| known.contains_key(name));
    let names = table.keys().map(|key| key.get_ref().to_string());
    for name in names.filter(|name| is_setting(name)).collect::<Vec<_>>() {
        let Some((key, _)) = table.remove_entry(name.as_str()) else { continue };
        let complaint = Complaint::new(format!("`{name}` cannot stand in an included file"))
            .help(format!("write it in {main}; an included file has the tables of sites, and nothing else"));
        problems.push(complaint.at(key.span()));
    }
}
