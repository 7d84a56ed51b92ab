//! Extractors that cannot work.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn selectors() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
[sites.ferris.listing]
item = [".post", ".post @id", "@id"]
container = "div >"
title = "h2:contains('x')"
link = "a @href, b @src"
summary = { css = "p @data-text" }
image = { css = "img", attr = "@src" }
image_caption = { css = "img", attr = "data src" }
"#), @r#"
error: an `@attribute` cannot stand here: this is about elements
 --> sites.toml:4:18
  |
4 | item = [".post", ".post @id", "@id"]
  |                  ^^^^^^^^^^^
  |
  = help: write `.post`

error: an `@attribute` cannot stand here: this is about elements
 --> sites.toml:4:31
  |
4 | item = [".post", ".post @id", "@id"]
  |                               ^^^^^
  |
  = help: write a selector, such as `[id]`

error: this is no CSS selector
 --> sites.toml:5:13
  |
5 | container = "div >"
  |             ^^^^^^^
  |
  = help: it ends in `>`, `+`, `~` or a comma that joins it to nothing

error: this is no CSS selector
 --> sites.toml:6:9
  |
6 | title = "h2:contains('x')"
  |         ^^^^^^^^^^^^^^^^^^
  |
  = help: it has a pseudo-class that Feedmill does not know (`:contains` and the like are no CSS; use `match` on the text)

error: this is no CSS selector
 --> sites.toml:7:8
  |
7 | link = "a @href, b @src"
  |        ^^^^^^^^^^^^^^^^^
  |
  = help: ` @attribute` stands once, at the end; for several, write a list: `["a @href", "b @src"]`

error: in a table the attribute has a key of its own
 --> sites.toml:8:19
  |
8 | summary = { css = "p @data-text" }
  |                   ^^^^^^^^^^^^^^
  |
  = help: write `css = "p", attr = "data-text"`

error: `@src` is no attribute
 --> sites.toml:9:31
  |
9 | image = { css = "img", attr = "@src" }
  |                               ^^^^^^
  |
  = help: write `src`

error: `data src` is no attribute
  --> sites.toml:10:39
   |
10 | image_caption = { css = "img", attr = "data src" }
   |                                       ^^^^^^^^^^

8 problems in sites.toml
"#);
}

#[test]
fn patterns() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
listing.link_pattern = '/(\d+/'
listing.id = { url = '(a)\1' }
listing.title = { css = "h2", match = '(?:(?:x{1000}){1000}){100}' }
listing.category = { css = "p", replace = [['(\d+)', '$1st'], ['x', '$1'], ['[', '']] }
listing.author = { css = "p", replace = ["by "] }
"#), @r#"
error: this is no regular expression: unclosed group
 --> sites.toml:4:24
  |
4 | listing.link_pattern = '/(\d+/'
  |                        ^^^^^^^^

error: this is no regular expression: backreferences are not supported
 --> sites.toml:5:22
  |
5 | listing.id = { url = '(a)\1' }
  |                      ^^^^^^^

error: this pattern takes too much memory
 --> sites.toml:6:39
  |
6 | listing.title = { css = "h2", match = '(?:(?:x{1000}){1000}){100}' }
  |                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: repetitions of repetitions grow fast: `{1000}` within `{1000}` is a million

error: the pattern has no group `$1st`
 --> sites.toml:7:54
  |
7 | listing.category = { css = "p", replace = [['(\d+)', '$1st'], ['x', '$1'], ['[', '']] }
  |                                                      ^^^^^^
  |
  = help: the name goes on as long as letters do: write `${1}st`

error: the pattern has no group `$1`
 --> sites.toml:7:69
  |
7 | listing.category = { css = "p", replace = [['(\d+)', '$1st'], ['x', '$1'], ['[', '']] }
  |                                                                     ^^^^
  |
  = help: groups are counted by their `(`, from `$1`; `$$` is a dollar

error: this is no regular expression: unclosed character class
 --> sites.toml:7:77
  |
7 | listing.category = { css = "p", replace = [['(\d+)', '$1st'], ['x', '$1'], ['[', '']] }
  |                                                                             ^^^

error: `replace` takes pairs
 --> sites.toml:8:41
  |
8 | listing.author = { css = "p", replace = ["by "] }
  |                                         ^^^^^^^
  |
  = help: write `["from", "to"]`, or a list: `[["from", "to"], ["from", "to"]]`

7 problems in sites.toml
"#);
}

#[test]
fn sources() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[sites.ferris.article]
title = { attr = "content" }
author = { css = ".by", meta = "author" }
summary = [{ meta = "description" }, { all = true, join = ", " }]
"#), @r#"
error: this table does not say where the value comes from
 --> sites.toml:5:9
  |
5 | title = { attr = "content" }
  |         ^^^^^^^^^^^^^^^^^^^^
  |
  = help: name one source: `css`, `xpath`, `json`, `meta`, `jsonld`, `url` or `text`

error: one source too many: `css` and `meta`
 --> sites.toml:6:25
  |
6 | author = { css = ".by", meta = "author" }
  |                         ^^^^
  |
  = help: one table names one source; a list of tables is tried in order: `[{ .. }, { .. }]`

error: this table does not say where the value comes from
 --> sites.toml:7:38
  |
7 | summary = [{ meta = "description" }, { all = true, join = ", " }]
  |                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: name one source: `css`, `xpath`, `json`, `meta`, `jsonld`, `url` or `text`

3 problems in sites.toml
"#);
}

#[test]
fn templates() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[sites.ferris.article]
title = { css = "h1", template = "{titel}: {value}" }
author = { css = ".by", template = "{value" }
summary = { css = "p", template = "{summary}!" }
category = { css = "p", template = "{points}" }
"#), @r#"
error: in this template, `{titel}` is neither `{value}` nor a field
 --> sites.toml:5:34
  |
5 | title = { css = "h1", template = "{titel}: {value}" }
  |                                  ^^^^^^^^^^^^^^^^^^ did you mean `{title}`?

error: in this template, `{` has no `}` (write `{{` for a brace that is meant as one)
 --> sites.toml:6:36
  |
6 | author = { css = ".by", template = "{value" }
  |                                    ^^^^^^^^

error: `{summary}` is the very field that this is about
 --> sites.toml:7:35
  |
7 | summary = { css = "p", template = "{summary}!" }
  |                                   ^^^^^^^^^^^^
  |
  = help: write `{value}` for what this extractor found

error: in this template, `{points}` is neither `{value}` nor a field
 --> sites.toml:8:36
  |
8 | category = { css = "p", template = "{points}" }
  |                                    ^^^^^^^^^^
  |
  = help: known are `{value}`, `{title}`, `{link}` and every other field

4 problems in sites.toml
"#);
}

#[test]
fn dates() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
[sites.ferris.listing]
item = ".post"
[sites.ferris.listing.published]
css = "time"
format = "dd.mm.yyyy"
timezone = "Europe/Berln"
[sites.ferris.article]
published = [{ css = "time", format = "%d.%m.%Q" }, { meta = "date", timezone_override = true }]
"#), @r#"
error: `dd.mm.yyyy` has no `%` directives
 --> sites.toml:7:10
  |
7 | format = "dd.mm.yyyy"
  |          ^^^^^^^^^^^^
  |
  = help: as in `%d.%m.%Y %H:%M` for 31.12.2026 23:59, or `unix`, or `unix-ms`

error: `Europe/Berln` is no timezone
 --> sites.toml:8:12
  |
8 | timezone = "Europe/Berln"
  |            ^^^^^^^^^^^^^^ did you mean `Europe/Berlin`?
  |
  = help: zones have IANA names such as `Europe/Moscow` or `America/New_York`; `UTC` is one too

error: a directive in `%d.%m.%Q` is not known
  --> sites.toml:10:39
   |
10 | published = [{ css = "time", format = "%d.%m.%Q" }, { meta = "date", timezone_override = true }]
   |                                       ^^^^^^^^^^
   |
   = help: as in `%d.%m.%Y %H:%M` for 31.12.2026 23:59, or `unix`, or `unix-ms`

error: `timezone_override` without a `timezone`
  --> sites.toml:10:70
   |
10 | published = [{ css = "time", format = "%d.%m.%Q" }, { meta = "date", timezone_override = true }]
   |                                                                      ^^^^^^^^^^^^^^^^^
   |
   = help: say which one is right: `timezone = "Europe/Moscow"`, here or in the site's table

4 problems in sites.toml
"#);
}

#[test]
fn refinements_that_make_no_sense() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[sites.ferris.article]
id = { meta = "id", default = "1" }
link = { text = "https://ferris.example/" }
title = { css = "h1", join = " ", format = "%Y" }
published = { css = "time", template = "on {value}", default = "2026-01-01" }
"#), @r#"
error: `default` makes no sense for `id`
 --> sites.toml:5:21
  |
5 | id = { meta = "id", default = "1" }
  |                     ^^^^^^^ all items without one would become the same item

error: `text` makes no sense for `link`
 --> sites.toml:6:10
  |
6 | link = { text = "https://ferris.example/" }
  |          ^^^^ every item would have the same

error: `join` makes no sense for `title`
 --> sites.toml:7:23
  |
7 | title = { css = "h1", join = " ", format = "%Y" }
  |                       ^^^^ there is one value; with `all = true` there are more to join

error: `format` makes no sense for `title`
 --> sites.toml:7:35
  |
7 | title = { css = "h1", join = " ", format = "%Y" }
  |                                   ^^^^^^ `title` is no date

error: `template` makes no sense for `published`
 --> sites.toml:8:29
  |
8 | published = { css = "time", template = "on {value}", default = "2026-01-01" }
  |                             ^^^^^^^^ a sentence is no date

error: `default` makes no sense for `published`
 --> sites.toml:8:54
  |
8 | published = { css = "time", template = "on {value}", default = "2026-01-01" }
  |                                                      ^^^^^^^ no date is better than a made-up one: leave it out

6 problems in sites.toml
"#);
}

#[test]
fn more_refinements_that_make_no_sense() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
[sites.ferris.article]
image = { css = "img", attr = "src", all = true, html = true }
enclosure = { css = "a", attr = "href", join = " " }
author = { text = "Ferris", all = true, attr = "title" }
comments = { url = '.*', html = true }
title = { css = "h1", split = "," }
"#), @r#"
error: `all` makes no sense for `image`
 --> sites.toml:5:38
  |
5 | image = { css = "img", attr = "src", all = true, html = true }
  |                                      ^^^ `image` is one value

error: `html` makes no sense for `image`
 --> sites.toml:5:50
  |
5 | image = { css = "img", attr = "src", all = true, html = true }
  |                                                  ^^^^ an attribute has no markup

error: `join` makes no sense for `enclosure`
 --> sites.toml:6:41
  |
6 | enclosure = { css = "a", attr = "href", join = " " }
  |                                         ^^^^ joined addresses are no address

error: `all` makes no sense for `author`
 --> sites.toml:7:29
  |
7 | author = { text = "Ferris", all = true, attr = "title" }
  |                             ^^^ `text` yields one value

error: `attr` makes no sense for `author`
 --> sites.toml:7:41
  |
7 | author = { text = "Ferris", all = true, attr = "title" }
  |                                         ^^^^ only what `css` or `xpath` matches has attributes, not `text`

error: `html` makes no sense for `comments`
 --> sites.toml:8:26
  |
8 | comments = { url = '.*', html = true }
  |                          ^^^^ a link has no markup

error: `split` makes no sense for `title`
 --> sites.toml:9:23
  |
9 | title = { css = "h1", split = "," }
  |                       ^^^^^ `title` is not several texts

7 problems in sites.toml
"#);
}

#[test]
fn xpath() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
[sites.ferris.listing]
item = "//li["
title = "./h2 @title"
link = { xpath = "//a[matches(@href, 'x')]" }
image = "//div.photo"
"#), @r#"
error: this is no XPath 1.0 expression
 --> sites.toml:4:8
  |
4 | item = "//li["
  |        ^^^^^^^ at its end: unexpected end of input, expected an expression

error: this is no XPath 1.0 expression
 --> sites.toml:5:9
  |
5 | title = "./h2 @title"
  |         ^^^^^^^^^^^^^
  |
  = help: write `./h2/@title`

error: this is no XPath 1.0 expression
 --> sites.toml:6:18
  |
6 | link = { xpath = "//a[matches(@href, 'x')]" }
  |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: `matches()` is no function of XPath 1.0 (known are `contains`, `starts-with`, `normalize-space`, `substring-before`, `translate` and so on; for patterns use `match`)

error: this is no XPath 1.0 expression
 --> sites.toml:7:9
  |
7 | image = "//div.photo"
  |         ^^^^^^^^^^^^^
  |
  = help: `div.photo` is a name with a dot; a class is `*[contains(@class, 'name')]`

4 problems in sites.toml
"#);
}

#[test]
fn json_path() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
[sites.ferris.listing]
item = "li"
summary = "$.a["
author = { json = "a b", script = "x[" }
category = { css = "a", script = "x" }
[sites.ferris.article]
remove = ["$.x", "//aside["]
"#), @r#"
error: this is no JSONPath
 --> sites.toml:5:11
  |
5 | summary = "$.a["
  |           ^^^^^^ at `[` it is not understood
  |
  = help: for example `$.posts[*].title`, `$['a name']`, `$.posts[?@.type == 'news']` (RFC 9535)

error: this is no JSONPath
 --> sites.toml:6:19
  |
6 | author = { json = "a b", script = "x[" }
  |                   ^^^^^ at ` b` it is not understood
  |
  = help: for example `$.posts[*].title`, `$['a name']`, `$.posts[?@.type == 'news']` (RFC 9535)

error: this is no CSS selector
 --> sites.toml:6:35
  |
6 | author = { json = "a b", script = "x[" }
  |                                   ^^^^
  |
  = help: it ends before it is complete

error: `script` makes no sense for `category`
 --> sites.toml:7:25
  |
7 | category = { css = "a", script = "x" }
  |                         ^^^^^^ only `json` is read from scripts, not `css`

error: JSON has no elements
 --> sites.toml:9:11
  |
9 | remove = ["$.x", "//aside["]
  |           ^^^^^
  |
  = help: write a CSS selector or an XPath of what the page shows

error: this is no XPath 1.0 expression
 --> sites.toml:9:18
  |
9 | remove = ["$.x", "//aside["]
  |                  ^^^^^^^^^^ at its end: unexpected end of input, expected an expression

6 problems in sites.toml
"#);
}

#[test]
fn listings_that_are_no_pages() {
    assert_snapshot!(mistakes(r#"[sites.a]
url = "https://a.example/feed"
listing.from = "feeds"
[sites.b]
url = "https://a.example/feed"
[sites.b.listing]
from = "html"
[sites.c]
url = "https://a.example/feed"
[sites.c.listing]
item = [{ css = "li", xpath = "//li" }, { }, { css = "li", script = "x" }]
[sites.d]
url = "https://a.example/feed"
listing = { from = "feed", title = "h2", author = { xpath = "./b" }, category = "$.category", image = false }
"#), @r#"
error: `from` cannot be `feeds`
 --> sites.toml:3:16
  |
3 | listing.from = "feeds"
  |                ^^^^^^^ did you mean `feed`?
  |
  = help: write `html`, `json`, `feed` or `sitemap`

error: one source too many: `css` and `xpath`
  --> sites.toml:11:23
   |
11 | item = [{ css = "li", xpath = "//li" }, { }, { css = "li", script = "x" }]
   |                       ^^^^^
   |
   = help: one table names one source; a list of tables is tried in order: `[{ .. }, { .. }]`

error: this table does not say where the value comes from
  --> sites.toml:11:41
   |
11 | item = [{ css = "li", xpath = "//li" }, { }, { css = "li", script = "x" }]
   |                                         ^^^
   |
   = help: name one source: `css`, `xpath` or `json`

error: `script` makes no sense here
  --> sites.toml:11:60
   |
11 | item = [{ css = "li", xpath = "//li" }, { }, { css = "li", script = "x" }]
   |                                                            ^^^^^^ only `json` is read from scripts, not `css`

error: a row of this listing is JSON, and has no elements
  --> sites.toml:14:36
   |
14 | listing = { from = "feed", title = "h2", author = { xpath = "./b" }, category = "$.category", image = false }
   |                                    ^^^^
   |
   = help: write a JSONPath, such as `title = "$.title"`

error: a row of this listing is JSON, and has no elements
  --> sites.toml:14:51
   |
14 | listing = { from = "feed", title = "h2", author = { xpath = "./b" }, category = "$.category", image = false }
   |                                                   ^^^^^^^^^^^^^^^^^
   |
   = help: write a JSONPath, such as `author = "$.author"`

6 problems in sites.toml
"#);
}
