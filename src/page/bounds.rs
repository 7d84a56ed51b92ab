//! What a document may be before it is given to a library that has no bounds of its own.

use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use crate::limits;

/// Whether JSON may be parsed: its values, weighed by the memory that they take, are not too many.
pub(super) fn json(text: &str) -> Result<(), String> {
    if weight(text) > limits::JSON_WEIGHT { Err("it has too many values to be read".to_owned()) } else { Ok(()) }
}

/// The values of JSON, weighed by the memory that they take. A map takes as much as many numbers.
pub(super) fn weight(text: &str) -> usize {
    const MAP: usize = 8;
    let (mut weight, mut is_text, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b'{' if !is_text => weight += MAP,
            b'[' | b',' if !is_text => weight += 1,
            _ => {}
        }
    }
    weight
}

/// Whether an RSS or Atom feed may be parsed: it is not too deep, has not too many elements and entries, and does not say
/// about many media at once what would be copied to each of them (Media RSS, "inheritance"). What is no XML is left to
/// the parser to name.
pub(super) fn feed(text: &str) -> Result<(), String> {
    let mut reader = NsReader::from_str(text);
    let mut seen = Seen::default();
    loop {
        match reader.read_resolved_event() {
            Ok((space, Event::Start(start))) => {
                seen.depth += 1;
                seen.begin(is_media(&space), start.local_name().as_ref(), start.len());
                seen.media_depth += usize::from(seen.media_depth > 0 || is_media(&space));
            }
            Ok((space, Event::Empty(start))) => seen.begin(is_media(&space), start.local_name().as_ref(), start.len()),
            Ok((_, Event::End(end))) => {
                seen.depth = seen.depth.saturating_sub(1);
                seen.media_depth = seen.media_depth.saturating_sub(1);
                if matches!(end.local_name().as_ref(), "item" | "entry") {
                    seen.item();
                }
            }
            Ok((_, Event::Text(text))) => seen.said(text.len()),
            Ok((_, Event::CData(text))) => seen.said(text.len()),
            Ok((_, Event::Eof)) | Err(_) => break,
            Ok(_) => {}
        }
        if let Some(why) = seen.too_much() {
            return Err(why);
        }
    }
    seen.item();
    seen.too_much().map_or(Ok(()), Err)
}

/// Namespaces whose elements are copied to nothing. Whatever is none of them counts as Media RSS, however it is written.
const PLAIN: [&str; 8] = [
    "http://www.w3.org/2005/Atom",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/1999/xhtml",
    "http://purl.org/rss/1.0/",
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
];

fn is_media(space: &ResolveResult<'_>) -> bool {
    matches!(space, ResolveResult::Bound(space) if !PLAIN.contains(&space.as_ref()))
}

/// What has been seen of a feed.
#[derive(Default)]
struct Seen {
    depth: usize,
    /// Levels since the outermost element of Media RSS.
    media_depth: usize,
    elements: usize,
    entries: usize,
    /// Of this entry: media, and bytes that are said about them.
    media: usize,
    said: usize,
    /// Bytes of all entries, if each is copied to every medium of its entry.
    copied: usize,
}

impl Seen {
    fn begin(&mut self, is_media: bool, name: &str, bytes: usize) {
        self.elements += 1;
        self.entries += usize::from(matches!(name, "item" | "entry"));
        if is_media {
            self.media += 1;
            self.said += bytes;
        }
    }

    fn said(&mut self, bytes: usize) {
        if self.media_depth > 0 {
            self.said += bytes;
        }
    }

    fn item(&mut self) {
        self.copied = self.copied.saturating_add(self.media.saturating_mul(self.said));
        (self.media, self.said) = (0, 0);
    }

    fn too_much(&self) -> Option<String> {
        let now = self.copied.saturating_add(self.media.saturating_mul(self.said));
        if self.depth > limits::FEED_DEPTH {
            Some(format!("it nests deeper than {} levels", limits::FEED_DEPTH))
        } else if self.elements > limits::FEED_ELEMENTS || self.entries > limits::FEED_ENTRIES {
            Some("it has too many elements to be read".to_owned())
        } else if now > limits::FEED_MEDIA_BYTES {
            Some("it says too much about too many media to be read".to_owned())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_weighed() {
        assert!(json(&format!("[{}0]", "0,".repeat(1_000_000))).is_ok());
        assert!(json(&format!("[{}{{}}]", "{\"\":0},".repeat(1_000_000))).is_err());
        assert!(json(&format!("[\"{}\"]", "{,[\\\"".repeat(1_000_000))).is_ok());
    }

    #[test]
    fn feeds_that_would_fill_the_stack_or_the_memory_are_refused() {
        let feed_of = |items: &str| {
            feed(&format!(
                "<rss version='2.0' xmlns:m='http://search.yahoo.com/mrss/'><channel>{items}</channel></rss>"
            ))
        };
        let group = "<m:group><m:content url='http://a.example/1.mp3'/></m:group>";
        assert!(feed_of(&format!("<item><title>a</title>{}</item>", group.repeat(20)).repeat(200)).is_ok());
        let deep = "<m:group>".repeat(1300) + &"</m:group>".repeat(1300);
        assert!(feed_of(&format!("<item>{deep}</item>")).unwrap_err().contains("deeper"));
        let copied = format!("<item><m:title>{}</m:title>{}</item>", "x".repeat(500_000), group.repeat(7_000));
        assert!(feed_of(&copied).unwrap_err().contains("media"));
        assert!(feed_of(&"<item/>".repeat(1_500_000)).is_err());
    }
}
