//! A rule in the making: the keys of a site's `listing` table, as text.

use std::fmt;

use toml::ser::ValueSerializer;

/// What a site's `[sites.NAME.listing]` would say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    keys: Vec<(String, Vec<Way>)>,
}

/// One way to find something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A selector, as a text.
    Short(String),
    /// A table: one source, and refinements.
    Table(Vec<(String, String)>),
    /// A number.
    Number(usize),
}

/// The keys that every rule begins with, if it has them; the others follow as they were set.
const ORDER: [&str; 4] = ["item", "link", "title", "published"];

impl Draft {
    /// Sets a key; several ways are fallbacks for each other. No ways: the key is not written.
    pub fn set(&mut self, key: &str, ways: Vec<Way>) {
        self.keys.retain(|(known, _)| known != key);
        if !ways.is_empty() {
            let place = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
            let behind = self.keys.iter().position(|(known, _)| place(known) > place(key));
            self.keys.insert(behind.unwrap_or(self.keys.len()), (key.to_owned(), ways));
        }
    }

    /// The ways of a key.
    pub fn get(&self, key: &str) -> &[Way] {
        self.keys.iter().find(|(known, _)| known == key).map(|(_, ways)| ways.as_slice()).unwrap_or_default()
    }

    /// The keys and their ways, in the order in which they are written.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &[Way])> {
        self.keys.iter().map(|(key, ways)| (key.as_str(), ways.as_slice()))
    }
}

/// The lines of the table, without its header.
impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (key, ways) in &self.keys {
            match ways.as_slice() {
                [one] => writeln!(f, "{key} = {one}")?,
                several => {
                    let several: Vec<String> = several.iter().map(ToString::to_string).collect();
                    writeln!(f, "{key} = [{}]", several.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(text) => f.write_str(&quoted(text)),
            Self::Number(number) => number.fmt(f),
            Self::Table(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{key} = {}", quoted(value))).collect();
                write!(f, "{{ {} }}", pairs.join(", "))
            }
        }
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut written = String::new();
    // A text can always be written.
    let _ = serde::Serialize::serialize(text, ValueSerializer::new(&mut written));
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_the_text_of_a_table() {
        let mut draft = Draft::default();
        draft.set("item", vec![Way::Short(r#"a[rel="news"]"#.into())]);
        let json = Way::Table(vec![("jsonld".into(), "headline".into()), ("match".into(), r"\w+".into())]);
        draft.set("title", vec![Way::Short("h2".into()), json]);
        draft.set("summary", vec![]);
        let text = draft.to_string();
        assert_eq!(text, "item = 'a[rel=\"news\"]'\ntitle = [\"h2\", { jsonld = \"headline\", match = '\\w+' }]\n");
    }
}
