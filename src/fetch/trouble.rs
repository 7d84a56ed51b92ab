//! What went wrong, in one sentence: the HTTP client's errors are chains of causes, and name whole addresses.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use crate::rule::{Secret, Upstream};
use crate::weburl::WebUrl;

use super::{FetchError, pace};

/// The address without what may be secret in it: its query is only hinted at.
pub(super) fn shown(url: &WebUrl) -> String {
    let mut bare = url.as_url().clone();
    let hint = if bare.query().is_some() { "?…" } else { "" };
    bare.set_query(None);
    bare.set_fragment(None);
    format!("{bare}{hint}")
}

/// The address without its query.
pub(super) fn bare(url: &WebUrl) -> WebUrl {
    let mut bare = url.as_url().clone();
    bare.set_query(None);
    bare.set_fragment(None);
    WebUrl::from_url(bare).unwrap_or_else(|_| url.clone())
}

/// Whether a connection that was open ended before the head of an answer was there.
pub(super) fn broke_off(error: &reqwest::Error) -> bool {
    let is_open_and_broken = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message)
            || cause.downcast_ref::<io::Error>().is_some_and(|io| is_breakage(io.kind()))
    };
    !error.is_connect() && causes(error).any(is_open_and_broken)
}

fn is_breakage(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// Why a request to `url` got no answer.
pub(super) fn of_request(error: &reqwest::Error, url: &WebUrl, upstream: &Upstream) -> FetchError {
    let proxy = upstream.proxy.as_ref().map(called);
    if let Some(own) = causes(error).find_map(|cause| cause.downcast_ref::<FetchError>()) {
        return match (own, &proxy) {
            // Only the proxy's own name is looked up, and it may be secret.
            (FetchError::Dns(_), Some(proxy)) => FetchError::Dns(format!("{proxy} has no address")),
            _ => own.clone(),
        };
    }
    let host = proxy.clone().unwrap_or_else(|| url.host().to_owned());
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return FetchError::Tls(handshake(tls, url.host()));
    }
    if error.is_timeout() && error.is_connect() {
        return FetchError::Timeout { phase: pace::CONNECTION, limit: upstream.patience.connect };
    }
    if let Some(http) = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        if http.is_parse_too_large() {
            return FetchError::Protocol("the head of the answer is too large".into());
        }
        if http.is_parse() {
            return FetchError::Protocol(format!("the answer is not HTTP ({})", root(error)));
        }
        if http.is_incomplete_message() {
            return FetchError::Connect(format!("{host} closed the connection without an answer"));
        }
    }
    let mut kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    match kinds.find(|kind| *kind != io::ErrorKind::Other) {
        Some(io::ErrorKind::ConnectionRefused) => {
            let port = if proxy.is_some() { String::new() } else { format!(" at port {}", super::guard::port(url)) };
            FetchError::Connect(format!("{host} refuses connections{port}"))
        }
        Some(kind) if is_breakage(kind) => {
            FetchError::Connect(format!("{host} broke the connection off before it answered"))
        }
        _ if error.is_connect() => FetchError::Connect(format!("cannot connect to {host} ({})", root(error))),
        _ if error.is_builder() => FetchError::Refused(format!("no request can be made of it ({})", root(error))),
        _ => FetchError::Protocol(format!("the exchange with {host} failed ({})", root(error))),
    }
}

/// Why a body ended after `got` decoded bytes.
pub(super) fn of_body(error: &reqwest::Error, got: usize) -> FetchError {
    FetchError::Body(format!("the body is incomplete: the connection broke after {got} bytes ({})", root(error)))
}

/// What is wrong with a certificate or a handshake.
fn handshake(error: &rustls::Error, host: &str) -> String {
    let rustls::Error::InvalidCertificate(certificate) = error else {
        return format!("no secure connection to {host} came about ({error})");
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("the certificate of {host} has expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("the certificate of {host} is not valid yet: is this machine's clock right?")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("the certificate is for another host than {host}")
        }
        CertificateError::UnknownIssuer => {
            format!("the certificate of {host} is signed by itself or by nobody that this machine trusts")
        }
        CertificateError::Revoked => format!("the certificate of {host} has been revoked"),
        other => format!("the certificate of {host} is wrong ({other})"),
    }
}

/// A proxy's address without user name and password.
fn without_login(proxy: &str) -> String {
    url::Url::parse(proxy).map_or_else(
        |_| String::new(),
        |mut parsed| {
            let _ = parsed.set_username("");
            let _ = parsed.set_password(None);
            parsed.to_string()
        },
    )
}

/// A proxy as it may be called in a message: as the configuration does if it is a secret.
fn called(proxy: &Secret) -> String {
    let name = proxy.reference().map(|reference| format!("`{reference}`"));
    format!("the proxy {}", name.unwrap_or_else(|| without_login(proxy.expose())))
}

/// The last cause, which says most and names no address.
pub(super) fn root(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

/// The causes of an error, the error itself left out. An [`io::Error`] hides what it wraps from `source`.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(below(error), |cause| below(*cause))
}

fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match wrapped {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let url = WebUrl::parse("https://a.example:8443/feed?token=secret#x").unwrap();
        assert_eq!(shown(&url), "https://a.example:8443/feed?…");
        assert_eq!(without_login("http://me:secret@proxy.example:3128"), "http://proxy.example:3128/");
    }

    #[test]
    fn wrapped_causes_are_found() {
        let own = FetchError::Dns("nobody is called so".into());
        let error = io::Error::other(io::Error::other(own.clone()));
        let found = causes(&error).find_map(|cause| cause.downcast_ref::<FetchError>());
        assert_eq!(found.map(ToString::to_string), Some(own.to_string()));
    }
}
