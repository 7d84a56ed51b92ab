//! The name that someone probably meant.

use strsim::damerau_levenshtein;

/// The nearest of `names` to what was written, unless none is near.
pub(super) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', ' '], "_");
    let written = plain(written);
    // A third of the letters may be wrong: enough for a slip of the finger, too little for another word.
    let most = (written.chars().count() / 3).clamp(1, 4);
    names
        .into_iter()
        .map(|name| (damerau_levenshtein(&written, &plain(name)), name))
        .filter(|(distance, name)| *distance <= most && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Names in a row: `a`, `b` and `c`.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, and: &str) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} {and} {last}", names.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let names = ["url", "title", "link_pattern", "timezone", "published"];
        for (written, meant) in [
            ("ulr", Some("url")),
            ("Title", Some("title")),
            ("link-pattern", Some("link_pattern")),
            ("time_zone", Some("timezone")),
            ("publised", Some("published")),
            ("colour", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
    }

    #[test]
    fn a_row_of_names() {
        assert_eq!(listed(["a", "b", "c"], "and"), "`a`, `b` and `c`");
        assert_eq!(listed(["a"], "or"), "`a`");
    }
}
