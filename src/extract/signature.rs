//! Who signed an article, where readers see it: behind a "by" near the heading, or in what is named for an author there.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::{BOUNDARY, Line, Lines};
use super::site_name::SiteNames;
use crate::text::Text;

/// Lines behind the heading in which an article is signed, and before it.
const BEHIND: usize = 16;
const BEFORE: usize = 5;

/// A person's name: up to four words with capitals, and the little ones between them. Scripts without capitals have
/// names without spaces.
const NAME: &str = r"(?:\p{Lu}[\p{L}\p{M}.'’-]*(?:\s(?:(?:de|da|do|dos|del|della|di|la|le|van|von|der|den|ter|bin|al|el|af|zu|y)\s){0,2}\p{Lu}[\p{L}\p{M}.'’-]*){1,3}|[\p{Lo}ー・]{2,8}(?:\s[\p{Lo}ー・]{1,6})?)";

/// What stands between two names.
const AND: &str = r"(?:[\s\x1f]*(?:,|;|&|\b(?:and|und|et|y|e|i|og|och|en|ve)\b|、)[\s\x1f]*)+";

/// The people that signed the article: those behind the first "by", else the first in a place for authors.
pub(super) fn signed(page: &Lines, site: &SiteNames) -> Vec<Text> {
    let Some(heading) = page.heading else { return Vec::new() };
    let near = || page.lines.iter().filter(|line| !line.is_beside && is_near(line, heading));
    let people =
        |names: Vec<Text>| (!names.is_empty() && names.iter().all(|name| !site.has(name.as_ref()))).then_some(names);
    let by = near().find_map(|line| people(by(line)));
    by.or_else(|| near().filter(|line| line.is_signed).find_map(|line| people(named(line)))).unwrap_or_default()
}

fn is_near(line: &Line, heading: usize) -> bool {
    line.at <= heading + BEHIND && heading <= line.at + BEFORE
}

/// The names behind a word that says whose work it is.
fn by(line: &Line) -> Vec<Text> {
    static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let first = "von|par|por|di|door|av|af|autor(?:in|a|e)?|auteur|author|автор|作者|文|記者|yazan|tekst|text";
        Regex::new(&format!(
            r"(?x)(?: (?:^|[\x1f\s·•|,–-])(?i:by:?|{first}:) | (?:^|\x1f)(?i:{first}) )[\s\x1f]+(?:(?i:by)[\s\x1f]+)?({NAME}(?:{AND}{NAME}){{0,7}})(?:$|[\x1f|·•,(–]|\s[|·•(–-])",
            NAME = NAME.replace(' ', r"\ "),
            AND = AND.replace(' ', r"\ "),
        ))
        .ok()
    });
    static ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:(?:written|posted|published|words|story)\s)?(?:by|von|par|por|author|autor|作者):?$").ok()
    });
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let works = "photos?|photographs?|images?|pictures?|illustrations?|video|graphics?|fotos?|bild|sponsored|presented|\
            powered|translated|edited|reviewed|checked|narrated|directed|supported|provided|inspired|produced|novel|book";
        Regex::new(&format!(
            r"(?i)\b(?:{works})(?:[\s\x1f:]+(?:courtesy|credit))?[\s\x1f:]+(?:by|von)\b|\b(?:credit|foto|photo)\s?:"
        ))
        .ok()
    });
    // Of a picture, a page, a prize there is somebody else to be told.
    if OTHER.as_ref().is_none_or(|other| other.is_match(&line.text)) || line.text.ends_with(['.', '!', '?']) {
        return Vec::new();
    }
    let captures = BY.as_ref().and_then(|by| by.captures(&line.text));
    if let Some(names) = captures.and_then(|found| found.get(1)) {
        return split(names.as_str());
    }
    if ALONE.as_ref().is_some_and(|alone| alone.is_match(&line.before)) { named(line) } else { Vec::new() }
}

/// The names that a line, or its first part, is.
fn named(line: &Line) -> Vec<Text> {
    let first = line.text.split([BOUNDARY, '|', '(']).next().map(str::trim);
    std::iter::once(line.text.as_str()).chain(first).find(|text| is_names(text)).map(split).unwrap_or_default()
}

/// The people whom data names in one text, one by one and without what they are; any other text as it is.
pub(super) fn apart(named: Text) -> Vec<Text> {
    let people = if is_names(named.as_ref()) { split(named.as_ref()) } else { Vec::new() };
    if people.is_empty() { vec![named] } else { people }
}

/// Whether a text is a name, or some names, and nothing else.
fn is_names(text: &str) -> bool {
    static NAMES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!(r"^{NAME}(?:{AND}{NAME}){{0,7}}$")).ok());
    NAMES.as_ref().is_some_and(|names| names.is_match(text))
}

/// The single names of a list, without what people are.
fn split(names: &str) -> Vec<Text> {
    static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(AND).ok());
    static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let roles = "editors?|writers?|reporters?|correspondents?|journalists?|chief|director|manager|professor|founder|\
            officer|president|staff|senior|contributors?|redakteur(?:in)?|korrespondent(?:in)?|redacci[oó]n|rédaction";
        Regex::new(&format!(r"(?i)\b(?:{roles})\b")).ok()
    });
    let (Some(between), Some(role)) = (BETWEEN.as_ref(), ROLE.as_ref()) else { return Vec::new() };
    let people = between.split(names).map(str::trim).filter(|name| !role.is_match(name));
    people.filter_map(Text::new).collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::*;
    use crate::page::Document;
    use crate::weburl::WebUrl;

    fn people(body: &str) -> String {
        let html = format!("<meta property=og:site_name content='The Daily Mill'><h1>Goose leaves</h1>{body}");
        let document = Document::parse(&html, WebUrl::parse("https://mill.example/a").unwrap()).unwrap();
        let names = signed(&lines(&document, Some("Goose leaves")), &SiteNames::of(&document));
        names.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("; ")
    }

    #[test]
    fn a_by_near_the_heading_names_people() {
        for (body, expected) in [
            ("<p>By Ada Lovelace</p>", "Ada Lovelace"),
            (
                "<p>By <a href=/x>Ada Lovelace</a>, <a href=/y>Bo van den Ek</a> and <a>Cy Dee</a></p>",
                "Ada Lovelace; Bo van den Ek; Cy Dee",
            ),
            ("<p>Posted on Feb 3, 2026 by <b>Ada Lovelace</b> in News</p>", "Ada Lovelace"),
            ("<p><span>By</span><span>by ADA LOVELACE</span><time>3 Feb</time></p>", "ADA LOVELACE"),
            ("<p>By Ada Lovelace, Chief Miller | 3 Feb</p>", "Ada Lovelace"),
            ("<p>Von Ada Lovelace und Bo Ek</p>", "Ada Lovelace; Bo Ek"),
            ("<div>Author</div><div>Ada Lovelace</div>", "Ada Lovelace"),
            ("<p>By The Daily Mill</p>", ""),
            ("<p>Told by a miller who Knows Geese well, and the mill that he runs.</p>", ""),
            ("<div class=author-box><p>Ada Lovelace</p><p>Head of Geese</p></div>", "Ada Lovelace"),
            ("<aside><p>By Ada Lovelace</p></aside>", ""),
            (&format!("{}<p>By Ada Lovelace</p>", "<p>text</p>".repeat(20)), ""),
        ] {
            assert_eq!(people(body), expected, "{body}");
        }
    }
}
