//! Addresses, headers and proxies that cannot be.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn addresses_of_the_program() {
    assert_snapshot!(mistakes(r#"[server]
listen = "localhost:8787"
public_url = "https://feeds.example/?x"
[archive]
url = "postgres://db/feeds"
[sites.ferris]
url = "https://ferris.example/"
listing.item = ".post"
"#), @r#"
error: `localhost:8787` is no address and port
 --> sites.toml:2:10
  |
2 | listen = "localhost:8787"
  |          ^^^^^^^^^^^^^^^^
  |
  = help: write numbers: `127.0.0.1:8787` (this machine only), `0.0.0.0:8787` or `[::]:8787` (all)

error: feeds cannot lie below an address with `?` or `#`
 --> sites.toml:3:14
  |
3 | public_url = "https://feeds.example/?x"
  |              ^^^^^^^^^^^^^^^^^^^^^^^^^^

error: `postgres://db/feeds` is no place for the archive
 --> sites.toml:5:7
  |
5 | url = "postgres://db/feeds"
  |       ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write the path of a file: `/var/lib/feedmill/feedmill.db` or `sqlite:feedmill.db`

3 problems in sites.toml
"#);
}

#[test]
fn addresses_of_sites() {
    assert_snapshot!(mistakes(r#"[sites.a]
url = "ferris.example/blog"
listing.item = ".post"
[sites.b]
url = "ftp://ferris.example/"
listing.item = ".post"
[sites.c]
url = "https://me:secret@ferris.example/"
listing.item = ".post"
[sites.d]
url = "https://ferris.example/{page}"
listing.item = ".post"
[sites.e]
url = "https://ferris.example:99999/"
listing.item = ".post"
[sites.f]
url = "the blog"
listing.item = ".post"
"#), @r#"
error: `ferris.example/blog` is no address
 --> sites.toml:2:7
  |
2 | url = "ferris.example/blog"
  |       ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write the whole address: `https://ferris.example/blog`

error: `ftp://ferris.example/` is no address on the web
 --> sites.toml:5:7
  |
5 | url = "ftp://ferris.example/"
  |       ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: it must begin with `https://` or `http://`, not with `ftp:`

error: an address with a user name or password
 --> sites.toml:8:7
  |
8 | url = "https://me:secret@ferris.example/"
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: send them as a header: `headers = { Authorization = "Basic ..." }`, with `user:password` in base64

error: nothing is known that could be put in for `{page}`
  --> sites.toml:11:7
   |
11 | url = "https://ferris.example/{page}"
   |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: `{date:%Y-%m-%d}` is the present day, `params` names others;
           if braces are meant, write `%7B` and `%7D`

error: `https://ferris.example:99999/` is no address
  --> sites.toml:14:7
   |
14 | url = "https://ferris.example:99999/"
   |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ invalid port number

error: `the blog` is no address
  --> sites.toml:17:7
   |
17 | url = "the blog"
   |       ^^^^^^^^^^
   |
   = help: write the whole address: `https://...`

6 problems in sites.toml
"#);
}

#[test]
fn headers() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
headers = { Host = "x", "a b" = "c", X-Crab = "é", Accept = "a", accept = "b", User-Agent = "q" }
user_agent = "two\nlines"
"#), @r#"
error: Feedmill itself sets the header `Host`
 --> sites.toml:4:13
  |
4 | headers = { Host = "x", "a b" = "c", X-Crab = "é", Accept = "a", accept = "b", User-Agent = "q" }
  |             ^^^^
  |
  = help: take it out

error: `a b` is no name of a header
 --> sites.toml:4:25
  |
4 | headers = { Host = "x", "a b" = "c", X-Crab = "é", Accept = "a", accept = "b", User-Agent = "q" }
  |                         ^^^^^

error: a header cannot hold `é`
 --> sites.toml:4:47
  |
4 | headers = { Host = "x", "a b" = "c", X-Crab = "é", Accept = "a", accept = "b", User-Agent = "q" }
  |                                               ^^^
  |
  = help: only letters without accents, digits, signs and spaces can stand in it

error: the header `accept` stands here twice
 --> sites.toml:4:66
  |
4 | headers = { Host = "x", "a b" = "c", X-Crab = "é", Accept = "a", accept = "b", User-Agent = "q" }
  |                                                                  ^^^^^^ capital letters make no difference

error: `User-Agent` has a key of its own
 --> sites.toml:4:80
  |
4 | headers = { Host = "x", "a b" = "c", X-Crab = "é", Accept = "a", accept = "b", User-Agent = "q" }
  |                                                                                ^^^^^^^^^^
  |
  = help: write `user_agent` in the site's table

error: a header cannot hold `\n`
 --> sites.toml:5:14
  |
5 | user_agent = "two\nlines"
  |              ^^^^^^^^^^^^
  |
  = help: only letters without accents, digits, signs and spaces can stand in it

6 problems in sites.toml
"#);
}

#[test]
fn proxies_and_private_addresses() {
    assert_snapshot!(mistakes(r#"[sites.ferris]
url = "https://ferris.example/blog/"
listing.item = ".post"
proxy = "socks5://127.0.0.1:9050"
allow_private = ["10.0.0.5:8080", "localhost", "0.0.0.0/0"]
[sites.b]
url = "https://ferris.example/"
proxy = "proxy.example:3128"
listing.item = ".post"
"#), @r#"
error: `socks5://127.0.0.1:9050` is no proxy
 --> sites.toml:4:9
  |
4 | proxy = "socks5://127.0.0.1:9050"
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^ write `socks5h`: then the proxy looks names up, and nobody else does
  |
  = help: write `http://host:port`, `https://host:port` or `socks5h://host:port`

error: `localhost` is no address
 --> sites.toml:5:35
  |
5 | allow_private = ["10.0.0.5:8080", "localhost", "0.0.0.0/0"]
  |                                   ^^^^^^^^^^^
  |
  = help: write `10.0.0.5`, `10.0.0.5:8080`, `10.0.0.0/24` or `[fd00::1]:80`; names cannot stand here

error: `0.0.0.0/0` is wider than any private network
 --> sites.toml:5:48
  |
5 | allow_private = ["10.0.0.5:8080", "localhost", "0.0.0.0/0"]
  |                                                ^^^^^^^^^^^
  |
  = help: write `10.0.0.5`, `10.0.0.5:8080`, `10.0.0.0/24` or `[fd00::1]:80`; names cannot stand here

error: `proxy.example:3128` is no proxy
 --> sites.toml:8:9
  |
8 | proxy = "proxy.example:3128"
  |         ^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `http://host:port`, `https://host:port` or `socks5h://host:port`

4 problems in sites.toml
"#);
}

#[test]
fn places_in_addresses() {
    let toml = r#"[sites.a]
url = ["https://ferris.example/{date}", "https://ferris.example/{date:%Q}", "https://ferris.example/{date-400:%F}"]
listing.item = "li"

[sites.b]
url = "https://{date:%d}.ferris.example/"
listing.item = "li"

[sites.c]
url = ["https://ferris.example/{date:%F}", "https://ferris.example/{date:%F}"]
listing.item = "li"

[sites.d]
url = "https://ferris.example/x}"
listing.item = "li"

[sites.e]
url = []
listing.item = "li"
"#;
    assert_snapshot!(mistakes(toml), @r#"
error: nothing is known that could be put in for `{date}`
 --> sites.toml:2:8
  |
2 | url = ["https://ferris.example/{date}", "https://ferris.example/{date:%Q}", "https://ferris.example/{date-400:%F}"]
  |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write the day with its format: `{date:%Y-%m-%d}`

error: `%Q` is no format of a date
 --> sites.toml:2:41
  |
2 | url = ["https://ferris.example/{date}", "https://ferris.example/{date:%Q}", "https://ferris.example/{date-400:%F}"]
  |                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: as in `{date:%Y/%m/%d}` for 2026/12/31

error: `{date-400:..}` is no day
 --> sites.toml:2:77
  |
2 | url = ["https://ferris.example/{date}", "https://ferris.example/{date:%Q}", "https://ferris.example/{date-400:%F}"]
  |                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: `{date-1:%Y%m%d}` is yesterday; at most 366 days before or after

error: the host of an address cannot change
 --> sites.toml:6:7
  |
6 | url = "https://{date:%d}.ferris.example/"
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: days and parameters stand behind it, in the path or the query; other hosts are other sites

error: this address stands here twice
  --> sites.toml:10:44
   |
10 | url = ["https://ferris.example/{date:%F}", "https://ferris.example/{date:%F}"]
   |                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

error: a brace without its counterpart
  --> sites.toml:14:7
   |
14 | url = "https://ferris.example/x}"
   |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: `{date:%Y-%m-%d}` is the present day, `params` names others;
           if braces are meant, write `%7B` and `%7D`

error: `url` is empty
  --> sites.toml:18:7
   |
18 | url = []
   |       ^^
   |
   = help: for example `url = "https://ferris.example/blog/"`

7 problems in sites.toml
"#);
}

#[test]
fn what_a_listing_is_asked_with() {
    let toml = r#"[sites.a]
url = "https://ferris.example/"
[sites.a.listing]
item = "li"
request = { method = "GET", form = { q = "{date:today}" }, json = { q = ["x", 1] }, headers = { Host = "x" } }

[sites.b]
url = "https://ferris.example/"
[sites.b.listing]
item = "li"
request = { method = "post", form = { q = { x = 1 } }, json = 2026-11-23 }
"#;
    assert_snapshot!(mistakes(toml), @r#"
error: `form` makes no sense with `GET`
 --> sites.toml:5:29
  |
5 | request = { method = "GET", form = { q = "{date:today}" }, json = { q = ["x", 1] }, headers = { Host = "x" } }
  |                             ^^^^
  |
  = help: write it behind the `?` of the address, or take `method` out

error: `today` is no format of a date
 --> sites.toml:5:42
  |
5 | request = { method = "GET", form = { q = "{date:today}" }, json = { q = ["x", 1] }, headers = { Host = "x" } }
  |                                          ^^^^^^^^^^^^^^
  |
  = help: as in `{date:%Y/%m/%d}` for 2026/12/31

error: one body too many: `form` and `json`
 --> sites.toml:5:60
  |
5 | request = { method = "GET", form = { q = "{date:today}" }, json = { q = ["x", 1] }, headers = { Host = "x" } }
  |                                                            ^^^^ a request has one body

error: `json` makes no sense with `GET`
 --> sites.toml:5:60
  |
5 | request = { method = "GET", form = { q = "{date:today}" }, json = { q = ["x", 1] }, headers = { Host = "x" } }
  |                                                            ^^^^
  |
  = help: write it behind the `?` of the address, or take `method` out

error: Feedmill itself sets the header `Host`
 --> sites.toml:5:97
  |
5 | request = { method = "GET", form = { q = "{date:today}" }, json = { q = ["x", 1] }, headers = { Host = "x" } }
  |                                                                                                 ^^^^
  |
  = help: take it out

error: `method` cannot be `post`
  --> sites.toml:11:22
   |
11 | request = { method = "post", form = { q = { x = 1 } }, json = 2026-11-23 }
   |                      ^^^^^^ did you mean `POST`?
   |
   = help: write `GET` or `POST`

error: expected a text, a whole number, `true` or `false` or a list, found a table
  --> sites.toml:11:43
   |
11 | request = { method = "post", form = { q = { x = 1 } }, json = 2026-11-23 }
   |                                           ^^^^^^^^^

error: expected a table, a list, a text, a whole number, a number with a fraction or `true` or `false`, found a date
  --> sites.toml:11:63
   |
11 | request = { method = "post", form = { q = { x = 1 } }, json = 2026-11-23 }
   |                                                               ^^^^^^^^^^

8 problems in sites.toml
"#);
}
