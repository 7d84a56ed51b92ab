//! Secrets are read where they lie, sent where they belong, and shown nowhere.

#![cfg(test)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use insta::assert_snapshot;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::site::configure;

const PAGE: &str = "<li class=story><h2><a href=/1>One</a></h2></li>";
/// What must never be seen.
const SECRETS: [&str; 4] = ["hunter2", "t0ken", "ch0colate", "sp1ce"];

fn run(home: &Path, arguments: &[&str]) -> (Output, String) {
    let mut command = feedmill(home);
    command.args(arguments).env("TOKEN", "t0ken").env("LOGIN", "hunter2").env("LISTED", "sp1ce");
    let output = command.output().expect("the binary");
    let said = [&output.stdout[..], &output.stderr].concat();
    (output, String::from_utf8_lossy(&said).into_owned())
}

fn is_silent(said: &str) {
    for secret in SECRETS {
        assert!(!said.contains(secret), "{secret} is told: {said}");
    }
}

fn toml(origin: &Origin, more: &str) -> String {
    format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n{more}\n[sites.mill.listing]\nitem = \"li.story\"\n\n\
         [fetch]\ngap = \"0s\"\n",
        origin.url("/"),
        origin.address(),
    )
}

#[test]
fn secrets_go_to_the_site_s_own_origin_and_into_no_output() {
    let (origin, other, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    fs::write(home.path().join("cookie"), "ch0colate\r\n").unwrap();
    origin.on("/", Script::redirect(302, "/list"));
    origin.on("/list", Script::redirect(302, &other.url("/list")));
    other.on("/list", Script::html(PAGE));
    let keys = "headers = { Authorization = \"Bearer ${TOKEN}\", X-Plain = \"$${TOKEN}\" }\n\
                cookies = { session = \"file:cookie\", login = \"${LOGIN}\" }\nuser_agent = \"mill/${LISTED}\"\n";
    let toml = toml(&origin, keys).replace("\"]\n", &format!("\", \"{}\"]\n", other.address()));
    configure(home.path(), &toml);
    for arguments in [
        &["preview", "mill", "--json", "--explain", "-vv"][..],
        &["check", "--online", "-vv"],
        &["build", "--out", "out", "-vv"],
        &["opml"],
    ] {
        let (output, said) = run(home.path(), arguments);
        assert!(output.status.success(), "{said}");
        is_silent(&said);
    }
    for request in origin.requests() {
        assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
        assert_eq!(request.header("x-plain"), Some("${TOKEN}"));
        assert_eq!(request.header("cookie"), Some("login=hunter2; session=ch0colate"));
        assert_eq!(request.header("user-agent"), Some("mill/sp1ce"));
    }
    for request in other.requests() {
        assert_eq!((request.header("authorization"), request.header("cookie")), (None, None), "not beyond its origin");
    }
    assert!(!origin.requests().is_empty() && !other.requests().is_empty());
    for file in
        fs::read_dir(home.path().join("out")).unwrap().chain(fs::read_dir(home.path().join("data/feedmill")).unwrap())
    {
        is_silent(&String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "the text is long, the test is short")]
fn what_goes_wrong_with_a_secret_is_told_without_it() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    fs::write(home.path().join("lines"), "hunter2\nt0ken\n").unwrap();
    fs::write(home.path().join("empty"), "\n").unwrap();
    let wrong = "headers = { A = \"x ${NONE} y\", B = \"file:none\", C = \"file:empty\", D = \"file:lines\", E = \"${A-B}\" }\n\
                 cookies = { a = \"1; b=2\", \"b c\" = \"1\", c = \"${TOKEN\" }\nproxy = \"${TOKEN}\"\n";
    configure(home.path(), &format!("[archive]\nurl = \"pg://${{TOKEN}}\"\n{}", toml(&origin, wrong)));
    let (output, said) = run(home.path(), &["check"]);
    assert_eq!(output.status.code(), Some(3));
    is_silent(&said);
    let said = said.replace(origin.url("/").as_str(), "ORIGIN").replace(&origin.address().to_string(), "ADDRESS");
    assert_snapshot!(said.replace(&home.path().display().to_string(), "HOME"), @r#"
error: `pg://${TOKEN}` is no place for the archive
 --> ./sites.toml:2:7
  |
2 | url = "pg://${TOKEN}"
  |       ^^^^^^^^^^^^^^^
  |
  = help: write the path of a file: `/var/lib/feedmill/feedmill.db` or `sqlite:feedmill.db`

error: the variable `NONE` is not set
 --> ./sites.toml:6:20
  |
6 | headers = { A = "x ${NONE} y", B = "file:none", C = "file:empty", D = "file:lines", E = "${A-B}" }
  |                    ^^^^^^^
  |
  = help: set it where Feedmill is started: `NONE=... feedmill ...`, or `Environment=` in its service

error: cannot read HOME/none: No such file or directory (os error 2)
 --> ./sites.toml:6:36
  |
6 | headers = { A = "x ${NONE} y", B = "file:none", C = "file:empty", D = "file:lines", E = "${A-B}" }
  |                                    ^^^^^^^^^^^
  |
  = help: the path is seen from the folder of this file; Feedmill's user needs the right to read it

error: `file:empty` is empty
 --> ./sites.toml:6:53
  |
6 | headers = { A = "x ${NONE} y", B = "file:none", C = "file:empty", D = "file:lines", E = "${A-B}" }
  |                                                     ^^^^^^^^^^^^

error: what `file:lines` stands for cannot be sent in a header
 --> ./sites.toml:6:71
  |
6 | headers = { A = "x ${NONE} y", B = "file:none", C = "file:empty", D = "file:lines", E = "${A-B}" }
  |                                                                       ^^^^^^^^^^^^
  |
  = help: only letters without accents, digits, signs and spaces can stand in it

error: `A-B` is no name of a variable
 --> ./sites.toml:6:90
  |
6 | headers = { A = "x ${NONE} y", B = "file:none", C = "file:empty", D = "file:lines", E = "${A-B}" }
  |                                                                                          ^^^^^^
  |
  = help: between `${` and `}` stands a name such as `TOKEN`; if the letters are meant, write `$${`

error: a cookie cannot hold `;`
 --> ./sites.toml:7:17
  |
7 | cookies = { a = "1; b=2", "b c" = "1", c = "${TOKEN" }
  |                 ^^^^^^^^
  |
  = help: each cookie has a key of its own in `cookies`

error: `b c` is no name of a cookie
 --> ./sites.toml:7:27
  |
7 | cookies = { a = "1; b=2", "b c" = "1", c = "${TOKEN" }
  |                           ^^^^^

error: `${` has no `}`
 --> ./sites.toml:7:45
  |
7 | cookies = { a = "1; b=2", "b c" = "1", c = "${TOKEN" }
  |                                             ^^^^^^^
  |
  = help: if the two letters are meant, write `$${`

error: `${TOKEN}` is no proxy
 --> ./sites.toml:8:9
  |
8 | proxy = "${TOKEN}"
  |         ^^^^^^^^^^
  |
  = help: write `http://host:port`, `https://host:port` or `socks5h://host:port`

10 problems in ./sites.toml
"#);
}

#[test]
fn an_archive_and_a_proxy_that_fail_are_called_as_they_are_written() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let proxy = toml(&origin, "proxy = \"http://me:${TOKEN}@${LOGIN}.example:1\"\n");
    configure(home.path(), &proxy);
    let (output, said) = run(home.path(), &["preview", "mill"]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the proxy `http://me:${TOKEN}@${LOGIN}.example:1`"), "{said}");
    is_silent(&said);

    fs::write(home.path().join("hunter2"), "no folder").unwrap();
    configure(home.path(), &format!("[archive]\nurl = \"${{LOGIN}}/x.db\"\n{}", toml(&origin, "")));
    let (output, said) = run(home.path(), &["build", "--out", "out"]);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("cannot open the archive ${LOGIN}/x.db: "), "{said}");
    is_silent(&said);
}

#[test]
fn a_rule_stays_the_same_when_a_token_is_changed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", Script::html(PAGE).etag("\"1\""));
    configure(home.path(), &toml(&origin, "headers = { Authorization = \"file:token\" }\n"));
    for token in ["first", "second"] {
        fs::write(home.path().join("token"), token).unwrap();
        assert!(run(home.path(), &["build", "--out", "out"]).0.status.success());
    }
    let requests = origin.requests();
    assert_eq!(
        requests.iter().map(|request| request.header("authorization").unwrap()).collect::<Vec<_>>(),
        ["first", "second"]
    );
    assert!(requests[1].header("if-none-match").is_some(), "what is known stays known");
}
