//! Redirects, followed by ourselves: the client's own would ask nobody before it goes on.
//!
//! Every hop is a fresh request: judged by the guard, without credentials, cookies or `Referer`.

use reqwest::header::HeaderValue;

use crate::limits;
use crate::weburl::{NotAWebUrl, WebUrl};

use super::FetchError;
use super::trouble::shown;

/// Where an exchange is and has been.
pub(super) struct Trail {
    here: WebUrl,
    /// Every address that was asked for, without its fragment, `here` included; and whether something was posted to it:
    /// a form may well lead back to its own address, to be read there.
    visited: Vec<(WebUrl, bool)>,
    /// Where redirects that hold for good have led, as long as none came that does not.
    moved: Option<WebUrl>,
    is_for_good: bool,
}

impl Trail {
    pub(super) fn new(start: &WebUrl, is_post: bool) -> Self {
        let visited = vec![(without_fragment(start), is_post)];
        Self { here: start.clone(), visited, moved: None, is_for_good: true }
    }

    /// Where the first address has moved to for good.
    pub(super) fn moved(&self) -> Option<WebUrl> {
        self.moved.clone()
    }

    /// What is asked for now.
    pub(super) fn here(&self) -> &WebUrl {
        &self.here
    }

    /// Goes where an answer of `code` with this `Location` points, to post there or not.
    pub(super) fn follow(
        &mut self,
        code: u16,
        location: Option<&HeaderValue>,
        is_post: bool,
    ) -> Result<(), FetchError> {
        let Some(location) = location.filter(|value| !value.is_empty()) else {
            return Err(FetchError::Redirect(format!("the site answered {code} without saying where to go")));
        };
        let next = self.here.join(&text(location)).map_err(|why| match why {
            NotAWebUrl::Scheme(_) => FetchError::Refused(format!("redirected to something else than the web: {why}")),
            NotAWebUrl::Malformed(_) => FetchError::Redirect(format!("redirected to {why}")),
        })?;
        let bare = (without_fragment(&next), is_post);
        if self.visited.contains(&bare) {
            return Err(FetchError::Redirect(format!("the redirects go in a circle, back to {}", shown(&next))));
        }
        if self.visited.len() > limits::REDIRECTS {
            let most = limits::REDIRECTS;
            return Err(FetchError::Redirect(format!("more than {most} redirects; the next goes to {}", shown(&next))));
        }
        self.visited.push(bare);
        self.is_for_good &= matches!(code, 301 | 308);
        if self.is_for_good {
            self.moved = Some(next.clone());
        }
        self.here = next;
        Ok(())
    }
}

/// Statuses that send a request elsewhere (RFC 9110, section 15.4).
pub(super) fn is_redirect(code: u16) -> bool {
    matches!(code, 301 | 302 | 303 | 307 | 308)
}

/// Whether what was posted is posted again to where a redirect leads; else that is asked for with `GET`, as browsers do.
pub(super) fn keeps_method(code: u16) -> bool {
    matches!(code, 307 | 308)
}

/// A `Location` as text. Sites write raw UTF-8 into it, and some Latin-1.
fn text(location: &HeaderValue) -> String {
    let bytes = location.as_bytes();
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

fn without_fragment(url: &WebUrl) -> WebUrl {
    let mut bare = url.as_url().clone();
    bare.set_fragment(None);
    WebUrl::from_url(bare).unwrap_or_else(|_| url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: &str, locations: &[&[u8]]) -> Result<String, String> {
        let mut trail = Trail::new(&WebUrl::parse(start).unwrap(), false);
        for location in locations {
            let location = HeaderValue::from_bytes(location).unwrap();
            trail.follow(302, Some(&location), false).map_err(|error| error.to_string())?;
        }
        Ok(trail.here().as_str().to_owned())
    }

    #[test]
    fn locations_resolve_against_where_we_are() {
        let start = "https://a.example/x/y?z";
        for (location, expected) in [
            ("/to", "https://a.example/to"),
            ("to", "https://a.example/x/to"),
            ("?q", "https://a.example/x/y?q"),
            ("//b.example/", "https://b.example/"),
            ("http://user:secret@b.example/", "http://b.example/"),
            ("/ü", "https://a.example/%C3%BC"),
        ] {
            assert_eq!(after(start, &[location.as_bytes()]).unwrap(), expected, "{location}");
        }
        assert_eq!(after(start, &[b"/\xfc"]).unwrap(), "https://a.example/%C3%BC", "Latin-1");
        assert_eq!(after(start, &[b"b/", b"c/", b"../d"]).unwrap(), "https://a.example/x/b/d");
    }

    #[test]
    fn circles_and_long_ways_are_named() {
        let said = after("http://a.example/", &[b"/b?token=secret", b"/#x"]).unwrap_err();
        assert_eq!(said, "the redirects go in a circle, back to http://a.example/");
        let said = after("http://a.example/", &[b"/1", b"/2", b"/3", b"/4", b"/5", b"/6?token=secret"]).unwrap_err();
        assert_eq!(said, "more than 5 redirects; the next goes to http://a.example/6?…");
        assert!(after("http://a.example/", &[b"/1", b"/2", b"/3", b"/4", b"/5"]).is_ok());
    }

    #[test]
    fn fault_08_only_the_web_is_followed() {
        for location in ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "data:text/html,x"] {
            let said = after("http://a.example/", &[location.as_bytes()]).unwrap_err();
            assert!(said.starts_with("refused: redirected to something else than the web"), "{said}");
        }
        assert_eq!(after("http://a.example/", &[b"http://["]).unwrap_err().split(' ').next(), Some("redirected"));
        let start = WebUrl::parse("http://a.example/").unwrap();
        let lost = Trail::new(&start, false).follow(302, None, false).unwrap_err();
        assert_eq!(lost.to_string(), "the site answered 302 without saying where to go");
    }
}
