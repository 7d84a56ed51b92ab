//! A site's table, as it is written.

use std::fmt::Write as _;

use chrono_tz::Tz;

use crate::induce::{Draft, Way};
use crate::weburl::WebUrl;

/// What a site's table says.
pub(in crate::cmd) struct Table {
    pub(in crate::cmd) name: String,
    pub(in crate::cmd) url: WebUrl,
    pub(in crate::cmd) title: Option<String>,
    pub(in crate::cmd) language: Option<String>,
    pub(in crate::cmd) timezone: Option<Tz>,
    pub(in crate::cmd) full_text: bool,
    pub(in crate::cmd) allow_private: Vec<String>,
    pub(in crate::cmd) listing: Draft,
}

impl Table {
    /// One that says nothing but where.
    pub(in crate::cmd) fn of(name: &str, url: &WebUrl, allow_private: &[String]) -> Self {
        Self {
            name: name.to_owned(),
            url: url.clone(),
            title: None,
            language: None,
            timezone: None,
            full_text: false,
            allow_private: allow_private.to_vec(),
            listing: Draft::default(),
        }
    }

    /// The same with another listing at another address.
    pub(in crate::cmd) fn instead(&self, url: &WebUrl, listing: Draft) -> Self {
        let Self { name, title, language, allow_private, .. } = self;
        Self { title: title.clone(), language: language.clone(), listing, ..Self::of(name, url, allow_private) }
    }

    /// The lines of TOML.
    pub(in crate::cmd) fn toml(&self) -> String {
        let quoted = |text: &str| Way::Short(text.to_owned());
        let mut lines = format!("[sites.{}]\n", self.name);
        if let Some(title) = &self.title {
            let _ = writeln!(lines, "title = {}", quoted(title));
        }
        let _ = writeln!(lines, "url = {}", quoted(self.url.as_str()));
        if let Some(language) = &self.language {
            let _ = writeln!(lines, "language = {}", quoted(language));
        }
        if let Some(timezone) = self.timezone {
            let _ = writeln!(lines, "timezone = {}", quoted(timezone.name()));
        }
        if self.full_text {
            lines.push_str("full_text = true\n");
        }
        if !self.allow_private.is_empty() {
            let allowed: Vec<String> = self.allow_private.iter().map(|allowed| quoted(allowed).to_string()).collect();
            let _ = writeln!(lines, "allow_private = [{}]", allowed.join(", "));
        }
        if self.listing.keys().next().is_some() {
            let _ = write!(lines, "\n[sites.{}.listing]\n{}", self.name, self.listing);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_what_it_has_to_and_no_more() {
        let url = WebUrl::parse("https://mill.example/news/").unwrap();
        let mut table = Table::of("mill", &url, &[]);
        assert_eq!(table.toml(), "[sites.mill]\nurl = \"https://mill.example/news/\"\n");
        table.title = Some("The \"Mill\"".to_owned());
        table.language = Some("de".to_owned());
        table.timezone = Some(chrono_tz::Europe::Berlin);
        table.full_text = true;
        table.allow_private = vec!["10.0.0.5:80".to_owned()];
        table.listing.set("item", vec![Way::Short("li".to_owned())]);
        assert_eq!(
            table.toml(),
            "[sites.mill]\ntitle = 'The \"Mill\"'\nurl = \"https://mill.example/news/\"\nlanguage = \"de\"\n\
             timezone = \"Europe/Berlin\"\nfull_text = true\nallow_private = [\"10.0.0.5:80\"]\n\n\
             [sites.mill.listing]\nitem = \"li\"\n"
        );
    }
}
