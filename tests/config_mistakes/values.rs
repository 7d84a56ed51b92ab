//! Values that are a word or two, and make no sense.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn names_of_sites() {
    assert_snapshot!(mistakes(r#"[sites.Ferris]
url = "https://ferris.example/"
listing.item = ".post"
[sites."the crab"]
url = "https://crab.example/"
listing.item = ".post"
[sites.-]
url = "https://claw.example/"
listing.item = ".post"
[sites.index]
url = "https://claw.example/"
listing.item = ".post"
"#), @r#"
error: `Ferris` cannot be a site's name
 --> sites.toml:1:8
  |
1 | [sites.Ferris]
  |        ^^^^^^ for example `ferris`
  |
  = help: a name has small letters, digits, `-` and `_`, and begins with a letter or digit

error: `the crab` cannot be a site's name
 --> sites.toml:4:8
  |
4 | [sites."the crab"]
  |        ^^^^^^^^^^ for example `the-crab`
  |
  = help: a name has small letters, digits, `-` and `_`, and begins with a letter or digit

error: `-` cannot be a site's name
 --> sites.toml:7:8
  |
7 | [sites.-]
  |        ^
  |
  = help: a name has small letters, digits, `-` and `_`, and begins with a letter or digit

error: `index` cannot be a site's name
  --> sites.toml:10:8
   |
10 | [sites.index]
   |        ^^^^^ `index.html` is the list of all feeds

4 problems in sites.toml
"#);
}

#[test]
fn durations_and_sizes() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
refresh = "15 minutes"
[sites.b]
url = "https://ferris.example/"
listing.item = ".post"
refresh = "30"
[sites.c]
url = "https://ferris.example/"
listing.item = ".post"
refresh = "soon"
[fetch]
connect_timeout = "0s"
total_timeout = "1h"
gap = "2y"
max_body = "11 MiB"
"#), @r#"
    error: `minutes` is no unit of time
     --> sites.toml:4:11
      |
    4 | refresh = "15 minutes"
      |           ^^^^^^^^^^^^
      |
      = help: write a duration as `30s`, `15m`, `1h30m` or `1d`, or `auto`

    error: `30` has no unit
     --> sites.toml:8:11
      |
    8 | refresh = "30"
      |           ^^^^
      |
      = help: write a duration as `30s`, `15m`, `1h30m` or `1d`, or `auto`

    error: `soon` is no duration
      --> sites.toml:12:11
       |
    12 | refresh = "soon"
       |           ^^^^^^
       |
       = help: write a duration as `30s`, `15m`, `1h30m` or `1d`, or `auto`

    error: a duration of zero
      --> sites.toml:14:19
       |
    14 | connect_timeout = "0s"
       |                   ^^^^
       |
       = help: write a duration as `30s`, `15m`, `1h30m`, `1d` or `500ms`

    error: `1h` is too long to wait
      --> sites.toml:15:17
       |
    15 | total_timeout = "1h"
       |                 ^^^^
       |
       = help: at most `150s`

    error: `2y` is longer than a year
      --> sites.toml:16:7
       |
    16 | gap = "2y"
       |       ^^^^
       |
       = help: write a duration as `30s`, `15m`, `1h30m`, `1d` or `500ms`

    error: `11 MiB` is more than a page may have
      --> sites.toml:17:12
       |
    17 | max_body = "11 MiB"
       |            ^^^^^^^^
       |
       = help: write a size as `500 kB` or `8 MiB`, at most `10 MiB`

    7 problems in sites.toml
    "#);
}

#[test]
fn more_sizes() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[fetch]
max_body = "8 megs"
gap = "500d"
concurrency = 0
"#), @r#"
error: `megs` is no unit of size
 --> sites.toml:5:12
  |
5 | max_body = "8 megs"
  |            ^^^^^^^^
  |
  = help: write a size as `500 kB` or `8 MiB`, at most `10 MiB`

error: `500d` is longer than a year
 --> sites.toml:6:7
  |
6 | gap = "500d"
  |       ^^^^^^
  |
  = help: write a duration as `30s`, `15m`, `1h30m`, `1d` or `500ms`

error: `concurrency` must be at least 1
 --> sites.toml:7:15
  |
7 | concurrency = 0
  |               ^

3 problems in sites.toml
"#);
}

#[test]
fn zones_languages_and_encodings() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
timezone = "Moscow"
language = "en_GB"
charset = "utf-9"
[sites.b]
url = "https://ferris.example/"
timezone = "Europe/Kyev"
language = "english"
listing.item = ".post"
[sites.c]
url = "https://ferris.example/"
timezone = "MSK"
listing.item = ".post"
"#), @r#"
error: `Moscow` is no timezone
 --> sites.toml:4:12
  |
4 | timezone = "Moscow"
  |            ^^^^^^^^ did you mean `Europe/Moscow`?
  |
  = help: zones have IANA names such as `Europe/Moscow` or `America/New_York`; `UTC` is one too

error: `en_GB` is no language
 --> sites.toml:5:12
  |
5 | language = "en_GB"
  |            ^^^^^^^ did you mean `en-GB`?
  |
  = help: write it as `en`, `pt-BR` or `zh-Hant`

error: `utf-9` is no encoding of web pages
 --> sites.toml:6:11
  |
6 | charset = "utf-9"
  |           ^^^^^^^
  |
  = help: known are `utf-8`, `windows-1251`, `iso-8859-2`, `shift_jis`, `gbk` and the others that browsers know

error: `Europe/Kyev` is no timezone
 --> sites.toml:9:12
  |
9 | timezone = "Europe/Kyev"
  |            ^^^^^^^^^^^^^ did you mean `Europe/Kiev`?
  |
  = help: zones have IANA names such as `Europe/Moscow` or `America/New_York`; `UTC` is one too

error: `english` is no language
  --> sites.toml:10:12
   |
10 | language = "english"
   |            ^^^^^^^^^
   |
   = help: write it as `en`, `pt-BR` or `zh-Hant`

error: `MSK` is no timezone
  --> sites.toml:14:12
   |
14 | timezone = "MSK"
   |            ^^^^^
   |
   = help: zones have IANA names such as `Europe/Moscow` or `America/New_York`; `UTC` is one too

6 problems in sites.toml
"#);
}

#[test]
fn saved_tests() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[[sites.ferris.test]]
kind = "listing"
count = 3
[[sites.ferris.test]]
page = "a.html"
kind = "article"
count = 3
[[sites.ferris.test]]
page = "a.html"
[[sites.ferris.test]]
page = "a.html"
url = "a.html"
count = 3
"#), @r#"
error: `sites.ferris.test` has no `page`
 --> sites.toml:4:1
  |
4 | [[sites.ferris.test]]
  | ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: the saved page: a path, seen from the folder of this file: `page = "tests/pages/ferris/listing.html"`

error: `count` makes no sense for an article
  --> sites.toml:10:1
   |
10 | count = 3
   | ^^^^^ it is one item

error: this test checks nothing
  --> sites.toml:11:1
   |
11 | [[sites.ferris.test]]
   | ^^^^^^^^^^^^^^^^^^^^^
   |
   = help: write `count`, `expect`, `contains` or `lacks`

error: `a.html` is no address
  --> sites.toml:15:7
   |
15 | url = "a.html"
   |       ^^^^^^^^
   |
   = help: write the whole address: `https://a.html`

4 problems in sites.toml
"#);
}
