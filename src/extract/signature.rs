//! Who signed an article, where readers see it: behind a "by" near the heading, or in what is named for an author there.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::{BOUNDARY, Line, Lines};
use super::site_name::SiteNames;
use crate::text::Text;

/// Lines behind the heading in which an article is signed, and before it.
const BEHIND: usize = 16;
const BEFORE: usize = 5;

/// Bytes of a name: longer ones are titles of something.
const NAME_BYTES: usize = 60;

/// Names of one text that are looked at: more have their page, not a line.
const NAMES: usize = 20;

/// Little words within names.
const LITTLE: [&str; 18] = [
    "de", "da", "do", "dos", "del", "della", "di", "la", "le", "van", "von", "der", "den", "ter", "bin", "al", "el",
    "zu",
];

/// The people that signed the article: those behind the first "by", else the first in a place for authors.
pub(super) fn signed(page: &Lines, site: &SiteNames) -> Vec<Text> {
    let Some(heading) = page.heading else { return Vec::new() };
    let near = || page.lines.iter().filter(|line| !line.is_beside && is_near(line, heading));
    let known =
        |names: Vec<Text>| (!names.is_empty() && names.iter().all(|name| !site.has(name.as_ref()))).then_some(names);
    let by = near().find_map(|line| known(by(line)));
    by.or_else(|| near().filter(|line| line.is_signed).find_map(|line| known(people(&line.text)))).unwrap_or_default()
}

fn is_near(line: &Line, heading: usize) -> bool {
    line.at <= heading + BEHIND && heading <= line.at + BEFORE
}

/// The names behind a word that says whose work it is.
fn by(line: &Line) -> Vec<Text> {
    static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = "von|par|por|di|door|av|af|autor(?:in|a|e)?|auteur|author|автор|作者|文|記者|yazan|tekst|text";
        Regex::new(&format!(
            r"(?i)(?:(?:^|[\x1f\s·•|,–-])(?:by:?|(?:{words}):)|(?:^|[\x1f|·•])\s?(?:{words}))[\s\x1f]+(?:by[\s\x1f]+)?"
        ))
        .ok()
    });
    static ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let works = "written|posted|published|words|story";
        Regex::new(&format!(r"(?i)^(?:(?:{works})\s)?(?:by|von|par|por|author|autor|作者):?$")).ok()
    });
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let works = "photos?|photographs?|images?|pictures?|illustrations?|video|graphics?|fotos?|bild|sponsored|presented|\
            powered|translated|edited|reviewed|checked|narrated|directed|supported|provided|inspired|produced|novel|book";
        let credit = r"\b(?:credit|foto|photo)\s?:";
        let by = r"(?:[\s\x1f:]+(?:courtesy|credit))?[\s\x1f:]+(?:by|von)\b";
        Regex::new(&format!(r"(?i)\b(?:{works}){by}|{credit}")).ok()
    });
    // Of a picture, a page, a prize there is somebody else to be told.
    if OTHER.as_ref().is_none_or(|other| other.is_match(&line.text)) || line.text.ends_with(['.', '!', '?']) {
        return Vec::new();
    }
    if let Some(by) = BY.as_ref().and_then(|by| by.find(&line.text)) {
        return people(line.text.get(by.end()..).unwrap_or_default());
    }
    if ALONE.as_ref().is_some_and(|alone| alone.is_match(&line.before)) { people(&line.text) } else { Vec::new() }
}

/// The people whom data names in one text, one by one and without what they are; any other text as it is.
pub(super) fn apart(named: Text) -> Vec<Text> {
    let parts: Vec<&str> = parts(named.as_ref()).collect();
    let people: Vec<Text> = parts.iter().filter(|part| !is_role(part)).filter_map(|part| Text::new(part)).collect();
    let are_all = parts.iter().all(|part| is_name(part) || is_role(part));
    if are_all && !people.is_empty() { people } else { vec![named] }
}

/// The people that a text begins with.
fn people(text: &str) -> Vec<Text> {
    let mut people = Vec::new();
    for part in parts(text) {
        let (name, rest) = part.split_once([BOUNDARY, '|', '·', '•', '(', '–']).unwrap_or((part, ""));
        let name = name.trim();
        if !is_name(name) || is_role(name) {
            break;
        }
        people.extend(Text::new(name));
        if !rest.is_empty() {
            break;
        }
    }
    people
}

/// The parts of a list.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    static BETWEEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?:[\s\x1f]*(?:[,;&、]|\b(?:and|und|et|y|e|i|og|och|en|ve)\b)[\s\x1f]*)+").ok());
    let parts = BETWEEN.as_ref().map(|between| between.split(list));
    parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).take(NAMES)
}

/// Whether a text is the name of a person: two to four words with capitals, and little ones between them. Scripts
/// without capitals have short names.
fn is_name(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '.' | '\'' | '’' | '-' | '・');
    if text.len() > NAME_BYTES || !text.chars().all(is_letter) {
        return false;
    }
    if text.chars().all(|c| !c.is_lowercase() && !c.is_uppercase()) {
        return (2..=10).contains(&text.chars().count());
    }
    let is_great = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let words: Vec<&str> = text.split_whitespace().collect();
    let great = words.iter().filter(|word| is_great(word)).count();
    let are_fine = words.iter().all(|word| is_great(word) || LITTLE.contains(word));
    (2..=4).contains(&great) && are_fine && words.last().is_some_and(is_great)
}

/// Whether a text says what somebody is.
fn is_role(text: &str) -> bool {
    static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let roles = "editors?|writers?|reporters?|correspondents?|journalists?|chief|director|manager|professor|founder|\
            officer|president|staff|senior|contributors?|redakteur(?:in)?|korrespondent(?:in)?|redacci[oó]n|rédaction";
        Regex::new(&format!(r"(?i)\b(?:{roles})\b")).ok()
    });
    ROLE.as_ref().is_some_and(|role| role.is_match(text))
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
