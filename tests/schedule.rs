//! Sites are asked when they are due: before their readers ask, and no more often than they and the operator allow.

#![cfg(test)]

mod support;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::archive::SiteState;
use feedmill::clock::Clock as _;
use feedmill::edition::Format;
use feedmill::engine::{Ahead, Answer, Freshness, Wanted};
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;
use support::server::Server;
use support::site::{Site, configure, sites_toml};

/// Longer than any refresh of a test takes.
const FOREVER: Duration = Duration::from_hours(1);

/// Asks what is due, until nothing is left that is.
async fn settle(ahead: &mut Ahead) {
    ahead.turn(Duration::ZERO).await;
    loop {
        ahead.look();
        if ahead.running() == 0 {
            return;
        }
        ahead.turn(FOREVER).await;
    }
}

async fn ahead(bench: &Bench) -> Ahead {
    Ahead::begin(bench.engine.clone()).await.unwrap()
}

async fn ask(bench: &Bench, name: &str) -> Freshness {
    match bench.engine.answer(Wanted { name, format: Format::Rss, query: None }).await {
        Answer::Edition(edition) => edition.freshness,
        other => panic!("{name}: {other:?}"),
    }
}

async fn state(bench: &Bench, name: &str) -> SiteState {
    bench.archive.state(name).await.unwrap()
}

/// Sites that read listings of several origins: name, address, more keys.
fn several(sites: &[(String, String, &str)]) -> String {
    let table = |(name, url, more): &(String, String, &str)| {
        format!(
            "[sites.{name}]\nurl = \"{url}\"\nallow_private = [\"127.0.0.0/8\"]\n{more}\nlisting.item = \"li.story\"\n"
        )
    };
    sites.iter().map(table).collect::<String>() + "[fetch]\ngap = \"0s\"\n"
}

fn listing(n: usize) -> Script {
    Script::html(Site::of(n).listing())
}

/// How often the listing was asked for while the clock went on for `time` in steps of five minutes.
async fn hits_within(bench: &Bench, ahead: &mut Ahead, origin: &Origin, time: TimeDelta) -> usize {
    let before = origin.hits("/");
    let end = bench.clock.now() + time;
    while bench.clock.now() < end {
        bench.wait(TimeDelta::minutes(5));
        settle(ahead).await;
    }
    origin.hits("/") - before
}

#[tokio::test]
async fn a_site_is_asked_without_being_asked_for() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, "refresh = \"1h\""));
    let mut ahead = ahead(&bench).await;
    settle(&mut ahead).await;
    assert_eq!(origin.hits("/"), 1, "at once, since it never was");
    assert!(!ask(&bench, "mill").await.waited);
    let hits = hits_within(&bench, &mut ahead, &origin, TimeDelta::hours(10)).await;
    assert!((8..=10).contains(&hits), "{hits} in ten hours");
    assert!(ask(&bench, "mill").await.ttl_seconds > 0, "never stale");
}

#[tokio::test]
async fn fault_30_a_dead_host_does_not_delay_the_refresh_of_another() {
    let (dead, live) = (Origin::start(), Origin::start_at("127.0.0.2:0").unwrap());
    let home = tempfile::tempdir().unwrap();
    let gate = dead.hold("/");
    dead.on("/", listing(1));
    live.on("/", listing(1));
    let mut sites: Vec<_> = (0..100).map(|n| (format!("dead-{n:03}"), dead.url("/"), "")).collect();
    sites.push(("live".to_owned(), live.url("/"), ""));
    let bench = Bench::start(home.path(), &several(&sites));
    let mut ahead = ahead(&bench).await;
    bench.wait(TimeDelta::minutes(1));
    ahead.look();
    assert_eq!(ahead.running(), 3, "two of the host that hangs, and the other one");
    while state(&bench, "live").await.succeeded.is_none() {
        ahead.turn(FOREVER).await;
    }
    assert!(dead.hits("/") <= 2);
    let due = state(&bench, "live").await.due.unwrap();
    bench.wait(due - bench.clock.now());
    while live.hits("/") < 2 {
        ahead.look();
        ahead.turn(FOREVER).await;
    }
    assert!(dead.hits("/") <= 2, "the others of the dead host stand in line");
    gate.release();
}

#[tokio::test]
async fn fault_55_a_page_that_says_how_long_it_stays_is_not_asked_for_before() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1).etag("\"a\"").header("Cache-Control", "max-age=3600"));
    let toml = several(&[("mill".to_owned(), origin.url("/"), "refresh = \"10m\"")]);
    let bench = Bench::start(home.path(), &toml);
    let mut ahead = ahead(&bench).await;
    settle(&mut ahead).await;
    assert_eq!(hits_within(&bench, &mut ahead, &origin, TimeDelta::minutes(55)).await, 0);
    ask(&bench, "mill").await;
    settle(&mut ahead).await;
    assert_eq!(origin.hits("/"), 1, "not for a reader either");
    assert_eq!(hits_within(&bench, &mut ahead, &origin, TimeDelta::minutes(15)).await, 1, "an hour later");
    let request = origin.requests().pop().unwrap();
    assert_eq!(request.header("if-none-match"), Some("\"a\""));
    assert_eq!(hits_within(&bench, &mut ahead, &origin, TimeDelta::minutes(50)).await, 0, "a 304 says it again");
    bench.refresh().await;
    assert_eq!(origin.hits("/"), 3, "`build` asks all the same");
}

#[tokio::test]
async fn fault_56_a_thousand_requests_in_an_hour_cost_what_the_schedule_allows() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = several(&[("mill".to_owned(), origin.url("/"), "refresh = \"15m\"")]);
    origin.on("/", listing(3));
    let bench = Bench::start(home.path(), &toml);
    let mut ahead = ahead(&bench).await;
    for _ in 0..1_000 {
        ask(&bench, "mill").await;
        settle(&mut ahead).await;
        bench.wait(TimeDelta::milliseconds(3_600));
    }
    let hits = origin.hits("/");
    assert!((3..=4).contains(&hits), "{hits}");

    // The same while the site is down: sixty times at most, were each failure followed by another a minute later.
    origin.on("/", Script::status(500));
    for _ in 0..1_000 {
        ask(&bench, "mill").await;
        settle(&mut ahead).await;
        bench.wait(TimeDelta::milliseconds(3_600));
    }
    let failed = origin.hits("/") - hits;
    assert!((5..=8).contains(&failed), "{failed}");
}

#[tokio::test]
async fn fault_56_a_restart_makes_no_burst() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1));
    let sites: Vec<_> = (0..30).map(|n| (format!("s{n}"), origin.url(&format!("/?{n}")), "refresh = \"1h\"")).collect();
    let toml = several(&sites);
    let bench = Bench::start(home.path(), &toml);
    let mut first = ahead(&bench).await;
    first.look();
    assert_eq!(first.running(), 1, "new sites are asked one after the other");
    bench.wait(TimeDelta::seconds(3));
    settle(&mut first).await;
    assert_eq!(origin.hits("/"), 30);
    let dues = || async { bench.archive.dues().await.unwrap() };
    let moments: std::collections::BTreeSet<_> = dues().await.into_iter().filter_map(|due| due.due).collect();
    assert_eq!(moments.len(), 30, "and are due at thirty different moments");
    first.close().await;

    bench.wait(TimeDelta::minutes(30));
    let bench = bench.restart(home.path(), &toml);
    let mut second = ahead(&bench).await;
    settle(&mut second).await;
    assert_eq!(origin.hits("/"), 30, "nothing is due");
    second.close().await;

    bench.wait(TimeDelta::days(2));
    let bench = bench.restart(home.path(), &toml);
    let mut third = ahead(&bench).await;
    third.look();
    assert_eq!(third.running(), 1, "all are overdue, and take their time");
    bench.wait(TimeDelta::seconds(1));
    settle(&mut third).await;
    assert_eq!(origin.hits("/"), 41, "ten in a second");
}

#[tokio::test]
async fn a_feed_that_nobody_reads_sleeps_until_somebody_does() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1));
    let toml = several(&[("mill".to_owned(), origin.url("/"), "sleep_after = \"7d\"\nrefresh = \"6h\"")]);
    let bench = Bench::start(home.path(), &toml);
    let mut ahead = ahead(&bench).await;
    settle(&mut ahead).await;
    let awake = hits_within(&bench, &mut ahead, &origin, TimeDelta::days(7)).await;
    assert!((25..=28).contains(&awake), "a week after it appeared: {awake}");
    let asleep = async || {
        let sites = bench.engine.status().await.unwrap().sites;
        (sites[0].asleep, bench.engine.levels().await.unwrap().overdue)
    };
    assert_eq!(asleep().await, (false, 0));
    assert!(hits_within(&bench, &mut ahead, &origin, TimeDelta::days(3)).await <= 1, "asleep");
    assert_eq!(asleep().await, (true, 0), "it is shown as such, and does not count as late");

    let freshness = ask(&bench, "mill").await;
    assert!(freshness.ttl_seconds < 0 && !freshness.waited, "as it is: {freshness:?}");
    assert!(!asleep().await.0, "the archive need not have been told yet");
    assert!(hits_within(&bench, &mut ahead, &origin, TimeDelta::days(2)).await >= 7, "awake again");
    ahead.close().await;
    bench.wait(TimeDelta::days(4));
    let bench = bench.restart(home.path(), &toml);
    let mut ahead = self::ahead(&bench).await;
    settle(&mut ahead).await;
    assert!(hits_within(&bench, &mut ahead, &origin, TimeDelta::hours(12)).await >= 1, "six days after it was read");
    assert!(hits_within(&bench, &mut ahead, &origin, TimeDelta::days(3)).await <= 3, "and after seven it sleeps");
}

#[tokio::test]
async fn a_merged_feed_wakes_its_members_and_who_never_sleeps_is_always_asked() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1));
    let sites = [("a", "sleep_after = \"1h\""), ("b", "sleep_after = \"1h\""), ("c", "sleep_after = \"never\"")]
        .map(|(name, more)| (name.to_owned(), origin.url(&format!("/?{name}")), more));
    let toml = several(&sites) + "[merged.both]\nsites = [\"a\", \"b\"]\n";
    let bench = Bench::start(home.path(), &toml);
    let mut ahead = ahead(&bench).await;
    bench.wait(TimeDelta::seconds(1));
    settle(&mut ahead).await;
    hits_within(&bench, &mut ahead, &origin, TimeDelta::days(1)).await;
    let hits = || ["/?a", "/?b", "/?c"].map(|path| origin.hits(path));
    assert!(hits()[0] <= 2 && hits()[1] <= 2 && hits()[2] >= 22, "{:?}", hits());
    let before = hits();
    ask(&bench, "both").await;
    settle(&mut ahead).await;
    assert_eq!([hits()[0] - before[0], hits()[1] - before[1]], [1, 1]);
}

#[tokio::test]
async fn when_a_feed_was_read_is_written_down_once_an_hour() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1));
    let bench = Bench::start(home.path(), &several(&[("mill".to_owned(), origin.url("/"), "")]));
    let mut ahead = ahead(&bench).await;
    let asked = || async { bench.archive.dues().await.unwrap()[0].asked };
    let start = bench.clock.now();
    assert_eq!(asked().await, Some(start), "since it appeared");
    let mut seen = std::collections::BTreeSet::<DateTime<Utc>>::new();
    for _ in 0..180 {
        bench.wait(TimeDelta::minutes(1));
        ask(&bench, "mill").await;
        settle(&mut ahead).await;
        ahead.save(false).await;
        seen.extend(asked().await);
    }
    assert!((3..=4).contains(&seen.len()), "{seen:?}");
    assert!(bench.clock.now() - *seen.last().unwrap() <= TimeDelta::hours(1));
}

#[tokio::test]
async fn a_rhythm_is_learnt_and_told_to_caches() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(
        home.path(),
        &several(&[
            ("mill".to_owned(), origin.url("/"), "refresh = \"auto\""),
            ("new".to_owned(), origin.url("/new"), "refresh = \"auto\""),
        ]),
    );
    let post = |n: i64| {
        let time = bench.clock.now() - TimeDelta::minutes(n * 40 + 5);
        format!("<li class=story><a href='/{n}'>Post {n}</a><time datetime='{}'>then</time></li>", time.to_rfc3339())
    };
    origin.on("/", Script::html((0..20).map(post).collect::<String>()));
    origin.on("/new", Script::html("<li class=story><a href='/1'>The only one</a></li>"));
    assert_eq!(ask(&bench, "mill").await.lifetime, Duration::from_mins(20), "every forty minutes there is a post");
    assert_eq!(ask(&bench, "new").await.lifetime, Duration::from_hours(1), "nothing is known yet");
    let mut ahead = ahead(&bench).await;
    let hits = hits_within(&bench, &mut ahead, &origin, TimeDelta::hours(2)).await;
    assert!((4..=6).contains(&hits), "{hits}");
    let hits = hits_within(&bench, &mut ahead, &origin, TimeDelta::days(6)).await;
    assert!((12..=60).contains(&hits), "less and less in silence: {hits}");
    assert_eq!(ask(&bench, "mill").await.lifetime, Duration::from_hours(12));
    let bench = bench.restart(home.path(), &several(&[("mill".to_owned(), origin.url("/"), "refresh = \"auto\"")]));
    assert_eq!(ask(&bench, "mill").await.lifetime, Duration::from_hours(12), "it is remembered");
}

#[tokio::test]
async fn a_reload_changes_what_is_asked() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1));
    let site = |name: &str, more| (name.to_owned(), origin.url(&format!("/?{name}")), more);
    let bench = Bench::start(home.path(), &several(&[site("a", ""), site("b", "")]));
    let mut ahead = ahead(&bench).await;
    bench.wait(TimeDelta::seconds(1));
    settle(&mut ahead).await;
    bench.reload(home.path(), &several(&[site("b", "show = 7"), site("c", "")]));
    settle(&mut ahead).await;
    bench.wait(TimeDelta::seconds(1));
    settle(&mut ahead).await;
    let hits = || ["/?a", "/?b", "/?c"].map(|path| origin.hits(path));
    assert_eq!(hits(), [1, 2, 1], "an edited one shows at once what it does");
    bench.wait(TimeDelta::hours(2));
    settle(&mut ahead).await;
    assert_eq!(hits(), [1, 3, 2]);
    bench.reload(home.path(), &(several(&[site("b", ""), site("c", "")]) + "[server]\nahead = false\n"));
    settle(&mut ahead).await;
    bench.wait(TimeDelta::hours(2));
    settle(&mut ahead).await;
    assert_eq!(hits(), [1, 3, 2], "nobody asks ahead any more");
}

#[tokio::test]
async fn feeds_of_sites_with_parameters_are_asked_ahead_once_they_are_read() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/x", listing(1));
    let toml = format!(
        "[sites.repo]\nurl = \"{}{{n}}\"\nparams = {{ n = '[a-z]' }}\nallow_private = [\"127.0.0.0/8\"]\nlisting.item = \"li.story\"\n",
        origin.url("/")
    );
    let bench = Bench::start(home.path(), &toml);
    let mut first = ahead(&bench).await;
    ask(&bench, "repo/x").await;
    settle(&mut first).await;
    bench.wait(TimeDelta::hours(2));
    settle(&mut first).await;
    assert_eq!(origin.hits("/x"), 2);
    first.close().await;
    let bench = bench.restart(home.path(), &toml);
    let mut second = ahead(&bench).await;
    bench.wait(TimeDelta::hours(2));
    settle(&mut second).await;
    assert_eq!(origin.hits("/x"), 3, "also after a restart");
}

#[tokio::test]
async fn a_host_that_wants_to_be_left_alone_for_a_day_is() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", listing(1));
    let bench = Bench::start(home.path(), &several(&[("mill".to_owned(), origin.url("/"), "refresh = \"10m\"")]));
    let mut ahead = ahead(&bench).await;
    settle(&mut ahead).await;
    origin.on("/", Script::status(503).header("Retry-After", "86400"));
    bench.wait(TimeDelta::minutes(12));
    settle(&mut ahead).await;
    assert_eq!(origin.hits("/"), 2);
    assert_eq!(hits_within(&bench, &mut ahead, &origin, TimeDelta::hours(23)).await, 0);
    ask(&bench, "mill").await;
    settle(&mut ahead).await;
    assert_eq!(origin.hits("/"), 2, "not for a reader either");
}

#[test]
fn serve_asks_ahead_unless_it_is_told_not_to() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let server = Server::start_with(home.path(), &["serve", "--on-demand", "--listen", "127.0.0.1:0"]);
    assert_eq!((server.get("/").status, origin.hits("/")), (200, 0));
    assert_eq!(server.get("/feeds/mill.xml").status, 200);
    assert_eq!(server.stop(), Some(0));
    let hits = origin.hits("/");
    std::fs::remove_dir_all(home.path().join("data")).unwrap();
    let server = Server::start_with(home.path(), &["serve", "--listen", "127.0.0.1:0"]);
    origin.wait_for_hits("/", hits + 1);
    assert_eq!(server.stop(), Some(0));
}
