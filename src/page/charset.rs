//! In which encoding a page is. The order: the rule, a byte order mark, the `Content-Type` header, the page's own
//! XML declaration or `<meta>`, a guess. A statement that the bytes contradict is passed over.

use std::borrow::Cow;
use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use regex::bytes::Regex;

use super::NotAPage;

/// Bytes in which a `<meta>` may state the encoding (HTML, section 4.2.5.4).
const PRESCAN_BYTES: usize = 1024;

/// Characters beyond ASCII that make a page UTF-8 if all of it is well-formed: in other encodings it never is by chance.
const PLAINLY_UTF_8: usize = 3;

/// Decodes `body`. Malformed bytes become U+FFFD.
pub(super) fn decode<'a>(
    body: &'a [u8],
    content_type: Option<&str>,
    overrule: Option<&'static Encoding>,
) -> Result<Cow<'a, str>, NotAPage> {
    if let Some(encoding) = overrule {
        return Ok(encoding.decode(body).0);
    }
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return Ok(encoding.decode(body).0);
    }
    let header = content_type.and_then(header_label).map(Cow::Borrowed);
    let stated = [(header, false), (xml_label(body), true), (meta_label(body), true)];
    for (label, is_own) in stated.into_iter().filter_map(|(label, is_own)| Some((label?, is_own))) {
        let Some(encoding) = Encoding::for_label(label.as_bytes()) else { continue };
        if encoding == REPLACEMENT {
            return Err(NotAPage::Encoding(label.into_owned()));
        }
        // What saved a page, or passed it on, may have written it anew and left the old statement in it.
        if is_own && encoding != UTF_8 && is_plainly_utf8(body) {
            break;
        }
        let (text, _, malformed) = encoding.decode(body);
        if !(malformed && is_contradicted(encoding, &text)) {
            return Ok(text);
        }
    }
    // So would the detector say, and take as long over it as the parser does over the page.
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(Cow::Borrowed(text));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    Ok(detector.guess(None, Utf8Detection::Allow).decode(body).0)
}

/// Whether the bytes are in another encoding than the one they were decoded with. A stray byte in a long page proves
/// nothing; more errors than good characters beyond ASCII do.
fn is_contradicted(encoding: &'static Encoding, text: &str) -> bool {
    let errors = text.matches('\u{FFFD}').count();
    let good = text.chars().filter(|&c| !c.is_ascii() && c != '\u{FFFD}').count();
    encoding != WINDOWS_1252 && errors > good
}

fn is_plainly_utf8(body: &[u8]) -> bool {
    let beyond = |text: &str| text.chars().filter(|c| !c.is_ascii()).take(PLAINLY_UTF_8).count();
    std::str::from_utf8(body).is_ok_and(|text| beyond(text) == PLAINLY_UTF_8)
}

/// The `charset` parameter of a `Content-Type`.
fn header_label(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// The encoding that an XML declaration names (XML 1.0, section 4.3.3; HTML, section 13.2.3.2, heeds it, too).
fn xml_label(body: &[u8]) -> Option<Cow<'_, str>> {
    static DECLARATION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?-u)^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']"#).ok());
    let head = body.get(..PRESCAN_BYTES).unwrap_or(body);
    let label = DECLARATION.as_ref()?.captures(head)?.get(1)?.as_bytes();
    let encoding = Encoding::for_label(label)?;
    if encoding == UTF_16BE || encoding == UTF_16LE {
        return Some(UTF_8.name().into());
    }
    std::str::from_utf8(label).ok().map(Cow::Borrowed)
}

/// The encoding that a `<meta>` in the first bytes names. One that says UTF-16 cannot be right, since it was read as
/// ASCII: HTML says to take UTF-8 then, and windows-1252 for `x-user-defined`.
fn meta_label(body: &[u8]) -> Option<Cow<'_, str>> {
    static CHARSET: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?i-u)<meta[^>]+?charset\s*=\s*["']?\s*([^\s"'/>;]+)"#).ok());
    static COMMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s-u)<!--.*?-->").ok());
    let head = body.get(..PRESCAN_BYTES).unwrap_or(body);
    let head = COMMENT.as_ref().map_or(Cow::Borrowed(head), |comment| comment.replace_all(head, &b""[..]));
    let label = CHARSET.as_ref()?.captures(&head)?.get(1)?.as_bytes().to_vec();
    let encoding = Encoding::for_label(&label);
    if encoding.is_some_and(|encoding| encoding == UTF_16BE || encoding == UTF_16LE) {
        return Some(UTF_8.name().into());
    }
    if encoding.is_some_and(|encoding| encoding == X_USER_DEFINED) {
        return Some(WINDOWS_1252.name().into());
    }
    String::from_utf8(label).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &[u8], content_type: &str) -> String {
        decode(body, Some(content_type), None).unwrap().into_owned()
    }

    #[test]
    fn fault_17_charsets_in_the_documented_order() {
        let cyrillic = "<p>Привет, мельница</p>";
        let (cp1251, _, _) = encoding_rs::WINDOWS_1251.encode(cyrillic);
        let meta = [b"<meta charset=windows-1251>".as_slice(), &cp1251].concat();
        // The header lies, the page's own statement is right.
        assert!(text(&meta, "text/html; charset=utf-8").contains("Привет"));
        // A byte order mark beats the header.
        let bom = [b"\xEF\xBB\xBF".as_slice(), cyrillic.as_bytes()].concat();
        assert!(text(&bom, "text/html; charset=windows-1251").contains("Привет"));
        // Behind the first kilobyte a statement is too late: the guess finds it all the same.
        let late = [" ".repeat(1100).as_bytes(), b"<meta charset=koi8-r>", &cp1251, &cp1251, &cp1251].concat();
        assert!(text(&late, "text/html").contains("Привет"));
        // Nobody says anything.
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode("<p>水車小屋の猫がまた魚を盗みました。</p>");
        assert!(text(&sjis, "text/html").contains("水車小屋"));
        assert!(text("<p>Mühle</p>".as_bytes(), "text/html").contains("Mühle"));
        // UTF-7 is no encoding of the web: read as what the bytes are.
        assert!(text(b"<p>+ADw-script+AD4-</p>", "text/html; charset=utf-7").contains("+ADw-script"));
        assert!(matches!(
            decode(b"x", Some("text/html; charset=iso-2022-kr"), None),
            Err(NotAPage::Encoding(label)) if label == "iso-2022-kr"
        ));
    }

    #[test]
    fn an_xml_declaration_counts() {
        let (cp1251, _, _) = encoding_rs::WINDOWS_1251.encode("<rss>Привет</rss>");
        let feed = [b"<?xml version='1.0' encoding='windows-1251'?>".as_slice(), &cp1251].concat();
        assert!(text(&feed, "application/rss+xml").contains("Привет"));
    }

    #[test]
    fn a_stray_byte_does_not_change_the_encoding() {
        let page = ["<p>Straße, Mühle, Gänse</p>".as_bytes(), b"\xFF"].concat();
        assert!(text(&page, "text/html; charset=utf-8").contains("Mühle"));
    }

    #[test]
    fn a_page_that_was_saved_as_utf_8_may_still_state_what_it_was() {
        let page = "<meta charset=iso-8859-15><p>Straße, Mühle, Gänse</p>".as_bytes();
        assert!(text(page, "text/html").contains("Mühle"));
        // The header is not the page's own: it is obeyed.
        assert!(text(page, "text/html; charset=iso-8859-15").contains("MÃŒhle"));
        let latin = b"<meta charset=iso-8859-15><p>Stra\xDFe, M\xFChle, G\xE4nse</p>";
        assert!(text(latin, "text/html").contains("Mühle"));
    }

    #[test]
    fn a_rule_overrules_the_page() {
        let (latin2, _, _) = encoding_rs::ISO_8859_2.encode("młyn");
        assert_eq!(decode(&latin2, Some("text/html; charset=utf-8"), Some(encoding_rs::ISO_8859_2)).unwrap(), "młyn");
    }

    #[test]
    fn a_statement_in_a_comment_is_none() {
        assert_eq!(meta_label(b"<!-- <meta charset=koi8-r> --><meta charset='utf-8'>").as_deref(), Some("utf-8"));
        assert_eq!(meta_label(b"<meta http-equiv=x content=\"text/html; charset=big5\">").as_deref(), Some("big5"));
        assert_eq!(meta_label(b"<meta charset=utf-16>").as_deref(), Some("UTF-8"));
    }
}
