//! Dates in links: `/2018/11/02/title`, `/20181102/title-1069455579.html`, `/2018/11/title`.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::weburl::WebUrl;

/// The date that a link names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkDate {
    /// The day, or the first day of the month.
    pub day: NaiveDate,
    /// Whether the link names the day, not only the month.
    pub names_day: bool,
}

/// The date in a link's path, if there is one.
pub fn in_link(link: &WebUrl) -> Option<LinkDate> {
    static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"[/_.-](19[89]\d|20\d\d)([/_.-]?)(0[1-9]|1[0-2]|[1-9])([/_.-]?)(0[1-9]|[12]\d|3[01]|[1-9])(?:[/_.T-]|\d{7,}|$)").ok()
    });
    static MONTH: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"/(19[89]\d|20\d\d)[/-](0[1-9]|1[0-2])(?:/|$)").ok());
    let path = link.as_url().path();
    let number = |text: &str| text.parse::<u32>().ok();
    let mut from = 0;
    while let Some(parts) = DAY.as_ref()?.captures_at(path, from) {
        // What is no date may overlap one: `/2018-11/2018-11-02`.
        from = parts.get(1)?.start();
        let (_, [year, first, month, second, day]) = parts.extract();
        // Without separators only eight figures are a date, and both separators are the same one.
        if first != second || (first.is_empty() && month.len() + day.len() != 4) {
            continue;
        }
        let day = year.parse().ok().zip(number(month)).zip(number(day));
        if let Some(day) = day.and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day)) {
            return Some(LinkDate { day, names_day: true });
        }
    }
    let (_, [year, month]) = MONTH.as_ref()?.captures(path)?.extract();
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, 1)?;
    Some(LinkDate { day, names_day: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(path: &str) -> Option<(String, bool)> {
        let found = in_link(&WebUrl::parse(&format!("https://a.example{path}")).unwrap())?;
        Some((found.day.to_string(), found.names_day))
    }

    #[test]
    fn days_and_months() {
        let day = |text: &str| Some((text.to_owned(), true));
        assert_eq!(date("/2018/11/02/goose"), day("2018-11-02"));
        assert_eq!(date("/2018/11/2/goose"), day("2018-11-02"));
        assert_eq!(date("/news/2018-11-02-goose.html"), day("2018-11-02"));
        assert_eq!(date("/20181102/us-homeland-election-1069455579.html"), day("2018-11-02"));
        assert_eq!(date("/columnists/201911181077343476-royal/"), day("2019-11-18"));
        assert_eq!(date("/files/2018-11/2018-10-30-goose.pdf"), day("2018-10-30"));
        assert_eq!(date("/2018/11/goose"), Some(("2018-11-01".to_owned(), false)));
        for none in ["/post/1234567890", "/2018", "/v2.0.1/", "/id/20181402/", "/20181/1020/", "/topic/201811021"] {
            assert_eq!(date(none), None, "{none}");
        }
    }
}
