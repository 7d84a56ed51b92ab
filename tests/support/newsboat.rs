//! Reads feeds with newsboat, the reader in a terminal that Debian ships: what it lists is what a subscriber sees.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::{Connection, OpenFlags};

/// Subscribes to `feed_urls` with an own, empty newsboat, reloads once, and gives what it lists: the title of each feed,
/// in the order given, with the titles of its items, newest first.
///
/// `None`, with a loud line, if newsboat is not installed; with `CI=true` that is a failure. Blocks: call it outside of
/// an asynchronous task.
pub fn titles_seen_by_newsboat(feed_urls: &[String]) -> Option<Vec<(String, Vec<String>)>> {
    if Command::new("newsboat").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "newsboat is not installed; `make tools` installs it");
        eprintln!("SKIPPED: newsboat is not installed; `make tools` installs it");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let log = reload(folder.path(), feed_urls);
    let cache = Connection::open_with_flags(folder.path().join("cache.db"), OpenFlags::SQLITE_OPEN_READ_ONLY);
    let cache = cache.expect("newsboat's cache");
    Some(feed_urls.iter().map(|url| listed(&cache, url, &log)).collect())
}

/// One run of newsboat without a terminal; gives its log of errors. Its exit code says nothing: it is 0 even if no feed
/// could be read.
fn reload(folder: &Path, feed_urls: &[String]) -> String {
    fs::write(folder.join("urls"), feed_urls.join("\n") + "\n").expect("a file of addresses");
    fs::write(folder.join("config"), "download-retries 1\ndownload-timeout 20\n").expect("a configuration");
    let output = Command::new("newsboat")
        .args(["-u", "urls", "-c", "cache.db", "-C", "config", "-l", "2", "-d", "log", "-x", "reload"])
        .current_dir(folder)
        // No proxy from the environment, no subscriptions of whoever runs the tests, titles in UTF-8.
        .env_clear()
        .envs(std::env::var("PATH").map(|path| ("PATH", path)))
        .env("HOME", folder)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .expect("newsboat");
    assert!(output.status.success(), "newsboat: {}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}

/// What newsboat's cache holds of one feed. A feed that it could not read has no row there.
fn listed(cache: &Connection, url: &str, log: &str) -> (String, Vec<String>) {
    let title = cache.query_row("SELECT title FROM rss_feed WHERE rssurl = ?1", [url], |row| row.get(0));
    assert!(title.is_ok(), "newsboat could not read {url}:\n{log}");
    let select = "SELECT title FROM rss_item WHERE feedurl = ?1 ORDER BY pubDate DESC, id DESC";
    let mut items = cache.prepare(select).expect("newsboat's table of items");
    let titles = items.query_map([url], |row| row.get(0)).and_then(Iterator::collect);
    (title.expect("a title"), titles.expect("titles"))
}
