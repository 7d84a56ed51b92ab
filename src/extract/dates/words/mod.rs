//! The words of dates, in every language that is read, found by one look-up each.

mod names;
mod spoken;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::Weekday;

use super::fold::{fold, is_spaceless};
use crate::rule::Language;

/// Words of a phrase at most: `first day of ..` is none of ours, `il y a` is.
pub(super) const PHRASE_WORDS: usize = 4;

/// What a word of a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A month, from 1.
    Month(u32),
    /// A day of the week; whether it is written in full.
    Weekday(Weekday, bool),
    /// A length of time.
    Unit(Unit),
    /// "two hours" in one word.
    Amount(i64, Unit),
    /// A number in words.
    Number(i64),
    /// "a few".
    Few,
    /// "ago", before or behind what it is about.
    Ago,
    /// This very moment.
    Now,
    /// So many days back: today, yesterday, the day before.
    DaysBack(u64),
    /// "last", before or behind a day of the week.
    Last,
    /// Stands between a day and a time, or around both.
    At,
    /// Stands between a day and a month.
    Of,
    /// Stands behind the number of an hour.
    Hours,
    /// Stands behind a number of minutes.
    Minutes,
    /// Stands behind a number of seconds.
    Seconds,
    /// Before noon.
    Am,
    /// After noon.
    Pm,
    /// Says that the date is a later one than that of publication.
    Updated,
    /// May stand beside a date and changes nothing.
    Label,
    /// Stands behind the number of a year, a month or a day: 年 月 日.
    Mark(Part),
    /// Stands before the number of a month or a year: tháng, năm.
    Before(Part),
    /// Years counted from another one: 令和, 民國, พ.ศ.
    Era(i32),
    /// Stands behind the number of a day: nd, er, º.
    Ordinal,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// A part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Month,
    Day,
}

/// A set of languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Languages(u128);

impl Languages {
    /// Every language there is.
    pub(super) const ALL: Self = Self(u128::MAX);

    /// None of them.
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn one(language: Language) -> Self {
        Self(1 << language.number())
    }

    /// Those that are in both sets.
    pub(super) const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in one of the sets.
    pub(super) const fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// One meaning of a word, and the languages in which it has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sense {
    pub(super) meaning: Meaning,
    pub(super) languages: Languages,
}

/// Every word with its meanings.
#[derive(Default)]
pub(super) struct Dictionary {
    words: HashMap<Box<str>, Vec<Sense>>,
    /// Months without the ends that change: only those of languages that decline them.
    stems: HashMap<Box<str>, Vec<Sense>>,
    /// The first words of phrases.
    first: HashSet<Box<str>>,
    /// Characters of the longest word without spaces.
    pub(super) longest: usize,
}

/// The dictionary, made once.
pub(super) fn dictionary() -> &'static Dictionary {
    static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
        let mut dictionary = Dictionary::default();
        names::add_all(&mut dictionary);
        spoken::add_all(&mut dictionary);
        dictionary
    });
    &DICTIONARY
}

impl Dictionary {
    /// What a folded word, or a phrase of words with one space between them, means.
    pub(super) fn get(&self, word: &str) -> &[Sense] {
        self.words.get(word).map_or(&[], Vec::as_slice)
    }

    /// What a folded word means whose end is not the one that names have: `novembrī` for `novembris`.
    pub(super) fn get_by_stem<'d>(&'d self, word: &'d str) -> impl Iterator<Item = &'d Sense> {
        let ends = std::iter::once(word.len()).chain(word.char_indices().rev().take(5).map(|(at, _)| at));
        let stems = ends.filter_map(|end| word.get(..end)).filter(|stem| stem.chars().count() >= 4);
        stems.filter_map(|stem| self.stems.get(stem)).flatten()
    }

    /// Whether a phrase begins with this word.
    pub(super) fn begins(&self, word: &str) -> bool {
        self.first.contains(word)
    }

    /// Adds a word or phrase as it is written.
    fn add(&mut self, written: &str, meaning: Meaning, language: Language) {
        let folded = fold(written);
        let parts: Vec<&str> = folded.split(|c: char| !is_letter(c)).filter(|part| !part.is_empty()).collect();
        let word = parts.join(" ");
        if word.is_empty() || parts.len() > PHRASE_WORDS {
            return;
        }
        if let [first, _, ..] = parts.as_slice() {
            self.first.insert((*first).into());
        }
        if word.starts_with(is_spaceless) {
            self.longest = self.longest.max(word.chars().count());
        }
        put(self.words.entry(word.into()).or_default(), meaning, language);
    }

    /// Adds what a month's name is without its last letters.
    fn add_stem(&mut self, name: &str, meaning: Meaning, language: Language) {
        let folded = fold(name);
        let kept = folded.chars().count().saturating_sub(2).max(4);
        let stem: String = folded.chars().take(kept).collect();
        if stem.chars().all(is_letter) {
            put(self.stems.entry(stem.into()).or_default(), meaning, language);
        }
    }
}

fn put(senses: &mut Vec<Sense>, meaning: Meaning, language: Language) {
    let languages = Languages::one(language);
    match senses.iter_mut().find(|sense| sense.meaning == meaning) {
        Some(sense) => sense.languages = sense.languages.either(languages),
        None => senses.push(Sense { meaning, languages }),
    }
}

/// Whether a folded character is part of a word. Vowel signs of Indian and Thai scripts are no letters to Unicode.
pub(super) fn is_letter(c: char) -> bool {
    !c.is_numeric()
        && (c.is_alphabetic() || matches!(c, '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}') && !matches!(c, '।' | '॥'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that name different months in different languages: each of them is a doubt, unless something decides.
    #[test]
    fn months_that_languages_disagree_about() {
        let mut disputed: Vec<(String, Vec<String>)> = Vec::new();
        for (word, senses) in &dictionary().words {
            let months: Vec<&Sense> = senses.iter().filter(|s| matches!(s.meaning, Meaning::Month(_))).collect();
            if months.len() > 1 {
                let spoken = |sense: &&Sense| {
                    let codes = Language::all().filter(|l| !sense.languages.both(Languages::one(*l)).is_empty());
                    format!("{:?} {}", sense.meaning, codes.map(Language::code).collect::<Vec<_>>().join(" "))
                };
                disputed.push((word.to_string(), months.iter().map(spoken).collect()));
            }
        }
        disputed.sort();
        let words: Vec<&str> = disputed.iter().map(|(word, _)| word.as_str()).collect();
        for name in ["lis", "srpnja", "listopada"] {
            assert_eq!(words.contains(&name), name != "srpnja", "{disputed:#?}");
        }
        // What English calls a month is a month in English whatever others call so: those must be few and known.
        let english = Languages::one(Language::named("en").unwrap());
        let with_english = |senses: &Vec<Sense>| {
            senses.iter().any(|s| matches!(s.meaning, Meaning::Month(_)) && !s.languages.both(english).is_empty())
        };
        let with_english: Vec<&str> =
            words.into_iter().filter(|word| dictionary().words.get(*word).is_some_and(with_english)).collect();
        assert_eq!(with_english, Vec::<&str>::new(), "{disputed:#?}");
    }

    #[test]
    fn there_are_words_in_many_languages() {
        let months = |language: Language| {
            let is_its = |sense: &Sense| {
                matches!(sense.meaning, Meaning::Month(_)) && !sense.languages.both(Languages::one(language)).is_empty()
            };
            dictionary().words.values().flatten().filter(|sense| is_its(sense)).count()
        };
        for language in Language::all().filter(|language| !["vi", "ja", "ko"].contains(&language.code())) {
            assert!(months(language) >= 12, "{} has {}", language.code(), months(language));
        }
    }
}
