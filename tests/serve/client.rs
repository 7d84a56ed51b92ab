//! A client that sends exactly the bytes it is told to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to the server.
pub(crate) struct Connection {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// A response as it came over the wire.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub(crate) status: u16,
    /// The fields, in order, names in lower case.
    pub(crate) fields: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self { stream, unread: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Reads one response; to `HEAD` it has no body, whatever its fields say.
    pub(crate) fn response(&mut self, to_head: bool) -> Response {
        let end = loop {
            match self.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => assert!(self.read_more(), "closed before a response: {:?}", self.unread),
            }
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let fields: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        let mut response = Response { status, fields, body: Vec::new() };
        assert_eq!(response.all("transfer-encoding"), [""; 0], "bodies are whole");
        let length = response.get("content-length").map_or(0, |length| length.parse().unwrap());
        if !to_head && status != 304 {
            while self.unread.len() < length {
                assert!(self.read_more(), "closed within the body");
            }
            response.body = self.unread.drain(..length).collect();
        }
        response
    }

    /// Whether the server closes the connection without saying anything more.
    pub(crate) fn is_closed(&mut self) -> bool {
        !self.read_more() && self.unread.is_empty()
    }

    /// Reads what comes next; `false` at the end. A reset is no end: it may destroy an answer on its way.
    fn read_more(&mut self) -> bool {
        let mut piece = [0; 16 * 1024];
        match self.stream.read(&mut piece) {
            Ok(0) => false,
            Ok(length) => {
                self.unread.extend_from_slice(&piece[..length]);
                true
            }
            Err(error) => panic!("neither an answer nor an end: {error}"),
        }
    }
}

impl Response {
    /// The value of the only field `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "{name} twice in {self:?}");
        all.first().copied()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The fields but `Date`, which may tick between two responses.
    pub(crate) fn lasting_fields(&self) -> Vec<&(String, String)> {
        self.fields.iter().filter(|(name, _)| name != "date").collect()
    }
}

/// Sends `bytes` over a new connection and reads one response.
pub(crate) fn raw(server: SocketAddr, bytes: impl AsRef<[u8]>) -> (Response, Connection) {
    let mut connection = Connection::open(server);
    connection.send(bytes);
    (connection.response(false), connection)
}

/// A proper request with further `fields`, over a new connection.
pub(crate) fn ask(server: SocketAddr, method: &str, target: &str, fields: &[&str]) -> Response {
    let mut connection = Connection::open(server);
    connection.send(request(method, target, fields));
    connection.response(method == "HEAD")
}

pub(crate) fn get(server: SocketAddr, target: &str, fields: &[&str]) -> Response {
    ask(server, "GET", target, fields)
}

/// A proper request's bytes.
pub(crate) fn request(method: &str, target: &str, fields: &[&str]) -> String {
    let first = format!("{method} {target} HTTP/1.1");
    [&[first.as_str(), "Host: feeds.example"], fields, &["", ""]].concat().join("\r\n")
}
