//! A configuration in several files: defaults that sites inherit, files that are included, and mistakes that name their
//! own file.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use feedmill::config::{self, Plan};
use feedmill::rule::Secret;
use insta::assert_snapshot;
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(folder: &TempDir) -> Result<Plan, String> {
    let place = format!("{}/", folder.path().display());
    config::load(&folder.path().join("sites.toml")).map_err(|error| error.to_string().replace(&place, ""))
}

fn site(name: &str) -> String {
    format!("[sites.{name}]\nurl = 'https://{name}.example/'\nlisting.item = '.x'\n")
}

#[test]
fn sites_of_every_file_are_one_plan() {
    let main = format!("include = ['sites.d/*.toml', 'more.toml']\n{}", site("main"));
    let b = format!("{}[[sites.b.test]]\npage = 'pages/b.html'\ncount = 1\n", site("b"));
    let folder = folder(&[
        ("sites.toml", &main),
        ("sites.d/b.toml", &b),
        ("sites.d/a.toml", &site("a")),
        ("sites.d/notes.txt", "not TOML"),
        ("sites.d/old/c.toml", "nor this"),
        ("more.toml", &format!("\u{feff}# nothing yet\n{}", site("more"))),
    ]);
    let plan = load(&folder).unwrap();
    assert_eq!(plan.sites.keys().collect::<Vec<_>>(), ["a", "b", "main", "more"]);
    assert_eq!(plan.sites["b"].tests[0].page, folder.path().join("sites.d/pages/b.html"), "seen from its own file");
    assert_eq!(plan.sites["b"].file, folder.path().join("sites.d/b.toml"));
    assert_eq!((plan.sites["b"].lines.of("listing.item"), plan.sites["b"].tests[0].line), (3, 4));
}

#[test]
fn a_main_file_may_have_no_site_of_its_own() {
    let include = "include = 'sites.d/*.toml'\n";
    let plan = load(&folder(&[("sites.toml", include), ("sites.d/a.toml", &site("a")), ("sites.d/empty.toml", "")]));
    assert_eq!(plan.unwrap().sites.len(), 1);
    let none = load(&folder(&[("sites.toml", include), ("sites.d/empty.toml", "# later\n")])).unwrap_err();
    assert!(none.contains("there are no sites"), "{none}");
}

#[test]
fn merged_feeds_may_have_sites_of_any_file() {
    let main = format!("include = '*.d/*.toml'\n{}[merged.all]\nsites = ['a', 'b', 'main']\n", site("main"));
    let more = format!("{}[merged.some]\nsites = ['main', 'b']\n", site("b"));
    let files = [("sites.toml", main.as_str()), ("x.d/1.toml", &site("a")), ("x.d/2.toml", &more)];
    let plan = load(&folder(&files)).unwrap();
    assert_eq!(plan.merged["all"].members, ["a", "b", "main"]);
    assert_eq!(plan.merged["some"].members, ["main", "b"]);
    let again = format!("{more}[merged.all]\nsites = ['a']\n");
    let said = load(&folder(&[files[0], files[1], ("x.d/2.toml", &again)])).unwrap_err();
    assert!(said.contains("`all` stands in two files") && said.contains("it is here already"), "{said}");
}

#[test]
fn a_pattern_may_find_nothing_yet_and_never_the_main_file() {
    let main = format!("include = ['*.toml', 'sites.d/*.toml']\n{}", site("main"));
    let plan = load(&folder(&[("sites.toml", &main), ("sites.d/README", "")])).unwrap();
    assert_eq!(plan.sites.len(), 1);
}

#[test]
fn a_file_is_read_once_however_often_it_is_meant() {
    let main = "include = ['a.toml', '*.toml', './a.toml']\n";
    assert_eq!(load(&folder(&[("sites.toml", main), ("a.toml", &site("a"))])).unwrap().sites.len(), 1);
}

#[test]
fn every_mistake_names_its_own_file() {
    let main = format!("include = ['sites.d/*.toml', 'none.toml', 'nowhere/*.toml', '**/x.toml']\n{}", site("a"));
    let folder = folder(&[
        ("sites.toml", &main),
        ("sites.d/1.toml", &format!("# the first\n{}", site("a"))),
        (
            "sites.d/2.toml",
            "include = 'x'\n[server]\n[defaults]\n[sites.b]\nulr = 'https://b.example/'\nlisting.item = 'a >'\n",
        ),
        ("sites.d/3.toml", "[sites.c\nurl = 1\n"),
        ("sites.d/4.toml", "colour = 'red'\n"),
    ]);
    fs::write(folder.path().join("sites.d/5.toml"), b"\xff").unwrap();
    assert_snapshot!(load(&folder).unwrap_err(), @r#"
    error: sites.d/5.toml is not UTF-8: line 1 has something else at its byte 1; save it as UTF-8
     --> sites.toml:1:12
      |
    1 | include = ['sites.d/*.toml', 'none.toml', 'nowhere/*.toml', '**/x.toml']
      |            ^^^^^^^^^^^^^^^^

    error: cannot read none.toml: No such file or directory (os error 2)
     --> sites.toml:1:30
      |
    1 | include = ['sites.d/*.toml', 'none.toml', 'nowhere/*.toml', '**/x.toml']
      |                              ^^^^^^^^^^^

    error: there is no folder nowhere
     --> sites.toml:1:43
      |
    1 | include = ['sites.d/*.toml', 'none.toml', 'nowhere/*.toml', '**/x.toml']
      |                                           ^^^^^^^^^^^^^^^^
      |
      = help: paths are seen from the folder of this file; `*` stands for any letters

    error: `**` would go through every folder below
     --> sites.toml:1:61
      |
    1 | include = ['sites.d/*.toml', 'none.toml', 'nowhere/*.toml', '**/x.toml']
      |                                                             ^^^^^^^^^^^
      |
      = help: name the folders: `["a/*.toml", "b/*.toml"]`

    error: `a` stands in two files
     --> sites.d/1.toml:2:8
      |
    2 | [sites.a]
      |        ^ here again
      |
     ::: sites.toml:2:8
      |
    2 | [sites.a]
      |        - it is here already
      |
      = help: a feed has one table: take one of them out, or give it another name

    error: `include` cannot stand in an included file
     --> sites.d/2.toml:1:1
      |
    1 | include = 'x'
      | ^^^^^^^
      |
      = help: write it in sites.toml; an included file has the tables of sites, and nothing else

    error: `server` cannot stand in an included file
     --> sites.d/2.toml:2:2
      |
    2 | [server]
      |  ^^^^^^
      |
      = help: write it in sites.toml; an included file has the tables of sites, and nothing else

    error: `defaults` cannot stand in an included file
     --> sites.d/2.toml:3:2
      |
    3 | [defaults]
      |  ^^^^^^^^
      |
      = help: write it in sites.toml; an included file has the tables of sites, and nothing else

    error: unknown key `ulr` in `sites.b`
     --> sites.d/2.toml:5:1
      |
    5 | ulr = 'https://b.example/'
      | ^^^ did you mean `url`?
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    error: this is no CSS selector
     --> sites.d/2.toml:6:16
      |
    6 | listing.item = 'a >'
      |                ^^^^^
      |
      = help: it ends in `>`, `+`, `~` or a comma that joins it to nothing

    error: a header without its `]`
     --> sites.d/3.toml:1:9
      |
    1 | [sites.c
      |         ^

    error: unknown key `colour`
     --> sites.d/4.toml:1:1
      |
    1 | colour = 'red'
      | ^^^^^^
      |
      = help: known keys: merged, sites

    12 problems in sites.toml and 4 other files
    "#);
}

#[test]
fn defaults_hold_where_a_site_says_nothing() {
    let toml = r#"
[defaults]
timezone = "Europe/Moscow"
language = "ru"
charset = "koi8-r"
refresh = "6h"
show = 10
user_agent = "mill/1"
proxy = "http://proxy.example:3128"
allow_private = ["10.0.0.5"]
headers = { X-All = "1", Accept-Language = "ru" }
cookies = { consent = "yes", theme = "dark" }

[fetch]
user_agent = "fetch/1"

[sites.heir]
url = "https://heir.example/"
listing.item = ".x"

[sites.own]
url = "https://own.example/"
timezone = "UTC"
language = "en"
charset = "utf-8"
refresh = "1h"
show = 20
user_agent = "own/1"
proxy = "http://own.example:1"
allow_private = []
headers = { accept-language = "en" }
cookies = { theme = "light" }
listing.item = ".x"
"#;
    let plan = config::parse(toml, Path::new("sites.toml")).unwrap();
    let seen = |name: &str| {
        let site = &plan.sites[name];
        let headers: Vec<String> = site.upstream.headers.iter().map(|(n, v)| format!("{n}: {}", v.expose())).collect();
        let shown = format!(
            "{} {} {} {:?} {} {} {} {:?}",
            site.language.as_deref().unwrap_or_default(),
            site.rule.timezone,
            site.rule.charset.map_or("", |charset| charset.name()),
            site.refresh,
            site.show,
            site.upstream.user_agent.as_ref().map_or("", Secret::expose),
            site.upstream.proxy.as_ref().map_or("", Secret::expose),
            site.upstream.allow_private.len(),
        );
        (shown, headers)
    };
    let (shown, headers) = seen("heir");
    assert_eq!(shown, "ru Europe/Moscow KOI8-R Every(21600s) 10 mill/1 http://proxy.example:3128 1");
    assert_eq!(headers, ["Accept-Language: ru", "X-All: 1", "Cookie: consent=yes; theme=dark"]);
    let (shown, headers) = seen("own");
    assert_eq!(shown, "en UTC UTF-8 Every(3600s) 20 own/1 http://own.example:1 0");
    assert_eq!(headers, ["accept-language: en", "X-All: 1", "Cookie: consent=yes; theme=light"]);
}

#[test]
fn defaults_hold_for_included_sites_and_their_mistakes_are_told_once() {
    let main = "include = 'a.toml'\n[defaults]\nrefresh = '3h'\n";
    let plan = load(&folder(&[("sites.toml", main), ("a.toml", &site("a"))])).unwrap();
    assert_eq!(plan.sites["a"].refresh, config::Refresh::Every(Duration::from_hours(3)));
    let wrong = format!("[defaults]\ntimezone = 'Moscow'\nurl = 'x'\n{}{}", site("a"), site("b"));
    let said = config::parse(&wrong, Path::new("sites.toml")).unwrap_err().to_string();
    assert_eq!(said.matches("error: ").count(), 2, "{said}");
    assert!(
        said.contains("unknown key `url` in `defaults`") && said.contains("did you mean `Europe/Moscow`?"),
        "{said}"
    );
}

/// Rules are compared by their hash: moving a key to `[defaults]` changes nothing, changing its value there does.
#[test]
fn the_hash_of_a_rule_knows_what_it_inherits() {
    let hash = |toml: String| config::parse(&toml, Path::new("sites.toml")).unwrap().sites["a"].rule.hash.clone();
    let own = |keys: &str| hash(format!("{}{keys}", site("a")));
    let inherited = |keys: &str| hash(format!("[defaults]\n{keys}{}", site("a")));
    for keys in [
        "language = 'de'\n",
        "locale = 'en-GB'\n",
        "timezone = 'Asia/Tokyo'\n",
        "headers = { X-A = '1' }\n",
        "cookies = { a = '1' }\n",
        "user_agent = 'x'\n",
    ] {
        assert_eq!(own(keys), inherited(keys), "{keys}");
        assert_ne!(own(keys), own(""), "{keys}");
    }
    assert_eq!(inherited("show = 3\nrefresh = '3h'\n"), own(""), "these change nothing that is read");
    assert_ne!(inherited("timezone = 'Asia/Tokyo'\n"), inherited("timezone = 'Asia/Seoul'\n"));
}
