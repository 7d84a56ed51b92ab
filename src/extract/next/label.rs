//! What the label of a link says about where in a list it leads.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::words;

/// Words of a label that is read for what it means; a longer one is a sentence.
const MOST: usize = 6;

/// What a link's label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Nothing that can be read.
    Silent,
    /// The next page, in words.
    Next,
    /// More, perhaps of this list.
    More,
    /// Older entries.
    Older,
    /// Newer entries.
    Newer,
    /// An arrow to the right.
    Arrow,
    /// A page by its number.
    Number(u64),
    /// The page before, the first or the last one, or the next of something that is no page.
    Wrong,
    /// Something else, in so many words.
    Words(usize),
}

/// The words, ready for being looked up.
struct Known {
    next: HashSet<&'static str>,
    page: HashSet<&'static str>,
    around: HashSet<&'static str>,
    entry: HashSet<&'static str>,
    whole: HashSet<&'static str>,
    more: HashSet<&'static str>,
    older: Option<Regex>,
    newer: Option<Regex>,
    wrong: Option<Regex>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let set = |list: &'static str| list.split('|').collect();
    let any = |pattern: &str| Regex::new(pattern).ok();
    Known {
        next: set(words::NEXT),
        page: set(words::PAGE),
        around: set(words::AROUND),
        entry: set(words::ENTRY),
        whole: set(words::NEXT_WHOLE),
        more: set(words::MORE),
        older: any(&format!(r"(?:^|\s)(?:{})|{}", words::OLDER, words::OLDER_PARTS)),
        newer: any(&format!(r"(?:^|\s)(?:{})|{}", words::NEWER, words::NEWER_PARTS)),
        wrong: any(&format!(
            r"(?:^|\s)(?:{})|(?:^|\s)(?:{})(?:\s|$)|{}",
            words::WRONG,
            words::WRONG_WORDS,
            words::WRONG_PARTS
        )),
    }
});

/// What a label says.
pub(super) fn read(label: &str) -> Label {
    let label = label.trim();
    if label.is_empty() {
        return Label::Silent;
    }
    if label.chars().all(is_mark) {
        return arrow(label);
    }
    let label = label.to_lowercase();
    let bare = label.trim_matches(is_mark);
    if let Ok(number) = bare.parse::<u64>() {
        return if bare.len() <= 5 { Label::Number(number) } else { Label::Words(1) };
    }
    let words: Vec<&str> = bare.split(|c: char| c.is_whitespace() || is_mark(c)).filter(|w| !w.is_empty()).collect();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let known = &*KNOWN;
    let is_next = |word: &&str| known.next.contains(word);
    let is_around = |word: &&str| known.around.contains(word) || known.page.contains(word) || is_number(word);
    let is_all_next = words.iter().any(is_next) && words.iter().all(|word| is_next(word) || is_around(word));
    // `Next page - results 21 to 40 of 201`.
    let begins_with_next =
        words.first().is_some_and(is_next) && words.get(1).is_some_and(|word| known.page.contains(word));
    if is_all_next || begins_with_next || known.whole.contains(bare) {
        return Label::Next;
    }
    if known.more.contains(bare) {
        return Label::More;
    }
    let spaced = words.join(" ");
    let has =
        |regex: &Option<Regex>| words.len() <= MOST && regex.as_ref().is_some_and(|regex| regex.is_match(&spaced));
    match () {
        () if words.iter().any(|word| known.entry.contains(word) || word.starts_with("comment")) => Label::Wrong,
        () if has(&known.older) => Label::Older,
        () if has(&known.newer) => Label::Newer,
        () if has(&known.wrong) => Label::Wrong,
        () => Label::Words(words.len()),
    }
}

/// Marks that stand around words: arrows, brackets, dashes.
fn is_mark(c: char) -> bool {
    c.is_whitespace()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{25ff}' | '\u{2700}'..='\u{27ff}' | '\u{2b00}'..='\u{2bff}')
        || matches!(
            c,
            '«' | '»'
                | '‹'
                | '›'
                | '·'
                | '•'
                | '–'
                | '—'
                | '…'
                | '（'
                | '）'
                | '【'
                | '】'
                | '＞'
                | '＜'
                | '\u{fe0f}'
        )
}

/// An arrow to the right leads on; one that meets a wall leads to the end.
fn arrow(marks: &str) -> Label {
    let marks: String = marks.chars().filter(|c| !c.is_whitespace()).collect();
    let is_right = |c: char| {
        matches!(
            c,
            '>' | '›'
                | '»'
                | '→'
                | '⇒'
                | '➔'
                | '➜'
                | '➡'
                | '⟩'
                | '❯'
                | '▶'
                | '►'
                | '▸'
                | '＞'
                | '⟶'
                | '\u{fe0f}'
                | '-'
                | '='
        )
    };
    let heads = marks.chars().filter(|c| is_right(*c) && !matches!(c, '-' | '=' | '\u{fe0f}')).count();
    match heads {
        1 | 2 if marks.chars().all(is_right) => Label::Arrow,
        _ => Label::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_many_languages() {
        for next in [
            "Next",
            "NEXT »",
            "Next page",
            "[Next >]",
            "Nächste Seite",
            "Página siguiente",
            "Suivant ›",
            "Далее",
            "次へ",
            "次のページ",
            "下一页 >",
            "다음",
            "Siguiente",
            "volgende",
            "Next 20 results",
            "Next Page - Results 21 to 40 of 201",
            "التالي",
            "หน้าถัดไป",
            "Seuraava sivu",
        ] {
            assert_eq!(read(next), Label::Next, "{next}");
        }
        for older in [
            "« Older posts",
            "Ältere Beiträge",
            "Older Entries",
            "← 過去の投稿",
            "Articles plus anciens",
            "Более старые записи",
        ] {
            assert_eq!(read(older), Label::Older, "{older}");
        }
        for newer in ["Newer Posts", "Neuere Beiträge →", "新しい投稿", "Новые записи"] {
            assert_eq!(read(newer), Label::Newer, "{newer}");
        }
        for arrow in ["»", "›", ">", ">>", "→", "->", "▶", "❯"] {
            assert_eq!(read(arrow), Label::Arrow, "{arrow}");
        }
        for wrong in [
            "Previous",
            "« Prev",
            "Last »",
            "Next thread",
            "Next article »",
            "次の記事",
            "前のページ",
            "«",
            "←",
            ">|",
            ">>>",
            "Older comments",
            "Next month",
            "Zurück",
            "上一页",
            "View all",
        ] {
            assert!(matches!(read(wrong), Label::Wrong | Label::Words(_)), "{wrong}: {:?}", read(wrong));
            assert_ne!(read(wrong), Label::Next, "{wrong}");
        }
        assert_eq!(read(" 12 "), Label::Number(12));
        assert_eq!(read(""), Label::Silent);
        assert_eq!(read("See more"), Label::More);
        assert_eq!(read("What happens next in the bay of crabs"), Label::Words(8));
    }
}
