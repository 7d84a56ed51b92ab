//! Sound, video and files: what type they are, and how long.

use ego_tree::NodeId;
use serde_json::Value;

use crate::item::Enclosure;
use crate::page::Document;
use crate::weburl::WebUrl;

/// What stands beside an enclosure's address.
#[derive(Clone, Debug, Default)]
pub(super) struct Media {
    stated: Option<String>,
    length: Option<u64>,
}

impl Media {
    /// What an element says about its address.
    pub(super) fn of_element(document: &Document, id: NodeId) -> Self {
        let Some(element) = document.element(id) else { return Self::default() };
        let length = element.attr("length").and_then(|length| length.trim().parse().ok());
        Self { stated: element.attr("type").map(str::to_owned), length }
    }

    /// What a JSON object says about its address: a feed's attachment, or one of an API.
    pub(super) fn of_object(object: &Value) -> Self {
        let first = |keys: &[&str]| keys.iter().find_map(|key| object.get(*key));
        let stated = first(&["type", "mime_type", "mimeType", "media_type"]).and_then(Value::as_str);
        let length = first(&["length", "size_in_bytes", "filesize", "size"]).and_then(Value::as_u64);
        Self { stated: stated.map(str::to_owned), length }
    }

    /// An enclosure has a type that is no page's; what stands beside it may say which, else the address's ending does.
    pub(super) fn enclosure(&self, url: &str) -> Option<Enclosure> {
        let url = WebUrl::parse(url).ok()?;
        let media_type = self.stated.as_deref().and_then(media_type).or_else(|| of_ending(url.as_url().path()))?;
        Some(Enclosure { url, media_type, length: self.length.unwrap_or(0) })
    }
}

fn media_type(stated: &str) -> Option<String> {
    let mime: mime::Mime = stated.trim().parse().ok()?;
    let is_page = mime.type_() == mime::TEXT && mime.subtype() == mime::HTML || mime.subtype() == "xhtml";
    (!is_page).then(|| mime.essence_str().to_owned())
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
