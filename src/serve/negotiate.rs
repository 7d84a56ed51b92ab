//! Which form of a feed suits a request best (RFC 9110, section 12.5). Pure.
//!
//! `Accept` and `Accept-Encoding` are lists of the same make: a name, perhaps a weight. Parameters of media ranges
//! other than the weight are passed over, since no format here comes in variants; so is every malformed member.

use hyper::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName};

use crate::edition::Format;

/// The weight of a member that names none; weights are counted in thousandths.
const FULL: u16 = 1000;

/// The format for a request that names none: the one that `Accept` weighs highest. Of those, the one that is meant most
/// precisely: a browser asks for pages by name and for anything at all besides. Of those, the first of
/// [`Format::ALL`], which is also what is served if nothing is acceptable.
pub(super) fn format_for(headers: &HeaderMap) -> Format {
    let mut best = (Format::Rss, 0, Match::None);
    for format in Format::ALL {
        let named = members(headers, &ACCEPT).map(|(range, weight)| (match_of(range, format), weight));
        // The most precise range decides, whatever vaguer ones say (section 12.5.1).
        let (precision, weight) = named.max_by_key(|&(precision, _)| precision).unwrap_or((Match::None, 0));
        if precision > Match::None && (weight, precision) > (best.1, best.2) {
            best = (format, weight, precision);
        }
    }
    best.0
}

/// Whether the compressed form is to be sent: it must be acceptable, and not less welcome than the plain one. Without
/// `Accept-Encoding` anything is acceptable, but who does not ask may not be able to read it.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut gzip = None;
    let mut plain = None;
    let mut any = None;
    for (coding, weight) in members(headers, &ACCEPT_ENCODING) {
        // `x-gzip` is the same (section 8.4.1.3).
        if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
            gzip = Some(weight);
        } else if coding.eq_ignore_ascii_case("identity") {
            plain = Some(weight);
        } else if coding == "*" {
            any = Some(weight);
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= plain.unwrap_or(0)
}

/// How precisely a media range means a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// Not at all.
    None,
    /// `*/*`
    Anything,
    /// `text/*`
    Type,
    /// The name of something more general: a feed is XML or JSON, too.
    Kin,
    /// The format's own name.
    Exact,
}

fn match_of(range: &str, format: Format) -> Match {
    let kin: &[&str] = match format {
        Format::Rss => &["application/xml", "text/xml"],
        Format::Atom => &[],
        Format::Json => &["application/json"],
        Format::Html => &["application/xhtml+xml"],
    };
    let (family, _) = format.media_type().split_once('/').unwrap_or_default();
    if range.eq_ignore_ascii_case(format.media_type()) {
        Match::Exact
    } else if kin.iter().any(|kin| range.eq_ignore_ascii_case(kin)) {
        Match::Kin
    } else if range.strip_suffix("/*").is_some_and(|range| range.eq_ignore_ascii_case(family)) {
        Match::Type
    } else if range == "*/*" {
        Match::Anything
    } else {
        Match::None
    }
}

/// The members of a list field over all its lines, each with its weight.
fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = (&'a str, u16)> + use<'a> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).filter_map(|member| {
        let mut parts = member.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((name, weight.map_or(Some(FULL), thousandths)?))
    })
}

/// A weight (section 12.4.2) in thousandths: `0.5` is 500. The zero before the point may be missing, as some send it.
fn thousandths(raw: &str) -> Option<u16> {
    let (whole, fraction) = raw.split_once('.').unwrap_or((raw, ""));
    let digits = fraction.bytes().chain(*b"000").take(3);
    let fraction = digits.map(|digit| digit.is_ascii_digit().then(|| u16::from(digit - b'0')));
    let fraction = fraction.reduce(|sum, digit| Some(sum? * 10 + digit?)).flatten()?;
    match (whole, fraction) {
        ("1", 0) => Some(FULL),
        ("0" | "", fraction) => Some(fraction),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect()
    }

    fn format(accept: &str) -> Format {
        format_for(&with(&ACCEPT, &[accept]))
    }

    fn gzip(accept_encoding: &str) -> bool {
        takes_gzip(&with(&ACCEPT_ENCODING, &[accept_encoding]))
    }

    #[test]
    fn a_browser_gets_the_page() {
        let firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        assert_eq!(format(firefox), Format::Html);
        assert_eq!(format("text/html, */*"), Format::Html);
        assert_eq!(format("text/*"), Format::Html);
    }

    #[test]
    fn a_reader_gets_a_feed() {
        assert_eq!(format_for(&HeaderMap::new()), Format::Rss);
        assert_eq!(format("*/*"), Format::Rss);
        assert_eq!(format("application/xml, text/xml;q=0.9, */*;q=0.8"), Format::Rss);
        assert_eq!(
            format("application/atom+xml,application/rss+xml;q=0.9,application/rdf+xml;q=0.8,text/html;q=0.1"),
            Format::Atom
        );
        let miniflux = "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, \
                        application/feed+json, text/html, */*;q=0.9";
        assert_eq!(format(miniflux), Format::Rss);
        assert_eq!(format("application/json"), Format::Json);
        assert_eq!(format("Application/Feed+JSON, */*"), Format::Json);
    }

    #[test]
    fn the_most_precise_range_decides() {
        assert_eq!(format("*/*, application/rss+xml;q=0"), Format::Atom);
        assert_eq!(format("application/*;q=0.2, application/atom+xml;q=0.1, text/html;q=0.15"), Format::Rss);
        assert_eq!(format_for(&with(&ACCEPT, &["text/html;q=0.2", "application/atom+xml;q=0.3"])), Format::Atom);
    }

    #[test]
    fn what_nobody_serves_is_answered_as_if_nothing_was_asked() {
        for accept in ["image/png", "application/rss+xml;q=0", "*/*;q=0", "", ",;,", "nonsense", "*/*;q=2"] {
            assert_eq!(format(accept), Format::Rss, "{accept}");
        }
    }

    #[test]
    fn space_and_parameters_do_not_matter() {
        assert_eq!(format("text/html ; level=1 ; q=.5 , application/atom+xml;type=feed;q=0.51"), Format::Atom);
    }

    #[test]
    fn gzip_is_sent_to_who_asks_for_it() {
        for yes in ["gzip", "GZIP", "x-gzip", "br, gzip;q=0.1", "*", "deflate, gzip;q=1.0, *;q=0.5", "identity;q=0, *"]
        {
            assert!(gzip(yes), "{yes}");
        }
        for no in ["", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "identity, gzip;q=0.5", "gzip;q=x"] {
            assert!(!gzip(no), "{no}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
        assert!(takes_gzip(&with(&ACCEPT_ENCODING, &["br", "gzip"])));
    }

    #[test]
    fn weights_have_three_digits() {
        let weights = ["1", "1.", "1.000", "0", "0.", "0.5", "0.05", "0.123", ".2", "1.001", "2", "-1", "0.x", ""];
        let read: Vec<Option<u16>> = weights.iter().map(|raw| thousandths(raw)).collect();
        let one = Some(1000);
        let none = None;
        let expected = [one, one, one, Some(0), Some(0), Some(500), Some(50), Some(123), Some(200), none, none, none];
        assert_eq!(read[..12], expected);
        assert_eq!(read[12], None);
    }
}
