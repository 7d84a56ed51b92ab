//! A site's health turns when its trouble lasts, and whoever runs Feedmill hears of that once: in the log, by a command,
//! by a webhook, and in the feed itself where that is asked for.

#![cfg(test)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use feedmill::edition::{Feed, Format};
use feedmill::engine::{Answer, Wanted};
use feedmill::health::Health;
use feedmill::limits;
use serde_json::Value;
use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::site::{Site, configure, sites_toml};

/// An `[alarm]` whose command notes in `calls` what it is told, a line a call.
fn alarm_toml(home: &Path, more: &str) -> String {
    let calls = home.join("calls");
    let script = format!(
        "cat >> {0}; echo \" $FEEDMILL_SITE|$FEEDMILL_HEALTH|$FEEDMILL_WHY|$FEEDMILL_ADVICE\" >> {0}",
        calls.display()
    );
    fs::write(home.join("note.sh"), script).unwrap();
    format!("[alarm]\ncommand = [\"/bin/sh\", \"{}\"]\n{more}\n", home.join("note.sh").display())
}

/// What the command was told: JSON, and the environment behind it.
fn calls(home: &Path) -> Vec<(Value, String)> {
    let told = fs::read_to_string(home.join("calls")).unwrap_or_default();
    let call = |line: &str| {
        let (json, environment) = line.rsplit_once("} ").expect("JSON and the environment");
        (serde_json::from_str(&format!("{json}}}")).expect("JSON"), environment.to_owned())
    };
    told.lines().map(call).collect()
}

/// What turned, in order.
fn turns(home: &Path) -> Vec<String> {
    let turn = |(call, _): &(Value, String)| {
        let sites = call["sites"].as_array().expect("sites").clone();
        sites
            .into_iter()
            .map(|site| format!("{} {}", site["site"], site["health"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    calls(home).iter().flat_map(turn).collect()
}

async fn health(bench: &Bench) -> Option<Health> {
    bench.archive.state("mill").await.unwrap().health()
}

fn fail(origin: &Origin) {
    origin.on("/", Script::status(503));
}

#[tokio::test]
async fn a_list_that_is_empty_is_shown_as_such_and_calls_nobody_before_it_has_stayed_so() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(6).publish(&origin);
    let bench = Bench::start(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "")));
    bench.refresh().await;
    Site::of(0).publish(&origin);
    for round in 1..=24 {
        bench.wait(TimeDelta::hours(1));
        let outcome = bench.refresh().await.outcome.clone();
        let why = outcome.why().unwrap();
        assert!(why.contains("its list is empty") && why.matches("unusual").count() == 1, "{why}");
        let state = bench.archive.state("mill").await.unwrap();
        assert_eq!(state.episode.as_ref().unwrap().refreshes, round, "it is shown from the first time on");
        assert_eq!(state.health(), Some(if round < 24 { Health::Healthy } else { Health::Degraded }), "{round}");
    }
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded"]);
}

#[tokio::test]
async fn health_turns_after_three_failures_and_is_told_once() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(3);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "")));
    assert_eq!(health(&bench).await, None);
    bench.refresh().await;
    fail(&origin);
    for expected in [Health::Healthy, Health::Healthy, Health::Degraded, Health::Degraded] {
        bench.wait(TimeDelta::minutes(1));
        bench.refresh().await;
        assert_eq!(health(&bench).await, Some(expected));
    }
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded"]);
    let (call, environment) = calls(home.path()).remove(0);
    let of_mill = &call["sites"][0];
    assert_eq!((of_mill["refreshes"].as_u64(), of_mill["since"].as_str()), (Some(3), Some("2026-11-23T12:01:00Z")));
    assert_eq!(of_mill["title"].as_str(), Some("The Mill Times"));
    let text = call["text"].as_str().unwrap();
    assert!(text.starts_with("mill is degraded since 2026-11-23 12:01 UTC: cannot fetch http://"), "{text}");
    let environment: Vec<&str> = environment.split('|').collect();
    assert_eq!(environment[..2], ["mill", "degraded"]);
    assert!(environment[2].contains("503") && environment[3].contains("wait"), "{environment:?}");

    // A new process, and trouble that goes on: nothing new.
    let bench = bench.restart(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "")));
    bench.wait(TimeDelta::hours(1));
    bench.refresh().await;
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded"]);

    site.publish(&origin);
    for _ in 0..2 {
        bench.refresh().await;
        assert_eq!(health(&bench).await, Some(Health::Healthy));
    }
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded", "mill healthy"]);
    assert!(calls(home.path())[1].0["text"].as_str().unwrap().starts_with("mill is well again"));

    fail(&origin);
    for _ in 0..3 {
        bench.refresh().await;
    }
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded", "mill healthy", "mill degraded"], "another episode");
}

#[tokio::test]
async fn health_turns_after_six_hours_though_it_failed_only_twice() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let bench = Bench::start(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "")));
    bench.refresh().await;
    fail(&origin);
    bench.refresh().await;
    bench.wait(TimeDelta::hours(5));
    assert_eq!(health(&bench).await, Some(Health::Healthy), "one failure is one, however long ago it was");
    bench.wait(TimeDelta::hours(1));
    bench.refresh().await;
    assert_eq!(health(&bench).await, Some(Health::Degraded));
    bench.wait(TimeDelta::days(7));
    bench.refresh().await;
    assert_eq!(health(&bench).await, Some(Health::Broken), "what is served is a week old");
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded"]);
}

#[tokio::test]
async fn fault_60_an_archive_that_takes_nothing_is_shown_and_told_as_any_trouble_is() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let bench = Bench::start(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "")));
    bench.refresh().await;
    let other = rusqlite::Connection::open(home.path().join("archive.db")).unwrap();
    other
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON leases BEGIN SELECT RAISE(ABORT, 'no room'); END")
        .unwrap();
    for round in 1..=3 {
        bench.wait(TimeDelta::hours(1));
        bench.refresh().await;
        let status = bench.engine.status().await.unwrap();
        let trouble = status.sites[0].trouble.as_ref().expect("it is shown at once");
        assert!(trouble.why.contains("no room") && trouble.refreshes == round, "{trouble:?}");
        assert_eq!(status.totals[if round < 3 { "healthy" } else { "degraded" }], 1);
        let detail = bench.engine.detail("mill").await.unwrap().unwrap();
        assert_eq!((detail.status.outcome, detail.status.items), (Some("failed"), 3));
    }
    assert_eq!(bench.feed().await.items.len(), 3);
    other.execute_batch("DROP TRIGGER full").unwrap();
    bench.wait(TimeDelta::hours(1));
    bench.refresh().await;
    assert_eq!(bench.engine.status().await.unwrap().totals["healthy"], 1);
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill degraded", "mill healthy"]);
}

#[tokio::test]
async fn a_blip_is_told_to_nobody() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(3);
    let bench = Bench::start(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "after = \"1h\"")));
    for _ in 0..5 {
        for _ in 0..2 {
            fail(&origin);
            bench.refresh().await;
        }
        site.publish(&origin);
        bench.refresh().await;
        bench.wait(TimeDelta::hours(1));
    }
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_site_that_never_had_an_edition_is_broken_at_once_and_told_when_that_lasts() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "after_failures = 2")));
    bench.refresh().await;
    assert_eq!(health(&bench).await, Some(Health::Broken));
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), Vec::<String>::new());
    bench.refresh().await;
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(turns(home.path()), ["mill broken"]);
}

#[tokio::test]
async fn a_webhook_gets_the_same_json_and_its_secrets_along() {
    let (origin, hook, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    hook.on("/in/chat", Script::status(201));
    let of_hook = |allowed: &str| {
        format!(
            "[alarm]\nafter_failures = 1\nwebhook = \"{}\"\nheaders = {{ Authorization = \"Bearer hunter2\" }}\n{allowed}",
            hook.url("/in/chat?key=hunter3")
        )
    };
    let refused = Bench::start(home.path(), &(sites_toml(&origin, "") + &of_hook("")));
    refused.refresh().await;
    refused.engine.tell_the_last(limits::ALARMS_END).await;
    assert_eq!(hook.requests().len(), 0, "a private address has to be named");
    drop(refused);

    let other = tempfile::tempdir().unwrap();
    let allowed = of_hook(&format!("allow_private = [\"{}\"]\n", hook.address()));
    let bench = Bench::start(other.path(), &(sites_toml(&origin, "") + &allowed));
    bench.refresh().await;
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    let asked = hook.requests();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("POST", "/in/chat?key=hunter3"));
    assert_eq!(asked[0].header("authorization"), Some("Bearer hunter2"));
    assert_eq!(asked[0].header("content-type"), Some("application/json"));
    let call: Value = serde_json::from_str(&asked[0].body).unwrap();
    assert_eq!(call["sites"][0]["site"].as_str(), Some("mill"));
    assert!(!asked[0].body.contains("hunter"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_turn_at_once_are_told_in_one_call_and_hold_no_refresh_up() {
    let (origin, hook, home) = (Origin::start(), Origin::start(), tempfile::tempdir().unwrap());
    hook.on("/", Script::status(204));
    let mut toml = format!(
        "[fetch]\ngap = \"0s\"\n[alarm]\nafter_failures = 1\nwebhook = \"{}\"\nallow_private = [\"{}\"]\n",
        hook.url("/"),
        hook.address()
    );
    for n in 0..30 {
        let (url, address) = (origin.url(&format!("/{n}")), origin.address());
        let _ = write!(toml, "[sites.s{n}]\nurl = \"{url}\"\nallow_private = [\"{address}\"]\nlisting.item = \"li\"\n");
    }
    let bench = Bench::start(home.path(), &toml);
    let gate = hook.hold("/");
    bench.engine.refresh("s0").await;
    // The alarm is told by a task of its own, which needs a thread meanwhile.
    tokio::task::block_in_place(|| hook.wait_for_hits("/", 1));
    for n in 1..30 {
        bench.engine.refresh(&format!("s{n}")).await;
    }
    drop(gate);
    bench.engine.tell_the_last(limits::ALARMS_END).await;
    let told: Vec<Value> = hook.requests().iter().map(|asked| serde_json::from_str(&asked.body).unwrap()).collect();
    let counts: Vec<usize> = told.iter().map(|call| call["sites"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [1, 29]);
    assert!(told[1]["text"].as_str().unwrap().starts_with("29 sites are in trouble: s1, s2, "));
}

/// Items of a feed by id and title.
fn seen(feed: &Feed) -> Vec<(String, String)> {
    feed.items.iter().map(|item| (item.id.clone(), item.title().to_owned())).collect()
}

async fn etag(bench: &Bench) -> (String, String) {
    let wanted = Wanted { name: "mill", format: Format::Atom, query: None };
    match bench.engine.answer(wanted).await {
        Answer::Edition(edition) => {
            (edition.rendering.etag.clone(), String::from_utf8(edition.rendering.plain.to_vec()).unwrap())
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_notice_stands_in_the_feed_for_as_long_as_the_trouble_does() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(3);
    site.publish(&origin);
    let toml = sites_toml(&origin, "notice = true\nrefresh = \"366d\"");
    let mut bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let before = bench.feed().await;
    let before_changed = before.changed;
    origin.on("/", Script::page("text/html", format!("<p>{}</p>", "not a list ".repeat(100_000))));
    for _ in 0..2 {
        bench.wait(TimeDelta::minutes(1));
        bench.refresh().await;
        assert_eq!(seen(&bench.feed().await), seen(&before), "a blip is not news");
    }
    bench.wait(TimeDelta::minutes(1));
    bench.refresh().await;
    let with = bench.feed().await;
    assert_eq!(with.items.len(), 4);
    assert!(with.changed > before_changed);
    let notice = with.items[0].clone();
    assert_eq!(notice.title(), "Feedmill: The Mill Times is in trouble");
    assert!(notice.id.starts_with("tag:127.0.0.1,2026-11-23:mill/feedmill-notice/"), "{}", notice.id);
    let content = notice.fields.content.as_ref().unwrap().as_str();
    assert!(content.contains("nothing on the page matches") && content.len() < 3_000, "{content}");
    assert!(content.contains("feedmill preview mill"), "{content}");
    assert_eq!(seen(&with)[1..], seen(&before)[..]);
    assert_eq!(bench.archive.count("mill").await.unwrap(), 3, "it is no item of the site");

    let (tag, _) = etag(&bench).await;
    for n in 0..3 {
        bench.wait(TimeDelta::days(3));
        origin.on("/", Script::status(500 + n));
        bench.refresh().await;
        if n == 1 {
            bench = bench.restart(home.path(), &toml);
        }
        assert_eq!(bench.feed().await.items[0], notice, "the same, whatever the trouble has become");
        assert_eq!(bench.feed().await.changed, with.changed);
        assert_eq!(etag(&bench).await.0, tag);
    }

    site.publish(&origin);
    bench.wait(TimeDelta::minutes(1));
    bench.refresh().await;
    let after = bench.feed().await;
    assert_eq!(seen(&after), seen(&before), "gone, and nothing is new");
    assert!(after.changed > with.changed);
    assert_ne!(etag(&bench).await.0, tag);
}

#[tokio::test]
async fn who_does_not_ask_for_a_notice_gets_none() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    fail(&origin);
    for _ in 0..5 {
        bench.wait(TimeDelta::hours(3));
        bench.refresh().await;
    }
    let after = bench.feed().await;
    assert_eq!((seen(&after), after.changed), (seen(&before), before.changed));
}

#[test]
fn build_tells_and_waits_until_it_has() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(2);
    site.publish(&origin);
    configure(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "")));
    let build = || feedmill(home.path()).args(["build", "--out", "out"]).output().expect("the binary");
    assert!(build().status.success());
    fail(&origin);
    for expected in [0, 0, 1, 1] {
        assert_eq!(build().status.code(), Some(1));
        assert_eq!(turns(home.path()).len(), expected);
    }
    site.publish(&origin);
    assert!(build().status.success());
    assert_eq!(turns(home.path()), ["mill degraded", "mill healthy"]);
}

#[test]
fn who_only_tries_a_rule_tells_nobody() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &(sites_toml(&origin, "") + &alarm_toml(home.path(), "after_failures = 1")));
    let output = feedmill(home.path()).args(["preview", "mill"]).output().expect("the binary");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(turns(home.path()), Vec::<String>::new());
}

#[test]
fn a_command_that_fails_is_named_and_hurts_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(
        home.path(),
        &(sites_toml(&origin, "") + "[alarm]\nafter_failures = 1\ncommand = [\"/no/such/program\"]\n"),
    );
    let output = feedmill(home.path()).args(["build", "--out", "out"]).output().expect("the binary");
    let talk = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(talk.contains("the alarm's command told nobody: cannot run `/no/such/program`"), "{talk}");
}
