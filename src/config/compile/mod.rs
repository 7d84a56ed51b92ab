//! From what is written to what runs: every value is read, checked and compiled, and everything that is wrong is
//! collected.

mod address;
mod alarm;
mod family;
mod field;
mod filter;
mod listing;
mod merged;
mod network;
mod pattern;
mod request;
mod rows;
mod secret;
mod sense;
mod shared;
mod site;
mod value;

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;

use super::diagnostics::{Complaint, Diagnostic, piece};
use super::outside::Outside;
use super::plan::{Alarm, Plan, Server, Site};
use super::raw::{At, RawFetch, RawServer, RawShared, Root};
use super::read::File;
use crate::rule::{Secret, Upstream};
use shared::Shared;

/// The plan that the files ask for, the main one first. What is wrong is added to their problems; then the plan is not
/// to be used.
pub(super) fn compile(files: &mut [File], outside: &dyn Outside) -> Plan {
    let mut general = General::default();
    let mut plan = Plan {
        sites: <_>::default(),
        families: <_>::default(),
        merged: <_>::default(),
        server: Server { listen: network::LISTEN, public_url: None, ahead: true },
        archive: None,
        alarm: <_>::default(),
    };
    for (number, file) in files.iter_mut().enumerate() {
        let File { source, root, lines, .. } = file;
        let mut lines = std::mem::take(lines);
        let place = PathBuf::from(&source.name);
        let root = std::mem::take(root);
        let problems = &mut Problems::of(file, outside);
        if number == 0 {
            general = General::read(problems, &root);
        }
        for (name, raw) in root.sites.iter().flatten() {
            let lines = lines.remove(name.get_ref()).unwrap_or_default();
            let Some(site) = site::site(problems, name, raw, &general) else { continue };
            let site = Site { file: place.clone(), lines, ..site };
            // Of two with the same name, which has been noted, either will do.
            if let Some(params) = raw.params.as_ref().filter(|params| !params.is_empty()) {
                family::family(problems, &mut plan, site, raw, params);
            } else {
                plan.sites.insert(site.name.clone(), Arc::new(site));
            }
        }
        file.root = root;
    }
    // Last, because they may be made of sites of any file.
    let tables: BTreeSet<String> = files.iter().flat_map(File::site_names).map(str::to_owned).collect();
    for file in files {
        let root = std::mem::take(&mut file.root);
        if let Some(merged) = &root.merged {
            merged::merged(&mut Problems::of(file, outside), &mut plan, merged, &tables);
        }
    }
    Plan { server: general.server, archive: general.archive, alarm: Arc::new(general.alarm), ..plan }
}

/// What holds for all sites.
struct General {
    server: Server,
    archive: Option<Secret>,
    alarm: Alarm,
    fetch: Upstream,
    defaults: Shared,
}

impl Default for General {
    fn default() -> Self {
        let server = Server { listen: network::LISTEN, public_url: None, ahead: true };
        Self { server, archive: None, alarm: Alarm::default(), fetch: Upstream::default(), defaults: Shared::default() }
    }
}

impl General {
    fn read(problems: &mut Problems<'_>, root: &Root) -> Self {
        let archive = root.archive.as_ref().and_then(|archive| archive.url.as_ref());
        Self {
            fetch: root.fetch.as_ref().map_or_else(Upstream::default, |fetch| upstream(problems, fetch)),
            server: server(problems, root.server.as_ref()),
            archive: archive.and_then(|url| problems.secret(url, network::archive)),
            alarm: root.alarm.as_ref().map(|raw| alarm::alarm(problems, raw)).unwrap_or_default(),
            defaults: root.defaults.as_ref().map(|raw| defaults(problems, raw)).unwrap_or_default(),
        }
    }
}

fn defaults(problems: &mut Problems<'_>, raw: &RawShared) -> Shared {
    let shared = Shared::read(problems, raw);
    shared.check_sizes(problems, raw);
    shared
}

fn server(problems: &mut Problems<'_>, raw: Option<&RawServer>) -> Server {
    let listen = raw.and_then(|server| server.listen.as_ref());
    let public_url = raw.and_then(|server| server.public_url.as_ref());
    Server {
        listen: listen.and_then(|listen| problems.read(listen, network::listen)).unwrap_or(network::LISTEN),
        public_url: public_url.and_then(|url| problems.read(url, network::public_url)),
        ahead: raw.and_then(|server| server.ahead).unwrap_or(true),
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
    upstream.user_agent = raw.user_agent.as_ref().and_then(|agent| problems.secret(agent, network::header_value));
    upstream
}

/// What was found wrong so far.
struct Problems<'s> {
    source: &'s str,
    found: &'s mut Vec<Diagnostic>,
    /// Where they are.
    starts: BTreeSet<usize>,
    /// What the file may ask for, and the folder that it asks from.
    outside: &'s dyn Outside,
    folder: &'s Path,
}

impl<'s> Problems<'s> {
    /// The problems of a file.
    fn of(file: &'s mut File, outside: &'s dyn Outside) -> Self {
        let File { path, toml, problems, .. } = file;
        let starts = problems.iter().filter_map(|problem| problem.span.as_ref()).map(|span| span.start).collect();
        Self { source: toml, found: problems, starts, outside, folder: path.parent().unwrap_or(path) }
    }

    /// Reads a value; what is wrong with it is noted.
    fn read<T, U, R>(&mut self, written: &At<T>, read: impl FnOnce(&U) -> Result<R, Complaint>) -> Option<R>
    where
        T: Borrow<U>,
        U: ?Sized,
    {
        read((**written).borrow()).map_err(|complaint| self.add(complaint, written.span())).ok()
    }

    /// Reads a value that may refer to a secret.
    fn secret(
        &mut self,
        written: &At<String>,
        read: impl FnOnce(Secret) -> Result<Secret, Complaint>,
    ) -> Option<Secret> {
        match secret::read(written, self.outside, self.folder) {
            Ok(secret) => read(secret).map_err(|complaint| self.add(complaint, written.span())).ok(),
            Err((complaint, part)) => {
                // The caret goes under the reference itself where it is written without escapes.
                let whole = written.span();
                let reference = part.and_then(|part| written.get(part)).unwrap_or_default();
                let at = piece(self.source, whole.clone()).find(reference).filter(|_| !reference.is_empty());
                let span = at.map_or(whole.clone(), |at| whole.start + at..whole.start + at + reference.len());
                self.add(complaint, span);
                None
            }
        }
    }

    /// Judges a name.
    fn judge(&mut self, name: &Spanned<String>, judge: fn(&str) -> Result<(), Complaint>) -> Option<()> {
        judge(name.get_ref()).map_err(|complaint| self.add(complaint, name.span())).ok()
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
