//! On which lines a site's keys stand: for what is found out about a rule only when it is tried.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The lines of one site's table.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    header: usize,
    keys: BTreeMap<String, usize>,
}

impl Lines {
    /// The line, from 1, of a key such as `listing.title`, or of an extractor in its list, `listing.title.1`. What has no
    /// line of its own stands on the line of what it is in.
    pub fn of(&self, key: &str) -> usize {
        let mut key = key;
        loop {
            match (self.keys.get(key), key.rsplit_once('.')) {
                (Some(line), _) => return *line,
                (None, Some((outer, _))) => key = outer,
                (None, None) => return self.header,
            }
        }
    }
}

/// The lines of every site in a file.
pub(super) fn of_sites(root: &DeTable<'_>, text: &str) -> BTreeMap<String, Lines> {
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = |at: usize| 1 + ends.partition_point(|end| *end < at);
    let Some(DeValue::Table(sites)) = root.get("sites").map(Spanned::get_ref) else { return BTreeMap::new() };
    let of_site = |(name, site): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let mut lines = Lines { header: line(name.span().start), keys: BTreeMap::new() };
        collect(site.get_ref(), "", &line, &mut lines.keys);
        (String::from(std::borrow::Cow::clone(name.get_ref())), lines)
    };
    sites.iter().map(of_site).collect()
}

fn collect(value: &DeValue<'_>, path: &str, line: &impl Fn(usize) -> usize, keys: &mut BTreeMap<String, usize>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        DeValue::Table(table) => {
            for (key, value) in table {
                let path = below(key.get_ref());
                collect(value.get_ref(), &path, line, keys);
                keys.insert(path, line(key.span().start));
            }
        }
        // Tests know their lines themselves.
        DeValue::Array(values) if path != "test" => {
            for (number, value) in values.iter().enumerate() {
                keys.insert(below(&number.to_string()), line(value.span().start));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_every_fallback_has_its_line() {
        let text = "[sites.a]\nurl = 'x'\nlisting.item = 'y'\n\n[sites.a.article]\ntitle = [\n  'h1',\n  'h2',\n]\n";
        let lines = of_sites(DeTable::parse(text).unwrap().get_ref(), text);
        let of = |key| lines["a"].of(key);
        assert_eq!(
            (of("url"), of("listing.item.0"), of("article.title.0"), of("article.title.1"), of("article.title.7")),
            (2, 3, 7, 8, 6)
        );
        assert_eq!((of("timezone"), of("article.remove.1"), of("article")), (1, 5, 5));
    }
}
