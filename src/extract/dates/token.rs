//! A text as numbers, words and marks. Words come with what they mean in the languages of dates.

use super::fold::is_spaceless;
use super::words::{Dictionary, Languages, Meaning, PHRASE_WORDS, Sense, dictionary, is_letter};

/// A piece of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// Whether no space stands before it.
    pub(super) is_joined: bool,
}

/// What a piece is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Digits, and how many of them.
    Number(u32, usize),
    /// A word or phrase, and what it means; nothing, if it is no word of dates.
    Word(&'static [Sense]),
    /// Anything else that is no space.
    Mark(char),
}

/// Cuts a folded text into pieces.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let dictionary = dictionary();
    let mut cutter = Cutter { text, at: 0, is_joined: false, tokens: Vec::new(), dictionary };
    while cutter.cut() {}
    phrases(text, &cutter.tokens, dictionary)
}

struct Cutter<'t> {
    text: &'t str,
    at: usize,
    is_joined: bool,
    tokens: Vec<Token<'t>>,
    dictionary: &'static Dictionary,
}

impl Cutter<'_> {
    /// Cuts the next piece off; `false` at the end.
    fn cut(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return false };
        if first.is_whitespace() || first.is_control() {
            self.at += first.len_utf8();
            self.is_joined = false;
            return true;
        }
        let length = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (kind, length) = if first.is_ascii_digit() {
            let length = length(|c| c.is_ascii_digit());
            let value = rest.get(..length).and_then(|digits| digits.parse().ok()).unwrap_or(u32::MAX);
            (Kind::Number(value, length), length)
        } else if is_spaceless(first) && is_letter(first) {
            let length = self.spaceless(rest);
            (Kind::Word(self.dictionary.get(rest.get(..length).unwrap_or_default())), length)
        } else if is_letter(first) {
            let length = length(|c| is_letter(c) && !is_spaceless(c));
            (Kind::Word(self.dictionary.get(rest.get(..length).unwrap_or_default())), length)
        } else {
            (Kind::Mark(first), first.len_utf8())
        };
        let text = rest.get(..length).unwrap_or_default();
        self.tokens.push(Token { kind, text, is_joined: self.is_joined });
        self.at += length;
        self.is_joined = true;
        true
    }

    /// The bytes of the longest known word that `rest` begins with, where no space ends words; else of one letter.
    fn spaceless(&self, rest: &str) -> usize {
        let ends = rest.char_indices().take_while(|(_, c)| is_spaceless(*c) && is_letter(*c));
        let ends: Vec<usize> = ends.take(self.dictionary.longest).map(|(at, c)| at + c.len_utf8()).collect();
        let is_known = |end: &&usize| {
            let word = rest.get(..**end).unwrap_or_default();
            !self.dictionary.get(word).is_empty() || self.dictionary.begins(word)
        };
        ends.iter().rev().find(is_known).or(ends.first()).copied().unwrap_or(1)
    }
}

/// Puts words together that mean something only together: "il y a", "p.m.".
fn phrases<'t>(text: &'t str, pieces: &[Token<'t>], dictionary: &'static Dictionary) -> Vec<Token<'t>> {
    let mut tokens = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        if !matches!(piece.kind, Kind::Word(_)) || !dictionary.begins(piece.text) {
            tokens.push(*piece);
            continue;
        }
        let mut phrase = piece.text.to_owned();
        let mut longest = None;
        let mut words = 1;
        for (next, token) in pieces.iter().enumerate().skip(at).take(2 * PHRASE_WORDS) {
            match token.kind {
                Kind::Word(_) if words < PHRASE_WORDS => {
                    phrase.push(' ');
                    phrase.push_str(token.text);
                    words += 1;
                    let senses = dictionary.get(&phrase);
                    if !senses.is_empty() {
                        longest = Some((next, senses));
                    }
                }
                Kind::Mark('.' | '\'' | '-' | '\u{200c}') => {}
                _ => break,
            }
        }
        let Some((last, senses)) = longest else {
            tokens.push(*piece);
            continue;
        };
        let whole = pieces.get(last).and_then(|last| between(text, piece.text, last.text)).unwrap_or(piece.text);
        tokens.push(Token { kind: Kind::Word(senses), text: whole, is_joined: piece.is_joined });
        at = last + 1;
    }
    tokens
}

/// The part of `text` from the beginning of one of its parts to the end of another.
fn between<'t>(text: &'t str, first: &str, last: &str) -> Option<&'t str> {
    let from = first.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let to = last.as_ptr().addr().checked_sub(text.as_ptr().addr())? + last.len();
    text.get(from..to)
}

impl Token<'_> {
    /// Its number, if it is one.
    pub(super) fn number(&self) -> Option<u32> {
        if let Kind::Number(value, _) = self.kind { Some(value) } else { None }
    }

    /// Its number, if it has this many digits.
    pub(super) fn number_of(&self, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        match self.kind {
            Kind::Number(value, length) if digits.contains(&length) => Some(value),
            _ => None,
        }
    }

    /// Whether it is one of these marks.
    pub(super) fn is_mark(&self, marks: &[char]) -> bool {
        matches!(self.kind, Kind::Mark(mark) if marks.contains(&mark))
    }

    /// What it means.
    pub(super) fn senses(&self) -> &'static [Sense] {
        if let Kind::Word(senses) = self.kind { senses } else { &[] }
    }

    /// What it means, if one of its meanings is of this kind.
    pub(super) fn meaning<T>(&self, kind: impl FnMut(&Sense) -> Option<T>) -> Option<T> {
        self.senses().iter().find_map(kind)
    }

    /// Whether it has this meaning.
    pub(super) fn is(&self, meaning: Meaning) -> bool {
        self.senses().iter().any(|sense| sense.meaning == meaning)
    }

    /// Whether it is a word that is none of dates.
    pub(super) fn is_strange(&self) -> bool {
        matches!(self.kind, Kind::Word([]))
    }

    /// The languages that it is a word of.
    pub(super) fn languages(&self) -> Languages {
        self.senses().iter().fold(Languages::NONE, |all, sense| all.either(sense.languages))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let folded = fold(text);
        tokens(&folded).iter().map(|token| token.text.to_owned()).collect()
    }

    #[test]
    fn pieces() {
        assert_eq!(cut("il y a 3 heures"), ["il y a", "3", "heures"]);
        assert_eq!(cut("3:04 p.m."), ["3", ":", "04", "p.m", "."]);
        assert_eq!(cut("2018年11月2日").len(), 6);
        assert_eq!(cut("3時間前"), ["3", "時間", "前"].map(fold));
        assert_eq!(cut("昨天15:04"), ["昨天", "15", ":", "04"]);
        assert_eq!(cut("15h04"), ["15", "h", "04"]);
    }
}
