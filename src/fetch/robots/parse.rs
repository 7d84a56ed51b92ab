//! A robots.txt, read (RFC 9309, section 2.2): what it says to us, and nothing of what it says to others.

use std::time::Duration;

use super::spelling::{Part, spelled};
use crate::host::{Robots, RobotsRule};
use crate::limits;

/// What we are called there.
const TOKEN: &[u8] = b"feedmill";

/// What a group says, as far as it is read.
#[derive(Default)]
struct Said {
    /// Whether there is any such group.
    is_there: bool,
    robots: Robots,
}

/// For whom the lines are that are being read.
#[derive(Clone, Copy, Default)]
struct Group {
    us: bool,
    everybody: bool,
    /// Whether a rule has come: the next `User-agent` begins another group.
    has_rules: bool,
}

/// Reads a robots.txt. Whatever the bytes are, it says something: a page of HTML in its place says nothing.
pub fn read(bytes: &[u8]) -> Robots {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let (bytes, is_cut) = match bytes.get(..limits::ROBOTS_BYTES) {
        Some(first) if bytes.len() > first.len() => (first, true),
        _ => (bytes, false),
    };
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Robots::default();
    }
    let (mut us, mut everybody) = (Said::default(), Said::default());
    let mut group = Group::default();
    let mut lines = lines(bytes).peekable();
    while let Some((number, line)) = lines.next() {
        // Half of a line may say the contrary of the whole.
        if is_cut && lines.peek().is_none() {
            break;
        }
        let Some((key, value)) = record(line) else { continue };
        if key.eq_ignore_ascii_case(b"user-agent") {
            if group.has_rules {
                group = Group::default();
            }
            group.us |= token(value).eq_ignore_ascii_case(TOKEN);
            group.everybody |= value.first() == Some(&b'*');
            us.is_there |= group.us;
            everybody.is_there |= group.everybody;
            continue;
        }
        let addressed = [(group.us, &mut us), (group.everybody, &mut everybody)];
        let said = addressed.into_iter().filter(|(is_meant, _)| *is_meant).map(|(_, said)| &mut said.robots);
        if key.eq_ignore_ascii_case(b"allow") || key.eq_ignore_ascii_case(b"disallow") {
            group.has_rules = true;
            // An empty path is about nothing.
            if !value.is_empty() {
                let path = spelled(value, Part::Rule);
                let rule = RobotsRule { line: number, allows: key.len() == b"allow".len(), path };
                said.for_each(|robots| robots.rules.push(rule.clone()));
            }
        } else if key.eq_ignore_ascii_case(b"crawl-delay") {
            // Not in the RFC, and so no end of the line of names (section 2.2.4).
            let delay = delay(value);
            said.for_each(|robots| robots.delay = robots.delay.max(delay));
        }
    }
    let mut robots = if us.is_there { us.robots } else { everybody.robots };
    // A sort that keeps equals in their order: the first line of several is the one that is named.
    robots.rules.sort_by_key(|rule| (std::cmp::Reverse(rule.path.len()), !rule.allows));
    robots.rules.dedup_by(|one, other| one.path == other.path && one.allows == other.allows);
    robots
}

/// The lines with their numbers, whatever they end with. A carriage return and a line feed are one end.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            rest = None;
            return Some(bytes);
        };
        let (line, after) = bytes.split_at(end);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..));
        Some(line)
    })
    .zip(1..)
    .map(|(line, number)| (number, line))
}

/// A line's key and value, without its comment. A colon that was forgotten is forgiven.
fn record(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.split(|byte| *byte == b'#').next()?.trim_ascii();
    let end = line.iter().position(|byte| *byte == b':');
    let end = end.or_else(|| line.iter().position(u8::is_ascii_whitespace))?;
    let (key, value) = line.split_at(end);
    Some((key.trim_ascii(), value.get(1..)?.trim_ascii()))
}

/// The name at the beginning of a `User-agent` (section 2.2.1): what follows it, a version say, is no part of it.
fn token(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| !byte.is_ascii_alphabetic() && !matches!(byte, b'-' | b'_'));
    end.and_then(|end| value.get(..end)).unwrap_or(value)
}

/// A number of seconds, perhaps with a fraction.
fn delay(value: &[u8]) -> Option<Duration> {
    let seconds: f64 = std::str::from_utf8(value).ok()?.parse().ok()?;
    let clamped = seconds.min(limits::CRAWL_DELAY_MOST.as_secs_f64());
    (clamped > 0.0).then(|| Duration::try_from_secs_f64(clamped).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rules as `line:path`, those that forbid with `!`.
    fn rules(text: &str) -> Vec<String> {
        let rule = |rule: RobotsRule| format!("{}:{}{}", rule.line, if rule.allows { "" } else { "!" }, rule.path);
        read(text.as_bytes()).rules.into_iter().map(rule).collect()
    }

    #[test]
    fn fault_53_our_groups_win_over_everybodys() {
        let theirs = "User-agent: *\nDisallow: /all\n";
        assert_eq!(rules(theirs), ["2:!/all"]);
        for name in ["feedmill", "FeedMill", "Feedmill/2.0", "feedmill (all)"] {
            assert_eq!(rules(&format!("{theirs}\nUser-agent: {name}\nDisallow: /us")), ["5:!/us"], "{name}");
        }
        for name in ["feedmillx", "feed-mill", "xfeedmill", "feed", "Googlebot", ""] {
            assert_eq!(rules(&format!("{theirs}\nUser-agent: {name}\nDisallow: /us")), ["2:!/all"], "{name}");
        }
        assert!(rules(&format!("{theirs}User-agent: feedmill\nAllow:")).is_empty(), "a group without rules");
        assert!(rules("User-agent: other\nDisallow: /").is_empty());
        assert!(rules("Disallow: /nobodys\n").is_empty());
    }

    #[test]
    fn fault_53_groups_are_put_together() {
        let text =
            "User-agent: feedmill\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\nUser-agent: FEEDMILL\nDisallow: /cc";
        assert_eq!(rules(text), ["7:!/cc", "2:!/a"], "several groups of one name");
        let text =
            "User-agent: other\n\nSitemap: /s\nUser-agent: feedmill\nCrawl-delay: 3\nUser-agent: more\nDisallow: /a";
        assert_eq!(rules(text), ["7:!/a"], "several names of one group, and other lines between them");
        assert_eq!(read(text.as_bytes()).delay, Some(Duration::from_secs(3)));
    }

    #[test]
    fn fault_53_however_lines_end_and_words_are_written() {
        for text in [
            "\u{feff}User-agent: *\nDisallow: /a\nAllow: /b",
            "User-agent: *\r\nDisallow: /a\r\nAllow: /b\r\n",
            "User-agent: *\rDisallow: /a\rAllow: /b\r",
            "USER-AGENT:* # all\n  disallow :\t/a  # a comment\nallow:/b#",
            "user-agent *\ndisallow /a\nallow /b",
            "User-agent: * (all)\nDisallow: /a\nAllow: /b\nNonsense\n:\n\u{0}",
        ] {
            assert_eq!(rules(text), ["3:/b", "2:!/a"], "{text:?}");
        }
    }

    #[test]
    fn fault_53_the_longest_come_first_and_of_equals_those_that_allow() {
        let text = "User-agent: *\nDisallow: /aa\nAllow: /aa\nAllow: /a\nDisallow: /aaa\nDisallow: /aa";
        assert_eq!(rules(text), ["5:!/aaa", "3:/aa", "2:!/aa", "4:/a"]);
    }

    #[test]
    fn fault_53_a_page_of_html_says_nothing() {
        for text in [
            "<!DOCTYPE html>\nUser-agent: *\nDisallow: /",
            "\u{feff} \n<html>\nUser-agent: *\nDisallow: /",
            "",
            "\0\u{1}",
        ] {
            assert_eq!(read(text.as_bytes()), Robots::default(), "{text:?}");
        }
    }

    #[test]
    fn fault_53_only_the_first_half_mebibyte_is_read() {
        let head = "User-agent: *\nDisallow: /a\n";
        let filler = "#".repeat(limits::ROBOTS_BYTES - head.len() - "\nAllow: /a/b".len());
        assert_eq!(rules(&format!("{head}{filler}\nAllow: /a/b")), ["4:/a/b", "2:!/a"]);
        assert_eq!(rules(&format!("{head}{filler}\nAllow: /a/bc")), ["2:!/a"], "half of a line is none");
    }

    #[test]
    fn crawl_delays() {
        let most = limits::CRAWL_DELAY_MOST;
        for (said, expected) in [
            ("10", Some(Duration::from_secs(10))),
            ("0.5", Some(Duration::from_millis(500))),
            ("86400", Some(most)),
            ("1e400", Some(most)),
            ("0", None),
            ("-1", None),
            ("nan", None),
            ("10s", None),
            ("", None),
        ] {
            assert_eq!(read(format!("User-agent: *\nCrawl-delay: {said}").as_bytes()).delay, expected, "{said}");
        }
    }
}
