//! Fault 58: what is written to the configuration while the server runs takes effect whole or not at all, and no request
//! is lost by it.

#![cfg(test)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use support::feedmill;
use support::origin::Origin;
use support::server::Server;
use support::site::{Site, configure, sites_toml};

const REFUSED: &str = "stays in force";
const IN_FORCE: &str = "is in force";

fn origin() -> Origin {
    let origin = Origin::start();
    Site::of(5).publish(&origin);
    origin
}

fn titled(origin: &Origin, title: &str) -> String {
    sites_toml(origin, &format!("title = \"{title}\""))
}

fn shows(server: &Server, words: &str) -> bool {
    let answer = server.get("/feeds/mill.xml");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().contains(words)
}

/// Readers that ask without a pause, until they are called back; each answer must be a feed.
struct Readers {
    enough: Arc<AtomicBool>,
    answers: Arc<AtomicUsize>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Readers {
    fn of(server: &Arc<Server>) -> Self {
        let (enough, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let reader = |_| {
            let (server, enough, answers) = (Arc::clone(server), Arc::clone(&enough), Arc::clone(&answers));
            thread::spawn(move || {
                while !enough.load(Ordering::Relaxed) {
                    let answer = server.get("/feeds/mill.xml");
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    assert!(answer.text().contains("Sack 5"));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let threads = (0..4).map(reader).collect();
        Self { enough, answers, threads }
    }

    /// Waits until each was answered a few times more.
    fn go_on(&self, server: &Server) {
        let before = self.answers.load(Ordering::Relaxed);
        server.wait_until("the readers go on", |_| self.answers.load(Ordering::Relaxed) > before + 20);
    }

    fn end(self) {
        self.enough.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("every answer is a feed");
        }
    }
}

#[test]
fn fault_58_a_broken_file_changes_nothing_and_a_good_one_drops_no_request() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    configure(home.path(), &titled(&origin, "First"));
    let server = Arc::new(Server::start(home.path()));
    assert!(shows(&server, "First"));
    let readers = Readers::of(&server);
    let path = home.path().join("sites.toml");

    configure(home.path(), "[sites.mill]\nurl = \"nowhere\"\ncolour = 1\n");
    server.signal("HUP");
    server.wait_until("it is refused", |server| server.lines_with(REFUSED).len() == 1);
    server.wait_until("every mistake is said", |server| server.lines_with("`colour`").len() == 1);
    readers.go_on(&server);

    fs::remove_file(&path).unwrap();
    server.wait_until("the loss is noticed", |server| server.lines_with("No such file").len() == 1);
    readers.go_on(&server);

    let whole = titled(&origin, "Second");
    let half = whole.find("[sites.mill.listing]").unwrap() + "[sites.mill.list".len();
    fs::write(&path, &whole[..half]).unwrap();
    server.signal("HUP");
    server.wait_until("half a file is refused", |server| server.lines_with(REFUSED).len() == 3);
    readers.go_on(&server);
    assert!(shows(&server, "First"), "none of it has taken effect");
    assert_eq!(server.lines_with(REFUSED).len(), 3, "each is said once");

    fs::write(&path, &whole).unwrap();
    server.wait_until("it takes effect", |server| shows(server, "Second"));
    assert_eq!(server.lines_with(IN_FORCE).len(), 1);
    readers.go_on(&server);
    readers.end();
    assert_eq!(Arc::into_inner(server).expect("the readers are gone").stop(), Some(0));
}

#[test]
fn fault_58_everything_that_the_configuration_is_read_from_is_looked_at() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let at = |name: &str| home.path().join(name);
    fs::create_dir(at("more")).unwrap();
    fs::write(at("token"), "one\n").unwrap();
    let with = |keys: &str| sites_toml(&origin, &format!("headers = {{ X-Token = \"file:token\" }}\n{keys}"));
    configure(home.path(), &format!("include = [\"more/*.toml\"]\n{}", with("")));
    let server = Server::start(home.path());
    assert!(shows(&server, "Sack 5"));
    assert_eq!(server.get("/feeds/new.xml").status, 404);

    let table = format!(
        "[sites.new]\nurl = \"{}\"\nallow_private = [\"{}\"]\nlisting.item = \"li.story\"\n",
        origin.url("/"),
        origin.address()
    );
    fs::write(at("more/new.toml"), &table).unwrap();
    server.wait_until("a file that a pattern matches", |server| server.get("/feeds/new.xml").status == 200);
    fs::write(at("more/new.toml"), "[sites.new]\nurl = 5\n").unwrap();
    server.wait_until("a mistake in it", |server| server.lines_with(REFUSED).len() == 1);
    assert_eq!(server.get("/feeds/new.xml").status, 200);
    fs::remove_file(at("more/new.toml")).unwrap();
    server.wait_until("its end", |server| server.get("/feeds/new.xml").status == 404);

    fs::write(at("next"), "two\n").unwrap();
    fs::rename(at("next"), at("token")).unwrap();
    let sent = |token: &str| origin.requests().iter().any(|seen| seen.header("X-Token") == Some(token));
    assert!(!sent("two"));
    server.wait_until("another secret", |server| shows(server, "Sack 5") && sent("two"));
}

#[test]
fn fault_58_what_cannot_change_is_said_and_the_rest_takes_effect() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    configure(home.path(), &format!("[server]\nlisten = \"127.0.0.1:0\"\n{}", titled(&origin, "First")));
    let server = Server::start_with(home.path(), &["serve"]);
    assert!(shows(&server, "First"));
    let other = "[server]\nlisten = \"127.0.0.2:0\"\n[archive]\nurl = \"elsewhere.db\"\n";
    configure(home.path(), &format!("{other}{}", titled(&origin, "Second")));
    server.signal("HUP");
    server.wait_until("it is said", |server| {
        server.lines_with("`[server] listen` and `[archive] url` was edited").len() == 1
    });
    server.wait_until("the rest takes effect", |server| shows(server, "Second"));
    assert!(!home.path().join("elsewhere.db").exists());
}

#[test]
fn fault_58_a_pipe_in_a_files_place_is_refused_and_not_waited_for() {
    let (origin, home) = (origin(), tempfile::tempdir().unwrap());
    let pipe = |name: &str| {
        let path = home.path().join(name);
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    };
    let check = |home: &Path| feedmill(home).args(["check"]).output().unwrap();
    let refused = |what: &str| {
        let output = check(home.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && said.contains("no file but a pipe or a device"), "{what}: {said}");
    };
    pipe("fifo");
    configure(home.path(), &format!("include = [\"fifo\"]\n{}", titled(&origin, "x")));
    refused("an included file");
    configure(home.path(), &sites_toml(&origin, "headers = { X-Token = \"file:fifo\" }"));
    refused("a secret");
    configure(home.path(), &format!("{}\n[[sites.mill.test]]\npage = \"fifo\"\ncount = 1\n", titled(&origin, "x")));
    refused("a page of a test");
    configure(home.path(), &titled(&origin, "First"));
    let server = Server::start(home.path());
    assert!(shows(&server, "First"));
    pipe("sites.toml");
    refused("the configuration");
    server.wait_until("the server, too", |server| server.lines_with("no file but a pipe").len() == 1);
    assert!(shows(&server, "First"));
}
