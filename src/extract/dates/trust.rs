//! Whether a date can be believed.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use super::LinkDate;
use crate::item::Date;

/// What is made of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is believed.
    Trusted,
    /// It lies up to a day ahead, as dates in a neighbouring zone do: the item was published, so it is taken as now.
    JustAhead,
    /// It is not believed, for this reason.
    Doubted(String),
}

/// Judges a page's date: neither in the future nor older than the date in the item's link.
pub fn judge(date: Date, link: Option<LinkDate>, now: DateTime<Utc>) -> Verdict {
    let ahead = date.to_utc() - now;
    if ahead > TimeDelta::hours(24) {
        return Verdict::Doubted(format!("{} lies in the future", date.to_rfc3339()));
    }
    if ahead > TimeDelta::zero() {
        return Verdict::JustAhead;
    }
    // A link's day is in some zone, and dates of the page in another: a day of leeway on both sides.
    let earliest = link
        .filter(|link| link.day <= now.date_naive())
        .and_then(|link| link.day.checked_sub_days(Days::new(1)))
        .map(|day| day.and_time(NaiveTime::MIN));
    match (earliest, link) {
        (Some(earliest), Some(link)) if date.naive_local() < earliest => Verdict::Doubted(format!(
            "{} is older than the link's own date, {}",
            date.to_rfc3339(),
            if link.names_day { link.day.to_string() } else { link.day.format("%Y-%m").to_string() }
        )),
        _ => Verdict::Trusted,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn fault_42_dates_in_the_future() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let judge_at = |hours: i64| judge((now + TimeDelta::hours(hours)).fixed_offset(), None, now);
        assert_eq!(judge_at(0), Verdict::Trusted);
        assert_eq!(judge_at(3), Verdict::JustAhead);
        assert!(matches!(judge_at(48), Verdict::Doubted(_)));
        assert!(matches!(judge_at(24 * 3650), Verdict::Doubted(_)));
    }

    #[test]
    fn dates_older_than_the_link() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let link = LinkDate { day: NaiveDate::from_ymd_opt(2018, 11, 2).unwrap(), names_day: true };
        let judge_of = |text: &str| judge(DateTime::parse_from_rfc3339(text).unwrap(), Some(link), now);
        assert_eq!(judge_of("2018-11-01T23:00:00Z"), Verdict::Trusted);
        assert_eq!(judge_of("2018-11-05T23:00:00Z"), Verdict::Trusted);
        assert!(matches!(judge_of("2014-01-01T00:00:00Z"), Verdict::Doubted(_)));
        // Midnight of the day before, on the clocks of the site.
        assert_eq!(judge_of("2018-11-01T00:00:00+08:00"), Verdict::Trusted);
    }
}
