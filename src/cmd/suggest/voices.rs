//! The language of a site, and whether its page has a title that a feed can have.

use super::look::Voice;
use crate::weburl::WebUrl;

/// Pages whose text must contradict what they say of their language: templates are often copied with it.
const CONTRADICTIONS: usize = 3;

/// Characters of a title: beyond that it is a text for search engines.
const LONGEST: usize = 100;

/// The language that most of the pages say they are in; what their texts look like, if they say nothing, or if all of
/// them are something else. Then there is something to remark.
pub(super) fn language(told: &[&Voice]) -> (Option<String>, Option<String>) {
    let stated = most(told.iter().filter_map(|voice| voice.language.clone()).filter(|language| is_language(language)));
    let spoken: Vec<&str> = told.iter().filter_map(|voice| voice.spoken).collect();
    let heard = most(spoken.iter().map(|language| (*language).to_owned()));
    match (stated, heard) {
        (Some(stated), Some(heard)) => {
            let primary = stated.split('-').next().unwrap_or_default().to_ascii_lowercase();
            let all_agree = spoken.len() >= CONTRADICTIONS && spoken.iter().all(|language| *language == heard);
            if primary == heard || !all_agree || are_alike(&primary, &heard) {
                return (Some(stated), None);
            }
            let remark = format!("the pages say that they are in `{stated}`, but their text is `{heard}`");
            (Some(heard), Some(remark))
        }
        (stated, heard) => (stated.or(heard), None),
    }
}

/// Languages that a program takes for each other.
fn are_alike(one: &str, other: &str) -> bool {
    const FAMILIES: [&[&str]; 7] = [
        &["no", "nb", "nn", "da", "sv"],
        &["hr", "sr", "bs", "sl", "mk", "bg"],
        &["cs", "sk"],
        &["pt", "gl", "es", "ca", "it"],
        &["ru", "uk", "be"],
        &["id", "ms", "jv"],
        &["nl", "af", "de"],
    ];
    FAMILIES.iter().any(|family| family.contains(&one) && family.contains(&other))
}

/// Whether it can be written as a language (BCP 47).
fn is_language(written: &str) -> bool {
    let mut parts = written.split('-');
    let is_fine = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic()) && parts.all(is_fine)
}

fn most(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    let count = |value: &String| values.iter().filter(|other| *other == value).count();
    // Of equals the first: that is the list's page.
    values.iter().rev().max_by_key(|value| count(value)).cloned()
}

/// A title to write down, where the page's own would not tell one feed from another.
pub(super) fn title(own: Option<&str>, url: &WebUrl) -> Option<String> {
    const NOTHING_SAID: [&str; 14] = [
        "home",
        "homepage",
        "home page",
        "index",
        "untitled",
        "untitled document",
        "news",
        "blog",
        "archive",
        "start",
        "welcome",
        "document",
        "main page",
        "title",
    ];
    let own = own.unwrap_or_default().trim();
    let is_bad = own.chars().count() < 2
        || own.chars().count() > LONGEST
        || own.starts_with("http")
        || NOTHING_SAID.contains(&own.to_lowercase().as_str());
    if !is_bad {
        return None;
    }
    let host = url.host().trim_start_matches("www.");
    let path = url.as_url().path().trim_matches('/');
    let section = path.rsplit('/').next().unwrap_or_default();
    let section = section.split('.').next().unwrap_or_default().replace(['-', '_'], " ");
    let is_word = !section.is_empty() && section.is_ascii() && !section.contains('%') && section != "index";
    Some(if is_word { format!("{host}: {section}") } else { host.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(language: Option<&str>, spoken: Option<&'static str>) -> Voice {
        Voice { language: language.map(str::to_owned), spoken, ..Voice::default() }
    }

    fn told(voices: &[Voice]) -> (Option<String>, bool) {
        let voices: Vec<&Voice> = voices.iter().collect();
        let (language, remark) = language(&voices);
        (language, remark.is_some())
    }

    #[test]
    fn what_pages_say_counts_unless_all_of_them_are_wrong() {
        let is = |language: &str, remark| (Some(language.to_owned()), remark);
        assert_eq!(told(&[voice(Some("de-AT"), Some("de"))]), is("de-AT", false));
        assert_eq!(told(&[voice(None, Some("fr")), voice(None, None)]), is("fr", false));
        assert_eq!(told(&[voice(Some("en"), Some("ru")), voice(Some("en"), Some("ru"))]), is("en", false));
        let wrong = [0; 3].map(|_| voice(Some("en"), Some("ru")));
        assert_eq!(told(&wrong), is("ru", true));
        let alike = [0; 3].map(|_| voice(Some("nb"), Some("da")));
        assert_eq!(told(&alike), is("nb", false));
        assert_eq!(told(&[voice(Some("english"), None)]), (None, false));
        assert_eq!(told(&[voice(Some("en"), None), voice(Some("de"), None), voice(Some("de"), None)]), is("de", false));
    }

    #[test]
    fn a_title_is_written_only_where_the_page_has_none() {
        let url = WebUrl::parse("https://www.mill.example/world-news/").unwrap();
        assert_eq!(title(Some("The Mill"), &url), None);
        for bad in [None, Some("Home"), Some("https://mill.example"), Some("x")] {
            assert_eq!(title(bad, &url).as_deref(), Some("mill.example: world news"), "{bad:?}");
        }
    }
}
