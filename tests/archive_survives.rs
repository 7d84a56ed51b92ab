//! What happens to the archive's file, and to the disk under it, costs no ids: it is said, and nothing is made worse.

#![cfg(test)]

mod support;

use std::collections::BTreeMap;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use chrono::{DateTime, Utc};
use feedmill::archive::{Archive, Record, SiteState, SqliteArchive};
use feedmill::item::{Fields, Found, Item};
use feedmill::text::Html;
use feedmill::weburl::WebUrl;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;
use support::server::Server;
use support::site::{Site, configure, sites_toml};

const ITEMS: usize = 300;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_900_000, 0).unwrap()
}

fn record(number: usize) -> Record {
    let link = WebUrl::parse(&format!("https://mill.example/{number}")).unwrap();
    let content = Html::from_clean(format!("<p>Sack {number}.</p>").repeat(100 + number % 7 * 100));
    Record {
        number: None,
        keys: vec![format!("link:{number}"), format!("id:{number}")],
        first_seen: now(),
        item: Item {
            id: link.to_string(),
            id_is_link: true,
            published: now().fixed_offset(),
            updated: now().fixed_offset(),
            fields: Fields { content: Some(content), ..Fields::default() },
        },
        entry: Found::default(),
        digest: "digest".into(),
        rule: "rule".into(),
        article: feedmill::archive::ArticleState::default(),
        is_dropped: false,
        held: None,
        pages: Vec::new(),
    }
}

async fn write(archive: &dyn Archive, numbers: std::ops::Range<usize>) -> Result<(), String> {
    archive.lease("mill", "me", now(), now()).await.map_err(|error| error.to_string())?;
    let state = SiteState { succeeded: Some(now()), ..SiteState::default() };
    archive.commit("mill", "me", state, numbers.map(record).collect()).await.map_err(|error| error.to_string())
}

/// An archive with [`ITEMS`], closed.
async fn filled(path: &Path) {
    let archive = SqliteArchive::open(path).unwrap();
    for start in (0..ITEMS).step_by(50) {
        write(&archive, start..start + 50).await.unwrap();
    }
}

fn sentence(path: &Path) -> String {
    let Err(error) = SqliteArchive::open(path) else { panic!("{} was opened", path.display()) };
    error.to_string()
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % sides
    }
}

/// Each page in turn is overwritten: either that is said, or everything that is read is what was written.
#[tokio::test]
async fn fault_60_a_page_that_was_overwritten_is_noticed_and_no_item_is_taken_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feedmill.db");
    filled(&path).await;
    let sound = std::fs::read(&path).unwrap();
    let pages = sound.len() / 4096;
    assert!(pages > 200, "{pages}");
    let mut dice = Dice(20_261_123);
    let mut verdicts = BTreeMap::new();
    for round in 0..160 {
        let page = if round < 20 { round } else { dice.roll(pages) };
        let mut bytes = sound.clone();
        let place = page * 4096..(page + 1) * 4096;
        match round % 3 {
            0 => bytes[place].fill(0),
            1 => bytes[place].iter_mut().for_each(|byte| *byte = u8::try_from(dice.roll(256)).unwrap()),
            _ => bytes[place].fill(0xA5),
        }
        std::fs::write(&path, &bytes).unwrap();
        let verdict = match SqliteArchive::open(&path) {
            Err(error) => {
                assert!(
                    error.to_string().contains("damaged") || error.to_string().contains("not a database"),
                    "{error}"
                );
                "refused"
            }
            Ok(archive) => verdict(&archive).await,
        };
        assert_ne!(verdict, "lost", "page {page}, round {round}");
        *verdicts.entry(verdict).or_insert(0) += 1;
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.len() <= 3, "no other archive was begun: {left:?}");
    }
    eprintln!("160 pages overwritten: {verdicts:?}");
    assert!(verdicts["refused"] > 60, "{verdicts:?}");
}

/// Whether what can be read of an archive that lost a page is what was written.
async fn verdict(archive: &dyn Archive) -> &'static str {
    let mut verdict = "harmless";
    for number in 0..ITEMS {
        match archive.find("mill", vec![format!("link:{number}")]).await {
            Err(_) => verdict = "an error for some",
            Ok(found) if found.len() != 1 || found[0].item.id != record(number).item.id => return "lost",
            Ok(_) => {}
        }
    }
    verdict
}

/// Damage that comes while the archive is open: nothing more is written, and what is there stays.
#[tokio::test]
async fn fault_60_damage_that_is_met_while_running_ends_all_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feedmill.db");
    filled(&path).await;
    let archive = SqliteArchive::open(&path).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    file.write_all_at(&vec![0xA5; usize::try_from(length).unwrap() - 4096], 4096).unwrap();
    let error = archive.find("mill", vec!["link:7".into()]).await.unwrap_err().to_string();
    assert!(error.contains("damaged") && error.contains("feedmill.db"), "{error}");
    let before = std::fs::read(&path).unwrap();
    let error = write(&archive, 900..901).await.unwrap_err();
    assert!(error.contains("nothing more is written"), "{error}");
    assert!(archive.lease("another", "me", now(), now()).await.is_err(), "nor for another site");
    drop(archive);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(sentence(&path).contains("damaged"));
}

#[tokio::test]
async fn fault_60_an_archive_that_lost_its_file_is_not_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feedmill.db");
    let log = folder.path().join("feedmill.db-wal");
    let archive = SqliteArchive::open(&path).unwrap();
    write(&archive, 0..3).await.unwrap();
    let (whole, its_log) = (std::fs::read(&path).unwrap(), std::fs::read(&log).unwrap());
    drop(archive);

    std::fs::write(&log, &its_log).unwrap();
    std::fs::write(&path, "").unwrap();
    assert!(sentence(&path).contains("the file is empty") && sentence(&path).contains("still there"));
    std::fs::remove_file(&path).unwrap();
    assert!(sentence(&path).contains("its log"), "{}", sentence(&path));
    assert!(!path.exists(), "no new one");
    assert_eq!(std::fs::read(&log).unwrap(), its_log, "and the log is left alone");
    // Put back, it is what it was.
    std::fs::write(&path, whole).unwrap();
    assert_eq!(SqliteArchive::open(&path).unwrap().count("mill").await.unwrap(), 3);

    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert!(sentence(&empty).contains("the file is empty"));
    assert_eq!(empty.metadata().unwrap().len(), 0);
}

#[tokio::test]
async fn fault_60_a_file_that_is_deleted_or_replaced_is_not_written_into_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    for what in ["deleted", "replaced", "log deleted"] {
        let path = folder.path().join(format!("{what}.db"));
        let archive = SqliteArchive::open(&path).unwrap();
        write(&archive, 0..3).await.unwrap();
        match what {
            "deleted" => std::fs::remove_file(&path).unwrap(),
            "replaced" => {
                let copy = folder.path().join("copy");
                std::fs::copy(&path, &copy).unwrap();
                std::fs::rename(&copy, &path).unwrap();
            }
            _ => std::fs::remove_file(folder.path().join(format!("{what}.db-wal"))).unwrap(),
        }
        let error = write(&archive, 3..6).await.unwrap_err();
        assert!(error.contains("deleted or replaced") && error.contains("start Feedmill again"), "{what}: {error}");
        assert_eq!(archive.count("mill").await.unwrap(), 3, "{what}: reading goes on");
    }
}

/// An engine on an archive that says no: what is in memory is served on, and the site is not asked all the time.
#[tokio::test]
async fn fault_60_what_is_in_memory_is_served_while_the_archive_fails() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, "refresh = \"1s\""));
    let server = Server::start(home.path());
    let good = server.get("/feeds/mill.xml");
    assert_eq!(good.status, 200);
    let archive = home.path().join("data/feedmill/feedmill.db");
    std::fs::rename(&archive, home.path().join("elsewhere.db")).unwrap();
    Site::of(5).publish(&origin);
    let mut answers = Vec::new();
    for _ in 0..400 {
        let answer = server.get("/feeds/mill.xml");
        let is_told = answer.header("cache-status").is_some_and(|status| status.contains("deleted or replaced"));
        answers.push(answer);
        if is_told {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let last = answers.last().unwrap();
    assert!(last.header("cache-status").unwrap().contains("deleted or replaced"), "{:?}", last.headers);
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == good.body));
    let asked = origin.hits("/");
    for _ in 0..20 {
        assert_eq!(server.get("/feeds/mill.xml").body, good.body);
    }
    assert!(origin.hits("/") <= asked + 1, "upstream does not pay for it");
    assert!(!archive.exists());
}

/// A disk of one megabyte, where this user may make one.
fn small_disk(home: &Path) -> Option<PathBuf> {
    let disk = home.join("disk");
    std::fs::create_dir_all(&disk).unwrap();
    let can = std::process::Command::new("unshare")
        .args(["-rm", "sh", "-c", "mount -t tmpfs -o size=64k none \"$1\"", "sh"])
        .arg(&disk)
        .output()
        .is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("SKIPPED: this user may not mount a small disk (unshare -rm), so that none can be full");
    }
    can.then_some(disk)
}

/// Runs `script` where `$DISK` is a disk of `size`, and `$FEEDMILL` the real binary.
fn on_a_small_disk(home: &Path, disk: &Path, size: &str, script: &str) -> Output {
    let mut command = std::process::Command::new("unshare");
    command.args([
        "-rm",
        "sh",
        "-ec",
        &format!("mount -t tmpfs -o size={size} none \"$DISK\"; cd \"$HOME\"; {script}"),
    ]);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", home);
    command.env("TMPDIR", home).env("DISK", disk).env("FEEDMILL", env!("CARGO_BIN_EXE_feedmill"));
    command.output().unwrap()
}

#[test]
fn fault_60_a_full_disk_costs_nothing_and_is_made_good_when_there_is_room() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let Some(disk) = small_disk(home.path()) else { return };
    let mut site = Site::of(12);
    for article in &mut site.articles {
        article.body = article.body.repeat(60);
    }
    site.publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let script = "run() { \"$FEEDMILL\" build --archive $DISK/a.db --out out 2>>said; echo $?; }
        printf '' > said
        head -c 1200k /dev/zero > $DISK/ballast
        \"$FEEDMILL\" build --archive $DISK/a.db --out out --quiet 2>>said || echo first $?
        rm $DISK/ballast
        run
        \"$FEEDMILL\" backup --archive $DISK/a.db copy.db 2>/dev/null
        echo copied $?";
    let output = on_a_small_disk(home.path(), &disk, "1500k", script);
    let (out, said) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        std::fs::read_to_string(home.path().join("said")).unwrap(),
    );
    assert!(said.contains("the disk is full"), "{out}{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("\n0\n") && out.contains("copied 0"), "{out}{said}");
    let copy = rusqlite::Connection::open(home.path().join("copy.db")).unwrap();
    let count: i64 = copy.query_row("SELECT count(DISTINCT item) FROM items", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 12);
}

#[test]
fn fault_59_a_full_folder_keeps_its_files_and_the_next_run_repairs() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let Some(disk) = small_disk(home.path()) else { return };
    Site::of(3).publish(&origin);
    configure(home.path(), &sites_toml(&origin, ""));
    let script = "run() { set +e; \"$FEEDMILL\" build --out $DISK/out 2>>said; echo exit $?; set -e; }
        printf '' > said
        run; sha256sum $DISK/out/* > old; rm -f $DISK/out/mill.json; sha256sum $DISK/out/* > old
        head -c 10M /dev/zero > $DISK/ballast 2>/dev/null || true
        run; sha256sum -c --quiet old && echo untouched; ls -A $DISK/out | grep feedmill- || echo no drafts
        rm $DISK/ballast; run; ls $DISK/out";
    let output = on_a_small_disk(home.path(), &disk, "200k", script);
    let said = std::fs::read_to_string(home.path().join("said")).unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines: Vec<&str> = out.lines().collect();
    let expected = [
        "exit 0",
        "exit 4",
        "untouched",
        "no drafts",
        "exit 0",
        "index.html",
        "mill.atom",
        "mill.html",
        "mill.json",
        "mill.xml",
    ];
    assert_eq!(lines, expected, "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("make room on the disk"), "{said}");
}

#[test]
fn fault_59_one_site_that_cannot_be_written_does_not_keep_the_others_back() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let toml = sites_toml(&origin, "");
    configure(
        home.path(),
        &format!("{toml}\n{}", toml.split("[fetch]").next().unwrap().replace("sites.mill", "sites.weir")),
    );
    std::fs::create_dir_all(home.path().join("out/mill.atom")).unwrap();
    let build = || feedmill(home.path()).args(["build", "--out", "out"]).output().unwrap();
    let output = build();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("move the folder of that name away"), "{said}");
    assert!(home.path().join("out/weir.xml").exists() && home.path().join("out/index.html").exists());
    std::fs::remove_dir(home.path().join("out/mill.atom")).unwrap();
    let output = build();
    assert_eq!(output.status.code(), Some(0), "at once: {}", String::from_utf8_lossy(&output.stderr));
    assert!(home.path().join("out/mill.atom").is_file());
}

/// Copies while another process writes: each holds what was committed when it began.
#[tokio::test]
async fn a_copy_made_while_others_write_has_everything_that_was_there() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    origin.on("/", Script::html(""));
    configure(home.path(), &sites_toml(&origin, ""));
    let path = home.path().join("data/feedmill/feedmill.db");
    filled(&path).await;
    let written = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(ITEMS));
    let (stop, count) =
        (std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false)), std::sync::Arc::clone(&written));
    let (over, writing) = (std::sync::Arc::clone(&stop), path.clone());
    let writer = tokio::spawn(async move {
        let archive = SqliteArchive::open(&writing).unwrap();
        while !over.load(std::sync::atomic::Ordering::SeqCst) {
            let next = count.load(std::sync::atomic::Ordering::SeqCst);
            write(&archive, next..next + 3).await.unwrap();
            count.store(next + 3, std::sync::atomic::Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
    });
    let copy = home.path().join("copies/feedmill.db");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    for _ in 0..5 {
        let before = written.load(std::sync::atomic::Ordering::SeqCst);
        let (from, to) = (path.clone(), copy.clone());
        let copied = tokio::task::spawn_blocking(move || SqliteArchive::copy(&from, "it", &to)).await.unwrap().unwrap();
        let has = usize::try_from(copied.items).unwrap();
        assert!(has >= before && has % 3 == 0, "{has} of {before}");
        let opened = SqliteArchive::open(&copy).unwrap();
        assert_eq!(opened.count("mill").await.unwrap(), has);
        let keys = (0..before).map(|number| format!("id:{number}")).collect();
        assert_eq!(opened.find("mill", keys).await.unwrap().len(), before);
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    writer.await.unwrap();
    let names: Vec<_> = std::fs::read_dir(copy.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["feedmill.db"], "no drafts, no logs");
}

#[tokio::test]
async fn a_copy_replaces_an_earlier_copy_and_nothing_else() {
    use std::os::unix::fs::PermissionsExt as _;
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &sites_toml(&origin, ""));
    let path = home.path().join("data/feedmill/feedmill.db");
    let backup = |to: &str| {
        let output = feedmill(home.path()).args(["backup", to]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = backup("copy.db");
    assert!(code == Some(4) && said.contains("cannot open the archive") && !path.exists(), "none is made: {said}");
    filled(&path).await;
    for _ in 0..2 {
        let (code, said) = backup("copy.db");
        assert_eq!((code, said.contains("1 sites, 300 items")), (Some(0), true), "{said}");
    }
    let copy = home.path().join("copy.db");
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let vacuum =
        rusqlite::Connection::open(&copy).unwrap().pragma_query_value(None, "auto_vacuum", |row| row.get::<_, i64>(0));
    assert_eq!(vacuum.unwrap(), 2, "it can give room back");
    for (to, why) in [
        ("sites.toml", "left alone"),
        ("data/feedmill/feedmill.db", "the archive itself"),
        ("data", "it is a folder"),
        ("no/such/folder.db", "No such file"),
    ] {
        let (code, said) = backup(to);
        assert!(code == Some(4) && said.contains(why), "{to}: {said}");
    }
    assert!(std::fs::read_to_string(home.path().join("sites.toml")).unwrap().contains("[sites.mill]"));
    // A damaged archive makes no copy, and the earlier one stays.
    let good = std::fs::read(&copy).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[length / 2..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let (code, said) = backup("copy.db");
    assert!(code == Some(4) && said.contains("damaged"), "{said}");
    assert_eq!(std::fs::read(&copy).unwrap(), good);
}

#[tokio::test]
async fn a_site_is_deleted_only_when_that_is_meant() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    configure(home.path(), &sites_toml(&origin, "").replace("mill", "weir"));
    let path = home.path().join("data/feedmill/feedmill.db");
    let forget = |arguments: &[&str]| {
        let output = feedmill(home.path()).arg("forget").args(arguments).output().unwrap();
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    assert_eq!(forget(&[]).0, Some(2), "there is no archive, and none is made");
    assert!(!path.exists());
    filled(&path).await;
    let (code, said) = forget(&[]);
    assert!(code == Some(0) && said.contains("mill\t300 items") && said.contains("not in the configuration"), "{said}");
    let (code, said) = forget(&["mill"]);
    assert!(code == Some(0) && said.contains("nothing was deleted"), "{said}");
    assert_eq!(SqliteArchive::open(&path).unwrap().count("mill").await.unwrap(), 300);
    assert_eq!(forget(&["mil", "--yes"]).0, Some(2));
    let (code, said) = forget(&["mill", "--yes"]);
    assert!(code == Some(0) && said.contains("deleted with all"), "{said}");
    let archive = SqliteArchive::open(&path).unwrap();
    assert_eq!((archive.count("mill").await.unwrap(), archive.holdings(None).await.unwrap().len()), (0, 0));
    assert!(path.metadata().unwrap().len() < 300_000, "and the room is given back");
}
