//! Whether a robots.txt lets an address be asked for (RFC 9309, section 2.2.2): the longest rule decides, of equals one
//! that allows.
//!
//! Each rule takes time in proportion to the address at most: the pieces between its `*` are looked for one after the
//! other, each where the one before it ended, and the leftmost place is always right. All rules together have an
//! allowance, so that no file can make one address expensive.

use super::spelling::{Part, spelled};
use crate::host::{Robots, RobotsRule};
use crate::limits;
use crate::weburl::WebUrl;

/// What a robots.txt says about one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It may be asked for.
    Allowed,
    /// It may not, because of this rule.
    Forbidden(&'a RobotsRule),
    /// There are so many rules that it cannot be told within the allowance; so it may not.
    TooMuch,
}

/// Judges `url` by `robots`.
pub fn judge<'a>(robots: &'a Robots, url: &WebUrl) -> Verdict<'a> {
    judged(robots, url).0
}

/// The verdict, and how many bytes were compared for it.
fn judged<'a>(robots: &'a Robots, url: &WebUrl) -> (Verdict<'a>, usize) {
    let url = url.as_url();
    // The file itself is always allowed.
    if robots.rules.is_empty() || url.path() == "/robots.txt" {
        return (Verdict::Allowed, 0);
    }
    let mut path = url.path().to_owned();
    if let Some(query) = url.query() {
        path.push('?');
        path.push_str(query);
    }
    let path = spelled(path.as_bytes(), Part::Address);
    let mut work = 0;
    for rule in &robots.rules {
        if matches(&rule.path, &path, &mut work) {
            return (if rule.allows { Verdict::Allowed } else { Verdict::Forbidden(rule) }, work);
        }
        if work > limits::ROBOTS_WORK {
            return (Verdict::TooMuch, work);
        }
    }
    (Verdict::Allowed, work)
}

/// Whether a rule's path is about `path`. `work` counts the bytes that were looked at.
fn matches(rule: &str, path: &str, work: &mut usize) -> bool {
    let (rule, is_whole) = rule.strip_suffix('$').map_or((rule, false), |rule| (rule, true));
    let mut pieces = rule.split('*');
    let first = pieces.next().unwrap_or_default();
    *work += first.len().min(path.len()) + 1;
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let Some(mut piece) = pieces.next() else { return !is_whole || rest.is_empty() };
    // `piece` is one that a `*` stands before; the last of them is at the end if the rule says so.
    for next in pieces {
        let Some(after) = found(rest, piece, work) else { return false };
        rest = after;
        piece = next;
    }
    if is_whole {
        *work += piece.len().min(rest.len()) + 1;
        return rest.ends_with(piece);
    }
    found(rest, piece, work).is_some()
}

/// What comes behind the first place where `piece` is in `text`.
fn found<'a>(text: &'a str, piece: &str, work: &mut usize) -> Option<&'a str> {
    let end = text.find(piece).map(|at| at + piece.len());
    *work += end.unwrap_or(text.len()) + 1;
    text.get(end?..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::read;
    use super::*;

    fn is_allowed(rules: &str, path: &str) -> bool {
        let robots = read(format!("User-agent: *\n{rules}").as_bytes());
        judge(&robots, &WebUrl::parse(&format!("https://a.example{path}")).unwrap()) == Verdict::Allowed
    }

    #[test]
    fn fault_53_paths_that_a_rule_is_about() {
        // Google's table, which the RFC follows.
        for (rule, about, not_about) in [
            ("/", &["/", "/a", "/?q"][..], &[][..]),
            ("/*", &["/", "/a"], &[]),
            ("/fish", &["/fish", "/fish.html", "/fish/salmon", "/fishheads", "/fish.php?id=1"], &["/Fish", "/catfish"]),
            ("/fish*", &["/fish", "/fish.html", "/fishheads/yummy"], &["/Fish.asp", "/catfish"]),
            ("/fish/", &["/fish/", "/fish/?id=1", "/fish/salmon.htm"], &["/fish", "/fish.html"]),
            (
                "/*.php",
                &["/index.php", "/filename.php?p", "/folder/any.php.file.html", "/filename.php/"],
                &["/", "/windows.PHP"],
            ),
            (
                "/*.php$",
                &["/filename.php", "/folder/filename.php"],
                &["/filename.php?p", "/filename.php/", "/filename.php5"],
            ),
            ("/fish*.php", &["/fish.php", "/fishheads/catfish.php?p"], &["/Fish.PHP", "/fish"]),
            ("/$", &["/"], &["/a", "/?a"]),
            ("/a$b", &["/a$b"], &["/a"]),
            ("/a*b*a$", &["/aba", "/axbxa", "/abaXba"], &["/ab", "/abab", "/a"]),
            ("/a**b", &["/ab", "/axb"], &["/a"]),
            ("*/a", &["/a", "/x/a"], &["/b"]),
            ("/%2A", &["/*"], &["/a"]),
            ("/foo/bar/\u{30c4}", &["/foo/bar/%E3%83%84", "/foo/bar/\u{30c4}x"], &["/foo/bar/"]),
            ("/?q=http%3A%2F%2F", &["/?q=http://b"], &["/?q=https://b"]),
            ("*next=/x", &["/a?next=/x", "/a?next=%2Fx"], &["/a?next=/y"]),
            ("a", &[], &["/a", "/"]),
        ] {
            let rule = format!("Disallow: {rule}");
            about.iter().for_each(|path| assert!(!is_allowed(&rule, path), "{rule} {path}"));
            not_about.iter().for_each(|path| assert!(is_allowed(&rule, path), "{rule} {path}"));
        }
    }

    #[test]
    fn fault_53_the_longest_rule_decides_and_allow_wins_a_tie() {
        for (rules, path, expected) in [
            ("Allow: /p\nDisallow: /", "/page", true),
            ("Allow: /folder\nDisallow: /folder", "/folder/page", true),
            ("Disallow: /folder\nAllow: /folder", "/folder/page", true),
            ("Allow: /page\nDisallow: /*.htm", "/page.htm", false),
            ("Allow: /page\nDisallow: /*.ph", "/page.php5", true),
            ("Allow: /$\nDisallow: /", "/", true),
            ("Allow: /$\nDisallow: /", "/page.htm", false),
            ("Disallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "/a/b/d", true),
            ("Disallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "/a/b/c/d", false),
            ("Disallow: /", "/robots.txt", true),
        ] {
            assert_eq!(is_allowed(rules, path), expected, "{rules:?} {path}");
        }
    }

    #[test]
    fn fault_53_two_megabytes_of_wildcard_rules_take_no_time() {
        let every = |n: usize| format!("Disallow: *{}\n", format!("{n:x}*").repeat(8));
        let mut text = "User-agent: *\n".to_owned();
        (0..)
            .map(every)
            .take_while(|line| {
                text.push_str(line);
                text.len() < 2_000_000
            })
            .for_each(drop);
        let robots = read(text.as_bytes());
        assert!(robots.rules.len() > 10_000);
        let url = |path: &str| WebUrl::parse(&format!("https://a.example/{path}")).unwrap();
        let path = "z".repeat(99);
        let (verdict, work) = judged(&robots, &url(&path));
        assert_eq!(verdict, Verdict::Allowed);
        let most = robots.rules.len() * (path.len() + 4);
        assert!(work <= most, "{work} steps, {most} are linear");
        let worst = judged(&robots, &url(&"z".repeat(100_000)));
        assert_eq!(worst.0, Verdict::TooMuch, "even of a long address");
        assert!(worst.1 <= limits::ROBOTS_WORK + 100_010);
    }

    #[test]
    fn fault_53_a_rule_that_would_make_others_go_back_and_forth_does_not() {
        let (rule, path) = (format!("/{}b", "a*".repeat(1000)), format!("/{}", "a".repeat(5000)));
        let mut work = 0;
        assert!(!matches(&rule, &path, &mut work));
        assert!(work < 3 * (rule.len() + path.len()), "{work}");
    }

    /// The plain definition, with as much going back as it takes.
    fn by_definition(rule: &[u8], path: &[u8]) -> bool {
        match rule.split_first() {
            None => true,
            Some((b'$', [])) => path.is_empty(),
            Some((b'*', rule)) => (0..=path.len()).any(|skipped| by_definition(rule, &path[skipped..])),
            Some((byte, rule)) => path.first() == Some(byte) && by_definition(rule, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn fault_53_it_is_what_the_definition_says(rule in "/[ab*]{0,8}[$]?", path in "/[ab]{0,10}") {
            prop_assert_eq!(matches(&rule, &path, &mut 0), by_definition(rule.as_bytes(), path.as_bytes()));
        }
    }
}
