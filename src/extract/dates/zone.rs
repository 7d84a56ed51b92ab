//! Names of zones: those that mean one thing all over the world, and those that only the site's own zone explains.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Days, FixedOffset, NaiveDateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::{OffsetName as _, TZ_VARIANTS, Tz};

/// What a zone's name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// So far from UTC.
    Offset(FixedOffset),
    /// The time of a place, whatever season it is.
    Place(Tz),
    /// Different zones in different parts of the world.
    Disputed,
}

/// What RFC 2822, section 4.3 gives a meaning, without `CST`, which half of Asia uses too; and what no database has
/// because no clock strikes it: hours from UTC.
const FIXED: [(&str, i32); 23] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("bst", 1),
    ("mez", 1),
    ("mesz", 2),
    ("cest", 2),
    ("мск", 3),
    ("brt", -3),
    ("ict", 7),
    ("sgt", 8),
    ("myt", 8),
    ("trt", 3),
    ("gst", 4),
    ("kst", 9),
];

/// What American papers write.
const PLACES: [(&str, Tz); 4] = [
    ("et", Tz::America__New_York),
    ("ct", Tz::America__Chicago),
    ("mt", Tz::America__Denver),
    ("pt", Tz::America__Los_Angeles),
];

/// What a folded name means on the clocks of `site` at that time; `None` if it is no zone's name.
pub(super) fn named(name: &str, site: Tz, local: NaiveDateTime) -> Option<Zone> {
    if let Some(offset) = of_site(name, site, local) {
        return Some(Zone::Offset(offset));
    }
    table().get(name).copied()
}

/// Whether a folded word is some zone's name.
pub(super) fn is_name(word: &str) -> bool {
    table().contains_key(word)
}

/// The offset that the site's own zone calls by this name, in that season or the other.
fn of_site(name: &str, site: Tz, local: NaiveDateTime) -> Option<FixedOffset> {
    let seasons = [0, 91, 182, 273].map(|days| local.checked_sub_days(Days::new(days)));
    seasons.into_iter().flatten().find_map(|time| {
        let offset = site.offset_from_utc_datetime(&time);
        offset.abbreviation().filter(|own| own.eq_ignore_ascii_case(name)).map(|_| offset.fix())
    })
}

/// Every name, made once: of the database's abbreviations those with one meaning, and our own.
fn table() -> &'static HashMap<String, Zone> {
    static TABLE: LazyLock<HashMap<String, Zone>> = LazyLock::new(|| {
        let mut table = HashMap::new();
        // Winter and summer of years that are long enough ago to be settled.
        let times = [1_579_046_400_i64, 1_594_771_200].map(|time| DateTime::<Utc>::from_timestamp(time, 0));
        for (zone, time) in TZ_VARIANTS.iter().flat_map(|zone| times.iter().flatten().map(move |time| (zone, time))) {
            let offset = zone.offset_from_utc_datetime(&time.naive_utc());
            let name = offset.abbreviation().unwrap_or_default().to_ascii_lowercase();
            if name.len() < 2 || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                continue;
            }
            let meant = Zone::Offset(offset.fix());
            table
                .entry(name)
                .and_modify(|known| {
                    if *known != meant {
                        *known = Zone::Disputed;
                    }
                })
                .or_insert(meant);
        }
        let hours = |hours: i32| FixedOffset::east_opt(hours * 3600).map(Zone::Offset);
        table.extend(FIXED.into_iter().filter_map(|(name, east)| Some((name.to_owned(), hours(east)?))));
        for (name, place) in PLACES {
            // A name that the database disputes stays so.
            table.entry(name.to_owned()).or_insert(Zone::Place(place));
        }
        table
    });
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, site: Tz) -> Option<Zone> {
        named(name, site, "2018-11-02T15:04:00".parse().unwrap())
    }

    #[test]
    fn what_one_name_means() {
        let hours = |hours: i32| Some(Zone::Offset(FixedOffset::east_opt(hours * 3600).unwrap()));
        for (name, east) in [
            ("gmt", 0),
            ("cet", 1),
            ("est", -5),
            ("wib", 7),
            ("jst", 9),
            ("msk", 3),
            ("bst", 1),
            ("pst", -8),
            ("eest", 3),
        ] {
            assert_eq!(of(name, Tz::UTC), hours(east), "{name}");
        }
        assert_eq!(of("et", Tz::UTC), Some(Zone::Place(Tz::America__New_York)));
        for name in ["ist", "cst"] {
            assert_eq!(of(name, Tz::UTC), Some(Zone::Disputed), "{name}");
        }
        assert_eq!(of("cst", Tz::Asia__Shanghai), hours(8));
        assert_eq!(of("cst", Tz::America__Chicago), hours(-6));
        assert_eq!(of("pst", Tz::Asia__Manila), hours(8));
        for name in ["by", "read", "on", "the"] {
            assert_eq!(of(name, Tz::UTC), None, "{name}");
        }
    }
}
