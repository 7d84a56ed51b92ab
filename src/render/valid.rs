//! Values in the forms that the feed formats allow, whatever a configuration or an archive holds.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use mime::Mime;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::edition::Feed;
use crate::item::{Date, Enclosure, Item};
use crate::text::Text;
use crate::weburl::WebUrl;

/// The first and the last second of the years that every reader can read (0001 and 9999), a day aside for offsets.
const SECONDS: (i64, i64) = (-62_135_510_400, 253_402_214_400);

/// What browsers let pass in an address and RFC 3986 (section 2) does not.
const NOT_IN_A_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// `raw` as one legal line; `otherwise` if nothing is left of it.
pub(super) fn line(raw: &str, otherwise: &str) -> String {
    Text::new(raw).map_or_else(|| otherwise.to_owned(), String::from)
}

/// A date in whole seconds and an offset of whole minutes: finer ones can be written in no feed.
pub(super) fn date(date: Date) -> Date {
    let minutes = date.offset().local_minus_utc() / 60;
    let offset = FixedOffset::east_opt(minutes * 60).unwrap_or(*date.offset());
    let seconds = date.timestamp().clamp(SECONDS.0, SECONDS.1);
    DateTime::from_timestamp(seconds, 0).map_or(date, |moment| moment.with_timezone(&offset))
}

/// A date as RSS wants it: RFC 822 with a year of four digits.
pub(super) fn rfc822(moment: Date) -> String {
    date(moment).format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// A date as JSON Feed and HTML want it: RFC 3339.
pub(super) fn rfc3339(moment: Date) -> String {
    date(moment).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A moment of our own, which has no offset to keep.
pub(super) fn utc(moment: DateTime<Utc>) -> Date {
    moment.fixed_offset()
}

/// An address as a URI (RFC 3986): what the address says is the same.
pub(super) fn uri(url: &WebUrl) -> String {
    uri_of(url.as_str())
}

/// An item's id as a URI.
pub(super) fn id(id: &str) -> String {
    uri_of(&line(id, "urn:feedmill:nameless"))
}

fn uri_of(address: &str) -> String {
    // Brackets are legal around an IPv6 address, and nowhere else.
    let authority = address.find("://").map_or(0, |colon| colon + 3);
    let path = address.get(authority..).and_then(|rest| rest.find('/')).map_or(0, |slash| authority + slash);
    let (host, rest) = address.split_at(path);
    format!("{host}{}", utf8_percent_encode(rest, NOT_IN_A_URI))
}

/// A language tag (BCP 47), as far as its shape goes; `None` for what is none.
pub(super) fn language(raw: &str) -> Option<String> {
    let tag = raw.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_part =
        |part: &str, letters: fn(&u8) -> bool| (1..=8).contains(&part.len()) && part.as_bytes().iter().all(letters);
    let is_tag = is_part(primary, u8::is_ascii_alphabetic)
        && primary.len() > 1
        && parts.all(|part| is_part(part, u8::is_ascii_alphanumeric));
    is_tag.then_some(tag)
}

/// The item's language, if it is another than the feed's.
pub(super) fn foreign_language(item: &Item, feed: &Feed) -> Option<String> {
    let own = language(item.fields.language.as_ref()?.as_str())?;
    (feed.language.as_deref().and_then(language).as_ref() != Some(&own)).then_some(own)
}

/// The enclosure's media type without parameters; `None` for what is no sound, video or file.
pub(super) fn media_type(enclosure: &Enclosure) -> Option<String> {
    let mime: Mime = enclosure.media_type.trim().parse().ok()?;
    let essence = mime.essence_str().to_ascii_lowercase();
    let is_page = matches!(essence.as_str(), "text/html" | "application/xhtml+xml");
    (!is_page && !essence.contains('*')).then_some(essence)
}

/// The media type of an image by the end of its address.
pub(super) fn image_type(url: &WebUrl) -> Option<&'static str> {
    let (_, extension) = url.as_url().path().rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raw: &str) -> Date {
        DateTime::parse_from_rfc3339(raw).unwrap()
    }

    #[test]
    fn dates_have_four_digit_years_and_their_own_offset() {
        assert_eq!(rfc822(at("2026-11-03T09:05:07.9+05:45")), "Tue, 03 Nov 2026 09:05:07 +0545");
        assert_eq!(rfc822(at("0033-04-03T15:00:00Z")), "Sun, 03 Apr 0033 15:00:00 +0000");
        assert_eq!(rfc3339(at("2026-11-03T09:05:07.9+05:45")), "2026-11-03T09:05:07+05:45");
        assert_eq!(rfc3339(at("2026-12-31T23:59:60Z")), "2026-12-31T23:59:59Z");
    }

    #[test]
    fn offsets_of_old_are_rounded_and_the_moment_stays() {
        let amsterdam = FixedOffset::east_opt(19 * 60 + 32).unwrap();
        let noon = at("1920-01-01T12:00:00Z").with_timezone(&amsterdam);
        assert_eq!(rfc3339(noon), "1920-01-01T12:19:00+00:19");
    }

    #[test]
    fn no_date_is_too_far_away_to_be_written() {
        let far = DateTime::<Utc>::MAX_UTC.fixed_offset();
        assert!(rfc822(far).contains(" 9999 ") && rfc3339(far).starts_with("9999-"));
        let long_ago = DateTime::<Utc>::MIN_UTC.with_timezone(&FixedOffset::west_opt(12 * 3600).unwrap());
        assert!(rfc822(long_ago).contains(" 0001 ") && rfc3339(long_ago).starts_with("0001-"));
    }

    #[test]
    fn addresses_are_uris() {
        let examples = [
            ("https://a.example/x?a[]=1|2&b={c}^`", "https://a.example/x?a%5B%5D=1%7C2&b=%7Bc%7D%5E%60"),
            ("http://[::1]:8080/x[1]", "http://[::1]:8080/x%5B1%5D"),
            ("https://a.example/100%25/ü?q='", "https://a.example/100%25/%C3%BC?q=%27"),
        ];
        for (raw, expected) in examples {
            assert_eq!(uri(&WebUrl::parse(raw).unwrap()), expected);
        }
        assert_eq!(id("tag:a.example,2026-11-23:site/a b|c"), "tag:a.example,2026-11-23:site/a%20b%7Cc");
    }

    #[test]
    fn only_language_tags_are_languages() {
        for (raw, expected) in [("en", "en"), ("pt_BR", "pt-BR"), (" zh-Hant-TW ", "zh-Hant-TW")] {
            assert_eq!(language(raw).as_deref(), Some(expected));
        }
        for raw in ["", "e", "english language", "en-", "\"en\"", "русский", "x123"] {
            assert_eq!(language(raw), None, "{raw}");
        }
    }

    #[test]
    fn fault_37_only_files_are_enclosures() {
        let of = |raw: &str| {
            let url = WebUrl::parse("https://a.example/x").unwrap();
            media_type(&Enclosure { url, media_type: raw.into(), length: 0, duration: None })
        };
        assert_eq!(of("audio/mpeg; charset=x").as_deref(), Some("audio/mpeg"));
        assert_eq!(of("Image/WebP").as_deref(), Some("image/webp"));
        assert_eq!(of("application/x-bittorrent").as_deref(), Some("application/x-bittorrent"));
        for raw in
            ["", "audio", "mp3", "text/html; charset=utf-8", "application/xhtml+xml", "*/*", "a/b\"><x", "audio/*"]
        {
            assert_eq!(of(raw), None, "{raw}");
        }
    }
}
