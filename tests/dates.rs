//! Dates as people and machines write them: `feedmill::extract::dates` reads them right, or says that it cannot.

#![cfg(test)]

mod support;

use chrono::{DateTime, NaiveDate, Utc};
use feedmill::config;
use feedmill::extract::dates::{self, Reading, Verdict};
use feedmill::extract::{self, Circumstances};
use feedmill::page::Document;
use feedmill::rule::{DateFormat, DateHint, Language, Locale};
use feedmill::weburl::WebUrl;
use proptest::prelude::*;
use pure_rust_locales::locale_match;

use support::corpora;

/// One line of a table: a text, how it is to be read, and what it means.
struct Line<'l> {
    text: &'l str,
    locale: &'l str,
    timezone: &'l str,
    format: &'l str,
    now: &'l str,
    expected: &'l str,
}

impl Line<'_> {
    fn hint(&self) -> DateHint {
        let zone = if self.timezone.is_empty() { chrono_tz::UTC } else { self.timezone.parse().expect("a zone") };
        let format = match self.format {
            "" => None,
            "unix" => Some(DateFormat::Unix),
            "unix-ms" => Some(DateFormat::UnixMillis),
            other => Some(DateFormat::Strftime(other.to_owned())),
        };
        DateHint { format, locale: Locale::parse(self.locale), ..DateHint::in_zone(zone) }
    }

    /// What is wrong with the reading of this line, if anything is.
    fn fault(&self) -> Option<String> {
        let hint = self.hint();
        let now: DateTime<Utc> = self.now.parse().expect("a moment");
        let reading = dates::read(self.text, &hint, now);
        let is_right = match (&reading, self.expected) {
            (Reading::Nothing, "none") | (Reading::Doubted(_), "ambiguous") => true,
            (Reading::Date(date), "future") => matches!(dates::judge(*date, None, now), Verdict::Doubted(_)),
            (Reading::Date(date), expected) => match expected.parse::<NaiveDate>() {
                Ok(day) => {
                    let local = date.with_timezone(&hint.timezone).naive_local();
                    local.date() == day && local.time() == chrono::NaiveTime::MIN
                }
                Err(_) => expected.parse::<DateTime<Utc>>().is_ok_and(|moment| date.to_utc() == moment),
            },
            _ => false,
        };
        (!is_right).then(|| format!("{:?} [{}] is {}, read as {reading:?}", self.text, self.locale, self.expected))
    }
}

fn none_wrong(faults: &[String]) {
    assert!(faults.is_empty(), "{} wrong:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_date_of_the_shared_list() {
    let Some(folder) = corpora::folder() else { return };
    let table = std::fs::read_to_string(folder.join("dates.tsv")).expect("dates.tsv");
    let mut faults = Vec::new();
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, locale, timezone, format, now, expected, ..] = columns.as_slice() else { panic!("{line}") };
        faults.extend(Line { text, locale, timezone, format, now, expected }.fault());
    }
    none_wrong(&faults);
}

/// Texts with the language that they are in, as they are meant at noon (UTC) of 23 November 2026, a Monday.
fn at_noon(lines: &[(&str, &str, &str)]) {
    let now = "2026-11-23T12:00:00Z";
    let fault = |(text, locale, expected): &(&str, &str, &str)| {
        Line { text, locale, timezone: "", format: "", now, expected }.fault()
    };
    none_wrong(&lines.iter().filter_map(fault).collect::<Vec<_>>());
}

/// Names of months in many languages, with their cases, abbreviations and lost accents.
#[test]
fn fault_41_names_of_months() {
    at_noon(&[
        ("23 novembre 2026", "", "2026-11-23"),
        ("23. November 2026", "", "2026-11-23"),
        ("23 de noviembre de 2026", "", "2026-11-23"),
        ("23 ноября 2026", "", "2026-11-23"),
        ("23 ноября 2026 г.", "", "2026-11-23"),
        ("2026年11月23日", "", "2026-11-23"),
        ("2026년 11월 23일", "", "2026-11-23"),
        ("23 aout 2024", "", "2024-08-23"),
        ("1ER FÉVRIER 2024", "fr", "2024-02-01"),
        ("3. Maerz 2024", "de", "2024-03-03"),
        ("3 MAYIS 2024", "tr", "2024-05-03"),
        ("12 lipca 2024 r.", "pl", "2024-07-12"),
        ("12 lis 2024", "pl", "2024-11-12"),
        ("12. lis. 2024.", "hr", "2024-10-12"),
        ("12 lis 2024", "", "ambiguous"),
        ("5 de setembro de 2023", "", "2023-09-05"),
        ("5 set 2023", "pt", "2023-09-05"),
        ("5 d'octubre de 2023", "ca", "2023-10-05"),
        ("14 d’abril del 2023", "ca", "2023-04-14"),
        ("2023. gada 5. novembrī", "lv", "2023-11-05"),
        ("2023 m. lapkričio 5 d.", "lt", "2023-11-05"),
        ("5 жовтня 2023", "uk", "2023-10-05"),
        ("5 октомври 2023", "bg", "2023-10-05"),
        ("5. oktober 2023", "sl", "2023-10-05"),
        ("5 Οκτωβρίου 2023", "el", "2023-10-05"),
        ("5 ΟΚΤΩΒΡΙΟΥ 2023", "", "2023-10-05"),
        ("5 Oktober 2023", "id", "2023-10-05"),
        ("5 اکتبر 2023", "fa", "2023-10-05"),
        ("۵ نوامبر ۲۰۲۳", "fa", "2023-11-05"),
        ("٥ تشرين الثاني ٢٠٢٣", "ar", "2023-11-05"),
        ("5 באוקטובר 2023", "he", "2023-10-05"),
        ("5 अक्टूबर 2023", "hi", "2023-10-05"),
        ("5 अक्तूबर 2023", "hi", "2023-10-05"),
        ("5 ต.ค. 2566", "th", "2023-10-05"),
        ("ngày 5 tháng 10 năm 2023", "vi", "2023-10-05"),
        ("2023. október 5.", "hu", "2023-10-05"),
        ("2023. október 5-én", "hu", "2023-10-05"),
        ("5 oct. 2023", "fr", "2023-10-05"),
        ("Sept. 5, 2023", "en", "2023-09-05"),
        ("20 нояб. 2026 г.", "ru", "2026-11-20"),
        ("20. novembra 2026", "sk", "2026-11-20"),
        ("5. mája 2026", "sk", "2026-05-05"),
        ("5. marca 2026", "", "2026-03-05"),
        ("20261120101500", "", "2026-11-20T10:15:00Z"),
        ("5-Sep-23", "", "2023-09-05"),
        ("Sep 5 '23", "", "2023-09-05"),
        ("令和8年11月23日", "ja", "2026-11-23"),
        ("民國115年11月23日", "zh", "2026-11-23"),
        ("Thursday, the 5th of October, 2023", "", "2023-10-05"),
        ("5.–7. Oktober 2023", "de", "2023-10-05"),
        ("2023 Oct 5", "", "2023-10-05"),
        ("05OCT2023", "", "2023-10-05"),
        ("mar. 17 avril 2018", "fr", "2018-04-17"),
    ]);
}

/// Figures.
#[test]
fn fault_41_figures() {
    at_noon(&[
        ("03/04/2026", "", "ambiguous"),
        ("03-04-2026", "", "ambiguous"),
        ("03/04/26", "", "ambiguous"),
        ("03/04/2026", "en", "ambiguous"),
        ("03/04/2026", "en-US", "2026-03-04"),
        ("03/04/2026", "en-AU", "2026-04-03"),
        ("03/04/2026", "fr", "2026-04-03"),
        ("03-04-2026", "nl", "2026-04-03"),
        ("03/04/2026", "sv", "2026-04-03"),
        ("Friday 03/04/2026", "", "2026-04-03"),
        ("Wed 03/04/2026", "", "2026-03-04"),
        ("04/04/2026", "", "2026-04-04"),
        ("23.11.26", "", "2026-11-23"),
        ("3.4.2026", "", "2026-04-03"),
        ("26.11.23", "ko", "2026-11-23"),
        ("2026. 11. 23.", "ko", "2026-11-23"),
        ("2026.11.23", "", "2026-11-23"),
        ("2026/4/3", "", "2026-04-03"),
        ("12/31/99", "en-US", "1999-12-31"),
        ("٠٣/٠٤/٢٠٢٦", "ar", "2026-04-03"),
    ]);
}

/// Times.
#[test]
fn fault_41_times_of_day() {
    at_noon(&[
        ("23 November 2026, 9:05 a.m.", "", "2026-11-23T09:05:00Z"),
        ("Nov 22, 2026 at 11:59pm", "", "2026-11-22T23:59:00Z"),
        ("2026年11月22日午後3時4分", "ja", "2026-11-22T15:04:00Z"),
        ("2026.11.22. 오후 3:04", "ko", "2026-11-22T15:04:00Z"),
        ("22/11/2026 - 15h04", "fr", "2026-11-22T15:04:00Z"),
        ("22. november 2026 klo 15.04", "fi", "2026-11-22T15:04:00Z"),
        ("22.11.2026 um 15 Uhr", "de", "2026-11-22T15:00:00Z"),
        ("22 Nov 2026 15:04 ET", "", "2026-11-22T20:04:00Z"),
        ("22 Nov 2026 15:04 IST", "", "ambiguous"),
        ("22 Nov 2026 15:04 (GMT+3)", "", "2026-11-22T12:04:00Z"),
        ("Sun Nov 22 15:04:05 +0100 2026", "", "2026-11-22T14:04:05Z"),
        ("Sun Nov 22 15:04:05 UTC 2026", "", "2026-11-22T15:04:05Z"),
        ("22 November 2026 25:61", "", "2026-11-22"),
    ]);
}

/// Told from the present.
#[test]
fn fault_41_distances_from_now() {
    at_noon(&[
        ("3 hours ago", "", "2026-11-23T09:00:00Z"),
        ("about 3 hours ago", "", "2026-11-23T09:00:00Z"),
        ("1 day, 3 hours ago", "", "2026-11-22T09:00:00Z"),
        ("gestern", "", "2026-11-22"),
        ("vorgestern", "", "2026-11-21"),
        ("gisteren om 15:04", "nl", "2026-11-22T15:04:00Z"),
        ("igår 15:04", "sv", "2026-11-22T15:04:00Z"),
        ("ieri alle 15:04", "it", "2026-11-22T15:04:00Z"),
        ("wczoraj o 15:04", "pl", "2026-11-22T15:04:00Z"),
        ("сьогодні о 09:04", "uk", "2026-11-23T09:04:00Z"),
        ("il y a un mois", "fr", "2026-10-23"),
        ("vor einem Jahr", "de", "2025-11-23"),
        ("half an hour ago", "", "2026-11-23T11:30:00Z"),
        ("un'ora fa", "it", "2026-11-23T11:00:00Z"),
        ("the day before yesterday", "", "2026-11-21"),
        ("час назад", "ru", "2026-11-23T11:00:00Z"),
        ("5 minuter sedan", "sv", "2026-11-23T11:55:00Z"),
        ("2 timer siden", "nb", "2026-11-23T10:00:00Z"),
        ("2 tuntia sitten", "fi", "2026-11-23T10:00:00Z"),
        ("před 2 hodinami", "cs", "2026-11-23T10:00:00Z"),
        ("πριν από 2 ώρες", "el", "2026-11-23T10:00:00Z"),
        ("acum 2 ore", "ro", "2026-11-23T10:00:00Z"),
        ("2 órával ezelőtt", "hu", "2026-11-23T10:00:00Z"),
        ("2 jam yang lalu", "id", "2026-11-23T10:00:00Z"),
        ("2 giờ trước", "vi", "2026-11-23T10:00:00Z"),
        ("منذ ساعتين", "ar", "2026-11-23T10:00:00Z"),
        ("לפני יומיים", "he", "2026-11-21"),
        ("2 घंटे पहले", "hi", "2026-11-23T10:00:00Z"),
        ("2 ชั่วโมงที่แล้ว", "th", "2026-11-23T10:00:00Z"),
        ("2日前", "ja", "2026-11-21"),
        ("5분 전", "ko", "2026-11-23T11:55:00Z"),
        ("5 分鐘前", "zh", "2026-11-23T11:55:00Z"),
        ("letzten Freitag", "de", "2026-11-20"),
        ("Monday at 09:15", "", "2026-11-23T09:15:00Z"),
        ("Monday at 15:15", "", "2026-11-16T15:15:00Z"),
    ]);
}

/// In sentences, and without a year.
#[test]
fn fault_41_sentences_and_missing_years() {
    at_noon(&[
        ("Updated: 5 Nov 2018 | Published: 2 Nov 2018", "", "2018-11-02"),
        ("Posted on November 2, 2018 by Ferris", "", "2018-11-02"),
        ("By Ferris | 2 Nov 2018 15:04", "", "2018-11-02T15:04:00Z"),
        (
            "Veröffentlicht am 2. November 2018 um 15:04 Uhr, aktualisiert am 3. November 2018",
            "",
            "2018-11-02T15:04:00Z",
        ),
        ("Nov 2 by Ferris", "", "2026-11-02"),
        ("24 ноября", "ru", "2025-11-24"),
        ("20 Nov - 22 Nov 2025", "", "2025-11-20"),
        ("18.11.", "de", "2026-11-18"),
        ("11-20 10:15", "zh", "2026-11-20T10:15:00Z"),
        ("11/24(火)", "ja", "2020-11-24"),
        ("11月24日", "ja", "2025-11-24"),
    ]);
}

#[test]
fn fault_41_a_word_for_a_day_gives_way_to_a_date() {
    at_noon(&[
        ("ma 16 nov 2026", "nl", "2026-11-16"),
        ("Ma, 16-11-2026", "nl", "2026-11-16"),
        ("ma 16 november 2026 10:30", "nl", "2026-11-16T10:30:00Z"),
        ("Geplaatst op ma 16 nov. 2026", "nl", "2026-11-16"),
        ("ma 16 nov", "nl", "2026-11-16"),
        ("ma 16.11.2026", "fi", "2026-11-16"),
        ("USA Today, 16 November 2026", "en", "2026-11-16"),
        ("Today in history: 16 November 2026", "", "2026-11-16"),
        ("Today at 10:30", "en", "2026-11-23T10:30:00Z"),
        ("ma 10:30", "hu", "2026-11-23T10:30:00Z"),
    ]);
}

/// No dates, and dates that there are not.
#[test]
fn fault_41_what_is_no_date() {
    at_noon(&[
        ("31 février 2026", "", "none"),
        ("29 February 2023", "", "none"),
        ("0000-00-00", "", "none"),
        ("0001-01-01T00:00:00Z", "", "none"),
        ("9999-12-31", "", "none"),
        ("5 min read", "", "none"),
        ("3 hours", "", "none"),
        ("12 comments", "", "none"),
        ("You may 5 times", "", "none"),
        ("5 out of 10", "", "none"),
        ("version 1.2.3", "", "none"),
        ("1.2.2018.4", "", "none"),
        ("192.168.10.12", "", "none"),
        ("555-12-2018", "", "none"),
        ("November 2018", "", "none"),
        ("Vol. 3, No. 11, November 2018", "", "none"),
        ("Net income of today", "nl", "none"),
        ("Mehr hier lesen", "de", "none"),
        ("$12.10.2018", "", "2018-10-12"),
        ("1404/08/11", "fa", "none"),
        ("2099-01-01", "", "future"),
    ]);
}

#[test]
fn formats_of_rules_know_every_language() {
    let lines = [
        ("2. März 2018", "de", "%d. %B %Y", "2018-03-02"),
        ("02. Nov. 18", "de", "%d. %b %y", "2018-11-02"),
        ("Freitag, 2. November 2018", "de", "%A, %d. %B %Y", "2018-11-02"),
        ("2 de noviembre de 2018", "es", "%d de %B de %Y", "2018-11-02"),
        ("2 sept. 2018", "fr", "%d %b %Y", "2018-09-02"),
        ("2 ноября, 18:04", "ru", "%d %B, %H:%M", "2026-11-02T18:04:00Z"),
        ("24 Dez", "de", "%d %b", "2025-12-24"),
        ("24.12.", "", "%d.%m.", "2025-12-24"),
        ("29.02.", "", "%d.%m.", "2024-02-29"),
        ("listopad 2018", "pl", "%B %Y", "2018-11-01"),
        ("15:04", "", "%H:%M", "2026-11-22T15:04:00Z"),
        ("٠٢.١١.٢٠١٨", "ar", "%d.%m.%Y", "2018-11-02"),
        ("2 lis 2018", "hr", "%d %b %Y", "2018-10-02"),
        ("yesterday", "en", "%d %b %Y", "none"),
    ];
    let now = "2026-11-23T12:00:00Z";
    let line = |(text, locale, format, expected)| Line { text, locale, timezone: "", format, now, expected }.fault();
    none_wrong(&lines.into_iter().filter_map(line).collect::<Vec<_>>());
}

/// What real listings show as dates, with the days that were read by rules of others.
#[test]
fn dates_of_real_listings() {
    let Some(folder) = corpora::folder() else { return };
    let (mut right, mut doubted, mut faults) = (0, 0, Vec::new());
    for truth in corpora::truth(&folder, "listings-ruled").values() {
        let locale = truth["lang"].as_str().and_then(Locale::parse);
        let fetched = truth["fetched"].as_str().and_then(|day| format!("{}T23:59:59Z", day.get(..10)?).parse().ok());
        let now = fetched.unwrap_or_else(|| "2026-11-23T12:00:00Z".parse().unwrap());
        for item in truth["items"].as_array().into_iter().flatten() {
            let (Some(text), Some(day)) = (item["date_raw"].as_str(), item["date"].as_str()) else { continue };
            let hint = DateHint { locale, ..DateHint::in_zone(chrono_tz::UTC) };
            match dates::read(text, &hint, now) {
                Reading::Date(date) if date.date_naive().to_string() == day => right += 1,
                Reading::Doubted(_) => doubted += 1,
                other => {
                    let (id, lang) = (&truth["id"], &truth["lang"]);
                    faults.push(format!("{id}: {text:?} [{lang}] is {day}, read as {other:?}"));
                }
            }
        }
    }
    println!("{right} right, {doubted} doubted, {} wrong", faults.len());
    none_wrong(&faults);
    assert!(right > 700 && doubted <= right / 20);
}

/// What the listing of a page says about its dates, by a rule.
fn listing(site: &str, published: &str, page: &str) -> extract::ListingReading {
    let toml = format!(
        "[sites.x]\nurl = \"https://a.example/\"\n{site}\n[sites.x.listing]\nitem = \"li\"\npublished = {published}\n"
    );
    let plan = config::parse(&toml, std::path::Path::new("sites.toml"))
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let mut document = Document::parse(page, WebUrl::parse("https://a.example/").unwrap()).unwrap();
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: true };
    extract::listing(&mut document, &plan.sites["x"].rule, circumstances)
}

#[test]
fn a_doubted_date_is_told_and_the_next_extractor_tried() {
    let row = "<ul><li><a href=/a>A</a><i>03/04/2026</i><b>4 March 2026</b></ul>";
    let day = |reading: &extract::ListingReading| {
        reading.entries[0].found.ruled.published.map(|date| date.date_naive().to_string())
    };
    let alone = listing("", "\"i\"", row);
    assert_eq!(day(&alone), None);
    assert_eq!(
        alone.findings.report.notes[0].what,
        "`03/04/2026` is doubted as a date: it may be 3 April 2026 or 4 March 2026: say `locale`, or `format`"
    );
    let step = ("date", "(doubted: it may be 3 April 2026 or 4 March 2026: say `locale`, or `format`)".to_owned());
    assert!(alone.findings.attempts.iter().any(|attempt| attempt.steps.contains(&step) && !attempt.won));
    assert_eq!(day(&listing("", "[\"i\", \"b\"]", row)).as_deref(), Some("2026-03-04"));
    // The extractor's own locale, the site's, its language, the page's: the first that is there decides.
    let british = "{ css = \"i\", locale = \"en-GB\" }";
    assert_eq!(day(&listing("locale = \"en-US\"", british, row)).as_deref(), Some("2026-04-03"));
    assert_eq!(day(&listing("locale = \"en-US\"\nlanguage = \"en-GB\"", "\"i\"", row)).as_deref(), Some("2026-03-04"));
    assert_eq!(day(&listing("language = \"de\"", "\"i\"", row)).as_deref(), Some("2026-04-03"));
    let page = format!("<html lang=en-US><body>{row}");
    assert_eq!(day(&listing("", "\"i\"", &page)).as_deref(), Some("2026-03-04"));
    assert_eq!(day(&listing("language = \"fr\"", "\"i\"", &page)).as_deref(), Some("2026-04-03"));
}

/// Every month of every language, as its locales write it beside a day, and alone.
#[test]
fn what_a_locale_writes_is_read_back() {
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let (mut read, mut faults) = (0, Vec::new());
    for language in Language::all() {
        let hint = DateHint { locale: Locale::parse(language.code()), ..DateHint::in_zone(chrono_tz::UTC) };
        for source in language.sources() {
            let full: &[&str] = locale_match!(source => LC_TIME::MON);
            let short: &[&str] = locale_match!(source => LC_TIME::ABMON);
            let alone: Option<&[&str]> = locale_match!(source => LC_TIME::ALT_MON);
            let days: &[&str] = locale_match!(source => LC_TIME::DAY);
            for (name, month) in
                [full, short, alone.unwrap_or_default()].into_iter().flat_map(|names| names.iter().zip(1..))
            {
                let day = NaiveDate::from_ymd_opt(2018, month, 17).unwrap();
                let weekday = days[chrono::Datelike::weekday(&day).num_days_from_sunday() as usize];
                let texts = [
                    format!("17 {name} 2018"),
                    format!("{weekday}, 17 {name} 2018 15:04"),
                    format!("17 {} 2018", name.to_uppercase()),
                ];
                for text in texts {
                    match dates::read(&text, &hint, now).date() {
                        Some(date) if date.date_naive() == day => read += 1,
                        other => faults.push(format!("{text} [{}]: {other:?}", language.code())),
                    }
                }
            }
        }
    }
    println!("{read} read back, {} not", faults.len());
    none_wrong(&faults);
}

/// Pieces of dates in any order, which come closer to mistakes than any letters do.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "2018",
        "11",
        "2",
        "03",
        "999999999999",
        "Nov",
        "mai",
        "年",
        "月",
        "日",
        "午後",
        ".",
        ",",
        ":",
        "-",
        "/",
        " ",
        "ago",
        "vor",
        "Stunden",
        "years",
        "9999",
        "p.m.",
        "(",
        "GMT",
        "+",
        "0300",
        "tháng",
        "令和",
        "元",
        "yesterday",
        "Friday",
        "last",
        "il y a",
        "พ.ศ.",
        "e\u{301}",
        "İ",
        "\u{202e}",
        "T",
        "Z",
        "h",
        "%",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat())
}

fn any_hint() -> impl Strategy<Value = DateHint> {
    use chrono_tz::{America, Asia, Pacific, UTC};
    let zones = proptest::sample::select(vec![UTC, America::New_York, Pacific::Apia, Asia::Kathmandu]);
    let written = ["%d %B %Y", "%d.%m.", "%H:%M", "%A %-d. %b %y %I:%M %p %z", "%s", "%j"];
    let mut formats = vec![None, Some(DateFormat::Unix), Some(DateFormat::UnixMillis), None, None];
    formats.extend(written.map(|format| Some(DateFormat::Strftime(format.to_owned()))));
    let languages = proptest::option::of(proptest::sample::select(Language::all().collect::<Vec<_>>()));
    (zones, proptest::sample::select(formats), languages, any::<bool>()).prop_map(
        |(zone, format, language, timezone_override)| DateHint {
            format,
            timezone_override,
            locale: language.and_then(|language| Locale::parse(language.code())),
            ..DateHint::in_zone(zone)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn no_text_is_too_strange(
        text in prop_oneof![any::<String>(), pieces()],
        hint in any_hint(),
        now in -9_000_000_000_i64..9_000_000_000,
    ) {
        let now = DateTime::from_timestamp(now, 0).unwrap();
        let first = dates::read(&text, &hint, now);
        prop_assert_eq!(dates::read(&text, &hint, now), first);
    }

    #[test]
    fn what_has_no_year_is_never_ahead(
        month in 1_u32..=12,
        day in 1_u32..=28,
        now in 1_500_000_000_i64..2_000_000_000,
    ) {
        let now = DateTime::from_timestamp(now, 0).unwrap();
        let text = NaiveDate::from_ymd_opt(2018, month, day).unwrap().format("%-d %B").to_string();
        let date = dates::read(&text, &DateHint::in_zone(chrono_tz::UTC), now).date().unwrap();
        prop_assert!(date <= now && now - date.to_utc() < chrono::TimeDelta::days(367));
    }
}
