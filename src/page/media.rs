//! What a page's JSON-LD tells about its images, sounds, videos and files.

use serde_json::{Map, Value};

use crate::limits;

/// Levels below a thing at which its media are: the medium itself, and what is around it.
const DEPTH: usize = 3;

/// What is told about sound, video or a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// `encodingFormat`: a media type.
    pub format: Option<String>,
    /// `contentSize`, as written.
    pub size: Option<String>,
    /// `duration`, as written; of an episode, that of the whole.
    pub duration: Option<String>,
}

/// What is told about an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What it shows.
    pub caption: Option<String>,
    /// Whose it is.
    pub credit: Option<String>,
}

/// The medium whose address `is_it` knows, in the first thing that has it.
pub(super) fn media(things: &[Value], is_it: &dyn Fn(&str) -> bool) -> Media {
    let mut found = Media::default();
    let nested = ["associatedMedia", "audio", "video", "encoding"];
    let addresses = ["contentUrl"];
    things.iter().any(|thing| {
        find(thing, &nested, &addresses, is_it, DEPTH, &mut |object| {
            found.format = found.format.take().or_else(|| text(object, "encodingFormat"));
            found.size = found.size.take().or_else(|| text(object, "contentSize"));
            let duration = || text(object, "duration").or_else(|| text(object, "timeRequired"));
            found.duration = found.duration.take().or_else(duration);
        })
    });
    found
}

/// The image whose address `is_it` knows, in the first thing that has it.
pub(super) fn picture(things: &[Value], is_it: &dyn Fn(&str) -> bool) -> Picture {
    let mut found = Picture::default();
    let nested = ["image", "primaryImageOfPage", "associatedMedia"];
    let addresses = ["url", "contentUrl"];
    things.iter().any(|thing| {
        find(thing, &nested, &addresses, is_it, DEPTH, &mut |object| {
            let is_image = text(object, "@type").is_some_and(|name| name.ends_with("ImageObject"));
            if !is_image {
                return;
            }
            found.caption = found.caption.take().or_else(|| text(object, "caption"));
            let names = ["creditText", "copyrightHolder", "creator", "author", "copyrightNotice"];
            found.credit = found.credit.take().or_else(|| names.iter().find_map(|name| text(object, name)));
        })
    });
    found
}

/// Looks for the medium in a thing and what is nested in it, and shows it to `take`, then what is around it; `false` if
/// it is not there.
fn find(
    value: &Value,
    nested: &[&str],
    addresses: &[&str],
    is_it: &dyn Fn(&str) -> bool,
    depth: usize,
    take: &mut dyn FnMut(&Map<String, Value>),
) -> bool {
    let Some(deeper) = depth.checked_sub(1) else { return false };
    match value {
        Value::Array(values) => {
            values.iter().take(limits::VALUES).any(|value| find(value, nested, addresses, is_it, deeper, take))
        }
        Value::Object(object) => {
            let is_here = addresses.iter().filter_map(|key| object.get(*key)?.as_str()).any(is_it);
            let mut inner = nested.iter().filter_map(|key| object.get(*key));
            let is_found = is_here || inner.any(|value| find(value, nested, addresses, is_it, deeper, take));
            if is_found {
                take(object);
            }
            is_found
        }
        _ => false,
    }
}

/// A property as text; of a nested thing its name.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => inner.get("name")?.as_str().map(str::to_owned),
        Value::Array(values) => match values.first()? {
            Value::Object(inner) => inner.get("name")?.as_str().map(str::to_owned),
            first => first.as_str().map(str::to_owned),
        },
        _ => None,
    }
}
