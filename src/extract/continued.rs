//! An article that stands on several pages becomes one, and no part of it stands there twice.

use std::collections::HashSet;

use super::ArticleReading;
use crate::item::Found;
use crate::limits;
use crate::text::Html;

/// Shortest text, in bytes, of which it is believed that a page repeats it, and does not merely say the same.
const TELLING: usize = 200;

/// An article of which one page after the other is read.
pub struct Continued {
    whole: ArticleReading,
    /// The words of all pages so far.
    text: String,
    /// The markup of each: pictures have no words.
    markup: HashSet<String>,
}

/// What a further page came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// Its text stands behind that of the others.
    Text,
    /// The rule finds no text on it.
    Nothing,
    /// It says nothing that was not there, or it says everything: the others lead no further.
    Everything,
    /// The article would be longer than any may be.
    TooLong,
}

impl Continued {
    /// An article that begins with this page.
    pub fn new(first: ArticleReading) -> Self {
        let content = first.content();
        let text = content.map(words).unwrap_or_default();
        let markup = content.iter().map(|content| content.as_str().to_owned()).collect();
        Self { whole: first, text, markup }
    }

    /// Adds the text of the next page. Everything else is what the first page says.
    pub fn add(&mut self, page: ArticleReading) -> Added {
        self.whole.findings.attempts.extend(page.findings.attempts);
        let has_rule = self.whole.found.ruled.content.is_some() || self.whole.found.automatic.content.is_none();
        let Found { ruled, automatic } = page.found;
        // Where the rule found the first page's text, what it does not find on another is no part of it.
        let more = if has_rule { ruled.content } else { ruled.content.or(automatic.content) };
        let Some(more) = more else { return Added::Nothing };
        let text = words(&more);
        let found = &mut self.whole.found;
        let content = if has_rule { &mut found.ruled.content } else { &mut found.automatic.content };
        if !self.markup.insert(more.as_str().to_owned()) || text.len() >= TELLING && self.text.contains(&text) {
            return Added::Everything;
        }
        if self.text.len() >= TELLING && text.contains(&self.text) {
            *content = Some(more);
            self.text = text;
            return Added::Everything;
        }
        let before = content.as_ref().map(Html::as_str).unwrap_or_default();
        if before.len() + more.as_str().len() > limits::CONTENT_BYTES {
            return Added::TooLong;
        }
        let joined = if before.is_empty() { more } else { Html::from_clean(format!("{before}\n{}", more.as_str())) };
        *content = Some(joined);
        self.text.push(' ');
        self.text.push_str(&text);
        Added::Text
    }

    /// A remark about the whole.
    pub fn note(&mut self, what: String) {
        self.whole.findings.report.note(None, None, what);
    }

    /// The article, as far as it was read.
    pub fn whole(self) -> ArticleReading {
        self.whole
    }
}

/// The words of clean markup, in which `<` and `>` are tags and nothing else.
fn words(html: &Html) -> String {
    let pieces = html.as_str().split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    let text: Vec<&str> = pieces.flat_map(str::split_ascii_whitespace).collect();
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> ArticleReading {
        let mut reading = ArticleReading::default();
        reading.found.ruled.content = (!text.is_empty()).then(|| Html::from_clean(format!("<p>{text}</p>")));
        reading
    }

    fn joined(pages: &[&str]) -> (String, Vec<Added>) {
        let mut continued = Continued::new(page(pages[0]));
        let added = pages[1..].iter().map(|text| continued.add(page(text))).collect();
        (continued.whole().found.ruled.content.map(String::from).unwrap_or_default(), added)
    }

    #[test]
    fn pages_stand_behind_each_other_and_none_twice() {
        let (one, two) = ("One sack of flour. ".repeat(20), "Two geese. ".repeat(30));
        let whole = format!("{one}</p><p>{two}");
        for (pages, expected, added) in [
            (vec!["a", "b"], "<p>a</p>\n<p>b</p>".to_owned(), Added::Text),
            (vec!["a", "a"], "<p>a</p>".to_owned(), Added::Everything),
            (vec!["so it ends.", "ends."], "<p>so it ends.</p>\n<p>ends.</p>".to_owned(), Added::Text),
            (vec!["a", "b", "a"], "<p>a</p>\n<p>b</p>".to_owned(), Added::Everything),
            (vec!["<img src=1>", "<img src=2>"], "<p><img src=1></p>\n<p><img src=2></p>".to_owned(), Added::Text),
            (vec!["a", ""], "<p>a</p>".to_owned(), Added::Nothing),
            (vec!["", "b"], "<p>b</p>".to_owned(), Added::Text),
            (vec![&one, &two, &one], format!("<p>{one}</p>\n<p>{two}</p>"), Added::Everything),
            (vec![&one, &whole], format!("<p>{whole}</p>"), Added::Everything),
        ] {
            let (content, last) = joined(&pages);
            assert_eq!((content, last.last().copied()), (expected, Some(added)), "{pages:?}");
        }
        let long = "x".repeat(limits::CONTENT_BYTES - 20);
        assert_eq!(joined(&[&long, "and more than that"]).1, [Added::TooLong]);
    }
}
