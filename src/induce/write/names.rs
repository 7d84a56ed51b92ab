//! What a class or an id tells by its name alone: what people call things, how things look, or nothing that lasts.

use std::collections::{HashMap, HashSet};

/// What kind of name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::induce) enum Name {
    /// What people call rows.
    Rows,
    /// How a thing looks, or where it is put.
    Looks,
    /// How things stand with one item.
    State,
    /// What one item is about, or who wrote it: other items have other ones.
    Topic,
    /// The number of one item.
    Instance,
    /// What a tool has made, and makes anew with the next build.
    Made,
    Other,
}

/// Digits from which on a name is the number of an item, wherever they stand; at the end, after a dash, fewer do.
const NUMBER: usize = 4;
const LAST_NUMBER: usize = 3;

/// What kind of name a class, an id, or the value of an attribute is.
pub(in crate::induce) fn name_of(name: &str) -> Name {
    if is_made(name) {
        return Name::Made;
    }
    let small = name.to_ascii_lowercase();
    if MICROFORMATS.contains(&name) {
        Name::Rows
    } else if is_number(&small) {
        Name::Instance
    } else if tells_topic(&small) {
        Name::Topic
    } else if tells_looks(&small) {
        Name::Looks
    } else if tells_state(&small) {
        Name::State
    } else if ROWS.iter().any(|word| small.contains(word)) {
        Name::Rows
    } else {
        Name::Other
    }
}

/// What microformats call posts and their parts: a standard, though it begins as names of looks do.
const MICROFORMATS: [&str; 17] = [
    "h-entry",
    "h-feed",
    "h-event",
    "h-review",
    "h-recipe",
    "hentry",
    "hfeed",
    "p-name",
    "p-summary",
    "u-url",
    "u-uid",
    "dt-published",
    "dt-updated",
    "dt-start",
    "entry-title",
    "entry-summary",
    "published",
];

/// What people call rows.
const ROWS: [&str; 14] = [
    "item", "post", "entry", "article", "card", "story", "news", "thread", "result", "teaser", "topic", "event", "bit",
    "list",
];

/// Whether a name has the number of an item: `post-3425`.
fn is_number(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    digits >= NUMBER || name.len() - stem.len() >= LAST_NUMBER && stem.ends_with(['-', '_'])
}

/// Whether a name says what an item is about, as blogs put it on their posts: `tag-ai`, `category-news`.
fn tells_topic(name: &str) -> bool {
    const PREFIXES: [&str; 6] = ["category-", "tag-", "author-", "post-tag-", "topic-", "cat-"];
    // These are parts of a page, and no topics.
    const PARTS: [&str; 12] =
        ["list", "item", "items", "link", "links", "name", "title", "box", "label", "wrap", "wrapper", "page"];
    let rest = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
    rest.is_some_and(|rest| !rest.split(['-', '_']).any(|word| PARTS.contains(&word)))
}

/// Whether a name can stand behind `.` or `#` without escapes.
pub(in crate::induce) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    let begins = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii())
        || name.starts_with('-') && name.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic());
    begins && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii())
}

/// Whether a tool made the name: `css-1x2y3z`, `sc-8a623a54-0`, `_1lkmsmo0`, `Title__3kd9f`.
fn is_made(class: &str) -> bool {
    const PREFIXES: [&str; 7] = ["css-", "sc-", "jsx-", "jss", "svelte-", "emotion-", "ng-"];
    PREFIXES.iter().any(|prefix| class.starts_with(prefix))
        || class.split(['-', '_']).any(|word| word.len() >= 5 && is_hash(word) || is_shaken(word))
}

/// Whether a word has the look of a hash: letters and digits mixed, capitals anywhere, no vowels.
fn is_hash(word: &str) -> bool {
    let kinds: Vec<char> = word
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '0'
            } else if c.is_ascii_uppercase() {
                'A'
            } else {
                'a'
            }
        })
        .collect();
    let turns = |from: char, to: char| kinds.windows(2).filter(|pair| **pair == [from, to]).count();
    let digits = kinds.iter().filter(|kind| **kind == '0').count();
    let letters = kinds.len() - digits;
    let vowels = word.chars().filter(|c| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')).count();
    let is_mixed = digits > 0 && letters > 0 && turns('0', 'a') + turns('0', 'A') > 0;
    // `huZCWi`: capitals in the middle that begin no word, and are no acronym at its end, as in `cardHTML`.
    let in_the_middle = kinds.windows(3).any(|three| matches!(three, ['a', 'A', 'A']));
    let is_acronym = kinds.last() == Some(&'A');
    let is_mixed = is_mixed || in_the_middle && !is_acronym && word.len() <= 8;
    let is_shaken = turns('a', 'A') * 3 >= kinds.len().saturating_sub(1) && turns('a', 'A') >= 2;
    is_mixed || is_shaken || letters >= 5 && vowels == 0
}

/// Whether a class says how a thing looks or where it is put, as those of Tailwind and Bootstrap do.
fn tells_looks(class: &str) -> bool {
    const WORDS: [&str; 22] = [
        "row",
        "col",
        "flex",
        "grid",
        "block",
        "inline",
        "inline-block",
        "clearfix",
        "container",
        "hidden",
        "relative",
        "absolute",
        "left",
        "right",
        "center",
        "clear",
        "small",
        "large",
        "wrapper",
        "group",
        "truncate",
        "cf",
    ];
    const PREFIXES: [&str; 38] = [
        "col-",
        "mt-",
        "mb-",
        "ml-",
        "mr-",
        "mx-",
        "my-",
        "m-",
        "pt-",
        "pb-",
        "pl-",
        "pr-",
        "px-",
        "py-",
        "p-",
        "w-",
        "h-",
        "d-",
        "text-",
        "bg-",
        "flex-",
        "grid-",
        "items-",
        "justify-",
        "align",
        "border",
        "rounded",
        "font-",
        "gap-",
        "max-",
        "min-",
        "float-",
        "leading-",
        "space-",
        "overflow-",
        "line-",
        "shadow",
        "u-",
    ];
    WORDS.contains(&class) || PREFIXES.iter().any(|prefix| class.starts_with(prefix))
}

/// Whether a class says how things stand with one item.
fn tells_state(class: &str) -> bool {
    const WORDS: [&str; 20] = [
        "icon", "hot", "pinned", "image", "thumb", "link", "odd", "even", "first", "last", "active", "current", "open",
        "closed", "new", "unread", "read", "sticky", "visible", "loaded",
    ];
    const PREFIXES: [&str; 7] = ["status-", "format-", "has-", "is-", "lang-", "views-row-", "row-"];
    WORDS.contains(&class) || PREFIXES.iter().any(|prefix| class.starts_with(prefix))
}

/// Whether a word with capitals in it has parts that no language has: `huyMjp`, `Tcik`.
fn is_shaken(word: &str) -> bool {
    const BEGINS: [&str; 47] = [
        "bl", "br", "ch", "cl", "cr", "cz", "dr", "dw", "fl", "fr", "gh", "gl", "gn", "gr", "kl", "kn", "kr", "ll",
        "mc", "ph", "pl", "pn", "pr", "ps", "pt", "qu", "rh", "sc", "sh", "sk", "sl", "sm", "sn", "sp", "sq", "sr",
        "st", "sv", "sw", "sz", "th", "tr", "ts", "tw", "vl", "wh", "wr",
    ];
    if word.len() < 4 || !word.chars().any(|c| c.is_ascii_uppercase()) || !word.is_ascii() {
        return false;
    }
    let is_vowel = |c: char| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let from_capitals = word.split_inclusive(|c: char| !c.is_ascii_uppercase());
    // `split_inclusive` ends parts with small letters: put the words together again, each from its capital on.
    let mut parts: Vec<String> = Vec::new();
    for piece in from_capitals {
        let begins = piece.starts_with(|c: char| c.is_ascii_uppercase());
        match parts.last_mut() {
            Some(last) if !begins => last.push_str(piece),
            _ => parts.push(piece.to_owned()),
        }
    }
    let is_odd = |part: &String| {
        // `RSSLink`: a word behind an acronym begins with the last of the capitals.
        let capitals = part.bytes().take_while(u8::is_ascii_uppercase).count();
        let part = if capitals > 2 && capitals < part.len() { part.get(capitals - 1..).unwrap_or(part) } else { part };
        let small = part.to_ascii_lowercase();
        let acronym = part.chars().all(|c| !c.is_ascii_lowercase());
        let mut letters = small.chars();
        let two = letters.next().zip(letters.next());
        let begins = two.is_some_and(|(one, two)| !is_vowel(one) && !is_vowel(two));
        !acronym && small.len() >= 3 && begins && !BEGINS.iter().any(|begin| small.starts_with(begin))
    };
    parts.iter().any(is_odd)
}

/// What the classes of a page have in front where a tool made them: what is behind it has figures in so many of them as in no
/// names that people give: `dcr-ajoobg`, `dcr-1xv2q0`.
pub(in crate::induce) fn made_prefixes<'c>(classes: impl Iterator<Item = &'c str>) -> HashSet<String> {
    const LEAST: usize = 12;
    let mut ends: HashMap<&str, HashSet<&str>> = HashMap::new();
    for class in classes {
        let at = class.find(['-', '_']).filter(|at| *at > 0);
        let Some((prefix, end)) = at.and_then(|at| class.split_at_checked(at + 1)) else { continue };
        if (5..=8).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            ends.entry(prefix).or_default().insert(end);
        }
    }
    let figured =
        |ends: &HashSet<&str>| ends.iter().filter(|end| end.bytes().any(|byte| byte.is_ascii_digit())).count();
    let is_made = |ends: &HashSet<&str>| ends.len() >= LEAST && figured(ends) * 3 >= ends.len();
    ends.into_iter().filter(|(_, ends)| is_made(ends)).map(|(prefix, _)| prefix.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_lasts() {
        for made in ["S_Tcik", "huyMjp", "sc-82b3c53b-0", "_184mfto4", "wn1wvoe", "_1ufh7nri", "Card__aXk3q"] {
            assert_eq!(name_of(made), Name::Made, "{made}");
        }
        for one in ["post-3425", "thread-118", "node_2201"] {
            assert_eq!(name_of(one), Name::Instance, "{one}");
        }
        for topic in ["tag-ai", "category-air-fryer", "author-ada"] {
            assert_eq!(name_of(topic), Name::Topic, "{topic}");
        }
        for human in [
            "post",
            "structItem",
            "PagePromo-title",
            "entryTitle",
            "category-list",
            "tag-links",
            "h2",
            "newyork-section-5",
            "RSSLink",
            "cardHTML",
            "headlineXL",
            "articleTitleText",
            "LatestNewsBlock",
            "McHead",
            "column12",
            "blogPostList",
            "itemPrice",
            "lc-event__date",
            "h-entry",
            "NYTheadline",
        ] {
            assert!(!matches!(name_of(human), Name::Made | Name::Instance | Name::Topic), "{human}");
        }
    }

    #[test]
    fn standard_names_are_no_names_of_looks() {
        for standard in ["h-entry", "h-feed", "p-name", "u-url", "dt-published", "hentry"] {
            assert_eq!(name_of(standard), Name::Rows, "{standard}");
        }
        assert_eq!(name_of("h-40"), Name::Looks);
    }

    #[test]
    fn what_a_tool_puts_in_front_is_told_by_many() {
        let made: Vec<String> = (0..40).map(|n| format!("dcr-{:06x}", 7_919_u32 * 97 * (n + 3) % 0xff_ffff)).collect();
        let human = ["card-title", "card-image", "card-badge", "card-label", "card-intro", "card-links"];
        let found = made_prefixes(made.iter().map(String::as_str).chain(human));
        assert_eq!(found, HashSet::from(["dcr-".to_owned()]));
    }
}
