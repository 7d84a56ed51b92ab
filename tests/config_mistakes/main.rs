//! What Feedmill says to someone whose `sites.toml` has mistakes: the complete text, with line and caret.
//!
//! The texts here are what users read: change them on purpose only.

#![cfg(test)]

mod extractors;
mod keys;
mod network;
mod syntax;
mod types;
mod values;

use std::path::Path;

use insta::assert_snapshot;

/// What is said about a file; nothing if it is fine.
fn mistakes(toml: &str) -> String {
    feedmill::config::parse(toml, Path::new("sites.toml"))
        .err()
        .map(|problems| problems.to_string())
        .unwrap_or_default()
}

const TEN: &str = r#"[server]
listen = "localhost:8787"

[sites.Ferris]
ulr = "https://ferris.example/blog/"
timezone = "Moscow"
refresh = "15 minutes"
title = Ferris writes

[sites.Ferris.listing]
item = "article >"
link = "a @href"
limit = "100"
published = { css = "time", fromat = "%d.%m.%Y" }

[sites.Ferris.article]
id = { url = '-(\d{7,}\.html$' }
"#;

#[test]
#[expect(clippy::too_many_lines, reason = "the text is long, the test is short")]
fn ten_mistakes_are_ten_messages() {
    assert_snapshot!(mistakes(TEN), @r#"
    error: `localhost:8787` is no address and port
     --> sites.toml:2:10
      |
    2 | listen = "localhost:8787"
      |          ^^^^^^^^^^^^^^^^
      |
      = help: write numbers: `127.0.0.1:8787` (this machine only), `0.0.0.0:8787` or `[::]:8787` (all)

    error: `Ferris` cannot be a site's name
     --> sites.toml:4:8
      |
    4 | [sites.Ferris]
      |        ^^^^^^ for example `ferris`
      |
      = help: a name has small letters, digits, `-` and `_`, and begins with a letter or digit

    error: unknown key `ulr` in `sites.Ferris`
     --> sites.toml:5:1
      |
    5 | ulr = "https://ferris.example/blog/"
      | ^^^ did you mean `url`?
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    error: `Moscow` is no timezone
     --> sites.toml:6:12
      |
    6 | timezone = "Moscow"
      |            ^^^^^^^^ did you mean `Europe/Moscow`?
      |
      = help: zones have IANA names such as `Europe/Moscow` or `America/New_York`; `UTC` is one too

    error: `minutes` is no unit of time
     --> sites.toml:7:11
      |
    7 | refresh = "15 minutes"
      |           ^^^^^^^^^^^^
      |
      = help: write a duration as `30s`, `15m`, `1h30m` or `1d`, or `auto`

    error: a text without quotes
     --> sites.toml:8:9
      |
    8 | title = Ferris writes
      |         ^^^^^^^^^^^^^
      |
      = help: write `"Ferris writes"`

    error: this is no CSS selector
      --> sites.toml:11:8
       |
    11 | item = "article >"
       |        ^^^^^^^^^^^
       |
       = help: it ends in `>`, `+`, `~` or a comma that joins it to nothing

    error: expected a whole number, found a text
      --> sites.toml:13:9
       |
    13 | limit = "100"
       |         ^^^^^
       |
       = help: for example `limit = 100`

    error: unknown key `fromat` in `sites.Ferris.listing.published`
      --> sites.toml:14:29
       |
    14 | published = { css = "time", fromat = "%d.%m.%Y" }
       |                             ^^^^^^ did you mean `format`?
       |
       = help: known keys: all, attr, css, default, format, html, join, json, jsonld, locale, match, meta,
               replace, script, split, template, text, timezone, timezone_override, url, xpath

    error: this is no regular expression: unclosed group
      --> sites.toml:17:14
       |
    17 | id = { url = '-(\d{7,}\.html$' }
       |              ^^^^^^^^^^^^^^^^^

    10 problems in sites.toml
    "#);
}

#[test]
fn colours_are_for_terminals_only() {
    let problems = feedmill::config::parse("[sites]\n", Path::new("sites.toml")).unwrap_err();
    assert!(problems.render(true).contains("\u{1b}["));
    assert!(!problems.render(false).contains('\u{1b}'));
}

#[test]
fn what_the_file_says_cannot_command_the_terminal() {
    for escape in ["\\u001b[2J", "\\u009b2J", "\u{9b}2J"] {
        let toml = format!("[sites.\"{escape}\"]\n\"{escape}\" = 1\nurl = \"{escape}\"\n[sites.\"x{escape}\"]\n");
        let said = mistakes(&toml);
        assert_eq!(said.matches("error: ").count(), 5, "{said}");
        assert!(!said.contains(['\u{1b}', '\u{9b}']), "{said:?}");
    }
}
