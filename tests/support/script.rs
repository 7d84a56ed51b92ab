//! What an origin does when it is asked: data, written down before.

use std::fmt::Write;
use std::time::Duration;

/// What happens when a path is asked for: either one proper answer, or steps on the wire, or first one and then
/// the other. Only a proper answer without steps leaves the connection open for the next request.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub(super) answer: Option<Answer>,
    pub(super) steps: Vec<Step>,
}

/// A proper HTTP answer. The origin adds `Content-Length` and `Date`, and makes it a 304 if the validators match.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// One thing that happens on the wire.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Bytes(Vec<u8>),
    Repeat(Vec<u8>, usize),
    Dribble(Vec<u8>, Duration),
    Pause(Duration),
    Close,
    Reset,
    Hang,
}

impl Script {
    /// No proper answer: only the steps that follow, then the connection closes.
    pub fn new() -> Self {
        Self::default()
    }

    /// An answer of `code` with a few words as its body.
    pub fn status(code: u16) -> Self {
        Self::answer(code, format!("answer {code}\n").into_bytes()).header("Content-Type", "text/plain")
    }

    /// An answer of `code` with a page of HTML.
    pub fn error(code: u16, body: &str) -> Self {
        Self::answer(code, body.into()).header("Content-Type", "text/html; charset=utf-8")
    }

    /// A page of HTML.
    pub fn html(body: impl Into<String>) -> Self {
        Self::page("text/html; charset=utf-8", body.into())
    }

    /// A page of any type.
    pub fn page(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::answer(200, body.into()).header("Content-Type", content_type)
    }

    /// A redirect.
    pub fn redirect(code: u16, to: &str) -> Self {
        Self::answer(code, Vec::new()).header("Location", to)
    }

    /// Exactly these bytes, then the connection closes.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new().bytes(bytes)
    }

    fn answer(code: u16, body: Vec<u8>) -> Self {
        Self { answer: Some(Answer { code, headers: Vec::new(), body }), steps: Vec::new() }
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let answer = self.answer.as_mut().expect("only a proper answer takes headers; use head() on the wire");
        answer.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets `ETag`; a request with exactly this `If-None-Match` gets a 304.
    pub fn etag(self, value: &str) -> Self {
        self.header("ETag", value)
    }

    /// Sets `Last-Modified`; a request with exactly this `If-Modified-Since` and no `If-None-Match` gets a 304.
    pub fn last_modified(self, value: &str) -> Self {
        self.header("Last-Modified", value)
    }

    /// Sends a head: `head("200 OK", &[("Content-Type", "text/html")])`. It says that the connection closes, as it does
    /// behind every script of steps: a client that kept it would run into its end.
    pub fn head(self, status: &str, headers: &[(&str, &str)]) -> Self {
        let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        self.bytes(head + "\r\n")
    }

    /// Sends bytes.
    pub fn bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.step(Step::Bytes(bytes.into()))
    }

    /// Sends bytes `times` over.
    pub fn repeat(self, bytes: impl Into<Vec<u8>>, times: usize) -> Self {
        self.step(Step::Repeat(bytes.into(), times))
    }

    /// Sends bytes one by one, with `gap` after each.
    pub fn dribble(self, bytes: impl Into<Vec<u8>>, gap: Duration) -> Self {
        self.step(Step::Dribble(bytes.into(), gap))
    }

    /// Does nothing for `time`.
    pub fn pause(self, time: Duration) -> Self {
        self.step(Step::Pause(time))
    }

    /// Closes the socket (with TLS: without a `close_notify`).
    pub fn close(self) -> Self {
        self.step(Step::Close)
    }

    /// Resets the connection (RST).
    pub fn reset(self) -> Self {
        self.step(Step::Reset)
    }

    /// Says nothing more until the client goes away.
    pub fn hang(self) -> Self {
        self.step(Step::Hang)
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl Answer {
    /// The bytes that answer a request with these headers.
    pub(super) fn bytes_for(&self, method: &str, header: impl Fn(&str) -> Option<String>) -> Vec<u8> {
        let unchanged = self.code == 200 && self.is_known_to(header);
        let mut out = if unchanged {
            "HTTP/1.1 304 Not Modified\r\n".to_owned()
        } else {
            format!("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\n", self.code, self.body.len())
        };
        for (name, value) in &self.headers {
            if !unchanged || !name.eq_ignore_ascii_case("Content-Type") {
                let _ = write!(out, "{name}: {value}\r\n");
            }
        }
        out.push_str("\r\n");
        let mut out = out.into_bytes();
        if !unchanged && method != "HEAD" {
            out.extend_from_slice(&self.body);
        }
        out
    }

    /// Whether the request names the validators that this answer carries; `If-None-Match` wins (RFC 9110, 13.2.2).
    fn is_known_to(&self, header: impl Fn(&str) -> Option<String>) -> bool {
        let own = |wanted: &str| self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let (asked, own) = match header("If-None-Match") {
            Some(tag) => (Some(tag), own("ETag")),
            None => (header("If-Modified-Since"), own("Last-Modified")),
        };
        matches!((asked, own), (Some(asked), Some((_, own))) if asked == *own)
    }
}
