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
    #[error("`{name}` took longer than {} seconds and was killed", limits::ALARM_CALL.as_secs())]
    Slow {
        /// Its name.
        name: String,
    },
}

/// Runs `argv` to tell `call`: as JSON on its stdin, and in the environment beside what Feedmill itself was given:
/// `FEEDMILL_SITE`, `FEEDMILL_HEALTH`, `FEEDMILL_WHY`, `FEEDMILL_ADVICE` and `FEEDMILL_TEXT`. Nothing is run if `argv`
/// is empty. A command that is still running after [`limits::ALARM_CALL`] is killed.
pub async fn run(argv: &[String], call: &Call) -> Result<(), CommandError> {
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
    let Ok(ended) = tokio::time::timeout(limits::ALARM_CALL, exchange).await else {
        let _ = child.kill().await;
        talking.abort();
        return Err(CommandError::Slow { name });
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
