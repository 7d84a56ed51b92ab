//! Secrets: `${NAME}` is a variable of the environment, `file:PATH` what stands in a file. What they hold never becomes
//! part of a message.

use std::ops::Range;
use std::path::Path;

use crate::config::diagnostics::{Complaint, quoted};
use crate::config::outside::Outside;
use crate::rule::Secret;

/// What is wrong with a reference, and the bytes of the text that are wrong; `None`: all of them.
type Wrong = (Complaint, Option<Range<usize>>);

/// Reads a text that may refer to secrets. Paths are seen from `folder`.
pub(super) fn read(written: &str, outside: &dyn Outside, folder: &Path) -> Result<Secret, Wrong> {
    let (text, has_variables) = with_variables(written, outside)?;
    // What a variable holds is no reference: only what is written here is.
    let Some(path) = text.strip_prefix("file:").filter(|_| written.starts_with("file:")) else {
        return Ok(if has_variables { Secret::referred(text, written.to_owned()) } else { text.into() });
    };
    let complaint = |what: String| (Complaint::new(what), None);
    if path.trim().is_empty() {
        return Err((
            complaint("`file:` without a path".to_owned()).0.help("write `file:PATH`, such as `file:token`"),
            None,
        ));
    }
    let said = outside.secret(&folder.join(path)).map_err(|why| {
        // A path that a variable holds may be as secret as the file.
        let why = if has_variables { format!("{} cannot be read", quoted(written)) } else { why };
        let help = "the path is seen from the folder of this file; Feedmill's user needs the right to read it";
        (Complaint::new(why).help(help), None)
    })?;
    let said = said.strip_suffix('\n').map_or(said.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if said.trim().is_empty() {
        return Err(complaint(format!("{} is empty", quoted(written))));
    }
    Ok(Secret::referred(said.to_owned(), written.to_owned()))
}

/// The text with its variables filled in, and whether there are any.
fn with_variables(written: &str, outside: &dyn Outside) -> Result<(String, bool), Wrong> {
    let mut text = String::new();
    let mut has_variables = false;
    let mut at = 0;
    while let Some(found) = written.get(at..).and_then(|rest| rest.find("${")) {
        let start = at + found;
        if let Some(before) = written.get(at..start).and_then(|before| before.strip_suffix('$')) {
            text.push_str(before);
            text.push_str("${");
            at = start + 2;
            continue;
        }
        text.push_str(written.get(at..start).unwrap_or_default());
        let rest = written.get(start + 2..).unwrap_or_default();
        let Some((name, _)) = rest.split_once('}') else {
            let complaint = Complaint::new("`${` has no `}`").help("if the two letters are meant, write `$${`");
            return Err((complaint, Some(start..written.len())));
        };
        let end = start + 2 + name.len() + 1;
        text.push_str(&variable(name, outside).map_err(|complaint| (complaint, Some(start..end)))?);
        has_variables = true;
        at = end;
    }
    text.push_str(written.get(at..).unwrap_or_default());
    Ok((text, has_variables))
}

fn variable(name: &str, outside: &dyn Outside) -> Result<String, Complaint> {
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        return Err(Complaint::new(format!("{} is no name of a variable", quoted(name)))
            .help("between `${` and `}` stands a name such as `TOKEN`; if the letters are meant, write `$${`"));
    }
    let advice =
        format!("set it where Feedmill is started: `{name}=... feedmill ...`, or `Environment=` in its service");
    let Some(value) = outside.variable(name) else {
        return Err(Complaint::new(format!("the variable `{name}` is not set")).help(advice));
    };
    match value.into_string() {
        Ok(value) if value.trim().is_empty() => {
            Err(Complaint::new(format!("the variable `{name}` is empty")).help(advice))
        }
        Ok(value) => Ok(value),
        Err(_) => Err(Complaint::new(format!("the variable `{name}` is not UTF-8"))),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use super::*;

    struct Room;

    impl Outside for Room {
        fn variable(&self, name: &str) -> Option<OsString> {
            match name {
                "TOKEN" => Some("hunter2".into()),
                "TRICK" => Some("file:/etc/passwd ${TOKEN}".into()),
                "DIR" => Some("/run".into()),
                "EMPTY" => Some(" ".into()),
                _ => None,
            }
        }

        fn secret(&self, path: &Path) -> Result<String, String> {
            match path.to_str() {
                Some("/run/token" | "/etc/feedmill/token") => Ok("s3cret\r\n".to_owned()),
                Some("/etc/feedmill/lines") => Ok("two\nlines\n\n".to_owned()),
                Some("/etc/feedmill/empty") => Ok("\n".to_owned()),
                _ => Err(format!("cannot read {}", path.display())),
            }
        }

        fn matching(&self, _: &Path, _: &str) -> Result<Vec<PathBuf>, String> {
            Ok(Vec::new())
        }

        fn text(&self, _: &Path) -> Result<String, String> {
            Ok(String::new())
        }
    }

    fn value(written: &str) -> Option<String> {
        let secret = read(written, &Room, Path::new("/etc/feedmill")).ok()?;
        assert!(secret.reference().is_none_or(|reference| reference == written));
        Some(secret.expose().to_owned())
    }

    #[test]
    fn references_are_followed_once() {
        for (written, expected) in [
            ("plain $5 } {", "plain $5 } {"),
            ("Bearer ${TOKEN}!", "Bearer hunter2!"),
            ("${TOKEN}${TOKEN}", "hunter2hunter2"),
            ("$${TOKEN}", "${TOKEN}"),
            ("a$${b ${TOKEN}", "a${b hunter2"),
            ("${TRICK}", "file:/etc/passwd ${TOKEN}"),
            ("file:token", "s3cret"),
            ("file:${DIR}/token", "s3cret"),
            ("file:lines", "two\nlines\n"),
            (" file:token", " file:token"),
        ] {
            assert_eq!(value(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_an_error() {
        for written in [
            "${NO}",
            "${EMPTY}",
            "${}",
            "${A-B}",
            "${1}",
            "x ${TOKEN",
            "file:",
            "file:empty",
            "file:none",
            "file:${NO}",
        ] {
            assert_eq!(value(written), None, "{written}");
        }
    }
}
