//! Whether two titles are the same.

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

/// How alike two titles are: near, if four words of five are in both.
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
    let most = one.len().max(other.len());
    let mut rest = other.iter().peekable();
    let mut both = 0;
    for word in &one {
        while rest.next_if(|other| *other < word).is_some() {}
        both += usize::from(rest.next_if(|other| *other == word).is_some());
    }
    if most > 0 && both * 5 >= most * 4 { Likeness::Near } else { Likeness::None }
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
}
