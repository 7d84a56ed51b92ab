//! From what is written to what runs: every value is read, checked and compiled, and everything that is wrong is
//! collected.

mod address;
mod family;
mod field;
mod filter;
mod listing;
mod merged;
mod network;
mod pattern;
mod request;
mod rows;
mod sense;
mod site;
mod value;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::diagnostics::{Complaint, Diagnostic, piece};
use super::plan::{Plan, Server};
use super::raw::{At, RawFetch, RawServer, Root};
use crate::rule::Upstream;

/// The plan that `root` asks for. What is wrong is added to `found`; then the plan is not to be used.
pub(super) fn compile(root: &Root, source: &str, folder: &Path, found: &mut Vec<Diagnostic>) -> Plan {
    let starts = found.iter().filter_map(|problem| problem.span.as_ref()).map(|span| span.start).collect();
    let problems = &mut Problems { source, found, starts };
    let upstream = root.fetch.as_ref().map_or_else(Upstream::default, |fetch| upstream(problems, fetch));
    let server = server(problems, root.server.as_ref());
    let archive = root.archive.as_ref().and_then(|archive| archive.url.as_ref());
    let archive = archive.and_then(|url| problems.read(url, network::archive));
    let mut plan = Plan { sites: <_>::default(), families: <_>::default(), merged: <_>::default(), server, archive };
    for (name, raw) in root.sites.iter().flatten() {
        let Some(site) = site::site(problems, name, raw, &upstream, folder) else { continue };
        if let Some(params) = raw.params.as_ref().filter(|params| !params.is_empty()) {
            family::family(problems, &mut plan, site, raw, params);
        } else {
            plan.sites.insert(site.name.clone(), Arc::new(site));
        }
    }
    let no_sites = BTreeMap::new();
    if let Some(merged) = &root.merged {
        merged::merged(problems, &mut plan, merged, root.sites.as_ref().unwrap_or(&no_sites));
    }
    plan
}

fn server(problems: &mut Problems<'_>, raw: Option<&RawServer>) -> Server {
    let listen = raw.and_then(|server| server.listen.as_ref());
    let public_url = raw.and_then(|server| server.public_url.as_ref());
    Server {
        listen: listen.and_then(|listen| problems.read(listen, network::listen)).unwrap_or(network::LISTEN),
        public_url: public_url.and_then(|url| problems.read(url, network::public_url)),
    }
}

fn upstream(problems: &mut Problems<'_>, raw: &RawFetch) -> Upstream {
    let mut upstream = Upstream::default();
    let patience = &mut upstream.patience;
    let timeouts = [
        (&raw.connect_timeout, &mut patience.connect),
        (&raw.first_byte_timeout, &mut patience.first_byte),
        (&raw.gap_timeout, &mut patience.gap),
        (&raw.total_timeout, &mut patience.total),
    ];
    for (written, timeout) in timeouts {
        problems.set(timeout, written.as_ref(), value::timeout);
    }
    problems.set(&mut upstream.body_bytes, raw.max_body.as_ref(), value::body_size);
    problems.set(&mut upstream.concurrency, raw.concurrency.as_ref(), value::count);
    problems.set(&mut upstream.gap, raw.gap.as_ref(), value::pause);
    upstream.user_agent = raw.user_agent.as_ref().and_then(|agent| problems.read(agent, network::header_value));
    upstream
}

/// What was found wrong so far.
struct Problems<'s> {
    source: &'s str,
    found: &'s mut Vec<Diagnostic>,
    /// Where they are.
    starts: BTreeSet<usize>,
}

impl Problems<'_> {
    /// Reads a value; what is wrong with it is noted.
    fn read<T, U, R>(&mut self, written: &At<T>, read: impl FnOnce(&U) -> Result<R, Complaint>) -> Option<R>
    where
        T: Borrow<U>,
        U: ?Sized,
    {
        read((**written).borrow()).map_err(|complaint| self.add(complaint, written.span())).ok()
    }

    /// Reads a value if there is one, and puts it where the default stands.
    fn set<T, U, R>(&mut self, to: &mut R, written: Option<&At<T>>, read: impl FnOnce(&U) -> Result<R, Complaint>)
    where
        T: Borrow<U>,
        U: ?Sized,
    {
        if let Some(value) = written.and_then(|written| self.read(written, read)) {
            *to = value;
        }
    }

    fn add(&mut self, complaint: Complaint, span: Range<usize>) {
        self.starts.insert(span.start);
        self.found.push(complaint.at(span));
    }

    /// Notes that a key should not be there at all: the caret goes under the key.
    fn add_at_key<T>(&mut self, complaint: Complaint, value: &At<T>) {
        let span = self.key_of(value);
        self.add(complaint, span);
    }

    /// Whether something in the table that begins at `span` was found wrong, so that it may only seem to lack something.
    fn is_doubtful(&self, span: &Range<usize>) -> bool {
        let from = piece(self.source, span.start..self.source.len());
        // Braces go around what they hold; a header is followed by it, down to the next header.
        let length = if from.starts_with('{') { span.len() } else { from.find("\n[").unwrap_or(from.len()) };
        self.starts.range(span.start..span.start + length).next().is_some()
    }

    /// Where the key of a value stands.
    fn key_of<T>(&self, value: &At<T>) -> Range<usize> {
        let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '"' || c == '\'';
        let before = piece(self.source, 0..value.span().start).trim_end();
        let Some(before) = before.strip_suffix('=').map(str::trim_end) else { return value.span() };
        before.trim_end_matches(is_key).len()..before.len()
    }
}
