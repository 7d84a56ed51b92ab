//! What is no TOML: one message for each place, and the rest of the file is still read.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn texts_without_quotes_or_with_half_of_them() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = https://ferris.example/
title = “Ferris”
description = "A crab
charset = 'it's'
listing.item = ".post"
"#), @r#"
error: a text without quotes
 --> sites.toml:2:7
  |
2 | url = https://ferris.example/
  |       ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `"https://ferris.example/"`

error: a text without quotes
 --> sites.toml:3:9
  |
3 | title = “Ferris”
  |         ^^^^^^^^ these quotes are not straight
  |
  = help: write `"Ferris"`

error: a text without a closing quote
 --> sites.toml:4:15
  |
4 | description = "A crab
  |               ^^^^^^^ it begins here and does not end on this line

error: something stands after the value
 --> sites.toml:5:15
  |
5 | charset = 'it's'
  |               ^
  |
  = help: one key a line; a text that holds `'` stands between `"`, one that holds `"` between `'`

4 problems in sites.toml
"#);
}

#[test]
fn backslashes_between_double_quotes() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
listing.link_pattern = "/\d+/"
"#), @r#"
error: `\d` means nothing between double quotes
 --> sites.toml:4:26
  |
4 | listing.link_pattern = "/\d+/"
  |                          ^^
  |
  = help: between single quotes every character stands for itself: write patterns as '\d+'

1 problem in sites.toml
"#);
}

#[test]
fn lists_and_tables_that_never_end() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
[sites.ferris.listing]
item = [".post", ".entry"
title = { css = "h2"
link = "a @href"
summary = """
no end
"#), @r#"
error: a list without its `]`
 --> sites.toml:4:8
  |
4 | item = [".post", ".entry"
  |        ^ it begins here
  |
  = help: close it with `]`

error: a table without its `}`
 --> sites.toml:5:9
  |
5 | title = { css = "h2"
  |         ^ it begins here
  |
  = help: close it with `}`

error: a text without its closing quotes
 --> sites.toml:7:11
  |
7 | summary = """
  |           ^^^ it begins here
  |
  = help: close it with three quotes

3 problems in sites.toml
"#);
}

#[test]
fn a_comma_is_forgotten() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
headers = {
  Accept = "text/html"
  Cookie = "a=b"
}
[sites.ferris.listing]
item = [".post" ".entry"]
"#), @r#"
error: a comma is missing
 --> sites.toml:5:3
  |
5 |   Cookie = "a=b"
  |   ^ before this

error: a comma is missing
 --> sites.toml:8:17
  |
8 | item = [".post" ".entry"]
  |                 ^ before this

2 problems in sites.toml
"#);
}

#[test]
fn equals_signs_are_forgotten() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url "https://ferris.example/"
title: "Ferris"
language
listing.item = ".post"
"#), @r#"
error: `=` is missing
 --> sites.toml:2:5
  |
2 | url "https://ferris.example/"
  |     ^
  |
  = help: a line is a `[header]` or `key = value`

error: `:` instead of `=`
 --> sites.toml:3:6
  |
3 | title: "Ferris"
  |      ^
  |
  = help: write `key = value`

error: `=` is missing
 --> sites.toml:4:1
  |
4 | language
  | ^^^^^^^^
  |
  = help: a line is a `[header]` or `key = value`

3 problems in sites.toml
"#);
}

#[test]
fn words_that_are_no_values() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
show = 05
title = Yes
listing.image = False
refresh = 15m
"#), @r#"
error: a number does not begin with a zero
 --> sites.toml:4:8
  |
4 | show = 05
  |        ^

error: a text without quotes
 --> sites.toml:5:9
  |
5 | title = Yes
  |         ^^^
  |
  = help: write `"Yes"`

error: neither `true` nor `false`
 --> sites.toml:6:17
  |
6 | listing.image = False
  |                 ^^^^^
  |
  = help: both are written in small letters

error: a text without quotes
 --> sites.toml:7:11
  |
7 | refresh = 15m
  |           ^^^
  |
  = help: write `"15m"`

4 problems in sites.toml
"#);
}

#[test]
fn headers_that_are_broken() {
    assert_snapshot!(mistakes(r#"[sites.ferris
url = "https://ferris.example/"
listing.item = ".post"

[sites.crab]]
url = "https://crab.example/"
listing.item = ".post"

[sites.claw]
url = "https://claw.example/"
listing.item = ".post >"
"#), @r#"
error: a header without its `]`
 --> sites.toml:1:14
  |
1 | [sites.ferris
  |              ^

error: something stands after the header
 --> sites.toml:5:13
  |
5 | [sites.crab]]
  |             ^

error: this is no CSS selector
  --> sites.toml:11:16
   |
11 | listing.item = ".post >"
   |                ^^^^^^^^^
   |
   = help: it ends in `>`, `+`, `~` or a comma that joins it to nothing

3 problems in sites.toml
"#);
}

#[test]
fn twice_the_same() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
url = "https://ferris.example/"
[sites.crab]
url = "https://crab.example/"
[sites.crab.listing]
item = ".post"
[sites.crab]
url = "https://crab.example/news/"
[sites.crab.listing]
item = ".entry"
[sites.claw]
url = "https://claw.example/"
listing.item = ".post >"
"#), @r#"
error: `url` stands here twice
 --> sites.toml:4:1
  |
4 | url = "https://ferris.example/"
  | ^^^ the second time
  |
  = help: put everything under the first, and take this one out

error: `crab` stands here twice
 --> sites.toml:9:8
  |
9 | [sites.crab]
  |        ^^^^ the second time
  |
  = help: put everything under the first, and take this one out

error: this is no CSS selector
  --> sites.toml:15:16
   |
15 | listing.item = ".post >"
   |                ^^^^^^^^^
   |
   = help: it ends in `>`, `+`, `~` or a comma that joins it to nothing

3 problems in sites.toml
"#);
}

#[test]
fn something_else_than_toml() {
    assert_snapshot!(mistakes(r#"<!doctype html>
<html><head><title>404</title></head>
<body><p class="x">Not found</p></body></html>
"#), @"
error: this looks like a web page, or some other kind of XML
 --> sites.toml:1:1
  |
1 | <!doctype html>
  | ^^^^^^^^^^^^^^^
  |
  = help: a configuration is TOML: `[headers]`, and `key = value` below them

1 problem in sites.toml
");
    assert_snapshot!(mistakes(r#"{ "sites": {} }
"#), @r#"
error: this looks like JSON
 --> sites.toml:1:1
  |
1 | { "sites": {} }
  | ^^^^^^^^^^^^^^^
  |
  = help: a configuration is TOML: `[headers]`, and `key = value` below them

1 problem in sites.toml
"#);
    assert_snapshot!(mistakes("Dear Feedmill,
please make a feed of https://ferris.example/
"), @"
error: `=` is missing
 --> sites.toml:1:6
  |
1 | Dear Feedmill,
  |      ^
  |
  = help: a line is a `[header]` or `key = value`

error: `=` is missing
 --> sites.toml:2:8
  |
2 | please make a feed of https://ferris.example/
  |        ^
  |
  = help: a line is a `[header]` or `key = value`

2 problems in sites.toml
");
}
