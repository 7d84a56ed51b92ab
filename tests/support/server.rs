//! The real server in a process of its own, and a reader that speaks plain HTTP to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// `feedmill serve` on a free port. Dropping it kills it.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    talk: Arc<Mutex<Vec<String>>>,
}

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Server {
    /// Starts it on the `sites.toml` in `home`, and waits until it says where it listens.
    pub fn start(home: &Path) -> Self {
        Self::start_with(home, &["serve", "--listen", "127.0.0.1:0"])
    }

    /// Starts any command that serves and says where.
    pub fn start_with(home: &Path, arguments: &[&str]) -> Self {
        let mut command = super::feedmill(home);
        let mut process = command.args(arguments).stderr(Stdio::piped()).spawn().expect("the binary");
        let talk = BufReader::new(process.stderr.take().expect("piped"));
        let (tell, told) = std::sync::mpsc::channel();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        // The pipe must be emptied for as long as the server lives.
        std::thread::spawn(move || {
            for line in talk.lines().map_while(Result::ok) {
                let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok());
                if let Some(address) = address.filter(|_| line.contains("serves") || line.contains("begin here")) {
                    let _ = tell.send(address);
                }
                heard.lock().expect("nobody panics while it holds the lines").push(line);
            }
        });
        let address = told.recv_timeout(Duration::from_secs(30)).expect("the server says where it listens");
        Self { process, address, talk: said }
    }

    /// Asks for `path` as a feed reader does.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(path, &[])
    }

    /// Asks for `path` with more headers.
    pub fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            request = format!("{request}{name}: {value}\r\n");
        }
        let mut socket = TcpStream::connect(self.address).expect("a listening server");
        socket.set_read_timeout(Some(Duration::from_mins(1))).expect("a socket");
        socket.write_all(format!("{request}\r\n").as_bytes()).expect("a listening server");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("an answer");
        Answer::read(&answer)
    }

    /// The absolute address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The most memory that it has ever used, in KB (`VmHWM`, proc(5)).
    pub fn peak_kb(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("a running server");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("VmHWM");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// The lines on stderr that have `words` in them.
    pub fn lines_with(&self, words: &str) -> Vec<String> {
        let lines = self.talk.lock().expect("as above");
        lines.iter().filter(|line| line.contains(words)).cloned().collect()
    }

    /// Waits until `holds` does, and says `what` if it never does.
    pub fn wait_until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !holds(self) {
            assert!(Instant::now() < end, "{what}: not within half a minute; it said {:?}", self.lines_with(""));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal: `TERM`, `HUP`.
    pub fn signal(&self, name: &str) {
        let (signal, id) = (format!("-{name}"), self.process.id().to_string());
        let sent = std::process::Command::new("kill").args([signal, id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal {name}");
    }

    /// How many files it has open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).expect("a running server").count()
    }

    /// Waits for its end and returns its exit code.
    pub fn ended(mut self) -> Option<i32> {
        self.process.wait().expect("the process").code()
    }

    /// Asks it to stop and returns its exit code.
    pub fn stop(self) -> Option<i32> {
        self.signal("TERM");
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    /// The value of a header; its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
