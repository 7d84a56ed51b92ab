//! The operator's own command: run without a shell, in bounded time, with nothing of ours but what it is told.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

use super::Call;
use crate::limits;

/// How long what a command said is waited for once it has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why a command did not tell the operator.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It could not be started.
    #[error("cannot run `{name}`: {why}")]
    Start {
        /// Its name.
        name: String,
        /// What the system says.
        why: io::Error,
    },
    /// It was started, and then lost.
    #[error("lost sight of `{name}`: {why}")]
    Lost {
        /// Its name.
        name: String,
        /// What the system says.
        why: io::Error,
    },
    /// It ended badly.
    #[error("`{name}` ended with {status}{talk}")]
    Failed {
        /// Its name.
        name: String,
        /// How it ended.
        status: ExitStatus,
        /// The beginning of what it said on stderr, behind a colon, if it said anything.
        talk: String,
    },
    /// It took too long, and was killed.
    #[error("`{name}` took longer than {limit:?} and was killed")]
    Slow {
        /// Its name.
        name: String,
        /// How long it might have taken.
        limit: Duration,
    },
}

/// Runs `argv` to tell `call`: as JSON on its stdin, and in the environment beside what Feedmill itself was given:
/// `FEEDMILL_SITE`, `FEEDMILL_HEALTH`, `FEEDMILL_WHY`, `FEEDMILL_ADVICE` and `FEEDMILL_TEXT`. Nothing is run if `argv`
/// is empty. A command that is still running after [`limits::ALARM_CALL`] is killed.
pub async fn run(argv: &[String], call: &Call) -> Result<(), CommandError> {
    run_within(argv, call, limits::ALARM_CALL).await
}

async fn run_within(argv: &[String], call: &Call, patience: Duration) -> Result<(), CommandError> {
    let Some((program, arguments)) = argv.split_first() else { return Ok(()) };
    let name = program.clone();
    let (why, advice) = match call.sites.as_slice() {
        [alarm] => (alarm.why.as_str(), alarm.advice.as_deref().unwrap_or_default()),
        _ => (call.text.as_str(), "many sites have turned at once: see whether this machine's network is up"),
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command.env("FEEDMILL_SITE", call.names()).env("FEEDMILL_HEALTH", call.health().name());
    command.env("FEEDMILL_WHY", why).env("FEEDMILL_ADVICE", advice).env("FEEDMILL_TEXT", &call.text);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(why) => return Err(CommandError::Start { name, why }),
    };
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let json = serde_json::to_vec(call).unwrap_or_default();
    let tell = async {
        if let Some(mut stdin) = stdin {
            // One that does not want to hear it may close its stdin.
            let _ = stdin.write_all(&json).await;
        }
    };
    let mut talking = tokio::spawn(talk(stderr));
    let exchange = async { tokio::join!(tell, child.wait()).1 };
    let Ok(ended) = tokio::time::timeout(patience, exchange).await else {
        let _ = child.kill().await;
        talking.abort();
        return Err(CommandError::Slow { name, limit: patience });
    };
    // What it left running in the background may hold stderr open for ever.
    let talk = tokio::time::timeout(LAST_WORDS, &mut talking).await.ok().and_then(Result::ok).unwrap_or_default();
    talking.abort();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(CommandError::Failed { name, status, talk }),
        Err(why) => Err(CommandError::Lost { name, why }),
    }
}

/// The beginning of what a command says, in a line. The rest is read and forgotten, so that it is not held up.
async fn talk(from: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut from) = from else { return String::new() };
    let mut beginning = Vec::new();
    let most = u64::try_from(limits::COMMAND_TALK_BYTES).unwrap_or(u64::MAX);
    let _ = (&mut from).take(most).read_to_end(&mut beginning).await;
    let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    let said = String::from_utf8_lossy(&beginning);
    match said.split_whitespace().collect::<Vec<_>>().join(" ") {
        said if said.is_empty() => said,
        said => format!(": {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Vec<String> {
        ["/bin/sh", "-c", script].map(str::to_owned).into()
    }

    async fn said(argv: &[String]) -> String {
        run(argv, &Call::many(Vec::new(), 0)).await.map_or_else(|error| error.to_string(), |()| "fine".to_owned())
    }

    #[tokio::test]
    async fn how_a_command_ends_is_told() {
        assert_eq!(said(&[]).await, "fine", "nothing is to be run");
        assert_eq!(said(&sh("cat > /dev/null")).await, "fine");
        assert_eq!(said(&sh("exec <&-; exit 0")).await, "fine", "it need not listen");
        let failed = said(&sh("echo not at >&2; echo home >&2; exit 7")).await;
        assert_eq!(failed, "`/bin/sh` ended with exit status: 7: not at home");
        assert!(said(&["/no/such/program".to_owned()]).await.starts_with("cannot run `/no/such/program`: "));
    }

    #[tokio::test]
    async fn what_a_command_says_is_read_to_its_end_and_kept_in_part() {
        let long = said(&sh("head -c 10000000 /dev/zero | tr '\\0' x >&2; exit 1")).await;
        assert!(long.ends_with('x') && long.len() < 2 * limits::COMMAND_TALK_BYTES, "{}", long.len());
    }

    #[tokio::test]
    async fn what_a_command_leaves_behind_holds_nobody_up() {
        assert_eq!(said(&sh("sleep 5 & exit 0")).await, "fine");
    }

    #[tokio::test]
    async fn a_command_that_does_not_end_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let argv = sh(&format!("echo $$ > {}/pid; exec sleep 600", folder.path().display()));
        let mut patience = Duration::from_millis(50);
        // A busy machine may take a while to start it.
        while !folder.path().join("pid").exists() {
            let slow = run_within(&argv, &Call::many(Vec::new(), 0), patience).await.unwrap_err();
            assert!(matches!(slow, CommandError::Slow { .. }), "{slow}");
            patience *= 2;
        }
        let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
        assert!(!std::path::Path::new("/proc").join(pid.trim()).exists(), "it is gone");
    }
}
