//! What caches and curious operators are told about an edition: `Cache-Control` and `Cache-Status`. Pure.

use std::fmt::Write as _;

use crate::engine::Freshness;
use crate::limits;
use crate::outcome::Outcome;

/// How long a cache may answer with what it has while it asks us again (RFC 5861, section 3): the time that we take for
/// the exchange which brings a new edition.
const WHILE_REVALIDATING: u64 = limits::EXCHANGE.as_secs();

/// How long a cache may go on with what it has if we cannot be reached (RFC 5861, section 4): a feed that is a week old
/// is better than none.
const IF_ERROR: u64 = 7 * 24 * 60 * 60;

/// The value of `Cache-Control` for an edition: what remains of its lifetime, and no more than that even where the next
/// refresh is further away, so that a site which recovers early is seen to.
pub(super) fn control(freshness: &Freshness) -> String {
    let remaining = u64::try_from(freshness.ttl_seconds).unwrap_or(0).min(freshness.lifetime.as_secs());
    format!("public, max-age={remaining}, stale-while-revalidate={WHILE_REVALIDATING}, stale-if-error={IF_ERROR}")
}

/// The value of `Cache-Status` (RFC 9211) for an edition: where it came from, the seconds it is still fresh, and why it
/// is not fresher.
pub(super) fn status_of_edition(freshness: &Freshness) -> String {
    let origin = if freshness.waited { "fwd=uri-miss; stored" } else { "hit" };
    let mut status = format!("feedmill; {origin}; ttl={}", freshness.ttl_seconds);
    if let Some(trouble) = &freshness.trouble {
        let word = if freshness.is_partial { "partial" } else { "stale" };
        add_detail(&mut status, &format!("{word}: {trouble}"));
    }
    status
}

/// The value of `Cache-Status` where there is no edition.
pub(super) fn status_of_nothing(outcome: Option<&Outcome>) -> String {
    let mut status = "feedmill; fwd=uri-miss".to_owned();
    if let Some(Outcome::Failed { status: Some(code), .. }) = outcome {
        // Writing to a String cannot fail.
        let _ = write!(status, "; fwd-status={code}");
    }
    add_detail(&mut status, outcome.map_or("the first refresh is still going on", |o| o.why().unwrap_or(o.name())));
    status
}

/// Adds `detail` as a string of RFC 8941, section 3.3.3, which knows only visible ASCII and the space.
fn add_detail(status: &mut String, detail: &str) {
    status.push_str("; detail=\"");
    for c in detail.chars().take(limits::SHOWN_CHARS) {
        match c {
            '"' | '\\' => status.extend(['\\', c]),
            ' '..='~' => status.push(c),
            c if c.is_whitespace() => status.push(' '),
            _ => status.push('?'),
        }
    }
    status.push('"');
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn freshness(ttl_seconds: i64) -> Freshness {
        Freshness { ttl_seconds, lifetime: Duration::from_hours(1), waited: false, trouble: None, is_partial: false }
    }

    #[test]
    fn caches_are_told_the_real_remaining_lifetime() {
        assert!(control(&freshness(1234)).starts_with("public, max-age=1234, stale-while-revalidate="));
        assert!(control(&freshness(-30)).contains(" max-age=0,"));
        assert!(control(&freshness(90_000)).contains(" max-age=3600,"), "a long back-off is no lifetime");
    }

    #[test]
    fn the_status_tells_hit_wait_and_trouble() {
        assert_eq!(status_of_edition(&freshness(1234)), "feedmill; hit; ttl=1234");
        let waited = Freshness { waited: true, ..freshness(3600) };
        assert_eq!(status_of_edition(&waited), "feedmill; fwd=uri-miss; stored; ttl=3600");
        let stale = Freshness { trouble: Some("the site answered 500".into()), ..freshness(-30) };
        assert_eq!(status_of_edition(&stale), "feedmill; hit; ttl=-30; detail=\"stale: the site answered 500\"");
    }

    #[test]
    fn a_detail_is_a_structured_string_whatever_it_says() {
        let trouble = Some("a \"q\" \\ b\r\nSet-Cookie: x\u{0}ü漢".into());
        let status = status_of_edition(&Freshness { trouble, ..freshness(0) });
        assert_eq!(status, r#"feedmill; hit; ttl=0; detail="stale: a \"q\" \\ b  Set-Cookie: x???""#);
        let long = status_of_edition(&Freshness { trouble: Some("x".repeat(10_000)), ..freshness(0) });
        assert!(long.len() < limits::SHOWN_CHARS + 100);
    }

    #[test]
    fn nothing_says_why() {
        let failed = Outcome::Failed { why: "it answered 500".into(), status: Some(500), timed_out: false };
        let expected = "feedmill; fwd=uri-miss; fwd-status=500; detail=\"it answered 500\"";
        assert_eq!(status_of_nothing(Some(&failed)), expected);
        assert!(status_of_nothing(None).ends_with("; detail=\"the first refresh is still going on\""));
    }
}
