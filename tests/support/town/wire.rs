//! HTTP/1.1 as far as the town speaks it.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

/// A request, as far as anybody here looks at it.
pub struct Request {
    pub path: String,
    pub if_none_match: Option<String>,
}

impl Request {
    /// The site that is asked, and for what of it: nothing is its listing.
    pub fn site(&self) -> Option<(usize, &str)> {
        let (number, rest) = self.path.strip_prefix("/s")?.split_once('/')?;
        Some((number.parse().ok()?, rest))
    }
}

/// Reads a request; `None` at the end of the connection. `left` is what was read beyond the last one.
pub fn read(mut stream: &TcpStream, left: &mut Vec<u8>) -> io::Result<Option<Request>> {
    let mut piece = [0; 2048];
    loop {
        if let Some(end) = left.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&left[..end]).into_owned();
            left.drain(..end + 4);
            let header = |line: &str| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("If-None-Match").then(|| value.trim().to_owned())
            };
            return Ok(Some(Request {
                path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
                if_none_match: head.lines().find_map(header),
            }));
        }
        match stream.read(&mut piece)? {
            0 => return Ok(None),
            n => left.extend_from_slice(&piece[..n]),
        }
    }
}

/// Sends bytes.
pub fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)
}
