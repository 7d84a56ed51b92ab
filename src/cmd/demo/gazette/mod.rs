//! The Millstream Gazette: the small newspaper that `feedmill demo` reads. All of it is in the binary.
//!
//! Pure: the same moments give the same pages. It opens no socket and reads no clock; whoever serves it does.

mod calendar;
mod notice;
mod pages;
mod picture;
mod piece;
mod site;
mod story;

use std::net::SocketAddr;

pub(crate) use site::{Gazette, Reply};

/// The `sites.toml` that reads the Gazette, with `{origin}` (`http://127.0.0.1:PORT`) and `{address}` (`127.0.0.1:PORT`)
/// still open.
pub(crate) const SITES_TOML: &str = include_str!("../../../../assets/demo/sites.toml");

/// The `sites.toml` that reads the Gazette served at `address`.
pub(crate) fn sites_toml(address: SocketAddr) -> String {
    SITES_TOML.replace("{origin}", &format!("http://{address}")).replace("{address}", &address.to_string())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config;

    #[test]
    fn the_rule_is_toml_and_knows_its_address() {
        let written = sites_toml(SocketAddr::from(([127, 0, 0, 1], 4711)));
        let table: toml::Table = written.parse().unwrap();
        let gazette = &table["sites"]["gazette"];
        assert_eq!(gazette["url"].as_str(), Some("http://127.0.0.1:4711/"));
        assert_eq!(gazette["allow_private"][0].as_str(), Some("127.0.0.1:4711"));
        assert!(!written.contains("{origin}") && !written.contains("{address}"));
    }

    #[test]
    fn nothing_is_said_about_the_list() {
        let plan = config::parse(&sites_toml(SocketAddr::from(([127, 0, 0, 1], 4711))), Path::new("demo")).unwrap();
        assert!(plan.sites["gazette"].is_bare());
    }
}
