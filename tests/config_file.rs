//! The configuration file: where it is looked for, what happens if it is none, and that nothing in it can do harm.

#![cfg(test)]

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use feedmill::config;
use feedmill::limits;
use proptest::prelude::*;

const GOOD: &str = "[sites.a]\nurl = 'https://a.example/'\nlisting.item = '.x'\n";

/// An environment of these variables only.
fn env<'e>(variables: &[(&'static str, &'e Path)]) -> impl Fn(&str) -> Option<OsString> + 'e {
    let variables: HashMap<&str, &Path> = variables.iter().copied().collect();
    move |name| variables.get(name).map(|path| path.as_os_str().to_owned())
}

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_first_place_that_has_a_file_wins() {
    let folder = tempfile::tempdir().unwrap();
    let (xdg, home) = (folder.path().join("xdg"), folder.path().join("home"));
    let (named, here) = (Path::new("named.toml"), folder.path());
    let in_home = file(&home, ".config/feedmill/sites.toml", GOOD);
    let both = [("XDG_CONFIG_HOME", xdg.as_path()), ("HOME", home.as_path())];

    assert_eq!(config::find(Some(named), here, env(&[("FEEDMILL_CONFIG", &in_home)])).unwrap(), named);
    assert_eq!(config::find(None, here, env(&[("FEEDMILL_CONFIG", named), both[0], both[1]])).unwrap(), named);
    assert_eq!(config::find(None, here, env(&both[1..])).unwrap(), in_home);
    assert!(config::find(None, here, env(&both)).is_err(), "with XDG_CONFIG_HOME set, ~/.config is not looked at");
    let in_xdg = file(&xdg, "feedmill/sites.toml", GOOD);
    assert_eq!(config::find(None, here, env(&both)).unwrap(), in_xdg);
    assert_eq!(config::find(None, here, env(&[("FEEDMILL_CONFIG", Path::new("")), both[0]])).unwrap(), in_xdg);
    assert_eq!(config::find(None, here, env(&[("XDG_CONFIG_HOME", Path::new("rel")), both[1]])).unwrap(), in_home);
    let beside = file(here, "sites.toml", GOOD);
    assert_eq!(config::find(None, here, env(&both)).unwrap(), beside);
}

#[test]
fn places_that_were_looked_at_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let error = config::find(None, here, env(&[("HOME", Path::new("/home/ferris"))])).unwrap_err();
    assert_eq!(
        error.to_string().replace(here.to_str().unwrap(), "."),
        "no configuration file; it was looked for at ./sites.toml, /home/ferris/.config/feedmill/sites.toml, \
         /etc/feedmill/sites.toml. `feedmill suggest ADDRESS --write` begins one with the page at that address"
    );
}

#[test]
fn a_good_file_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let toml = format!("\u{feff}{GOOD}[[sites.a.test]]\r\npage = 'p.html'\r\ncount = 1\r\n");
    let plan = config::load(&file(folder.path(), "sites.toml", toml)).unwrap();
    assert_eq!(plan.sites["a"].tests[0].page, folder.path().join("p.html"));
    assert_eq!(plan.sites["a"].tests[0].line, 4);
}

#[test]
fn fault_57_a_file_that_is_none_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let said = |path: &Path| config::load(path).unwrap_err().to_string().replace(folder.path().to_str().unwrap(), "");

    assert_eq!(said(folder.path()), " is a folder, not a configuration file");
    assert_eq!(said(&at("none")), "cannot read /none: No such file or directory (os error 2)");
    assert_eq!(
        said(&file(folder.path(), "latin", b"[sites.a]\ntitle = \"caf\xe9\"\n")),
        "/latin is not UTF-8: line 2 has something else at its byte 13; save it as UTF-8"
    );
    assert_eq!(
        said(&file(folder.path(), "utf16", b"\xff\xfe[\0s\0")),
        "/utf16 is not UTF-8: line 1 has something else at its byte 1; save it as UTF-8"
    );
    let large = fs::File::create(at("large")).unwrap();
    large.set_len(50 * 1024 * 1024).unwrap();
    assert_eq!(said(&at("large")), "/large is larger than 8 MiB: it is no list of sites");
    let empty = said(&file(folder.path(), "empty", ""));
    assert!(empty.starts_with("error: there are no sites\n"), "{empty}");
    assert!(empty.contains("\n         [sites.ferris]\n         url = "), "{empty}");
}

#[cfg(unix)]
#[test]
fn fault_57_a_device_without_end_is_not_read_without_end() {
    let error = config::load(Path::new("/dev/zero")).unwrap_err();
    assert!(error.to_string().contains("it is no file but a pipe or a device"), "{error}");
}

#[test]
fn fault_57_every_problem_is_found_at_once_with_its_line() {
    let toml = r#"[sites.a]
url = "nowhere"
colour = "red"
show = "many"
listing.item = "div >"
listing.link_pattern = '('

[sites.b]
listing.item = ".x"

[sites.a]
url = "https://a.example/"
"#;
    let problems = config::parse(toml, Path::new("sites.toml")).unwrap_err();
    let lines: Vec<usize> = problems
        .problems()
        .iter()
        .map(|problem| toml[..problem.span.as_ref().unwrap().start].matches('\n').count() + 1)
        .collect();
    // What is missing in `b` is not said: a file with broken statements may have it there.
    assert_eq!(lines, [2, 3, 4, 5, 6, 11], "{problems}");
}

#[test]
fn so_many_problems_are_not_all_shown() {
    let sites: Vec<String> = (0..1000).map(|n| format!("[sites.s{n}]\nurl = 'x'\nlisting.item = '.x'\n")).collect();
    let toml = sites.concat();
    let problems = config::parse(&toml, Path::new("sites.toml")).unwrap_err();
    assert_eq!(problems.problems().len(), 1000);
    let said = problems.to_string();
    assert_eq!(said.matches("error: ").count(), limits::PROBLEMS_SHOWN);
    assert!(said.ends_with("1000 problems in sites.toml; the first 100 are shown"), "{said}");
}

/// The TOML parser points into the middle of a character here.
#[test]
fn a_mistake_within_a_character_is_shown_nevertheless() {
    let problems = config::parse("= 5\n[[sites}\u{993}", Path::new("sites.toml")).unwrap_err();
    assert!(problems.to_string().contains("2 | [[sites}\u{993}\n"), "{problems}");
}

/// Pieces of which files are made, good and bad.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "[sites.a]\n",
            "[sites.a.listing]\n",
            "[sites.a.article]\n",
            "[[sites.a.test]]\n",
            "[server]\n",
            "[fetch]\n",
            "[sites",
            "]",
            "[",
            "{",
            "}",
            "\"",
            "'",
            "\"\"\"",
            "=",
            ",",
            "\n",
            ".",
            "#",
            " @href",
            "\\",
            "\u{feff}",
            "\r\n",
            "url = \"https://a.example/\"\n",
            "item = \".x\"\n",
            "title = [\"h1\", { css = \"h2\", attr = \"x\" }]\n",
            "replace = [[\"(a)\", \"$1\"]]\n",
            "published = { meta = \"d\", format = \"%d\" }\n",
            "css = ",
            "template = \"{",
            "sites = 5\n",
            "a.b.c.d = 1\n",
            "item",
            "url",
            "title",
            "= 5\n",
            "= true\n",
            "= 1979-05-27\n",
            "é",
            "日本",
            "\0",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a file, it is compiled or refused, and what is said about it can be shown.
    #[test]
    fn nothing_makes_it_panic(toml in pieces()) {
        if let Err(problems) = config::parse(&toml, Path::new("sites.toml")) {
            prop_assert!(!problems.problems().is_empty());
            let said = problems.render(false);
            prop_assert!(said.contains("error: "));
            // Words of serde: what the schema lets through, the raw types must be able to read.
            prop_assert!(!said.contains("invalid type") && !said.contains("unknown field") && !said.contains("invalid length"));
            problems.render(true);
        }
    }

    /// The same for what stands in a value.
    #[test]
    fn no_value_makes_it_panic(value in "\\PC{0,24}", key in prop::sample::select(vec![
        "url", "timezone", "language", "charset", "refresh", "proxy", "user_agent", "listing.link_pattern", "listing.title",
        "listing.published.format", "listing.title.template", "listing.id.url", "listing.limit", "article.remove",
    ])) {
        let toml = format!("[sites.a]\n{key} = {}\nlisting.item = '.x'\n", toml::Value::String(value));
        if let Err(problems) = config::parse(&toml, Path::new("sites.toml")) {
            problems.render(false);
        }
    }
}
