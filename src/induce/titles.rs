//! Whether two titles are the same, and how one is cut out of a text that says more.

use std::collections::HashMap;

/// How alike two titles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    None,
    /// Most of their words are the same.
    Near,
    /// They differ in nothing but quotes, case and white space.
    Same,
}

/// A title as it is compared.
pub(super) fn folded(title: &str) -> String {
    let plain = title.to_lowercase().replace(['’', '‘', '`'], "'").replace(['“', '”', '„', '«', '»'], "\"");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How alike two titles are: near, if four words of five of them both are in both.
pub(super) fn likeness(one: &str, other: &str) -> Likeness {
    let (one, other) = (folded(one), folded(other));
    if one.is_empty() || other.is_empty() {
        return Likeness::None;
    }
    if one == other {
        return Likeness::Same;
    }
    let words = |text: &str| {
        let mut words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let (one, other) = (words(&one), words(&other));
    let all = one.len() + other.len();
    let mut rest = other.iter().peekable();
    let mut both = 0;
    for word in &one {
        while rest.next_if(|other| *other < word).is_some() {}
        both += usize::from(rest.next_if(|other| *other == word).is_some());
    }
    if both > 0 && both * 10 >= all * 4 { Likeness::Near } else { Likeness::None }
}

/// Patterns that may cut titles out of texts, as pairs of both tell: what stands behind the title, or before it, begins or ends
/// in the same way everywhere.
pub(super) fn patterns(pairs: &[(&str, &str)]) -> Vec<String> {
    let mut befores: HashMap<String, usize> = HashMap::new();
    let mut afters: HashMap<String, usize> = HashMap::new();
    for (text, title) in pairs.iter().take(SAMPLES) {
        let Some((before, after)) = text.split_once(title) else { continue };
        for length in 1..=MARK {
            let last: String = before.chars().rev().take(length).map(as_figure).collect();
            let first: String = after.chars().take(length).map(as_figure).collect();
            *befores.entry(last.chars().rev().collect()).or_default() += 1;
            *afters.entry(first).or_default() += 1;
        }
    }
    let mut ends: Vec<String> = vec![String::new()];
    ends.extend(best(afters));
    let mut begins: Vec<String> = vec![String::new()];
    begins.extend(best(befores));
    // What stands behind every title that is known must not be missed behind another.
    let is_open = pairs.iter().any(|(text, title)| text.ends_with(title));
    let behind = |ends: &[&str]| {
        let mut ways: Vec<String> = ends.iter().filter(|end| !end.is_empty()).map(|end| written(end)).collect();
        if is_open || ways.is_empty() {
            ways.push("$".to_owned());
        }
        let several = ways.len() > 1;
        let ways = ways.join("|");
        if several { format!("(?:{ways})") } else { ways }
    };
    let mut patterns = Vec::new();
    for begin in &begins {
        for end in &ends {
            let before = if begin.is_empty() { "^".to_owned() } else { written(begin) };
            patterns.push(format!("{before}(.+?){}", behind(&[end])));
        }
    }
    // Behind some titles stands something else than behind most.
    let ends: Vec<&str> = ends.iter().skip(1).map(String::as_str).collect();
    let several = (2..=ends.len()).filter_map(|count| ends.get(..count));
    patterns.extend(several.map(|ends| format!("^(.+?){}", behind(ends))));
    patterns
}

/// One figure is like another.
fn as_figure(c: char) -> char {
    if c.is_ascii_digit() { '0' } else { c }
}

/// A beginning or an end as a pattern has it. No single character needs an escape that has another meaning.
fn written(mark: &str) -> String {
    mark.chars().map(|c| if c == '0' { "\\d".to_owned() } else { escaped(c) }).collect()
}

fn escaped(c: char) -> String {
    if matches!(c, '-' | '&' | '#' | '~') { c.to_string() } else { regex::escape(&c.to_string()) }
}

/// Pairs that patterns are made after.
const SAMPLES: usize = 60;

/// The most characters of what stands beside titles that a pattern relies on.
const MARK: usize = 4;

/// Beginnings or ends that are tried.
const TRIED: usize = 4;

/// What is most frequent, of what is as frequent the longest.
fn best(counts: HashMap<String, usize>) -> Vec<String> {
    let mut counts: Vec<(String, usize)> =
        counts.into_iter().filter(|(mark, _)| mark.chars().any(|c| !c.is_whitespace() && !c.is_alphabetic())).collect();
    counts.sort_by(|(one, few), (other, many)| {
        many.cmp(few).then(other.len().cmp(&one.len())).then_with(|| one.cmp(other))
    });
    let mut chosen: Vec<(String, usize)> = Vec::new();
    for (mark, count) in counts {
        if chosen.iter().all(|(_, other)| *other != count) {
            chosen.push((mark, count));
        }
    }
    chosen.into_iter().take(TRIED).map(|(mark, _)| mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_alike_by_their_words() {
        assert_eq!(likeness("The “Mill”", "the \"mill\" "), Likeness::Same);
        assert_eq!(likeness("Five words are in here", "Five words are in there"), Likeness::Near);
        assert_eq!(likeness("Five words are in here", "Read more"), Likeness::None);
        assert_eq!(likeness("", ""), Likeness::None);
    }

    #[test]
    fn patterns_cut_titles_out_of_texts() {
        let pairs = [("Mill v. River (AC 7)", "Mill v. River"), ("Goose v. Sack (AC 91)", "Goose v. Sack")];
        let cut = |pattern: &String| {
            let pattern = regex::Regex::new(pattern).unwrap();
            pairs.iter().all(|(text, title)| pattern.captures(text).is_some_and(|found| &found[1] == *title))
        };
        assert!(patterns(&pairs).iter().any(cut));
        let pairs = [
            ("Mill v. River; from Lee", "Mill v. River"),
            ("Oat v. Sack; from Ash", "Oat v. Sack"),
            ("Elm v. Ox (US 5)", "Elm v. Ox"),
        ];
        let cut = |pattern: &String| {
            let pattern = regex::Regex::new(pattern).unwrap();
            pairs.iter().all(|(text, title)| pattern.captures(text).is_some_and(|found| &found[1] == *title))
        };
        assert!(patterns(&pairs).iter().any(cut), "by one of two ends");
    }
}
