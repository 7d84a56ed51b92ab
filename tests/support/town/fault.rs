//! What goes wrong.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::chance::Chance;
use super::manners::Visit;
use super::site::Page;
use super::wire::send;

/// One thing that can go wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Broken,
    Missing,
    Busy,
    TooMany,
    ResetAtOnce,
    ResetInBody,
    CutShort,
    CutGzip,
    Dribble,
    Hang,
    HangInBody,
    Garbage,
    WrongType,
    EmptyPage,
    Challenge,
    LogIn,
}

const ALL: [Fault; 16] = [
    Fault::Broken,
    Fault::Missing,
    Fault::Busy,
    Fault::TooMany,
    Fault::ResetAtOnce,
    Fault::ResetInBody,
    Fault::CutShort,
    Fault::CutGzip,
    Fault::Dribble,
    Fault::Hang,
    Fault::HangInBody,
    Fault::Garbage,
    Fault::WrongType,
    Fault::EmptyPage,
    Fault::Challenge,
    Fault::LogIn,
];

/// How long a host asks to be left alone.
const LEFT_ALONE: Duration = Duration::from_secs(3);

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
const EMPTY: &str = "<!doctype html><title>Nothing</title><p>The mill stands still.";
const CHALLENGE: &str = "<!doctype html><html lang=en-US><head><title>Just a moment...</title></head><body><h1>Checking your \
     browser</h1><script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed'}})()</script><script \
     src=\"/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1\"></script></body></html>";
const LOG_IN: &str = "<!doctype html><title>Log in</title><form method=post action=/login><input name=user><input \
     type=password name=password><button>Log in</button></form>";

impl Fault {
    /// Something, `percent` times in a hundred.
    pub fn by_chance(chance: &mut Chance, percent: u64) -> Option<Self> {
        (chance.below(100) < percent).then(|| ALL[chance.index(ALL.len())])
    }

    /// How long the host asks not to be asked.
    pub fn asks_to_wait(self) -> Option<Duration> {
        matches!(self, Self::Busy | Self::TooMany).then_some(LEFT_ALONE)
    }

    /// Lets it go wrong where `page` would have been the answer; whether the connection goes on.
    pub fn perform(self, stream: &TcpStream, page: &Page, visit: Visit<'_>) -> io::Result<bool> {
        let wait = LEFT_ALONE.as_secs();
        let proper = |code: &str, more: &str, body: &str| {
            visit.ends();
            send(stream, format!("HTTP/1.1 {code}\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
        };
        match self {
            Self::Broken => proper("500 Broken", HTML, "<h1>It broke</h1>")?,
            Self::Missing => proper("404 Not Found", HTML, "<h1>It is gone</h1>")?,
            Self::Busy => proper("503 Busy", &format!("Retry-After: {wait}\r\n"), "later")?,
            Self::TooMany => proper("429 Too Many Requests", &format!("Retry-After: {wait}\r\n"), "later")?,
            Self::WrongType => proper("200 OK", "Content-Type: application/pdf\r\n", "%PDF-1.7 and so on")?,
            Self::EmptyPage => proper("200 OK", HTML, EMPTY)?,
            Self::LogIn => proper("200 OK", HTML, LOG_IN)?,
            Self::Challenge => {
                proper(
                    "403 Forbidden",
                    &format!("{HTML}Server: cloudflare\r\nCf-Mitigated: challenge\r\n"),
                    CHALLENGE,
                )?;
            }
            Self::ResetAtOnce => {
                visit.end();
                return reset(stream);
            }
            Self::ResetInBody => {
                send(stream, page.head(page.body.len()).as_bytes())?;
                visit.end();
                send(stream, &page.body.as_bytes()[..page.body.len() / 2])?;
                return reset(stream);
            }
            Self::CutShort => {
                visit.end();
                send(stream, page.head(page.body.len()).as_bytes())?;
                send(stream, &page.body.as_bytes()[..page.body.len() / 2])?;
                return Ok(false);
            }
            Self::CutGzip => {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                gzip.write_all(page.body.as_bytes())?;
                let mut body = gzip.finish()?;
                body.truncate(body.len() / 2);
                let head = format!(
                    "HTTP/1.1 200 OK\r\n{HTML}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                visit.end();
                send(stream, &[head.as_bytes(), &body].concat())?;
            }
            Self::Garbage => {
                visit.end();
                send(stream, b"\x16\x03\x01\x02\x00 this is no HTTP \xff\xfe\r\n\r\n")?;
                return Ok(false);
            }
            Self::Dribble => {
                send(stream, page.head(page.body.len()).as_bytes())?;
                for byte in page.body.as_bytes() {
                    send(stream, &[*byte])?;
                    thread::sleep(Duration::from_millis(250));
                }
                return Ok(false);
            }
            Self::HangInBody => {
                send(stream, page.head(page.body.len()).as_bytes())?;
                return hang(stream);
            }
            Self::Hang => return hang(stream),
        }
        Ok(true)
    }
}

/// Says nothing until the client goes away.
pub fn hang(mut stream: &TcpStream) -> io::Result<bool> {
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored)? > 0 {}
    Ok(false)
}

fn reset(stream: &TcpStream) -> io::Result<bool> {
    socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
    Ok(false)
}
