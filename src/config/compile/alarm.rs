//! `[alarm]`: when trouble counts, and who is told.

use super::{Problems, network, shared, value};
use crate::config::diagnostics::Complaint;
use crate::config::plan::{Alarm, Webhook};
use crate::config::raw::{At, RawAlarm};
use crate::limits;
use crate::rule::Secret;
use crate::weburl::WebUrl;

/// Reads the table.
pub(super) fn alarm(problems: &mut Problems<'_>, raw: &RawAlarm) -> Alarm {
    let mut alarm = Alarm::default();
    let tolerance = &mut alarm.tolerance;
    problems.set(&mut tolerance.failures, raw.after_failures.as_ref(), failures);
    problems.set(&mut tolerance.time, raw.after.as_ref(), value::duration);
    if let Some(words) = &raw.command {
        alarm.command = problems.read(words, |words: &Vec<String>| command(words)).unwrap_or_default();
    }
    alarm.webhook = raw.webhook.as_ref().and_then(|url| webhook(problems, raw, url));
    for (key, is_there) in [("headers", raw.headers.is_some()), ("allow_private", raw.allow_private.is_some())] {
        if let (true, None, Some(first)) = (is_there, &raw.webhook, first_of(raw, key)) {
            let complaint = Complaint::new(format!("`{key}` makes no sense without `webhook`"));
            problems.add(complaint, first);
        }
    }
    alarm
}

/// Where what a key says begins.
fn first_of(raw: &RawAlarm, key: &str) -> Option<std::ops::Range<usize>> {
    match key {
        "headers" => raw.headers.as_ref()?.keys().next().map(toml::Spanned::span),
        _ => raw.allow_private.as_ref()?.first().map(At::span),
    }
}

fn webhook(problems: &mut Problems<'_>, raw: &RawAlarm, written: &At<String>) -> Option<Webhook> {
    let headers = shared::headers(problems, raw.headers.as_ref());
    let headers = headers.into_values().map(|header| (header.name, header.value)).collect();
    let allowed = raw.allow_private.iter().flatten();
    let allow_private = allowed.filter_map(|allowed| problems.read(allowed, network::allowed)).collect();
    let mut address = None;
    let secret = problems.secret(written, |secret| {
        let read = network::address(secret.expose().trim());
        // What a secret holds does not get into the message.
        address = Some(match secret.reference() {
            None => read?,
            Some(reference) => read.map_err(|_| {
                Complaint::new(format!("what `{reference}` stands for is no address of the web"))
                    .help("the whole address must come out: `https://...`")
            })?,
        });
        Ok(secret)
    });
    let secret = secret?;
    Some(Webhook { url: address?, called: called(&secret), headers, allow_private })
}

/// A webhook's address is a key by itself: of one that is written out, the host is all that is shown.
fn called(secret: &Secret) -> String {
    let host = WebUrl::parse(secret.expose().trim()).map(|url| url.host().to_owned()).unwrap_or_default();
    secret.reference().map_or(host, str::to_owned)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "called as every reader of values is")]
fn failures(written: &i64) -> Result<u32, Complaint> {
    let count = value::count(written)?;
    u32::try_from(count).map_err(|_| Complaint::new(format!("{count} is more than anybody waits for")))
}

fn command(words: &[String]) -> Result<Vec<String>, Complaint> {
    let help = "write the program and each argument as a text of its own: `[\"notify-send\", \"Feedmill\"]`";
    match words.first() {
        None => Err(Complaint::new("a command has at least a program").help(help)),
        Some(program) if program.trim().is_empty() => Err(Complaint::new("the program has no name").help(help)),
        _ if words.len() > limits::COMMAND_WORDS => {
            Err(Complaint::new(format!("more than {} words", limits::COMMAND_WORDS)).help("put them into a script"))
        }
        _ if words.iter().any(|word| word.contains('\0')) => Err(Complaint::new("no argument can hold a NUL")),
        _ => Ok(words.to_vec()),
    }
}
