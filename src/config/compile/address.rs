//! The addresses of a site's listing.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Problems, network};
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::raw::Texts;
use crate::limits;
use crate::rule::{Address, Wording, WordingError, WordingPart};
use crate::weburl::WebUrl;

/// The addresses, each with the page for people to go to. `params` are the site's parameters, which may stand in them.
pub(super) fn addresses(problems: &mut Problems<'_>, raw: &Texts, params: &[&str]) -> Vec<(Address, WebUrl)> {
    let mut addresses: Vec<(Address, WebUrl)> = Vec::new();
    for written in &raw.0 {
        let Some(read) = problems.read(written, |written: &str| address(written, params)) else { continue };
        if addresses.iter().any(|(other, _)| *other == read.0) {
            problems.add(Complaint::new("this address stands here twice"), written.span());
        } else if addresses.len() == limits::ADDRESSES {
            let complaint = Complaint::new(format!("more than {} addresses", limits::ADDRESSES))
                .help("make several sites of them, each with a feed of its own");
            problems.add(complaint, written.span());
            break;
        } else {
            addresses.push(read);
        }
    }
    addresses
}

fn address(written: &str, params: &[&str]) -> Result<(Address, WebUrl), Complaint> {
    let wording = Wording::parse(written, params).map_err(|error| place(&error))?;
    if wording.parts().iter().all(|part| matches!(part, WordingPart::Literal(_))) {
        let url = network::address(written)?;
        return Ok((Address::new(wording), url));
    }
    // Two days and two values whose every part is different: what is an address then is one with any.
    let first = DateTime::<Utc>::UNIX_EPOCH;
    let samples = [(first, "x"), (first + TimeDelta::days(10_000), "1")];
    let sample = |(day, value): (DateTime<Utc>, &str)| {
        let bound = wording.bound(|_| Some(value.to_owned()));
        network::address(&bound.at(day.with_timezone(&chrono_tz::UTC)))
    };
    let [first, second] = samples.map(sample);
    let (first, second) = (first?, second?);
    if first.as_url().origin() != second.as_url().origin() {
        return Err(Complaint::new("the host of an address cannot change")
            .help("days and parameters stand behind it, in the path or the query; other hosts are other sites"));
    }
    if let (Some(one), Some(other)) = (first.as_url().fragment(), second.as_url().fragment())
        && one != other
    {
        return Err(Complaint::new("what stands behind `#` is never sent to a site"));
    }
    let address = Address::new(wording);
    let home = address.home().map_or_else(|| first.join("/").map_err(|error| Complaint::new(error.to_string())), Ok)?;
    Ok((address, home))
}

/// What is wrong with a place in a text.
pub(super) fn place(error: &WordingError) -> Complaint {
    let complaint = Complaint::new(error.to_string());
    match error {
        WordingError::Unknown(name) if name.starts_with("date") => {
            complaint.help(format!("write the day with its format: {}", quoted("{date:%Y-%m-%d}")))
        }
        WordingError::Brace | WordingError::Unknown(_) => complaint.help(network::BRACES),
        WordingError::Format(_) => complaint.help("as in `{date:%Y/%m/%d}` for 2026/12/31"),
        WordingError::Day(_) => complaint.help("`{date-1:%Y%m%d}` is yesterday; at most 366 days before or after"),
    }
}
