//! What a site takes from `[defaults]`: the site's own word first, then what holds for all.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono_tz::Tz;
use encoding_rs::Encoding;
use toml::Spanned;

use super::{Problems, network, value};
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::plan::{Refresh, Repairing, Sleep};
use crate::config::raw::{At, RawRepair, RawShared};
use crate::limits;
use crate::rule::{Allowed, Secret};

/// Items in a feed, unless the site says otherwise.
pub(super) const SHOW: usize = 50;

/// A value that is sent to a site, and how it is written.
#[derive(Clone)]
pub(super) struct Sent {
    /// The name, as written.
    pub(super) name: String,
    pub(super) value: Secret,
    pub(super) written: String,
}

/// The keys of [`RawShared`], read.
#[derive(Clone, Default)]
pub(super) struct Shared {
    pub(super) language: Option<String>,
    pub(super) timezone: Option<Tz>,
    pub(super) locale: Option<String>,
    pub(super) charset: Option<&'static Encoding>,
    pub(super) refresh: Option<Refresh>,
    pub(super) sleep_after: Option<Sleep>,
    pub(super) show: Option<usize>,
    pub(super) keep: Option<usize>,
    /// [`Duration::MAX`] is for ever.
    pub(super) keep_for: Option<Duration>,
    pub(super) keep_pages: Option<Duration>,
    pub(super) hold: Option<Duration>,
    pub(super) notice: Option<bool>,
    pub(super) repair: Option<Repairing>,
    pub(super) full_text: Option<bool>,
    /// By their names in small letters.
    pub(super) headers: BTreeMap<String, Sent>,
    pub(super) cookies: BTreeMap<String, Sent>,
    pub(super) user_agent: Option<Sent>,
    pub(super) proxy: Option<Secret>,
    pub(super) allow_private: Option<Vec<Allowed>>,
    pub(super) robots: Option<bool>,
    pub(super) gap: Option<Duration>,
}

impl Shared {
    /// Reads the keys of one table.
    pub(super) fn read(problems: &mut Problems<'_>, raw: &RawShared) -> Self {
        let headers = headers(problems, raw.headers.as_ref());
        let cookies = raw.cookies.iter().flatten().filter_map(|(name, value)| {
            problems.judge(name, network::cookie_name)?;
            let sent = sent(problems, name, value, network::cookie_value)?;
            Some((name.get_ref().clone(), sent))
        });
        let cookies: BTreeMap<_, _> = cookies.collect();
        if let (Some(own), false) =
            (raw.headers.iter().flatten().find(|(name, _)| is_cookie(name.get_ref())), cookies.is_empty())
        {
            let complaint = Complaint::new("`Cookie` stands beside `cookies`").help("write all of them in `cookies`");
            problems.add(complaint, own.0.span());
        }
        let user_agent = raw.user_agent.as_ref().and_then(|agent| {
            let value = problems.secret(agent, network::header_value)?;
            Some(Sent { name: "User-Agent".to_owned(), value, written: agent.to_string() })
        });
        let allowed = raw
            .allow_private
            .as_ref()
            .map(|allowed| allowed.iter().filter_map(|allowed| problems.read(allowed, network::allowed)).collect());
        Self {
            language: raw.language.as_ref().and_then(|language| problems.read(language, value::language)),
            timezone: raw.timezone.as_ref().and_then(|zone| problems.read(zone, value::timezone)),
            locale: raw
                .locale
                .as_ref()
                .and_then(|tag| problems.read(tag, |t: &str| value::locale(t).map(|_| t.to_owned()))),
            charset: raw.charset.as_ref().and_then(|charset| problems.read(charset, value::charset)),
            refresh: raw.refresh.as_ref().and_then(|refresh| problems.read(refresh, value::refresh)),
            sleep_after: raw.sleep_after.as_ref().and_then(|after| problems.read(after, value::sleep_after)),
            show: raw.show.as_ref().and_then(|show| problems.read(show, value::count)),
            keep: raw.keep.as_ref().and_then(|keep| problems.read(keep, value::count)),
            keep_for: raw.keep_for.as_ref().and_then(|time| problems.read(time, value::keeping)),
            keep_pages: raw.keep_pages.as_ref().and_then(|keep| problems.read(keep, value::duration_or_off)),
            hold: raw.hold.as_ref().and_then(|hold| problems.read(hold, value::duration_or_off)),
            notice: raw.notice,
            repair: raw.repair.map(repairing),
            full_text: raw.full_text,
            headers,
            cookies,
            user_agent,
            proxy: raw.proxy.as_ref().and_then(|proxy| problems.secret(proxy, network::proxy)),
            allow_private: allowed,
            robots: raw.robots,
            gap: raw.gap.as_ref().and_then(|gap| problems.read(gap, value::pause)),
        }
    }

    /// How many items a feed shows, and how many are kept for it.
    pub(super) fn sizes(&self) -> (usize, usize) {
        let keep = self.keep.unwrap_or(limits::KEEP);
        (self.show.unwrap_or_else(|| SHOW.min(keep)), keep)
    }

    /// Notes that a feed is to show what is not there. `raw` is the table that says so, perhaps only in part.
    pub(super) fn check_sizes(&self, problems: &mut Problems<'_>, raw: &RawShared) {
        let (show, keep) = self.sizes();
        if let Some(written) = raw.show.as_ref().or(raw.keep.as_ref()).filter(|_| show > keep) {
            let complaint = Complaint::new(format!("{show} items are to be shown, but only {keep} are kept"))
                .help("`show` can be as much as `keep`, which is 1000 if nothing else is written");
            problems.add(complaint, written.span());
        }
    }

    /// What these say, and where they are silent, what `defaults` say. Headers and cookies are taken one by one; a list
    /// is taken whole.
    pub(super) fn or(mut self, defaults: &Self) -> Self {
        let mut others = defaults.clone();
        // A `Cookie` header and `cookies` are two ways to say the same.
        if !self.cookies.is_empty() {
            others.headers.retain(|name, _| !is_cookie(name));
        } else if self.headers.keys().any(|name| is_cookie(name)) {
            others.cookies.clear();
        }
        // Whose language is another one writes its dates in that.
        if self.language.is_some() {
            others.locale = None;
        }
        others.headers.append(&mut self.headers);
        others.cookies.append(&mut self.cookies);
        Self {
            language: self.language.or(others.language),
            timezone: self.timezone.or(others.timezone),
            locale: self.locale.or(others.locale),
            charset: self.charset.or(others.charset),
            refresh: self.refresh.or(others.refresh),
            sleep_after: self.sleep_after.or(others.sleep_after),
            show: self.show.or(others.show),
            keep: self.keep.or(others.keep),
            keep_for: self.keep_for.or(others.keep_for),
            keep_pages: self.keep_pages.or(others.keep_pages),
            hold: self.hold.or(others.hold),
            notice: self.notice.or(others.notice),
            repair: self.repair.or(others.repair),
            full_text: self.full_text.or(others.full_text),
            headers: others.headers,
            cookies: others.cookies,
            user_agent: self.user_agent.or(others.user_agent),
            proxy: self.proxy.or(others.proxy),
            allow_private: self.allow_private.or(others.allow_private),
            robots: self.robots.or(others.robots),
            gap: self.gap.or(others.gap),
        }
    }

    /// Every header that the site is sent, cookies included.
    pub(super) fn sent(&self) -> Vec<(String, Secret)> {
        let mut sent: Vec<_> =
            self.headers.values().map(|header| (header.name.clone(), header.value.clone())).collect();
        if !self.cookies.is_empty() {
            let pair = |cookie: &Sent| format!("{}={}", cookie.name, cookie.value.expose());
            let all = self.cookies.values().map(pair).collect::<Vec<_>>().join("; ");
            sent.push(("Cookie".to_owned(), all.into()));
        }
        sent
    }
}

const fn repairing(raw: RawRepair) -> Repairing {
    match raw {
        RawRepair::Auto => Repairing::Auto,
        RawRepair::Propose => Repairing::Propose,
        RawRepair::Off => Repairing::Off,
    }
}

fn is_cookie(name: &str) -> bool {
    name.eq_ignore_ascii_case("cookie")
}

/// Headers with names that a request may have, each once, by their names in small letters.
pub(super) fn headers(
    problems: &mut Problems<'_>,
    raw: Option<&BTreeMap<Spanned<String>, At<String>>>,
) -> BTreeMap<String, Sent> {
    let mut headers = BTreeMap::new();
    for (name, value) in raw.into_iter().flatten() {
        let sent = sent(problems, name, value, network::header_value);
        let lower = name.get_ref().to_ascii_lowercase();
        if headers.contains_key(&lower) {
            let complaint = Complaint::new(format!("the header {} stands here twice", quoted(name.get_ref())))
                .label("capital letters make no difference");
            problems.add(complaint, name.span());
        } else if problems.judge(name, network::header_name).is_some() {
            headers.extend(sent.map(|sent| (lower, sent)));
        }
    }
    headers
}

fn sent(
    problems: &mut Problems<'_>,
    name: &Spanned<String>,
    value: &At<String>,
    read: fn(Secret) -> Result<Secret, Complaint>,
) -> Option<Sent> {
    let secret = problems.secret(value, read)?;
    Some(Sent { name: name.get_ref().clone(), value: secret, written: value.to_string() })
}
