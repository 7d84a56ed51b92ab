//! The guard: what stands between an address and a connection to it.
//!
//! It stands in two places, because the HTTP client never asks a resolver about an address that is written out:
//! literal addresses are judged before each request, resolved ones where the client resolves, and the client dials
//! exactly what it is given there. So the address that was judged is the one that is dialled.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Host;

use crate::limits;
use crate::rule::Allowed;
use crate::weburl::WebUrl;

use super::pace;
use super::resolver::Resolver;
use super::{FetchError, address};

/// Judges an address that is written out in `url`; names are judged once they are resolved.
pub(super) fn judge_literal(url: &WebUrl, allowed: &[Allowed]) -> Result<(), FetchError> {
    let ip: IpAddr = match url.as_url().host() {
        Some(Host::Ipv4(ip)) => ip.into(),
        Some(Host::Ipv6(ip)) => ip.into(),
        Some(Host::Domain(_)) | None => return Ok(()),
    };
    let port = port(url);
    match address::objection(ip, port, allowed) {
        None => Ok(()),
        Some(why) => Err(refusal(&format!("{ip} is"), why, SocketAddr::new(ip, port))),
    }
}

/// The port that `url` is asked at.
pub(super) fn port(url: &WebUrl) -> u16 {
    url.as_url().port_or_known_default().unwrap_or(80)
}

/// Resolves names for one HTTP client, and hands out only addresses that may be dialled.
pub(super) struct GuardedNames {
    resolver: Arc<dyn Resolver>,
    reach: Arc<Reach>,
}

/// What one HTTP client may resolve.
pub(super) enum Reach {
    /// Names of sites: their public addresses, and those that these exceptions cover. Each has the client's one port
    /// or none, so that the port, which a resolver is not told, does not matter.
    Sites(Vec<Allowed>),
    /// Only the name of the proxy, which may be anywhere: it resolves the names of sites itself.
    Proxy(String),
}

impl GuardedNames {
    pub(super) fn new(resolver: Arc<dyn Resolver>, reach: Reach) -> Self {
        Self { resolver, reach: Arc::new(reach) }
    }
}

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, reach) = (Arc::clone(&self.resolver), Arc::clone(&self.reach));
        Box::pin(async move {
            let found = addresses(resolver.as_ref(), &reach, name.as_str()).await?;
            Ok(Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

/// The addresses of `name` that may be dialled; at least one.
async fn addresses(resolver: &dyn Resolver, reach: &Reach, name: &str) -> Result<Vec<IpAddr>, FetchError> {
    if let Reach::Proxy(proxy) = reach
        && !proxy.eq_ignore_ascii_case(name)
    {
        return Err(FetchError::Refused(format!("only the proxy {proxy} may be looked up here, not {name}")));
    }
    let found = tokio::time::timeout(limits::DNS, resolver.addresses(name)).await;
    let found = found.map_err(|_| FetchError::Timeout { phase: pace::NAME, limit: limits::DNS })?;
    let found = found.map_err(|error| FetchError::Dns(format!("{name} has no address ({})", plain(&error))))?;
    let Some(first) = found.first().copied() else {
        return Err(FetchError::Dns(format!("{name} has no address")));
    };
    let Reach::Sites(allowed) = reach else { return Ok(found) };
    let objection = |ip: IpAddr| address::objection(ip, ANY_PORT, allowed);
    let permitted: Vec<IpAddr> = found.into_iter().filter(|ip| objection(*ip).is_none()).collect();
    if permitted.is_empty() {
        let why = objection(first).unwrap_or_default();
        return Err(refusal(&format!("{name} is at {first},"), why, first));
    }
    Ok(permitted)
}

/// The exceptions of a [`Reach`] name no port.
const ANY_PORT: u16 = 0;

fn refusal(what: &str, why: &str, entry: impl std::fmt::Display) -> FetchError {
    FetchError::Refused(format!(
        "{what} not a public address ({why}); if this site may reach it, write allow_private = [\"{entry}\"]"
    ))
}

/// What the system says about a failed look-up, without its preamble.
fn plain(error: &std::io::Error) -> String {
    let said = error.to_string();
    said.strip_prefix("failed to lookup address information: ").unwrap_or(&said).to_owned()
}
