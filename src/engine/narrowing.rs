//! What a reader asks for by a query string: fewer of a feed's items.
//!
//! Anybody may ask, so that everything about it is bounded: how many patterns, how large, how many at a time, and how
//! many answers are kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use regex::{Regex, RegexBuilder};
use tokio::sync::Semaphore;
use url::form_urlencoded;

use super::shelf::{Current, Made};
use super::{Answer, Engine, trouble};
use crate::edition::{Format, Rendering};
use crate::item::Field;
use crate::limits;
use crate::outcome::Outcome;
use crate::rule::Filter;
use crate::text::shorten;

/// Which of a feed's items are asked for, as it is written: no pattern is compiled yet.
#[derive(Clone, Debug)]
pub(super) struct Narrowing {
    /// Whether to include, the field, and the pattern.
    patterns: Vec<(bool, Field, String)>,
    show: Option<usize>,
    /// The query in its one spelling: what else stood there is gone, and the order is always the same.
    pub(super) written: String,
}

/// The answers that were made lately, and how many may be made at a time.
pub(super) struct Narrowed {
    kept: Mutex<VecDeque<Kept>>,
    permits: Semaphore,
}

/// One answer, and what it was made of: it is good for as long as that is served.
struct Kept {
    of: Weak<Made>,
    format: Format,
    written: String,
    rendering: Arc<Rendering>,
}

impl Default for Narrowed {
    fn default() -> Self {
        Self { kept: Mutex::default(), permits: Semaphore::new(limits::NARROWINGS) }
    }
}

impl Narrowing {
    /// Reads a query string: `include.FIELD=REGEX`, `exclude.FIELD=REGEX`, `show=NUMBER`. Whatever else stands there, as
    /// links from elsewhere bring it along, is passed over; nothing of ours in it is `None`.
    pub(super) fn read(query: &str) -> Result<Option<Self>, String> {
        let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        pairs.retain(|(key, _)| key == "show" || key.starts_with("include.") || key.starts_with("exclude."));
        pairs.sort();
        pairs.dedup();
        if pairs.len() > limits::QUERY_PATTERNS {
            return Err(format!("a query has at most {} patterns", limits::QUERY_PATTERNS));
        }
        let mut narrowing = Self { patterns: Vec::new(), show: None, written: String::new() };
        for (key, value) in &pairs {
            if key == "show" {
                let number = value.parse().ok().filter(|number| (1..=limits::SHOW).contains(number));
                narrowing.show = Some(number.ok_or(format!("`show` is a number from 1 to {}", limits::SHOW))?);
                continue;
            }
            let (side, name) = key.split_once('.').unwrap_or_default();
            let field = Field::named(name).ok_or_else(|| {
                let known: Vec<&str> = Field::ALL.into_iter().map(Field::name).collect();
                format!("`{}` is no field; known are {}", shorten(name, 60), known.join(", "))
            })?;
            if value.is_empty() || value.chars().count() > limits::PATTERN_CHARS {
                return Err(format!("`{key}`: a pattern has between 1 and {} characters", limits::PATTERN_CHARS));
            }
            narrowing.patterns.push((side == "include", field, value.clone()));
        }
        narrowing.written = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        Ok((!pairs.is_empty()).then_some(narrowing))
    }

    /// Compiles the patterns. It may take a while: a counted repetition is written in a few letters.
    fn filter(&self) -> Result<Filter, String> {
        let mut filter = Filter::default();
        for (is_included, field, written) in &self.patterns {
            let side = if *is_included { "include" } else { "exclude" };
            let pattern = pattern(written).map_err(|why| format!("`{side}.{}`: {why}", field.name()))?;
            let patterns = if *is_included { &mut filter.include } else { &mut filter.exclude };
            match patterns.last_mut() {
                Some((last, of_field)) if last == field => of_field.push(pattern),
                _ => patterns.push((*field, vec![pattern])),
            }
        }
        Ok(filter)
    }
}

/// A pattern that somebody we do not know has written.
fn pattern(written: &str) -> Result<Regex, String> {
    let size = limits::QUERY_REGEX_BYTES;
    RegexBuilder::new(written).size_limit(size).dfa_size_limit(size).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "this pattern takes too much memory".to_owned(),
        error => {
            let said = error.to_string();
            let said = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
            format!("this is no regular expression: {said}")
        }
    })
}

impl Engine {
    /// The feed in one format, with those items only that a query asks for. `Err`: the answer in its stead.
    pub(super) async fn narrowed(
        &self,
        current: &Current,
        format: Format,
        narrowing: &Narrowing,
    ) -> Result<Arc<Rendering>, Answer> {
        let failed = |why: String, timed_out| {
            let outcome = Some(Outcome::Failed { why, status: None, timed_out });
            Answer::Nothing { outcome, wait: None }
        };
        let kept = || self.narrowed.kept(current, format, &narrowing.written);
        if let Some(rendering) = kept() {
            return Ok(rendering);
        }
        let permit = tokio::time::timeout(limits::FIRST_ANSWER, self.narrowed.permits.acquire()).await;
        let Ok(_permit) = permit else {
            let why = "too many filtered feeds are asked for at the same time; ask again in a minute";
            return Err(failed(why.to_owned(), true));
        };
        if let Some(rendering) = kept() {
            return Ok(rendering);
        }
        let broken_off = |panic| {
            let why = format!("filtering broke off ({panic}): this is a fault of Feedmill, please report it");
            failed(why, false)
        };
        let asked = narrowing.clone();
        let filter = tokio::task::spawn_blocking(move || asked.filter()).await.map_err(broken_off)?;
        let filter = filter.map_err(|why| Answer::BadQuery { why })?;
        let source = &current.source;
        let feed = self.feed_of(source, &current.state, limits::SHOW, current.address.clone()).await;
        let mut feed = feed.map_err(|error| Answer::Nothing { outcome: Some(trouble(&error)), wait: None })?;
        let show = narrowing.show.unwrap_or_else(|| source.show());
        feed.query = Some(narrowing.written.clone());
        let work = tokio::task::spawn_blocking(move || {
            feed.items.retain(|item| filter.passes(&item.fields));
            feed.items.truncate(show);
            Arc::new(crate::render::rendering(&feed, format))
        });
        let rendering = work.await.map_err(broken_off)?;
        self.narrowed.keep(current, format, &narrowing.written, &rendering);
        Ok(rendering)
    }
}

impl Narrowed {
    fn kept(&self, current: &Current, format: Format, written: &str) -> Option<Arc<Rendering>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let made = Arc::as_ptr(&current.made);
        let is_it = |one: &&Kept| one.of.as_ptr() == made && one.format == format && one.written == written;
        kept.iter().find(is_it).map(|one| Arc::clone(&one.rendering))
    }

    fn keep(&self, current: &Current, format: Format, written: &str, rendering: &Arc<Rendering>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.of.strong_count() > 0);
        kept.truncate(limits::NARROWED - 1);
        let of = Arc::downgrade(&current.made);
        kept.push_front(Kept { of, format, written: written.to_owned(), rendering: Arc::clone(rendering) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(query: &str) -> Option<String> {
        Narrowing::read(query).unwrap().map(|narrowing| narrowing.written)
    }

    #[test]
    fn a_query_has_one_spelling() {
        assert_eq!(written("utm_source=x&b"), None);
        assert_eq!(written(""), None);
        let one = "exclude.category=Ads&include.title=a%2Bb+c&show=10";
        assert_eq!(written("show=10&include.title=a%2Bb%20c&exclude.category=Ads&utm_medium=y").as_deref(), Some(one));
        assert_eq!(written(one).as_deref(), Some(one));
    }

    #[test]
    fn patterns_of_one_field_are_alternatives() {
        let narrowing = Narrowing::read("include.title=a&include.title=b&include.author=c").unwrap().unwrap();
        let include: Vec<_> =
            narrowing.filter().unwrap().include.iter().map(|(field, of)| (*field, of.len())).collect();
        assert_eq!(include, [(Field::Author, 1), (Field::Title, 2)]);
    }

    #[test]
    fn what_cannot_be_is_said() {
        let long = format!("include.title={}", "a".repeat(limits::PATTERN_CHARS + 1));
        let many: String = (0..20).map(|n| format!("include.title={n}&")).collect();
        for (query, words) in [
            ("include.titel=x", "`titel` is no field; known are id, link, title"),
            ("include.title=(", "no regular expression: unclosed group"),
            ("include.title=", "between 1 and"),
            ("include.title=(a{1000}){1000}", "too much memory"),
            (&long, "between 1 and"),
            (&many, "at most"),
            ("show=0", "from 1 to"),
            ("show=1e9", "from 1 to"),
        ] {
            let why = Narrowing::read(query).and_then(|narrowing| narrowing.unwrap().filter().map(drop)).unwrap_err();
            assert!(why.contains(words), "{query}: {why}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_query_is_too_odd(rest in "[a-z.=&%0-9(+*{}\\[\\]\\\\|-]{0,60}", key in "(include|exclude)[.](title|link|x)=") {
            if let Ok(Some(narrowing)) = Narrowing::read(&format!("{key}{rest}")) {
                // What stands in a header and in links.
                assert!(narrowing.written.bytes().all(|b| b.is_ascii_alphanumeric() || b"*-._+%=&".contains(&b)));
                let again = Narrowing::read(&narrowing.written).unwrap().unwrap();
                assert_eq!(again.written, narrowing.written);
            }
        }
    }
}
