//! What the archive promises, asked of every implementation; then what a file on a disk may do to it.

#![cfg(test)]

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::archive::{Archive, ArchiveError, ArticleState, Due, PageState, Record, SiteState, SqliteArchive};
use feedmill::drift::{Drift, Drifted};
use feedmill::health::{Alarmed, Episode};
use feedmill::item::{Enclosure, Field, Fields, Found, Item};
use feedmill::outcome::Outcome;
use feedmill::profile::{Profile, Sketch, Spread};
use feedmill::report::{Report, Tally};
use feedmill::rule::Filter;
use feedmill::selfmade::{Change, Repair, SelfMade};
use feedmill::text::{Html, Text};
use feedmill::webpage::Validators;
use feedmill::weburl::WebUrl;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_900_000, 123_456_000).unwrap() + TimeDelta::minutes(minute)
}

/// Writing as a refresh does it, with the lease in hand.
trait Write {
    async fn write(&self, site: &str, state: SiteState, records: Vec<Record>) -> Result<(), ArchiveError>;
}

impl<T: Archive + ?Sized> Write for T {
    async fn write(&self, site: &str, state: SiteState, records: Vec<Record>) -> Result<(), ArchiveError> {
        // The end of the lease does not matter here: nobody takes it over.
        self.lease(site, "writer", at(0), at(0)).await?;
        self.commit(site, "writer", state, records).await
    }
}

fn text(raw: &str) -> Option<Text> {
    Text::new(raw)
}

/// A record with every field filled, so that none can be forgotten on the way.
fn record(name: &str, published: &str) -> Record {
    let link = WebUrl::parse(&format!("https://mill.example/{name}")).unwrap();
    let fields = Fields {
        id: text(name),
        link: Some(link.clone()),
        title: text(&format!("On {name} & “flour”")),
        published: Some(DateTime::parse_from_rfc3339(published).unwrap()),
        updated: Some(DateTime::parse_from_rfc3339(published).unwrap()),
        author: vec![text("Ada Müller").unwrap(), text("Bo").unwrap()],
        category: vec![text("grain").unwrap()],
        summary: Some(Html::from_clean("<p>Short.</p>".into())),
        content: Some(Html::from_clean("<p>Long,\nand \u{1f33e}.</p>".into())),
        image: Some(link.join("/wheel.webp").unwrap()),
        image_caption: text("The wheel"),
        image_credit: text("© Bo"),
        enclosure: vec![Enclosure {
            url: link.join("/a.mp3").unwrap(),
            media_type: "audio/mpeg".into(),
            length: 7,
            duration: None,
        }],
        comments: Some(link.join("#comments").unwrap()),
        language: text("en"),
    };
    Record {
        number: None,
        keys: vec![format!("https://mill.example/{name}")],
        first_seen: at(0),
        item: Item {
            id: format!("tag:mill.example,2026-11-23:mill/{name}"),
            id_is_link: false,
            published: DateTime::parse_from_rfc3339(published).unwrap(),
            updated: DateTime::parse_from_rfc3339(published).unwrap(),
            fields: fields.clone(),
        },
        entry: Found { ruled: fields, automatic: Fields { title: text("automatic"), ..Fields::default() } },
        digest: format!("digest of {name}"),
        rule: "rule 1".into(),
        article: ArticleState {
            validators: Validators { etag: Some("W/\"x\"".into()), last_modified: Some("yesterday".into()) },
            due: Some(at(60)),
            failures: 3,
            read: true,
        },
        is_dropped: false,
        held: None,
        pages: Vec::new(),
    }
}

fn page(etag: &str) -> PageState {
    let validators = Validators { etag: Some(etag.into()), last_modified: Some("Sun, 23 Nov 2025".into()) };
    PageState {
        validators,
        fingerprint: format!("fingerprint of {etag}"),
        fresh_for: Some(std::time::Duration::from_mins(7)),
    }
}

fn state() -> SiteState {
    let mut report = Report { rows: Some(3), dropped: 1, container: Some(true), ..Report::default() };
    report.fields.insert(Field::Title, Tally { found: 1, missing: 0 });
    report.note(Field::Published, Some(2), "two readings");
    SiteState {
        listing: Vec::new(),
        held: None,
        pages: [("https://mill.example/", "\"l\""), ("https://mill.example/?page=2", "\"m\"")]
            .map(|(url, etag)| (WebUrl::parse(url).unwrap(), page(etag)))
            .into(),
        rule: Some("rule 1".into()),
        title: Some("Mill & Co".into()),
        head: Some("digest of the head".into()),
        tried: Some(at(3)),
        succeeded: Some(at(2)),
        changed: Some(at(1)),
        due: Some(at(63)),
        interval: Some(std::time::Duration::from_millis(3_600_001)),
        failures: 2,
        outcome: Some(Outcome::Failed { why: "no answer".into(), status: Some(503), timed_out: true }),
        report: Some(report),
        drift: Some(Drifted::after(None, Drift::Challenge { by: "Cloudflare".into() }, at(2))),
        profile: Profile {
            rule: "rule 1".into(),
            readings: 7,
            entries: Spread { least: 19.0, usual: 20.25, most: 21.0 },
            shapes: [("mill.example/news/*".to_owned(), 20)].into(),
            frame: Sketch::of([1, 2, 3]),
            ..Profile::default()
        },
        made: SelfMade {
            of: "rule 1".into(),
            found: Some(vec![("item".into(), "\"li\"".into())]),
            repair: Some(repair()),
            tried: Some("fingerprint".into()),
            since: Some(at(2)),
        },
        episode: Some(Episode {
            since: at(2),
            refreshes: 3,
            alarm: Some(Alarmed { at: at(3), why: "no answer".into(), advice: "wait".into() }),
        }),
    }
}

fn repair() -> Repair {
    Repair {
        changes: vec![Change { key: "item".into(), from: Some("\"li\"".into()), to: None }],
        at: at(2),
        known: 7,
        entries: 9,
        before: Profile { readings: 3, ..Profile::default() },
    }
}

/// What every implementation promises. The sites' names are this test's own, so that it may run on any archive.
async fn archive_keeps_its_promises(archive: &dyn Archive) {
    a_state_comes_back_whole(archive).await;
    a_record_comes_back_whole_and_can_be_changed(archive).await;
    every_key_leads_to_its_record(archive).await;
    what_is_known_is_told_in_one_look(archive).await;
    the_newest_come_first(archive).await;
    the_longest_due_come_first(archive).await;
    a_commit_is_all_or_nothing(archive).await;
    a_lease_has_one_holder(archive).await;
    the_schedule_is_told_at_once(archive).await;
}

async fn the_schedule_is_told_at_once(archive: &dyn Archive) {
    let due_of = async |site: &str| archive.dues().await.unwrap().into_iter().find(|due| due.site == site);
    assert_eq!(due_of("p-schedule").await, None);
    let asked = |minutes| vec![("p-schedule".to_owned(), at(minutes)), ("p-asked".to_owned(), at(1))];
    archive.note_asked(asked(5)).await.unwrap();
    archive.note_asked(asked(4)).await.unwrap();
    let only_asked = Due { site: "p-schedule".into(), asked: Some(at(5)), ..Due::default() };
    assert_eq!(due_of("p-schedule").await, Some(only_asked.clone()), "never back, and never refreshed");
    assert!(archive.lease("p-schedule", "me", at(0), at(1)).await.unwrap());
    archive.commit("p-schedule", "me", state(), vec![]).await.unwrap();
    let expected = Due {
        due: state().due,
        tried: state().tried,
        interval: state().interval,
        failures: 2,
        has_edition: true,
        ..only_asked
    };
    assert_eq!(due_of("p-schedule").await, Some(expected), "a refresh does not touch when readers asked");
    assert!(due_of("p-asked").await.is_some_and(|due| !due.has_edition && due.due.is_none()));
}

async fn what_is_known_is_told_in_one_look(archive: &dyn Archive) {
    let of_two = vec![record("known-1", "2026-11-23T12:00:00Z"), record("known-2", "2026-11-23T12:00:00Z")];
    archive.write("p-known", state(), of_two).await.unwrap();
    archive.write("p-known/none", SiteState::default(), Vec::new()).await.unwrap();
    let known = archive.known().await.unwrap();
    assert!(known.is_sorted_by(|a, b| a.name < b.name));
    let of = |name: &str| known.iter().find(|known| known.name == name).unwrap();
    // All of a state but what is large.
    let repair = Repair { before: Profile::default(), ..repair() };
    let made = SelfMade { found: None, repair: Some(repair), ..state().made };
    let expected = SiteState { pages: <_>::default(), report: None, profile: Profile::default(), made, ..state() };
    assert_eq!((&of("p-known").state, of("p-known").items), (&expected, 2));
    assert_eq!((of("p-known/none").items, of("p-known").asked), (0, None));
    let held = Record { held: Some(at(9)), ..record("known-3", "2026-11-23T12:00:00Z") };
    archive.write("p-known", state(), vec![held]).await.unwrap();
    archive.note_asked(vec![("p-known".to_owned(), at(7))]).await.unwrap();
    let known = archive.known().await.unwrap().into_iter().find(|known| known.name == "p-known").unwrap();
    assert_eq!((known.items, known.asked), (2, Some(at(7))), "what is held back does not count");
}

async fn a_state_comes_back_whole(archive: &dyn Archive) {
    assert_eq!(archive.state("p-state").await.unwrap(), SiteState::default());
    archive.write("p-state", state(), vec![]).await.unwrap();
    assert_eq!(archive.state("p-state").await.unwrap(), state());
    archive.write("p-state", SiteState::default(), vec![]).await.unwrap();
    let expected = SiteState { changed: state().changed, ..SiteState::default() };
    assert_eq!(archive.state("p-state").await.unwrap(), expected, "the last change alone never goes back");
}

async fn a_record_comes_back_whole_and_can_be_changed(archive: &dyn Archive) {
    let site = "p-record";
    let given = record("bread", "2026-11-23T10:00:00+05:45");
    archive.write(site, state(), vec![given.clone()]).await.unwrap();
    let mut found = archive.find(site, given.keys.clone()).await.unwrap().remove(0);
    assert!(found.number.is_some());
    assert_eq!(found, Record { number: found.number, ..given.clone() });
    assert_eq!(found.item.published.to_rfc3339(), "2026-11-23T10:00:00+05:45", "the page's own offset");
    assert_eq!(archive.newest(site, 9, &Filter::default()).await.unwrap(), std::slice::from_ref(&given.item));

    found.item.fields.title = text("A new title");
    found.digest = "another".into();
    found.article = ArticleState::default();
    found.first_seen = at(99);
    archive.write(site, state(), vec![found.clone()]).await.unwrap();
    let again = archive.find(site, given.keys).await.unwrap().remove(0);
    assert_eq!(again, Record { first_seen: at(0), ..found }, "the moment of first sight never changes");
}

async fn every_key_leads_to_its_record(archive: &dyn Archive) {
    let site = "p-keys";
    let mut bread = record("bread", "2026-11-23T10:00:00Z");
    bread.keys = vec!["id:1".into(), "https://mill.example/bread".into()];
    let mut cake = record("cake", "2026-11-23T11:00:00Z");
    cake.keys = vec!["https://mill.example/cake".into(), "id:1".into()];
    archive.write(site, state(), vec![bread, cake]).await.unwrap();

    let titles = async |keys: &[&str]| -> Vec<String> {
        let found = archive.find(site, keys.iter().map(ToString::to_string).collect()).await.unwrap();
        found.into_iter().map(|record| record.item.id).collect()
    };
    let (bread, cake) = ("tag:mill.example,2026-11-23:mill/bread", "tag:mill.example,2026-11-23:mill/cake");
    assert_eq!(titles(&["id:1"]).await, [bread], "a key stays with the record that had it first");
    assert_eq!(titles(&["id:1", "nothing", "https://mill.example/bread", "id:1"]).await, [bread], "each once");
    assert_eq!(titles(&["https://mill.example/cake", "id:1"]).await, [bread, cake]);
    assert_eq!(titles(&[]).await, [""; 0]);
    let elsewhere = archive.find("p-keys-of-another-site", vec!["id:1".into()]).await.unwrap();
    assert_eq!(elsewhere, [], "a site sees only its own");

    let mut moved = archive.find(site, vec!["https://mill.example/cake".into()]).await.unwrap().remove(0);
    assert_eq!(moved.keys, ["https://mill.example/cake"], "what leads elsewhere is not among its keys");
    moved.keys = vec!["https://mill.example/torte".into()];
    archive.write(site, state(), vec![moved]).await.unwrap();
    assert_eq!(titles(&["https://mill.example/torte"]).await, [cake], "an alias added later");
    assert_eq!(titles(&["https://mill.example/cake"]).await, [cake], "an old link still leads there");
}

async fn the_newest_come_first(archive: &dyn Archive) {
    let site = "p-newest";
    let records = [
        record("noon", "2026-11-23T12:00:00Z"),
        record("earlier-than-it-looks", "2026-11-23T13:30:00+02:00"),
        record("noon-too", "2026-11-23T13:00:00+01:00"),
        record("long-ago", "1969-07-20T20:17:40.5Z"),
        record("later", "2026-11-23T12:00:00.000001Z"),
    ];
    archive.write(site, state(), records.to_vec()).await.unwrap();
    let names = async |max| -> Vec<String> {
        let items = archive.newest(site, max, &Filter::default()).await.unwrap();
        items.into_iter().map(|item| item.fields.id.unwrap().to_string()).collect()
    };
    let expected = ["later", "noon-too", "noon", "earlier-than-it-looks", "long-ago"];
    assert_eq!(names(99).await, expected, "by moment, not by the clock on the wall; of equal ones the last archived");
    assert_eq!(names(2).await, expected[..2]);
    assert_eq!(names(0).await, [""; 0]);
    let found = archive.find(site, records.iter().flat_map(|r| r.keys.clone()).collect()).await.unwrap();
    let numbers: Vec<i64> = found.iter().filter_map(|record| record.number).collect();
    assert!(numbers.len() == 5 && numbers.is_sorted(), "numbered in the order given: {numbers:?}");
    assert_eq!(found[0].keys, records[0].keys);
}

async fn the_longest_due_come_first(archive: &dyn Archive) {
    let site = "p-due";
    let with_due = |name: &str, due: Option<DateTime<Utc>>| {
        let mut record = record(name, "2026-11-23T12:00:00Z");
        record.article.due = due;
        record
    };
    let records = vec![
        with_due("never", None),
        with_due("late", Some(at(9))),
        with_due("now", Some(at(10))),
        with_due("longest", Some(at(1))),
        with_due("tomorrow", Some(at(11))),
    ];
    archive.write(site, state(), records).await.unwrap();
    let names = async |max| -> Vec<String> {
        let due = archive.due(site, at(10), max).await.unwrap();
        due.into_iter().map(|record| record.item.fields.id.unwrap().to_string()).collect()
    };
    assert_eq!(names(99).await, ["longest", "late", "now"]);
    assert_eq!(names(1).await, ["longest"]);
}

async fn a_commit_is_all_or_nothing(archive: &dyn Archive) {
    let site = "p-atomic";
    let mut gone = record("gone", "2026-11-23T12:00:00Z");
    gone.number = Some(i64::MAX);
    let fine = record("fine", "2026-11-23T12:00:00Z");
    let refused = archive.write(site, state(), vec![fine.clone(), gone]).await;
    assert!(refused.unwrap_err().to_string().contains("p-atomic"), "says whose");
    assert_eq!(archive.state(site).await.unwrap(), SiteState::default());
    assert_eq!(archive.find(site, fine.keys.clone()).await.unwrap(), []);
    assert_eq!(archive.newest(site, 9, &Filter::default()).await.unwrap(), []);

    archive.write(site, state(), vec![fine.clone()]).await.unwrap();
    let theirs = archive.find(site, fine.keys).await.unwrap();
    let stolen = archive.write("p-thief", state(), theirs).await;
    assert!(stolen.is_err(), "a number belongs to its site");
}

async fn a_lease_has_one_holder(archive: &dyn Archive) {
    let take = async |holder, now, until| archive.lease("p-lease", holder, at(now), at(until)).await.unwrap();
    assert!(take("one", 0, 5).await);
    assert!(!take("two", 1, 6).await);
    assert!(take("one", 1, 6).await, "the same holder may take it again");
    assert!(!take("two", 5, 9).await, "and has it for longer then");
    archive.release("p-lease", "two").await.unwrap();
    assert!(!take("two", 5, 9).await, "only the holder gives it back");
    assert!(take("two", 6, 9).await, "it ended");
    assert!(!take("one", 7, 9).await, "the other has it now");
    archive.release("p-lease", "two").await.unwrap();
    assert!(take("one", 7, 9).await, "it was given back");
    assert!(archive.lease("p-lease-of-another-site", "two", at(7), at(9)).await.unwrap());
}

#[tokio::test]
async fn who_has_lost_the_lease_writes_nothing() {
    let archive = SqliteArchive::in_memory().unwrap();
    assert!(archive.lease("mill", "slow", at(0), at(5)).await.unwrap());
    assert!(archive.lease("mill", "quick", at(6), at(11)).await.unwrap());
    archive.commit("mill", "quick", state(), vec![record("bread", "2026-11-23T12:00:00Z")]).await.unwrap();
    archive.release("mill", "quick").await.unwrap();
    let late =
        archive.commit("mill", "slow", SiteState::default(), vec![record("bread", "2026-11-23T12:00:00Z")]).await;
    assert!(matches!(late, Err(ArchiveError::LeaseLost(site)) if site == "mill"));
    assert_eq!((archive.state("mill").await.unwrap(), archive.count("mill").await.unwrap()), (state(), 1));
}

#[tokio::test]
async fn sqlite_in_memory_keeps_its_promises() {
    archive_keeps_its_promises(&SqliteArchive::in_memory().unwrap()).await;
}

#[tokio::test]
async fn sqlite_in_a_file_keeps_its_promises_and_what_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not/yet/there/feedmill.db");
    let archive = SqliteArchive::open(&path).unwrap();
    archive_keeps_its_promises(&archive).await;
    drop(archive);

    let archive = SqliteArchive::open(&path).unwrap();
    assert_eq!(archive.newest("p-newest", 99, &Filter::default()).await.unwrap().len(), 5);
    assert_eq!(archive.state("p-keys").await.unwrap(), state());
}

/// A process that is killed closes nothing: what it leaves is the file and the log as they are at that moment.
#[tokio::test]
async fn what_was_committed_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a.db"), folder.path().join("b.db"));
    let archive = SqliteArchive::open(&path).unwrap();
    archive.write("mill", state(), vec![record("bread", "2026-11-23T12:00:00Z")]).await.unwrap();
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(folder.path().join("a.db-wal"), folder.path().join("b.db-wal")).unwrap();

    let found = SqliteArchive::open(&copy).unwrap();
    assert_eq!(
        found.newest("mill", 9, &Filter::default()).await.unwrap(),
        archive.newest("mill", 9, &Filter::default()).await.unwrap()
    );
    assert_eq!(found.state("mill").await.unwrap(), state());
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feedmill.db");
    // All of them make the archive at the same moment, as a `build` and a `serve` may.
    let opening = (0..6).map(|_| {
        let path = path.clone();
        tokio::task::spawn_blocking(move || Arc::new(SqliteArchive::open(&path).unwrap()))
    });
    let mut handles = Vec::new();
    for handle in opening.collect::<Vec<_>>() {
        handles.push(handle.await.unwrap());
    }
    let works: Vec<_> = handles
        .iter()
        .enumerate()
        .map(|(number, archive)| {
            let archive = Arc::clone(archive);
            tokio::spawn(async move {
                for round in 0..10 {
                    let name = format!("{number}-{round}");
                    let records = vec![record(&name, "2026-11-23T12:00:00Z")];
                    let holder = number.to_string();
                    while !archive.lease("mill", &holder, at(0), at(5)).await.unwrap() {
                        tokio::task::yield_now().await;
                    }
                    archive.commit("mill", &holder, state(), records).await.unwrap();
                    archive.release("mill", &holder).await.unwrap();
                }
                archive.lease("one-of-us", &number.to_string(), at(0), at(5)).await.unwrap()
            })
        })
        .collect();
    let mut leases = 0;
    for work in works {
        leases += usize::from(work.await.unwrap());
    }
    assert_eq!(leases, 1, "one of six has the lease");
    assert_eq!(handles[0].newest("mill", 999, &Filter::default()).await.unwrap().len(), 60, "and nothing was lost");
}

fn sentence(path: &Path) -> String {
    let Err(error) = SqliteArchive::open(path) else { panic!("{} was opened", path.display()) };
    let sentence = error.to_string();
    assert!(sentence.contains(&*path.to_string_lossy()), "names the file: {sentence}");
    sentence
}

#[tokio::test]
async fn fault_60_a_newer_archive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feedmill.db");
    drop(SqliteArchive::open(&path).unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(SqliteArchive::open(&path), Err(ArchiveError::Newer { found: 99, .. })));
    assert!(sentence(&path).contains("version 99"));
}

#[tokio::test]
async fn fault_60_what_is_no_archive_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, "my diary. ".repeat(1000)).unwrap();
    assert!(sentence(&garbage).contains("not a database"));
    assert_eq!(std::fs::read(&garbage).unwrap(), "my diary. ".repeat(1000).as_bytes());

    let other = folder.path().join("bookmarks.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE bookmarks (url)").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert!(sentence(&other).contains("not one of Feedmill's"));
    assert_eq!(std::fs::read(&other).unwrap(), before);

    assert!(sentence(folder.path()).contains("name a file in it"));
    assert!(sentence(&garbage.join("feedmill.db")).contains("not a folder"));
}

#[cfg(unix)]
#[tokio::test]
async fn fault_60_what_may_not_be_written_is_refused() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feedmill.db");
    drop(SqliteArchive::open(&path).unwrap());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "for its owner only");

    set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(folder.path().join("probe"), "").is_ok() {
        eprintln!("SKIPPED in part: this user (root?) may write everywhere, so that nothing can be kept from it");
    } else {
        assert!(sentence(&path).contains("right to write"));
        assert!(sentence(&folder.path().join("other.db")).contains("right to write"));
        assert!(sentence(&folder.path().join("deeper/other.db")).contains("right to write"));
    }
    set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    if cfg!(target_os = "linux") {
        // Nobody, not even root, makes folders here.
        assert!(sentence(Path::new("/proc/self/feedmill/feedmill.db")).contains("another place"));
    }
}
