//! HTTP clients, all made in one place. Sites share one; a site with exceptions or a proxy gets its own, with its own
//! connections, so that what one site may reach is never within reach of another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, Proxy, redirect};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;

use crate::limits;
use crate::rule::{Allowed, Secret, Upstream};
use crate::weburl::WebUrl;

use super::guard::{GuardedNames, Reach, port};
use super::resolver::Resolver;
use super::{FetchError, trouble};

/// Every client that is in use.
pub(super) struct Clients {
    tls: ClientConfig,
    resolver: Arc<dyn Resolver>,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    /// The clients, each with the number of its last use.
    clients: HashMap<Key, (u64, Client)>,
    uses: u64,
}

/// What makes two requests need different clients.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    /// The exceptions that hold at the port that is asked, sorted, without the port.
    allowed: Vec<Allowed>,
    proxy: Option<Secret>,
    connect: Duration,
}

impl Clients {
    /// Certificates are believed that the platform or Mozilla believes (the latter so that it works where no
    /// `ca-certificates` are installed), or one of `roots`.
    pub(super) fn new(
        resolver: Arc<dyn Resolver>,
        roots: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, FetchError> {
        let tls =
            tls(roots).map_err(|error| FetchError::Tls(format!("no secure connections are possible ({error})")))?;
        Ok(Self { tls, resolver, made: Mutex::default() })
    }

    /// The client that asks for `url`.
    pub(super) fn get(&self, url: &WebUrl, upstream: &Upstream) -> Result<Client, FetchError> {
        let key = Key::new(port(url), upstream);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.uses += 1;
        let now = made.uses;
        if let Some((used, client)) = made.clients.get_mut(&key) {
            *used = now;
            return Ok(client.clone());
        }
        let client = self.build(&key)?;
        if made.clients.len() >= limits::CLIENTS {
            let oldest = made.clients.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|key| made.clients.remove(&key));
        }
        made.clients.insert(key, (now, client.clone()));
        Ok(client)
    }

    /// The one place where a client is made.
    fn build(&self, key: &Key) -> Result<Client, FetchError> {
        let builder = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(key.connect)
            .http1_max_headers(limits::RESPONSE_HEADERS)
            .http2_max_header_list_size(u32::try_from(limits::RESPONSE_HEAD_BYTES).unwrap_or(u32::MAX))
            .pool_max_idle_per_host(limits::HOST_CONCURRENCY)
            // The environment's proxies are never used: behind one, the guard would see no addresses.
            .no_proxy();
        let (builder, reach) = match &key.proxy {
            None => (builder, Reach::Sites(key.allowed.clone())),
            Some(written) => {
                let (proxy, host) = proxy(written.expose())?;
                (builder.proxy(proxy), Reach::Proxy(host))
            }
        };
        let names = GuardedNames::new(Arc::clone(&self.resolver), reach);
        let client = builder.dns_resolver(Arc::new(names)).build();
        client.map_err(|error| FetchError::Refused(format!("no HTTP client can be made ({})", trouble::root(&error))))
    }
}

impl Key {
    fn new(port: u16, upstream: &Upstream) -> Self {
        let holds = |entry: &&Allowed| entry.port.is_none_or(|only| only == port);
        let mut allowed: Vec<Allowed> =
            upstream.allow_private.iter().filter(holds).map(|entry| Allowed { port: None, ..*entry }).collect();
        allowed.sort();
        allowed.dedup();
        Self { allowed, proxy: upstream.proxy.clone(), connect: upstream.patience.connect }
    }
}

/// A proxy and the name of its host.
fn proxy(written: &str) -> Result<(Proxy, String), FetchError> {
    let host = url::Url::parse(written).ok().and_then(|url| url.host_str().map(str::to_owned));
    // Its message would show the address, and with it a password.
    let proxy = Proxy::all(written).ok().zip(host);
    proxy.ok_or_else(|| FetchError::Refused("the proxy's address cannot be used".into()))
}

fn tls(roots: impl IntoIterator<Item = CertificateDer<'static>>) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned().chain(roots);
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}
