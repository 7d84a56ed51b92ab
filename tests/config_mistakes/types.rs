//! Values of the wrong type, or out of bounds.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn wrong_types_of_a_site() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = true
title = 5
show = "50"
headers = "Cookie: a=b"
allow_private = "10.0.0.5"
article = false
test = { page = "x.html" }
"#), @r#"
error: expected a text or a list, found `true`
 --> sites.toml:2:7
  |
2 | url = true
  |       ^^^^
  |
  = help: for example `url = "https://ferris.example/blog/"`

error: expected a text, found a number
 --> sites.toml:3:9
  |
3 | title = 5
  |         ^
  |
  = help: for example `title = "Ferris writes"`

error: expected a whole number, found a text
 --> sites.toml:4:8
  |
4 | show = "50"
  |        ^^^^
  |
  = help: for example `show = 50`

error: expected a table, found a text
 --> sites.toml:5:11
  |
5 | headers = "Cookie: a=b"
  |           ^^^^^^^^^^^^^
  |
  = help: for example `headers = { Authorization = "Bearer ${TOKEN}" }`

error: expected a list, found a text
 --> sites.toml:6:17
  |
6 | allow_private = "10.0.0.5"
  |                 ^^^^^^^^^^
  |
  = help: for example `allow_private = ["10.0.0.5:8080"]`

error: expected a table, found `false`
 --> sites.toml:7:11
  |
7 | article = false
  |           ^^^^^

error: expected a list, found a table
 --> sites.toml:8:8
  |
8 | test = { page = "x.html" }
  |        ^^^^^^^^^^^^^^^^^^^

7 problems in sites.toml
"#);
}

#[test]
fn wrong_types_of_fields() {
    assert_snapshot!(mistakes(r##"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = { css = ".post" }
listing.title = ["h2", 7, ["h3"]]
listing.link = { css = "a", all = "yes" }
listing.summary = { css = 5, attr = 1.5 }
listing.category = { css = ".tag", replace = "#" }
"##), @r##"
error: expected a text or a table, found a number
 --> sites.toml:4:24
  |
4 | listing.title = ["h2", 7, ["h3"]]
  |                        ^
  |
  = help: with quotes it is a text: `"7"`

error: expected a text or a table, found a list
 --> sites.toml:4:27
  |
4 | listing.title = ["h2", 7, ["h3"]]
  |                           ^^^^^^

error: expected `true` or `false`, found a text
 --> sites.toml:5:35
  |
5 | listing.link = { css = "a", all = "yes" }
  |                                   ^^^^^

error: expected a text, found a number
 --> sites.toml:6:27
  |
6 | listing.summary = { css = 5, attr = 1.5 }
  |                           ^
  |
  = help: for example `css = "h1"`

error: expected a text, found a number with a fraction
 --> sites.toml:6:37
  |
6 | listing.summary = { css = 5, attr = 1.5 }
  |                                     ^^^
  |
  = help: for example `attr = "datetime"`

error: expected a list, found a text
 --> sites.toml:7:46
  |
7 | listing.category = { css = ".tag", replace = "#" }
  |                                              ^^^
  |
  = help: for example `replace = [["from", "to"]]`

6 problems in sites.toml
"##);
}

#[test]
fn values_that_are_too_small_too_large_or_unknown() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
title = ""
show = 0
[sites.ferris.listing]
item = []
limit = 501
order = "revers"
title = true
"#), @r#"
error: `title` is empty
 --> sites.toml:3:9
  |
3 | title = ""
  |         ^^
  |
  = help: for example `title = "Ferris writes"`

error: `show` must be at least 1
 --> sites.toml:4:8
  |
4 | show = 0
  |        ^

error: `item` is empty
 --> sites.toml:6:8
  |
6 | item = []
  |        ^^
  |
  = help: for example `item = "article.post"`

error: `limit` must be at most 500
 --> sites.toml:7:9
  |
7 | limit = 501
  |         ^^^

error: `order` cannot be `revers`
 --> sites.toml:8:9
  |
8 | order = "revers"
  |         ^^^^^^^^ did you mean `reverse`?
  |
  = help: write `page` or `reverse`

error: `title` cannot be `true`, only `false`
 --> sites.toml:9:9
  |
9 | title = true
  |         ^^^^

6 problems in sites.toml
"#);
}

#[test]
fn values_of_tests_that_cannot_be() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[[sites.ferris.test]]
page = "a.html"
kind = "artikel"
count = -1
expect = { headline = "x" }
"#), @r#"
error: `kind` cannot be `artikel`
 --> sites.toml:6:8
  |
6 | kind = "artikel"
  |        ^^^^^^^^^ did you mean `article`?
  |
  = help: write `listing` or `article`

error: `count` must be at least 0
 --> sites.toml:7:9
  |
7 | count = -1
  |         ^^

error: unknown key `headline` in `sites.ferris.test.expect`
 --> sites.toml:8:12
  |
8 | expect = { headline = "x" }
  |            ^^^^^^^^
  |
  = help: known keys: author, category, comments, content, enclosure, id, image, image_caption, image_credit,
          language, link, published, summary, title, updated

3 problems in sites.toml
"#);
}

#[test]
fn numbers_beyond_all_bounds() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
show = 99999999999999999999
"#), @"
error: `show` must be at most 500
 --> sites.toml:4:8
  |
4 | show = 99999999999999999999
  |        ^^^^^^^^^^^^^^^^^^^^

1 problem in sites.toml
");
}
