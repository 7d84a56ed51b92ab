//! How a site's host is to be asked: compiled from the site's table and `[fetch]`.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::Secret;
use crate::limits;

/// How a site's pages are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Headers sent to the site's own origin, and to no other.
    pub headers: Vec<(String, Secret)>,
    /// The `User-Agent`; `None`: Feedmill's own.
    pub user_agent: Option<Secret>,
    /// The proxy that every request goes through (`http`, `https` or `socks5h`). The environment's is never used.
    pub proxy: Option<Secret>,
    /// Private addresses that this site may reach.
    pub allow_private: Vec<Allowed>,
    /// Bytes of a decompressed body, at most [`limits::BODY_BYTES`].
    pub body_bytes: usize,
    /// Time limits.
    pub patience: Patience,
    /// Requests in flight to one host at a time.
    pub concurrency: usize,
    /// Least time between the starts of two requests to one host.
    pub gap: Duration,
    /// Whether the site's own table says how long that is, so that a `Crawl-delay` does not make it longer.
    pub gap_is_own: bool,
    /// Whether what robots.txt forbids is left alone (RFC 9309).
    pub robots: bool,
}

/// How long each phase of a fetch may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Patience {
    /// To open a connection.
    pub connect: Duration,
    /// From the request to the head of the response.
    pub first_byte: Duration,
    /// Between two pieces of the body.
    pub gap: Duration,
    /// For the whole exchange with its redirects.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: limits::CONNECT,
            first_byte: limits::FIRST_BYTE,
            gap: limits::BODY_GAP,
            total: limits::EXCHANGE,
        }
    }
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            headers: Vec::new(),
            user_agent: None,
            proxy: None,
            allow_private: Vec::new(),
            body_bytes: limits::BODY_BYTES,
            patience: Patience::default(),
            concurrency: limits::HOST_CONCURRENCY,
            gap: limits::HOST_GAP,
            gap_is_own: false,
            robots: true,
        }
    }
}

/// A private address, or a block of them, that a site may reach: `10.0.0.5`, `10.0.0.5:8080`, `[fd00::1]:80`,
/// `10.0.0.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Allowed {
    /// The addresses.
    pub net: IpNet,
    /// The only port, if one is named.
    pub port: Option<u16>,
}

impl Allowed {
    /// Reads one entry of `allow_private`.
    pub fn parse(written: &str) -> Option<Self> {
        if let Ok(net) = written.parse::<IpNet>() {
            return Some(Self { net, port: None });
        }
        if let Ok(ip) = written.parse::<IpAddr>() {
            return Some(Self { net: ip.into(), port: None });
        }
        let address: std::net::SocketAddr = written.parse().ok()?;
        Some(Self { net: address.ip().into(), port: Some(address.port()) })
    }

    /// Whether it lets `ip` be reached at `port`.
    pub fn covers(&self, ip: IpAddr, port: u16) -> bool {
        self.net.contains(&ip) && self.port.is_none_or(|only| only == port)
    }
}
