//! The date line: where readers see when an article was published. Dates stand all over a page; that of the article
//! stands near its heading, in an element that is named for it, behind a word that says what it is.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;

use super::dates::{self, LinkDate, Said, Verdict};
use super::lines::{Line, Lines};
use crate::item::Date;
use crate::limits;
use crate::rule::DateHint;

/// What a date needs to be taken for the article's.
const ENOUGH: i32 = 15;

/// What a date has that stands where that of an article stands.
const NEAR: i32 = 50;

/// What a date has that is surely the article's.
const SURE: i32 = 60;

/// The dates that readers see.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// That of publication.
    pub(super) published: Option<Date>,
    /// Whether that stands where it should.
    pub(super) is_near: bool,
    /// Whether that is surely so: it stands where it should, and says what it is.
    pub(super) is_sure: bool,
    /// That of the last change, wherever it stands.
    pub(super) updated: Option<Date>,
}

/// The dates of the article that a page is: of equally likely ones the first.
pub(super) fn seen(page: &Lines, link: Option<LinkDate>, hint: &DateHint, now: DateTime<Utc>) -> Seen {
    let dated = page.lines.iter().filter(|line| is_dated(&line.text)).take(limits::DATED_LINES);
    let (mut seen, mut most) = (Seen::default(), ENOUGH - 1);
    for line in dated {
        let Some((date, said)) = dates::line(&line.plain(), hint, now) else { continue };
        let said = if said == Said::default() { dates::said_before(&line.before) } else { said };
        if dates::judge(date, link, now) != Verdict::Trusted {
            continue;
        }
        if said.is_update {
            seen.updated = seen.updated.or(Some(date).filter(|_| !line.is_linked));
        }
        let weight = weight(line, page.heading, said) + agreement(date, link);
        if weight > most {
            most = weight;
            seen.published = Some(date);
            seen.is_near = weight >= NEAR;
            seen.is_sure = said.is_publication && weight >= SURE;
        }
    }
    seen
}

/// Whether a line holds a date with its year, before anybody tries to read it. One without may be that of a teaser.
fn is_dated(text: &str) -> bool {
    static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?:^|\D)(?:19[89]|20[0-4])\d(?:\D|$)|\d\d?[./-]\d\d?[./-]\d\d|[٠-٩۰-۹๐-๙]{4}|^(?:19|20)\d{6}").ok()
    });
    static RIGHTS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)©|\(c\)|copyright|all rights").ok());
    let has = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    has(&DATED) && !has(&RIGHTS)
}

/// What speaks for a line, and against it.
fn weight(line: &Line, heading: Option<usize>, said: Said) -> i32 {
    let near = match heading {
        Some(heading) if line.at >= heading => match line.at - heading {
            0..=3 => 50,
            4..=8 => 40,
            9..=16 => 25,
            _ => 5,
        },
        Some(heading) => match heading - line.at {
            0..=3 => 35,
            4..=8 => 15,
            _ => 0,
        },
        None => 10,
    };
    let mut weight = near;
    for (is_so, counts) in [
        (line.is_dated, 20),
        (line.is_time, 15),
        (said.is_publication, 25),
        (said.is_update, -30),
        (line.is_beside, -45),
        (line.is_linked, -15),
        (line.is_item, -10),
        (line.text.chars().count() <= 60, 10),
        (line.text.chars().filter(|c| c.is_alphabetic()).count() <= 12, 10),
        (is_prose(line, said), -50),
        (is_since(line), -60),
    ] {
        weight += if is_so { counts } else { 0 };
    }
    weight
}

/// Whether a line is a sentence of the article, which may tell of any day.
fn is_prose(line: &Line, said: Said) -> bool {
    let is_sentence = line.text.ends_with(['.', '?', '!', '。']) || line.text.chars().count() > 120;
    is_sentence && !line.is_dated && !said.is_publication
}

/// Whether it is a day from which on something has been so: forums tell it of each member beside each post.
fn is_since(line: &Line) -> bool {
    static MEMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let words = "joined|join date|since|registered|registriert|mitglied|seit|depuis|desde|inscrit|inscription|\
            iscritto|registrado|registrato|lid sinds|dołączył|rejestracja|регистрация|born|geboren";
        Regex::new(&format!(r"(?i)\b(?:{words})\b")).ok()
    });
    MEMBER.as_ref().is_some_and(|words| words.is_match(&line.text) || words.is_match(&line.before))
}

/// What the link says to a date.
fn agreement(date: Date, link: Option<LinkDate>) -> i32 {
    let Some(link) = link else { return 0 };
    let days = (date.date_naive() - link.day).num_days();
    match (link.names_day, days) {
        (true, -1..=1) => 40,
        (true, _) => -20,
        (false, 0..=30) => 20,
        (false, _) => 0,
    }
}
