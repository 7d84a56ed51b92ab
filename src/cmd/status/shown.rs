//! Status as a person reads it in a terminal.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cmd::table;
use crate::engine::{Detail, SiteStatus, Status};

/// Every site, a line each and more for those in trouble, and what they come to.
pub(super) fn all(status: &Status) -> String {
    let mut out = lines(status.sites.iter(), status.now);
    for host in &status.hosts {
        let _ = writeln!(out, "\n{} is left alone for {}: {}", host.name, span(host.until - status.now), host.why);
    }
    let count = status.sites.len();
    let totals = ["broken", "degraded", "healthy", "new"].into_iter().filter_map(|health| {
        let number = status.totals.get(health).copied().filter(|number| *number > 0)?;
        Some(format!("{number} {health}"))
    });
    let totals = totals.collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "\n{count} feed{}: {totals}", if count == 1 { "" } else { "s" });
    out
}

/// Some sites, each with what its last reading came to.
pub(super) fn some(details: &[Detail], now: DateTime<Utc>) -> String {
    let mut out = String::new();
    for detail in details {
        out.push_str(&lines(std::iter::once(&detail.status), now));
        if let Some(rule) = &detail.rule {
            let _ = writeln!(out, "    it is read by");
            for line in rule.lines() {
                let _ = writeln!(out, "      {line}");
            }
        }
        if let Some(report) = &detail.report {
            for line in table::report(report).lines() {
                let _ = writeln!(out, "    {line}");
            }
        }
    }
    out
}

fn lines<'a>(sites: impl Iterator<Item = &'a SiteStatus> + Clone, now: DateTime<Utc>) -> String {
    let width = sites.clone().map(|site| site.name.chars().count()).max().unwrap_or_default().min(40);
    let mut out = String::new();
    for site in sites {
        let last = match (site.outcome.zip(site.verdict), site.tried) {
            (Some((outcome, verdict)), Some(tried)) => format!("{outcome} ({verdict}) {}", ago(now - tried)),
            (None, Some(tried)) => format!("refreshed {}", ago(now - tried)),
            _ => "never refreshed".to_owned(),
        };
        let next = match site.due {
            _ if site.asleep => "asleep".to_owned(),
            None => "next -".to_owned(),
            Some(due) if due <= now => "next due".to_owned(),
            Some(due) => format!("next in {}", span(due - now)),
        };
        let items = if site.items == 1 { "1 item".to_owned() } else { format!("{} items", site.items) };
        let _ = writeln!(out, "{:<width$}  {:<8}  {last:<34}  {next:<14}  {items}", site.name, site.health);
        if let Some(drift) = &site.drift {
            let (name, since) = (drift.name, drift.since.format("%Y-%m-%d %H:%M UTC"));
            let _ = writeln!(out, "    drift: {name}, since {since}, {}", times(drift.refreshes));
        }
        if let Some(trouble) = &site.trouble {
            let since = trouble.since.map(|since| format!("since {}, ", since.format("%Y-%m-%d %H:%M UTC")));
            let (since, times) = (since.unwrap_or_default(), times(trouble.refreshes));
            let _ = writeln!(out, "    {since}{times}: {}", trouble.why);
            if let Some(advice) = &trouble.advice {
                let _ = writeln!(out, "    -> {advice}");
            }
        }
        if let Some(repair) = &site.repair {
            for line in repair.difference.lines() {
                let _ = writeln!(out, "      {line}");
            }
        }
    }
    out
}

fn times(number: u32) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

fn ago(time: TimeDelta) -> String {
    if time < TimeDelta::seconds(1) { "just now".to_owned() } else { format!("{} ago", span(time)) }
}

/// A length of time in its largest unit.
fn span(time: TimeDelta) -> String {
    match time {
        time if time.num_days() >= 2 => format!("{} d", time.num_days()),
        time if time.num_hours() >= 2 => format!("{} h", time.num_hours()),
        time if time.num_minutes() >= 2 => format!("{} min", time.num_minutes()),
        time => format!("{} s", time.num_seconds()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_unit() {
        let spans = [1, 119, 120, 7_199, 7_200, 172_799, 172_800].map(|seconds| span(TimeDelta::seconds(seconds)));
        assert_eq!(spans, ["1 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 d"]);
        assert_eq!(ago(TimeDelta::milliseconds(-5)), "just now");
    }
}
