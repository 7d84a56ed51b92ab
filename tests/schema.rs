//! Editors complete and check sites.toml by a schema that is made from the program's own types, and is current; so is
//! the reference.

#![cfg(test)]

use std::path::Path;
use std::process::Command;

/// What the program prints is what lies in a file of the project.
fn is_current(arguments: &[&str], file: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_feedmill")).args(arguments).output().unwrap();
    assert!(output.status.success());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("FEEDMILL_BLESS").is_some() {
        std::fs::write(&path, &output.stdout).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{file} (`make bless` writes it)"));
    assert!(written.as_bytes() == output.stdout, "{file} is old: `make bless` writes it anew");
}

#[test]
fn the_schema_in_contrib_is_the_program_s() {
    is_current(&["schema"], "contrib/sites.schema.json");
}

#[test]
fn the_reference_in_docs_is_the_program_s() {
    is_current(&["schema", "--markdown"], "docs/reference.md");
}

#[test]
fn the_example_names_it_in_its_first_line() {
    let example = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sites.toml")).unwrap();
    assert_eq!(example.lines().next(), Some("#:schema ./contrib/sites.schema.json"));
}
