//! Heads: what we send with a request, and what we make of an answer before its body.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, USER_AGENT,
};

use crate::limits;
use crate::secret::Secret;
use crate::webpage::{Posted, Signs, Validators};
use crate::weburl::WebUrl;

use super::{FetchError, Request, coding};

/// Who we say we are, unless the plan says otherwise.
const OWN_NAME: &str = concat!("Feedmill/", env!("CARGO_PKG_VERSION"), " (+feed generator)");
/// HTML before anything else; a site that has only something else may send it, and is told apart later.
const WANTED: HeaderValue = HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.5");

/// The headers of a request for `url`, one hop of `request`; `post` goes along as its body.
///
/// The site's own headers may be secrets, so they go to the site's own origin only, and not beyond it on a redirect.
/// Validators go along on every hop: a listing behind a redirect gets its 304 only so, they come from an answer that
/// the same chain of addresses led to, and they tell nothing but which page we saw last.
pub(super) fn of_request(url: &WebUrl, request: &Request<'_>, post: Option<&Posted>) -> Result<HeaderMap, FetchError> {
    let mut headers = HeaderMap::new();
    let name = request.upstream.user_agent.as_ref().map_or(OWN_NAME, Secret::expose);
    headers.insert(USER_AGENT, value("User-Agent", name)?);
    headers.insert(ACCEPT, WANTED);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
    if let Some(posted) = post {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(posted.content_type));
    }
    if url.as_url().origin() == request.site.as_url().origin() {
        write(&mut headers, &request.upstream.headers)?;
    }
    if let Some(asking) = request.asking.filter(|asking| asking.is_for(url)) {
        write(&mut headers, &asking.headers)?;
    }
    let Some(validators) = conditions(request) else { return Ok(headers) };
    for (name, known) in [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)] {
        if let Some(known) = known {
            let value = value(name.as_str(), known)?;
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// Adds what the configuration says. One that is written replaces ours; one that is written twice is sent twice.
fn write(headers: &mut HeaderMap, written: &[(String, Secret)]) -> Result<(), FetchError> {
    for (name, _) in written {
        headers.remove(header(name)?);
    }
    for (name, said) in written {
        headers.append(header(name)?, value(name, said.expose())?);
    }
    Ok(())
}

/// What `request` asks with, if it asks conditionally.
pub(super) fn conditions<'a>(request: &Request<'a>) -> Option<&'a Validators> {
    let is_post = request.asking.is_some_and(|asking| asking.post.is_some());
    request.validators.filter(|validators| !is_post && !validators.is_empty())
}

/// The validators of an answer, exactly as received.
pub(super) fn validators(headers: &HeaderMap) -> Validators {
    Validators { etag: received(headers, &ETAG), last_modified: received(headers, &LAST_MODIFIED) }
}

/// The headers by which gatekeepers are told.
pub(super) fn signs(headers: &HeaderMap) -> Vec<(&'static str, String)> {
    let sent = |name: &'static str| {
        let value = String::from_utf8_lossy(headers.get(name)?.as_bytes());
        Some((name, value.chars().take(limits::SHOWN_CHARS).collect()))
    };
    Signs::HEADERS.into_iter().filter_map(sent).collect()
}

/// A header's value as text; `None` if it is missing, empty, or not to be had as text.
pub(super) fn received(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = std::str::from_utf8(headers.get(name)?.as_bytes()).ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// Refuses a head that no page needs.
pub(super) fn check_size(headers: &HeaderMap) -> Result<(), FetchError> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > limits::RESPONSE_HEAD_BYTES {
        let limit = limits::RESPONSE_HEAD_BYTES;
        return Err(FetchError::Protocol(format!("the head of the answer is larger than {limit} bytes")));
    }
    Ok(())
}

fn header(name: &str) -> Result<HeaderName, FetchError> {
    name.parse().map_err(|_| FetchError::Refused(format!("`{name}` is no name for a header")))
}

/// The value is not shown: it may be a secret.
fn value(name: &str, said: &str) -> Result<HeaderValue, FetchError> {
    let value = HeaderValue::from_bytes(said.as_bytes());
    value.map_err(|_| FetchError::Refused(format!("the value of the header `{name}` cannot be sent")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Upstream;

    fn sent(url: &str, upstream: &Upstream, validators: Option<&Validators>) -> HeaderMap {
        let site = WebUrl::parse("https://site.example/news").unwrap();
        let url = WebUrl::parse(url).unwrap();
        of_request(&url, &Request { validators, ..Request::plain(&url, &site, upstream) }, None).unwrap()
    }

    fn upstream(headers: &[(&str, &str)]) -> Upstream {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        Upstream { headers, ..Upstream::default() }
    }

    #[test]
    fn fault_09_a_sites_headers_stay_at_its_origin() {
        let upstream = upstream(&[("Authorization", "Bearer secret"), ("Cookie", "a=1")]);
        for (url, goes) in [
            ("https://site.example/other?x", true),
            ("https://site.example:443/", true),
            ("http://site.example/news", false),
            ("https://site.example:8443/", false),
            ("https://www.site.example/", false),
            ("https://evil.example/https://site.example/", false),
        ] {
            let sent = sent(url, &upstream, None);
            assert_eq!((sent.contains_key("authorization"), sent.contains_key("cookie")), (goes, goes), "{url}");
        }
    }

    #[test]
    fn written_headers_replace_ours() {
        let upstream = upstream(&[("accept", "text/html"), ("X-A", "1"), ("x-a", "2")]);
        let sent = sent("https://site.example/", &upstream, None);
        assert_eq!(sent.get_all("accept").iter().collect::<Vec<_>>(), ["text/html"]);
        assert_eq!(sent.get_all("x-a").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert!(sent["user-agent"].to_str().unwrap().starts_with("Feedmill/"));
    }

    #[test]
    fn what_cannot_be_sent_is_refused_without_being_shown() {
        let url = WebUrl::parse("https://site.example/").unwrap();
        for (name, value) in [("X-Token", "secret\r\nX-Evil: 1"), ("X Token", "secret")] {
            let upstream = upstream(&[(name, value)]);
            let request = Request::plain(&url, &url, &upstream);
            let said = of_request(&url, &request, None).unwrap_err().to_string();
            assert!(said.contains(name) && !said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn fault_55_validators_are_sent_as_received() {
        for etag in ["\"a\"", "W/\"a\"", "no-quotes", "\"with \\\" and ,\"", "\"ü\""] {
            let mut received = HeaderMap::new();
            received.insert(ETAG, HeaderValue::from_bytes(etag.as_bytes()).unwrap());
            received.insert(LAST_MODIFIED, HeaderValue::from_static("Monday, 23-Nov-26 12:00:00 GMT"));
            let known = validators(&received);
            let sent = sent("https://other.example/", &Upstream::default(), Some(&known));
            assert_eq!(sent[IF_NONE_MATCH].as_bytes(), etag.as_bytes());
            assert_eq!(sent[IF_MODIFIED_SINCE], "Monday, 23-Nov-26 12:00:00 GMT");
        }
        let nothing = sent("https://other.example/", &Upstream::default(), Some(&Validators::default()));
        assert!(!nothing.contains_key(IF_NONE_MATCH) && !nothing.contains_key(IF_MODIFIED_SINCE));
    }
}
