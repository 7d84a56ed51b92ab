//! Values that have to do with the network: addresses, headers, proxies.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::{ParseError, Url};

use crate::config::diagnostics::{Complaint, quoted};
use crate::rule::Allowed;
use crate::weburl::{NotAWebUrl, WebUrl};

/// Where the server listens if nobody says otherwise: at this machine only.
pub(super) const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);

/// What to do about braces that are none of ours.
pub(super) const BRACES: &str =
    "`{date:%Y-%m-%d}` is the present day, `params` names others;\nif braces are meant, write `%7B` and `%7D`";

/// Headers that belong to a connection, to the body, or to Feedmill's own conditional requests.
const OWN_HEADERS: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// An address on the web.
pub(super) fn address(written: &str) -> Result<WebUrl, Complaint> {
    if written.contains(['{', '}']) {
        return Err(
            Complaint::new("this address has no places to fill in").help("if braces are meant, write `%7B` and `%7D`")
        );
    }
    let url = Url::parse(written.trim()).map_err(|error| no_address(written, error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Complaint::new("an address with a user name or password").help(
            "send them as a header: `headers = { Authorization = \"Basic ...\" }`, with `user:password` in base64",
        ));
    }
    WebUrl::from_url(url).map_err(|error| match error {
        NotAWebUrl::Malformed(error) => no_address(written, error),
        NotAWebUrl::Scheme(scheme) => Complaint::new(format!("{} is no address on the web", quoted(written)))
            .help(format!("it must begin with `https://` or `http://`, not with {}", quoted(&format!("{scheme}:")))),
    })
}

fn no_address(written: &str, error: ParseError) -> Complaint {
    let complaint = Complaint::new(format!("{} is no address", quoted(written)));
    match error {
        ParseError::RelativeUrlWithoutBase if written.contains('.') && !written.contains([' ', ':']) => {
            let rest = written.trim().trim_start_matches('/');
            complaint.help(format!("write the whole address: {}", quoted(&format!("https://{rest}"))))
        }
        ParseError::RelativeUrlWithoutBase => complaint.help("write the whole address: `https://...`"),
        error => complaint.label(error.to_string()),
    }
}

/// The address under which readers reach the server. It ends in `/`, so that others can be joined to it.
pub(super) fn public_url(written: &str) -> Result<WebUrl, Complaint> {
    let url = address(written)?;
    if url.as_url().query().is_some() || url.as_url().fragment().is_some() {
        return Err(Complaint::new("feeds cannot lie below an address with `?` or `#`"));
    }
    if url.as_str().ends_with('/') {
        return Ok(url);
    }
    address(&format!("{url}/"))
}

/// An address and port to listen on.
pub(super) fn listen(written: &str) -> Result<SocketAddr, Complaint> {
    written.trim().parse().map_err(|_| {
        Complaint::new(format!("{} is no address and port", quoted(written)))
            .help("write numbers: `127.0.0.1:8787` (this machine only), `0.0.0.0:8787` or `[::]:8787` (all)")
    })
}

/// Where the archive lies.
pub(super) fn archive(written: &str) -> Result<String, Complaint> {
    let path = written.strip_prefix("sqlite:").unwrap_or(written);
    if path.is_empty() || path.contains("://") {
        return Err(Complaint::new(format!("{} is no place for the archive", quoted(written)))
            .help("write the path of a file: `/var/lib/feedmill/feedmill.db` or `sqlite:feedmill.db`"));
    }
    Ok(written.to_owned())
}

/// A proxy. Its scheme says who looks names up: it must be the proxy.
pub(super) fn proxy(written: &str) -> Result<String, Complaint> {
    let complaint = || {
        Complaint::new(format!("{} is no proxy", quoted(written)))
            .help("write `http://host:port`, `https://host:port` or `socks5h://host:port`")
    };
    let url = Url::parse(written.trim()).map_err(|_| complaint())?;
    match url.scheme() {
        "http" | "https" | "socks5h" if url.has_host() => Ok(written.trim().to_owned()),
        "socks5" | "socks" => {
            Err(complaint().label("write `socks5h`: then the proxy looks names up, and nobody else does"))
        }
        _ => Err(complaint()),
    }
}

/// A private address, or a block of them.
pub(super) fn allowed(written: &str) -> Result<Allowed, Complaint> {
    let complaint = |what| {
        Complaint::new(format!("{} is {what}", quoted(written)))
            .help("write `10.0.0.5`, `10.0.0.5:8080`, `10.0.0.0/24` or `[fd00::1]:80`; names cannot stand here")
    };
    let allowed = Allowed::parse(written.trim()).ok_or_else(|| complaint("no address"))?;
    // The widest private networks: 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193).
    let widest = if allowed.net.addr().is_ipv4() { 8 } else { 7 };
    if allowed.net.prefix_len() < widest {
        return Err(complaint("wider than any private network"));
    }
    Ok(allowed)
}

/// The name of a header (RFC 9110, section 5.1) that a site may be sent.
pub(super) fn header_name(written: &str) -> Result<String, Complaint> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let lower = written.to_ascii_lowercase();
    if written.is_empty() || !written.bytes().all(is_token) {
        return Err(Complaint::new(format!("{} is no name of a header", quoted(written))));
    }
    if lower == "user-agent" {
        return Err(Complaint::new("`User-Agent` has a key of its own").help("write `user_agent` in the site's table"));
    }
    if OWN_HEADERS.contains(&lower.as_str()) {
        return Err(Complaint::new(format!("Feedmill itself sets the header {}", quoted(written))).help("take it out"));
    }
    Ok(written.to_owned())
}

/// The value of a header (RFC 9110, section 5.5): what every server understands is ASCII.
pub(super) fn header_value(written: &str) -> Result<String, Complaint> {
    match written.chars().find(|&c| c != '\t' && !(' '..='~').contains(&c)) {
        None => Ok(written.trim().to_owned()),
        Some(wrong) => Err(Complaint::new(format!("a header cannot hold `{}`", wrong.escape_debug()))
            .help("only letters without accents, digits, signs and spaces can stand in it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(
            address(" https://a.example/x y ").ok().map(String::from).as_deref(),
            Some("https://a.example/x%20y")
        );
        for wrong in
            ["a.example/x", "", "ftp://a.example", "https://", "https://me:pw@a.example", "https://a/{n}", "/x"]
        {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(public_url("https://a.example/f").ok().map(String::from).as_deref(), Some("https://a.example/f/"));
        assert!(public_url("https://a.example/?x").is_err());
    }

    #[test]
    fn private_addresses() {
        for right in ["10.0.0.5", "10.0.0.5:8080", "[fd00::1]:80", "10.0.0.0/24", "127.0.0.1:0", "fc00::/7"] {
            assert!(allowed(right).is_ok(), "{right}");
        }
        for wrong in ["localhost", "0.0.0.0/0", "::/0", "10.0.0.0/33", "", "10.0.0.5:99999"] {
            assert!(allowed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn headers() {
        assert!(header_name("X-Api-Key").is_ok());
        for wrong in ["", "a b", "a:", "Host", "if-none-match", "User-Agent", "\u{e9}"] {
            assert!(header_name(wrong).is_err(), "{wrong}");
        }
        assert!(header_value("a=b; c=\"d\"").is_ok());
        for wrong in ["a\r\nb: c", "\u{e9}", "a\0"] {
            assert!(header_value(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn proxies() {
        for right in ["http://p:3128", "socks5h://127.0.0.1:9050", "https://user:pw@p.example"] {
            assert!(proxy(right).is_ok(), "{right}");
        }
        for wrong in ["socks5://p:1", "p:3128", "ftp://p", "", "http://", "3128"] {
            assert!(proxy(wrong).is_err(), "{wrong}");
        }
    }
}
