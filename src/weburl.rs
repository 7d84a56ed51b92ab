//! Addresses as they may stand in a feed: absolute, `http` or `https`, without credentials.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

/// An absolute `http` or `https` address without user name and password (RFC 3986, WHATWG URL).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(Url);

/// Why a text is no [`WebUrl`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAWebUrl {
    /// It does not parse.
    #[error("not an address ({0})")]
    Malformed(#[from] url::ParseError),
    /// It is neither `http` nor `https`.
    #[error("the scheme `{0}:` is not http or https")]
    Scheme(String),
}

impl WebUrl {
    /// Parses an absolute address. Credentials in it are dropped.
    pub fn parse(raw: &str) -> Result<Self, NotAWebUrl> {
        Self::from_url(Url::parse(raw.trim())?)
    }

    /// Resolves `reference` against `self` by RFC 3986, section 5.
    pub fn join(&self, reference: &str) -> Result<Self, NotAWebUrl> {
        Self::from_url(self.0.join(reference.trim())?)
    }

    /// Takes a parsed address. Credentials in it are dropped.
    pub fn from_url(mut url: Url) -> Result<Self, NotAWebUrl> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NotAWebUrl::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            // Neither can fail on http and https, which always have a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
        }
        Ok(Self(url))
    }

    /// The address that this one is an edition of: fragment, tracking parameters and an empty query are gone.
    /// What identifies a page stays, also the order of parameters.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut url = self.without_tracking().0;
        // `#!/path` was a way to address pages (a scheme of 2009 that some sites still use).
        if url.fragment().is_some_and(|fragment| !fragment.starts_with("!/")) {
            url.set_fragment(None);
        }
        Self(url)
    }

    /// What tells this address from those of other pages: a site that moves to `https`, drops its `www.` or puts slashes
    /// behind its addresses has the same pages as before. Not an address itself.
    pub fn essence(&self) -> String {
        let canonical = self.canonical().0;
        let host = canonical.host_str().unwrap_or_default();
        let port = canonical.port().map(|port| format!(":{port}")).unwrap_or_default();
        let query = canonical.query().map(|query| format!("?{query}")).unwrap_or_default();
        let fragment = canonical.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
        let path = percent_decode_str(canonical.path()).decode_utf8_lossy();
        let path = match path.to_ascii_lowercase().find(";jsessionid=") {
            Some(session) => path.get(..session).unwrap_or(&path),
            None => &path,
        };
        format!("{}{port}{}{query}{fragment}", host.strip_prefix("www.").unwrap_or(host), path.trim_end_matches('/'))
    }

    /// The address without parameters that only tell where a reader came from.
    #[must_use]
    pub fn without_tracking(&self) -> Self {
        let Some(query) = self.0.query() else { return self.clone() };
        let is_kept = |pair: &&str| !is_tracking(pair.split('=').next().unwrap_or_default());
        if !query.is_empty() && query.split('&').all(|pair| is_kept(&pair)) {
            return self.clone();
        }
        let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
        let kept = kept.join("&");
        let mut url = self.0.clone();
        url.set_query((!kept.is_empty()).then_some(&kept));
        Self(url)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed address.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// The host's name or literal address; never empty.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

/// Parameters that campaigns, social networks and sessions add to links. Only names that no site is known to use for
/// anything that picks the page.
fn is_tracking(name: &str) -> bool {
    const PREFIXES: [&str; 5] = ["utm_", "pk_", "mtm_", "hsa_", "at_campaign"];
    const NAMES: [&str; 31] = [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "wbraid",
        "gbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "_openstat",
        "vero_id",
        "wickedid",
        "oly_anon_id",
        "oly_enc_id",
        "rb_clickid",
        "s_cid",
        "xtor",
        "ref_src",
        "phpsessid",
        "jsessionid",
        "aspsessionid",
        "cfid",
        "cftoken",
    ];
    let name = name.to_ascii_lowercase();
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name.as_str())
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for WebUrl {
    type Error = NotAWebUrl;

    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw)
    }
}

impl From<WebUrl> for String {
    fn from(url: WebUrl) -> Self {
        url.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(raw: &str) -> String {
        WebUrl::parse(raw).unwrap().canonical().to_string()
    }

    #[test]
    fn tracking_goes_and_meaning_stays() {
        assert_eq!(canonical("https://a.example/x?utm_source=rss&id=7&fbclid=z#top"), "https://a.example/x?id=7");
        assert_eq!(canonical("https://a.example/x?utm_source=rss"), "https://a.example/x");
        assert_eq!(canonical("https://a.example/x?"), "https://a.example/x");
        assert_eq!(canonical("https://a.example/x?b=2&a=1"), "https://a.example/x?b=2&a=1");
        assert_eq!(canonical("https://a.example/#!/post/7"), "https://a.example/#!/post/7");
    }

    #[test]
    fn the_same_page_has_the_same_essence() {
        let essence = |url: &str| WebUrl::parse(url).unwrap().essence();
        let forms =
            ["http://www.a.example/x/", "https://a.example/x#top", "https://a.example/%78;jsessionid=7?utm_source=y"];
        for same in forms {
            assert_eq!(essence(same), "a.example/x", "{same}");
        }
        for other in
            ["https://a.example/X", "https://a.example/x?id=1", "https://b.example/x", "https://a.example:8443/x"]
        {
            assert_ne!(essence(other), "a.example/x", "{other}");
        }
    }

    #[test]
    fn credentials_are_dropped() {
        assert_eq!(WebUrl::parse("http://me:secret@a.example/").unwrap().as_str(), "http://a.example/");
    }

    #[test]
    fn only_the_web_is_let_in() {
        for raw in ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "gopher://a"] {
            assert!(matches!(WebUrl::parse(raw), Err(NotAWebUrl::Scheme(_))), "{raw}");
        }
        assert!(WebUrl::parse("/relative").is_err());
    }

    #[test]
    fn references_resolve_by_rfc_3986() {
        let base = WebUrl::parse("http://a/b/c/d;p?q").unwrap();
        let examples = [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g#s", "http://a/b/c/g#s"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("g;x=1/../y", "http://a/b/c/y"),
            (" /a b/ü ", "http://a/a%20b/%C3%BC"),
        ];
        for (reference, expected) in examples {
            assert_eq!(base.join(reference).unwrap().as_str(), expected, "{reference}");
        }
    }
}
