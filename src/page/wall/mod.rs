//! What may stand before a site instead of its page: a challenge, a log-in, a form for consent, an advertisement for the
//! name. Told by signatures of the answer's head and of the page, since such pages come with 200 as well as with an error.
//!
//! That a page has something of a gatekeeper's in it proves nothing: millions of pages are behind one, and carry its
//! scripts, or a captcha in their form for comments. So what the page says counts only on a page that is bare, with hardly
//! a link and hardly a text, or that came with an error.

mod glance;
mod signatures;

use glance::Glance;

use super::{Document, charset};
use crate::drift::Drift;
use crate::webpage::{Page, Signs};
use crate::weburl::WebUrl;

/// Bytes of a page in which signatures are looked for.
const SEARCHED: usize = 128 * 1024;

/// What stands before a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wall {
    /// What it is.
    pub what: Drift,
    /// Whether there is no other way to read the page. If not, it counts only where nothing else was found.
    pub is_sure: bool,
}

impl Wall {
    const fn sure(what: Drift) -> Self {
        Self { what, is_sure: true }
    }

    const fn likely(what: Drift) -> Self {
        Self { what, is_sure: false }
    }
}

/// What stands before the page that was asked for at `asked`, if anything does. `document` is the page as parsed; `None`:
/// it could not be read as what was expected.
pub fn wall(page: &Page, document: Option<&Document>, asked: &WebUrl) -> Option<Wall> {
    if let Some(by) = signatures::of_head(&page.signs) {
        return Some(Wall::sure(challenge(by)));
    }
    let signs = &page.signs;
    if signs.status == 401 || !signs.header("www-authenticate").is_empty() {
        return Some(Wall::sure(Drift::LogIn));
    }
    if let Some(drift) = elsewhere(&page.url, asked) {
        return Some(Wall::sure(drift));
    }
    let own;
    let document = match document {
        Some(document) if document.told().is_none() => document,
        // What JSON or a feed says it is, it is.
        Some(_) => return refused(signs),
        None => {
            own = parsed(page);
            match &own {
                Some(own) => own,
                None => return refused(signs),
            }
        }
    };
    let glance = Glance::at(document);
    let is_error = !matches!(signs.status, 0 | 200 | 203);
    if glance.is_bare || is_error {
        let start = page.body.get(..SEARCHED).unwrap_or(&page.body);
        let body = String::from_utf8_lossy(start).to_lowercase();
        if let Some(by) = signatures::of_page(&glance, &body) {
            return Some(Wall::sure(challenge(by)));
        }
        if signatures::is_parked(&glance, &body) {
            return Some(Wall::sure(Drift::Parked));
        }
        if let Some(wall) = glance.sends_on_to.as_ref().and_then(|to| elsewhere(to, asked)) {
            return Some(Wall::sure(wall));
        }
        if glance.has_password && !is_log_in(asked) {
            return Some(Wall::sure(Drift::LogIn));
        }
        if signatures::asks_for_consent(&glance) {
            return Some(Wall::likely(Drift::Consent));
        }
        if signatures::speaks_of_robots(&glance, &body) {
            return Some(Wall::likely(challenge("an unknown gatekeeper")));
        }
    }
    if glance.is_titled_log_in() && !is_log_in(asked) {
        return Some(Wall::likely(Drift::LogIn));
    }
    refused(signs)
}

/// An error that says no more than that.
fn refused(signs: &Signs) -> Option<Wall> {
    match signs.status {
        403 | 451 => Some(Wall::sure(Drift::Refused { status: signs.status })),
        404 | 410 => Some(Wall::sure(Drift::Gone { status: signs.status })),
        _ => None,
    }
}

fn challenge(by: &str) -> Drift {
    Drift::Challenge { by: by.to_owned() }
}

/// A page that should have been something else, as HTML.
fn parsed(page: &Page) -> Option<Document> {
    let start = page.body.get(..SEARCHED).unwrap_or(&page.body);
    let text = charset::decode(start, page.content_type.as_deref(), None).ok()?;
    let is_html = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    Document::parse(&text, page.url.clone()).ok().filter(|_| is_html)
}

/// What it means that another address than the one that was asked for answered.
fn elsewhere(found: &WebUrl, asked: &WebUrl) -> Option<Drift> {
    if found.essence() == asked.essence() {
        return None;
    }
    if is_consent(found) && !is_consent(asked) {
        return Some(Drift::Consent);
    }
    (is_log_in(found) && !is_log_in(asked)).then_some(Drift::LogIn)
}

/// Whether an address is where people log in: by a segment of its path, or by a host that does nothing else.
fn is_log_in(url: &WebUrl) -> bool {
    const SEGMENTS: [&str; 16] = [
        "login", "log-in", "log_in", "logon", "signin", "sign-in", "sign_in", "sign_on", "signon", "sso", "oauth",
        "oauth2", "saml2", "anmelden", "wp-login", "ucp",
    ];
    const HOSTS: [&str; 5] = ["login.", "signin.", "sso.", "auth.", "accounts."];
    let path = url.as_url().path().to_ascii_lowercase();
    let stems = path.split('/').map(|segment| segment.split('.').next().unwrap_or_default());
    let by_path = stems.into_iter().any(|stem| SEGMENTS.contains(&stem));
    by_path || HOSTS.iter().any(|host| url.host().starts_with(host))
}

/// Whether an address is where people are asked for consent.
fn is_consent(url: &WebUrl) -> bool {
    let path = url.as_url().path().to_ascii_lowercase();
    ["consent.", "guce.", "cookies."].iter().any(|host| url.host().starts_with(host))
        || path.split('/').any(|segment| {
            matches!(segment, "consent" | "cookie-consent" | "cookiewall" | "privacy-gate" | "gdpr-consent")
        })
}

#[cfg(test)]
mod tests;
