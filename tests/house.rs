//! The house stands as ARCHITECTURE.md draws it: a module uses only the floors below it, and the pure ones do no I/O.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first: a module may use those before its own, and those named as its neighbours.
const FLOORS: [&[&str]; 7] = [
    &[
        "clock", "drift", "edition", "health", "host", "item", "kept", "limits", "markup", "metrics", "outcome",
        "profile", "report", "secret", "selfmade", "text", "webpage", "weburl",
    ],
    &["rule"],
    &["config"],
    &["page", "extract", "induce", "render"],
    &["alarm", "fetch", "archive", "publish"],
    &["engine"],
    &["serve", "cmd"],
];

/// What a floor must not touch, besides the floors above it.
const FORBIDDEN: [(&str, &[&str]); 11] = [
    ("page", PURE),
    ("extract", PURE),
    ("induce", PURE),
    ("render", PURE),
    ("rule", PURE),
    ("alarm", &["reqwest", "rusqlite", "crate::config", "crate::fetch", "crate::archive", "crate::publish"]),
    (
        "fetch",
        &["rusqlite", "scraper", "crate::config", "crate::archive", "crate::publish", "crate::page", "crate::extract"],
    ),
    (
        "archive",
        &["reqwest", "scraper", "crate::config", "crate::fetch", "crate::publish", "crate::page", "crate::extract"],
    ),
    ("publish", &["reqwest", "rusqlite", "crate::config", "crate::fetch", "crate::archive"]),
    ("engine", &["hyper::", "rusqlite", "scraper"]),
    ("serve", &["scraper", "rusqlite", "reqwest"]),
];

const PURE: &[&str] = &[
    "tokio",
    "reqwest",
    "rusqlite",
    "hyper::",
    "std::fs",
    "std::net::Tcp",
    "Utc::now",
    "crate::clock",
    "crate::config",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with its module's name and its code without comments and tests.
fn code() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        (inside.to_owned(), module, code)
    };
    files.into_iter().map(read).collect()
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn every_module_has_its_floor_and_uses_only_those_below() {
    for (path, module, code) in code() {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let floor = floor_of(&module).unwrap_or_else(|| panic!("{} has no floor in FLOORS", path.display()));
        for rest in code.split("crate::").skip(1) {
            let used: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(other) = floor_of(&used) else { continue };
            assert!(
                other < floor || used == module || (floor == 3 || floor == 0 || floor == 6) && other == floor,
                "{} (floor {floor}) uses crate::{used} (floor {other})",
                path.display()
            );
        }
    }
}

#[test]
fn floors_keep_their_hands_off_what_is_not_theirs() {
    for (path, module, code) in code() {
        let forbidden = FORBIDDEN.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, list)| list);
        for word in forbidden {
            assert!(!code.contains(word), "{} mentions {word}", path.display());
        }
    }
}

#[test]
fn rooms_are_small_enough_to_know_ones_way_around() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (path, ..) in code() {
        let lines = fs::read_to_string(root.join(&path)).unwrap().lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}
