//! Killed at any moment, as by a power cut or the kernel: no id is lost, no item doubled, no file half written.
//!
//! `FEEDMILL_KILLS` says how many times (200 in `make test`), `FEEDMILL_SEED` begins another sequence of moments.

#![cfg(test)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::feedmill;
use support::origin::Origin;
use support::server::Server;
use support::site::{Article, Site, configure, sites_toml};

/// Number, first sight and date of each item, by its id.
type Items = BTreeMap<String, (i64, i64, i64)>;

/// How long a run is left alone before it is killed, at most: far above what a busy machine needs for one.
const SPAN_MOST: Duration = Duration::from_secs(3);

struct Dice(u64);

impl Dice {
    /// A number below one.
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().map_or(default, |value| value.parse().expect("a number"))
}

/// A site that never stays as it is: a new article in front, the last one gone, one edited, each time.
fn change(site: &mut Site, round: usize, origin: &Origin) {
    let mut article = Article::numbered(round + 100);
    article.published = format!("2026-11-{:02}T{:02}:{:02}:00Z", 1 + round / 1_440 % 20, round / 60 % 24, round % 60);
    site.articles.insert(0, article);
    site.articles.truncate(6);
    site.articles[3].body = format!("<p>Edited for the {round}th time.</p>").repeat(20);
    site.publish(origin);
}

/// What the archive holds; it opens, and is sound.
fn items(archive: &Path) -> Items {
    let connection = rusqlite::Connection::open(archive).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let mut statement = connection.prepare("SELECT item ->> '$.id', number, first_seen, published FROM items").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))).unwrap();
    let mut items = Items::new();
    for row in rows {
        let (id, item): (String, _) = row.unwrap();
        assert!(items.insert(id.clone(), item).is_none(), "{id} is there twice");
    }
    let unkeyed: i64 = connection
        .query_row("SELECT count(*) FROM items WHERE number NOT IN (SELECT number FROM keys)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(unkeyed, 0, "every item can be found");
    // The killed process held the site; in half a minute its lease would end by itself. And it is time for a refresh.
    connection.execute_batch("DELETE FROM leases; UPDATE sites SET due = 0").unwrap();
    items
}

/// Every file that is published is whole, and tells of nothing that the archive does not know.
fn judge_files(folder: &Path, items: &Items) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    for name in ["mill.xml", "mill.atom"] {
        let Some(text) = read(name) else { continue };
        let feed = feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!feed.entries.is_empty());
    }
    for name in ["mill.html", "index.html"] {
        assert!(read(name).is_none_or(|text| text.trim_end().ends_with("</html>")), "{name}");
    }
    if let Some(text) = read("mill.json") {
        judge_json(&text, items);
    }
}

fn judge_json(text: &str, items: &Items) {
    let feed: serde_json::Value = serde_json::from_str(text).unwrap();
    let ids: Vec<&str> = feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| items.contains_key(*id)), "what readers have seen is archived: {ids:?}");
}

/// Asks for the feed; a whole answer's body, if there is one before the server dies.
fn ask(address: std::net::SocketAddr) -> Option<String> {
    let mut socket = TcpStream::connect(address).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    socket.write_all(b"GET /feeds/mill.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())?;
    (head.starts_with("HTTP/1.1 200") && body.len() == length).then(|| body.to_owned())
}

#[test]
fn fault_45_killed_at_random_moments_nothing_is_lost_or_doubled() {
    let (kills, seed) = (number("FEEDMILL_KILLS", 200), number("FEEDMILL_SEED", 45));
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(6);
    change(&mut site, 0, &origin);
    configure(home.path(), &sites_toml(&origin, "keep = 60\nshow = 20"));
    let (archive, out) = (home.path().join("data/feedmill/feedmill.db"), home.path().join("out"));
    let build = || {
        let mut command = feedmill(home.path());
        command.args(["build", "--out", "out"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let begun = Instant::now();
    // As long as a run takes that finds something new: those of the kills do.
    let whole = (0..3).map(|n| {
        change(&mut site, 10_000 + n, &origin);
        let begun = Instant::now();
        assert!(build().wait().unwrap().success());
        begun.elapsed()
    });
    let whole = whole.min().unwrap();
    // And as long as runs take while the kills go on: a machine that gets busy would see none but early ones.
    let mut span = whole;
    let (mut known, mut dice) = (items(&archive), Dice(seed.max(1)));
    let (mut finished, mut served, mut brought) = (0, 0, 0);
    for round in 1..=usize::try_from(kills).unwrap() {
        change(&mut site, round, &origin);
        let moment = span.mul_f64(0.1 + dice.roll());
        let mut answer = None;
        if round % 4 == 0 {
            let server = Server::start(home.path());
            let address = server.address;
            let asking = std::thread::spawn(move || ask(address));
            std::thread::sleep(moment / 2);
            drop(server);
            answer = asking.join().unwrap();
        } else {
            let mut process = build();
            std::thread::sleep(moment);
            finished += usize::from(process.try_wait().unwrap().is_some());
            process.kill().unwrap();
            process.wait().unwrap();
        }
        let now = items(&archive);
        for (id, item) in &known {
            assert_eq!(now.get(id), Some(item), "kill {round} of seed {seed}: {id}");
        }
        judge_files(&out, &now);
        if let Some(body) = answer {
            served += 1;
            judge_json(&body, &now);
        }
        let is_late = now.len() > known.len();
        brought += usize::from(is_late);
        if round % 4 != 0 {
            span = span.mul_f64(if is_late { 0.9 } else { 1.1 }).min(SPAN_MOST);
        }
        known = now;
    }
    change(&mut site, usize::try_from(kills).unwrap() + 1, &origin);
    assert!(build().wait().unwrap().success(), "and then all is well");
    let last = items(&archive);
    assert!(known.iter().all(|(id, item)| last.get(id) == Some(item)));
    judge_files(&out, &last);
    eprintln!(
        "{kills} kills (seed {seed}) in {:.1?}: a whole run takes {whole:.1?}; {finished} came too late, {served} servers had \
         answered, {brought} runs had archived something, {} items known",
        begun.elapsed(),
        last.len()
    );
    assert!(brought > usize::try_from(kills).unwrap() / 10, "kills fall into the middle of the work");
}
