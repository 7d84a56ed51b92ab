//! Sound, video and files: what they are, how large and how long, as the page tells.

use scraper::ElementRef;
use serde_json::Value;

use crate::item::Enclosure;
use crate::page::{Document, Element};
use crate::weburl::WebUrl;

/// Attributes that hold a length in bytes, and those that hold a duration.
const LENGTHS: [&str; 5] = ["length", "data-length", "data-size", "data-filesize", "data-file-size"];
const DURATIONS: [&str; 3] = ["data-duration", "duration", "data-length-seconds"];

/// What stands beside an enclosure's address, as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Media {
    stated: Option<String>,
    length: Option<String>,
    duration: Option<String>,
}

impl Media {
    /// What an element says about its address; of a `<source>`, also what its player says.
    pub(super) fn of_element(element: Element<'_>) -> Self {
        let places = || std::iter::once(element).chain(player(element));
        let attribute = |names: &[&str]| {
            places().find_map(|place| names.iter().find_map(|name| place.attr(name))).map(str::to_owned)
        };
        let stated = element.attr("type").or_else(|| element.attr("data-type")).map(str::to_owned);
        Self { stated, length: attribute(&LENGTHS), duration: attribute(&DURATIONS) }
    }

    /// What a JSON object says about its address: a feed's attachment, or one of an API.
    pub(super) fn of_object(object: &Value) -> Self {
        let first =
            |keys: &[&str]| match keys.iter().filter_map(|key| object.get(*key)).find(|value| !value.is_null())? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
        Self {
            stated: first(&["type", "mime_type", "mimeType", "media_type", "encodingFormat"]),
            length: first(&["length", "size_in_bytes", "filesize", "size", "contentSize"]),
            duration: first(&["duration_in_seconds", "duration"]),
        }
    }
}

/// What lies at `url`. It has a type that is no page's: what stands beside the address may say which, else the page's
/// JSON-LD or `<meta>`, else the address's ending does.
pub(super) fn enclosure(document: &Document, url: &str, beside: Media) -> Option<Enclosure> {
    let url = WebUrl::parse(url).ok()?;
    let told = document.things().media(|address| document.base().join(address).is_ok_and(|other| other == url));
    let stated = [beside.stated.as_deref(), told.format.as_deref(), of_meta(document, &url)].into_iter().flatten();
    let media_type = stated.into_iter().find_map(media_type).or_else(|| of_ending(url.as_url().path()))?;
    let length = beside.length.or(told.size).and_then(|length| bytes(&length));
    let duration = beside.duration.or(told.duration).and_then(|duration| seconds(&duration));
    Some(Enclosure { url, media_type, length: length.unwrap_or(0), duration: duration.filter(|seconds| *seconds > 0) })
}

/// Whether it is something to listen to or to look at, not a file to keep.
pub(super) fn is_played(enclosure: &Enclosure) -> bool {
    ["audio/", "video/"].iter().any(|kind| enclosure.media_type.starts_with(kind))
}

/// The player that a `<source>` belongs to.
fn player(element: Element<'_>) -> Option<Element<'_>> {
    element.parent().and_then(ElementRef::wrap).filter(|parent| matches!(parent.value().name(), "audio" | "video"))
}

/// The type that a `<meta>` gives beside the address.
fn of_meta<'d>(document: &'d Document, url: &WebUrl) -> Option<&'d str> {
    const PAIRS: [(&str, &str); 5] = [
        ("og:audio", "og:audio:type"),
        ("og:audio:url", "og:audio:type"),
        ("og:video", "og:video:type"),
        ("og:video:url", "og:video:type"),
        ("twitter:player:stream", "twitter:player:stream:content_type"),
    ];
    let first = |name: &str| document.meta(name).first();
    let is_it = |address: &String| document.base().join(address).is_ok_and(|other| other == *url);
    let (_, name) = PAIRS.into_iter().find(|(address, _)| first(address).is_some_and(is_it))?;
    first(name).map(String::as_str)
}

fn media_type(stated: &str) -> Option<String> {
    let mime: mime::Mime = stated.trim().parse().ok()?;
    let is_page = mime.type_() == mime::TEXT && mime.subtype() == mime::HTML || mime.subtype() == "xhtml";
    (!is_page).then(|| mime.essence_str().to_owned())
}

/// Bytes, if that is what is written: a size of megabytes is rounded, and no length.
fn bytes(written: &str) -> Option<u64> {
    let digits = written.trim().trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = written.trim().get(digits.len()..)?.trim().to_ascii_lowercase();
    if matches!(unit.as_str(), "" | "b" | "byte" | "bytes") { digits.parse().ok() } else { None }
}

/// A duration in seconds: `1930`, `32:10`, `01:02:03`, `PT32M10S` (ISO 8601).
fn seconds(written: &str) -> Option<u64> {
    let written = written.trim();
    if let Some(iso) = written.strip_prefix(['P', 'p']) {
        let (days, time) = iso.split_once(['T', 't']).unwrap_or((iso, ""));
        return amounts(days, &[('D', 86_400)])?.checked_add(amounts(time, &[('H', 3_600), ('M', 60), ('S', 1)])?);
    }
    let mut parts = written.split(':');
    let whole = |part: &str| part.split('.').next().and_then(|whole| whole.parse::<u64>().ok());
    let first = whole(parts.next()?)?;
    let sum = parts.try_fold(first, |sum, part| sum.checked_mul(60)?.checked_add(whole(part)?))?;
    // Nobody listens for a week on end.
    (written.matches(':').count() <= 2 && sum < 7 * 86_400).then_some(sum)
}

/// The sum of numbers with units: `1H2M3S`.
fn amounts(written: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut sum = 0_u64;
    for piece in written.split_inclusive(|c: char| c.is_ascii_alphabetic()) {
        let unit = piece.chars().last()?.to_ascii_uppercase();
        let (_, worth) = units.iter().find(|(name, _)| *name == unit)?;
        let number = piece.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let whole: u64 = number.split(['.', ',']).next()?.parse().ok()?;
        sum = sum.checked_add(whole.checked_mul(*worth)?)?;
    }
    Some(sum)
}

/// The types of what people publish beside text.
fn of_ending(path: &str) -> Option<String> {
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    let media_type = match ending.as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "opus" => "audio/opus",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mov" => "video/quicktime",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "torrent" => "application/x-bittorrent",
        _ => return None,
    };
    Some(media_type.to_owned())
}
