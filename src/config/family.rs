//! Sites with parameters: one rule, many feeds. Each feed is a site of its own, whose name has the values behind that
//! of the table: `issues/rust-lang/rust`.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use regex::Regex;

use super::plan::Site;
use crate::limits;
use crate::rule::Address;

/// What stands as it is in a name, and in every address and every file system (RFC 3986, section 2.3).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A site with parameters.
#[derive(Clone, Debug)]
pub struct Family {
    /// What its feeds have in common. The places in its title, description and addresses are still to be filled in.
    pub site: Site,
    /// Its parameters, in the order of its address.
    pub params: Vec<Param>,
    /// The names of the feeds that the table itself lists.
    pub feeds: Vec<String>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What a value must match.
    pub pattern: Regex,
    /// The same pattern, for the whole of a value.
    pub whole: Regex,
}

/// The part of a name that stands for `value`, percent-encoded: a segment of a path, and the beginning of a file's name.
/// A point at the start is encoded, too, since files that begin with one are hidden.
pub fn canonical(value: &str) -> String {
    let encoded = utf8_percent_encode(value, PLAIN).to_string();
    encoded.strip_prefix('.').map(|rest| format!("%2E{rest}")).unwrap_or(encoded)
}

impl Family {
    /// Whether another plan's table makes the same feeds in the same way.
    pub fn is_alike(&self, other: &Self) -> bool {
        let Self { site, params, feeds } = self;
        let of = |params: &[Param]| -> Vec<(String, String)> {
            params.iter().map(|param| (param.name.clone(), param.pattern.as_str().to_owned())).collect()
        };
        site.is_alike(&other.site) && feeds == &other.feeds && of(params) == of(&other.params)
    }

    /// The form of its feeds' names: `issues/{owner}/{repo}`.
    pub fn form(&self) -> String {
        self.params.iter().fold(self.site.name.clone(), |form, param| format!("{form}/{{{}}}", param.name))
    }

    /// The feed for these values, in the order of the address. `Err`: what is wrong with them.
    pub fn instance(&self, values: &[String]) -> Result<Site, String> {
        if values.len() != self.params.len() {
            let names: Vec<String> = self.params.iter().map(|param| format!("`{}`", param.name)).collect();
            return Err(format!(
                "`{}` is not one feed but many: the name of each has {} behind it",
                self.site.name,
                names.join(" and ")
            ));
        }
        for (param, value) in self.params.iter().zip(values) {
            param.check(value)?;
        }
        let value_of = |name: &str| {
            let position = self.params.iter().position(|param| param.name == name)?;
            values.get(position).cloned()
        };
        let segments: Vec<String> = values.iter().map(|value| canonical(value)).collect();
        let encoded = |name: &str| Some(utf8_percent_encode(&value_of(name)?, PLAIN).to_string());
        let bound = |address: &Address| Address::new(address.wording().bound(encoded));
        let addresses: Vec<Address> = self.site.addresses.iter().map(bound).collect();
        let home = addresses.first().and_then(Address::home);
        let filled = |text: &Option<String>| text.as_ref().map(|text| filled(text, &value_of));
        Ok(Site {
            name: format!("{}/{}", self.site.name, segments.join("/")),
            title: filled(&self.site.title),
            description: filled(&self.site.description),
            url: home.ok_or("these values make no address")?,
            addresses,
            asking: self.site.asking.bound(value_of),
            tests: Vec::new(),
            ..self.site.clone()
        })
    }

    /// The feed whose name has these segments behind that of the table; they are decoded once.
    pub(super) fn named(&self, segments: &[&str]) -> Result<Arc<Site>, String> {
        let decoded = |segment: &&str| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned());
        let values: Option<Vec<String>> = segments.iter().map(decoded).collect();
        let site = self.instance(&values.ok_or("a value is no text")?)?;
        Ok(Arc::new(site))
    }
}

impl Param {
    /// What is wrong with a value.
    pub(super) fn check(&self, value: &str) -> Result<(), String> {
        let name = &self.name;
        if matches!(value, "" | "." | "..") || value.chars().any(char::is_control) {
            return Err(format!("`{name}` cannot be empty, a point, or hold control characters"));
        }
        if canonical(value).len() > limits::VALUE_BYTES {
            return Err(format!("`{name}` is longer than {} bytes when percent-encoded", limits::VALUE_BYTES));
        }
        if !self.whole.is_match(value) {
            return Err(format!("`{name}` must match {}", self.pattern));
        }
        Ok(())
    }
}

/// A text with `{parameter}` filled in; what is no parameter stands as it is.
fn filled(text: &str, value_of: &impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        match from.split_once('}').and_then(|(name, after)| Some((value_of(name)?, after))) {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = from;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_segment_whatever_it_holds() {
        for (value, segment) in [
            ("rust-lang", "rust-lang"),
            ("a.b_c~d", "a.b_c~d"),
            (".github", "%2Egithub"),
            ("..x", "%2E.x"),
            ("a/b\\c", "a%2Fb%5Cc"),
            ("a b+c%20", "a%20b%2Bc%2520"),
            ("ü", "%C3%BC"),
        ] {
            assert_eq!(canonical(value), segment);
        }
    }

    #[test]
    fn texts_are_filled_in_once() {
        let value_of = |name: &str| (name == "owner").then(|| "{owner}".to_owned());
        assert_eq!(filled("{owner}/{repo} {", &value_of), "{owner}/{repo} {");
        assert_eq!(filled("a {owner} b {owner}", &value_of), "a {owner} b {owner}");
    }

    proptest::proptest! {
        #[test]
        fn a_segment_is_plain_and_leads_back_to_its_value(value: String) {
            let segment = canonical(&value);
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~%".contains(&b);
            assert!(segment.bytes().all(is_plain) && !segment.starts_with('.'));
            assert_eq!(percent_decode_str(&segment).decode_utf8().unwrap(), value);
        }
    }
}
