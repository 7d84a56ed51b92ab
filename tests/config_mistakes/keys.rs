//! Keys that the schema does not know, or misses.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn a_site_without_an_address() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
listing.item = ".post"
"#), @r#"
error: `sites.ferris` has no `url`
 --> sites.toml:1:1
  |
1 | [sites.ferris]
  | ^^^^^^^^^^^^^^
  |
  = help: the address of the page that lists what is new: `url = "https://ferris.example/blog/"`

1 problem in sites.toml
"#);
}

#[test]
fn no_sites() {
    assert_snapshot!(mistakes(r#"[server]
listen = "127.0.0.1:8787"
"#), @r#"
error: there are no sites
 |
 = help: the smallest file is
         [sites.ferris]
         url = "https://ferris.example/blog/"

1 problem in sites.toml
"#);
}

#[test]
fn no_sites_under_their_header() {
    assert_snapshot!(mistakes("[sites]
"), @r#"
error: there are no sites
 --> sites.toml:1:1
  |
1 | [sites]
  | ^^^^^^^
  |
  = help: the smallest file is
          [sites.ferris]
          url = "https://ferris.example/blog/"

1 problem in sites.toml
"#);
}

#[test]
fn slips_of_the_finger() {
    assert_snapshot!(mistakes(r#"[site.ferris]
ulr = "https://ferris.example/"
"#), @"
    error: unknown key `site`
     --> sites.toml:1:2
      |
    1 | [site.ferris]
      |  ^^^^ did you mean `sites`?
      |
      = help: known keys: alarm, archive, defaults, fetch, include, merged, server, sites

    1 problem in sites.toml
    ");
    assert_snapshot!(mistakes(r#"[sites.ferris]
ulr = "https://ferris.example/"
time-zone = "Europe/Berlin"
listing = { itme = ".post", published = { css = "time", fromat = "unix" } }
colour = "red"
"#), @r#"
    error: unknown key `ulr` in `sites.ferris`
     --> sites.toml:2:1
      |
    2 | ulr = "https://ferris.example/"
      | ^^^ did you mean `url`?
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    error: unknown key `time-zone` in `sites.ferris`
     --> sites.toml:3:1
      |
    3 | time-zone = "Europe/Berlin"
      | ^^^^^^^^^ did you mean `timezone`?
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    error: unknown key `itme` in `sites.ferris.listing`
     --> sites.toml:4:13
      |
    4 | listing = { itme = ".post", published = { css = "time", fromat = "unix" } }
      |             ^^^^ did you mean `item`?
      |
      = help: known keys: author, category, comments, container, content, enclosure, from, id, image,
              image_caption, image_credit, item, language, limit, link, link_pattern, next, order, pages,
              published, request, summary, title, updated

    error: unknown key `fromat` in `sites.ferris.listing.published`
     --> sites.toml:4:57
      |
    4 | listing = { itme = ".post", published = { css = "time", fromat = "unix" } }
      |                                                         ^^^^^^ did you mean `format`?
      |
      = help: known keys: all, attr, css, default, format, html, join, json, jsonld, locale, match, meta,
              replace, script, split, template, text, timezone, timezone_override, url, xpath

    error: unknown key `colour` in `sites.ferris`
     --> sites.toml:5:1
      |
    5 | colour = "red"
      | ^^^^^^
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    5 problems in sites.toml
    "#);
}

#[test]
fn keys_in_the_wrong_table() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
item = ".post"
link = "a @href"
[sites.ferris.listing]
item = ".post"
timezone = "Europe/Berlin"
[sites.ferris.article]
listen = "127.0.0.1:8787"
"#), @r#"
    error: unknown key `item` in `sites.ferris`
     --> sites.toml:3:1
      |
    3 | item = ".post"
      | ^^^^ it belongs to `sites.ferris.listing`
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    error: unknown key `link` in `sites.ferris`
     --> sites.toml:4:1
      |
    4 | link = "a @href"
      | ^^^^ it belongs to `sites.ferris.article` or `sites.ferris.listing`
      |
      = help: known keys: allow_private, article, charset, cookies, description, feeds, filter, full_text, gap,
              headers, hold, keep, keep_for, keep_pages, language, listing, locale, notice, params, proxy,
              query_filter, refresh, repair, robots, show, sleep_after, test, timezone, title, url, user_agent

    error: unknown key `timezone` in `sites.ferris.listing`
     --> sites.toml:7:1
      |
    7 | timezone = "Europe/Berlin"
      | ^^^^^^^^ it belongs to `[sites.ferris]`, before the next `[header]`
      |
      = help: known keys: author, category, comments, container, content, enclosure, from, id, image,
              image_caption, image_credit, item, language, limit, link, link_pattern, next, order, pages,
              published, request, summary, title, updated

    error: unknown key `listen` in `sites.ferris.article`
     --> sites.toml:9:1
      |
    9 | listen = "127.0.0.1:8787"
      | ^^^^^^
      |
      = help: known keys: author, category, comments, content, enclosure, id, image, image_caption, image_credit,
              language, link, next, prefer, published, remove, summary, title, updated

    4 problems in sites.toml
    "#);
}

#[test]
fn a_site_without_a_name() {
    assert_snapshot!(mistakes(r#"[sites]
url = "https://ferris.example/"
"#), @r#"
error: expected a table, found a text
 --> sites.toml:2:7
  |
2 | url = "https://ferris.example/"
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: sites have names: their keys stand under a header `[sites.NAME]`

1 problem in sites.toml
"#);
}

#[test]
fn keys_without_any_header() {
    assert_snapshot!(mistakes(r#"url = "https://ferris.example/"
item = ".post"
"#), @r#"
    error: there are no sites
     |
     = help: the smallest file is
             [sites.ferris]
             url = "https://ferris.example/blog/"

    error: unknown key `url`
     --> sites.toml:1:1
      |
    1 | url = "https://ferris.example/"
      | ^^^ it belongs to `archive` or `sites.NAME`
      |
      = help: known keys: alarm, archive, defaults, fetch, include, merged, server, sites

    error: unknown key `item`
     --> sites.toml:2:1
      |
    2 | item = ".post"
      | ^^^^
      |
      = help: known keys: alarm, archive, defaults, fetch, include, merged, server, sites

    3 problems in sites.toml
    "#);
}
