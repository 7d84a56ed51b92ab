//! Alarms that could be told to nobody.

use insta::assert_snapshot;

use crate::mistakes;

#[test]
fn values_of_alarms() {
    assert_snapshot!(mistakes(r#"[alarm]
after_failures = 0
after = "soon"
command = []
webhook = "chat.example/hook"
allow_private = ["localhost"]
commands = ["x"]
[sites.a]
url = "https://a.example/"
listing.item = ".post"
notice = "yes"
"#), @r#"
    error: `after_failures` must be at least 1
     --> sites.toml:2:18
      |
    2 | after_failures = 0
      |                  ^

    error: `soon` is no duration
     --> sites.toml:3:9
      |
    3 | after = "soon"
      |         ^^^^^^
      |
      = help: write a duration as `30s`, `15m`, `1h30m`, `1d` or `500ms`

    error: `command` is empty
     --> sites.toml:4:11
      |
    4 | command = []
      |           ^^
      |
      = help: for example `command = ["notify-send", "Feedmill"]`

    error: `chat.example/hook` is no address
     --> sites.toml:5:11
      |
    5 | webhook = "chat.example/hook"
      |           ^^^^^^^^^^^^^^^^^^^
      |
      = help: write the whole address: `https://chat.example/hook`

    error: `localhost` is no address
     --> sites.toml:6:18
      |
    6 | allow_private = ["localhost"]
      |                  ^^^^^^^^^^^
      |
      = help: write `10.0.0.5`, `10.0.0.5:8080`, `10.0.0.0/24` or `[fd00::1]:80`; names cannot stand here

    error: unknown key `commands` in `alarm`
     --> sites.toml:7:1
      |
    7 | commands = ["x"]
      | ^^^^^^^^ did you mean `command`?
      |
      = help: known keys: after, after_failures, allow_private, command, headers, webhook

    error: expected `true` or `false`, found a text
      --> sites.toml:11:10
       |
    11 | notice = "yes"
       |          ^^^^^
       |
       = help: for example `notice = false`

    7 problems in sites.toml
    "#);
}

#[test]
fn commands_and_secrets_of_alarms() {
    assert_snapshot!(mistakes(r#"[alarm]
command = "notify-send Feedmill"
webhook = "https://${HOOK}/"
[sites.a]
url = "https://a.example/"
listing.item = ".post"
"#), @r#"
    error: expected a list, found a text
     --> sites.toml:2:11
      |
    2 | command = "notify-send Feedmill"
      |           ^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: for example `command = ["notify-send", "Feedmill"]`

    error: the variable `HOOK` is not set
     --> sites.toml:3:20
      |
    3 | webhook = "https://${HOOK}/"
      |                    ^^^^^^^
      |
      = help: set it where Feedmill is started: `HOOK=... feedmill ...`, or `Environment=` in its service

    2 problems in sites.toml
    "#);
}

#[test]
fn alarms_that_nobody_hears() {
    assert_snapshot!(mistakes(r#"[alarm]
command = ["", "x"]
headers = { X-Token = "a" }
allow_private = ["10.0.0.1"]
[sites.a]
url = "https://a.example/"
listing.item = ".post"
"#), @r#"
    error: the program has no name
     --> sites.toml:2:11
      |
    2 | command = ["", "x"]
      |           ^^^^^^^^^
      |
      = help: write the program and each argument as a text of its own: `["notify-send", "Feedmill"]`

    error: `headers` makes no sense without `webhook`
     --> sites.toml:3:13
      |
    3 | headers = { X-Token = "a" }
      |             ^^^^^^^

    error: `allow_private` makes no sense without `webhook`
     --> sites.toml:4:18
      |
    4 | allow_private = ["10.0.0.1"]
      |                  ^^^^^^^^^^

    3 problems in sites.toml
    "#);
}
