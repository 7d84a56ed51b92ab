//! The addresses of a site's listing.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Problems, network};
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::raw::Texts;
use crate::limits;
use crate::rule::{Address, Wording, WordingError};
use crate::weburl::WebUrl;

/// The addresses, each with the page for people to go to.
pub(super) fn addresses(problems: &mut Problems<'_>, raw: &Texts) -> Vec<(Address, WebUrl)> {
    let mut addresses: Vec<(Address, WebUrl)> = Vec::new();
    for written in &raw.0 {
        let Some(read) = problems.read(written, address) else { continue };
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

fn address(written: &str) -> Result<(Address, WebUrl), Complaint> {
    let wording = wording(written)?;
    if !wording.is_dated() {
        let url = network::address(written)?;
        return Ok((Address::new(wording), url));
    }
    // Two days whose every part is different: what is an address then is one on any day.
    let address = Address::new(wording);
    let first = DateTime::<Utc>::UNIX_EPOCH;
    let second = first + TimeDelta::days(10_000);
    let [first, second] =
        [first, second].map(|day| network::address(&address.wording().at(day.with_timezone(&chrono_tz::UTC))));
    let (first, second) = (first?, second?);
    if first.as_url().origin() != second.as_url().origin() {
        return Err(Complaint::new("the host of an address cannot change with the day"));
    }
    let home = address.home().map_or_else(|| first.join("/").map_err(|error| Complaint::new(error.to_string())), Ok)?;
    Ok((address, home))
}

fn wording(written: &str) -> Result<Wording, Complaint> {
    Wording::parse(written, &[]).map_err(|error| place(&error))
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
