//! `feedmill serve`.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::reload::{Decides, Watch};
use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, signals, voice};
use crate::config;
use crate::engine::{Ahead, Engine};
use crate::limits;
use crate::serve::Bounds;

/// Serve every feed over HTTP, refreshing sites when they are due
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen [default: `[server] listen`, then 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
    /// Ask a site only when a reader asks for its feed and it is due, whatever `[server] ahead` says
    #[arg(long)]
    on_demand: bool,
}

impl Serve {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let path = mill::place(common)?;
        let read = path.clone();
        let reading = tokio::task::spawn_blocking(move || config::reading(&read)).await;
        let reading = reading.map_err(|panic| Stop::Io("cannot read the configuration".to_owned(), panic.into()))?;
        let plan = Arc::new(reading.plan?);
        let decides = Decides { listen: self.listen.is_none(), archive: mill::named_archive(common).is_none() };
        let watch = Watch::new(path, reading.footprint, Arc::clone(&plan), decides)?;
        let archive = mill::archive(common, &plan)?;
        let listen = self.listen.unwrap_or(plan.server.listen);
        let engine = mill::engine(plan, archive, false)?;
        let listener = listener(listen).await?;
        let address = listener.local_addr().unwrap_or(listen);
        let count = engine.plan().sites.len() + engine.plan().merged.len();
        let feeds = if count == 1 { "one feed".to_owned() } else { format!("{count} feeds") };
        let feeds = match engine.plan().families.len() {
            0 => feeds,
            1 => format!("{feeds}, and any of one site with parameters,"),
            n => format!("{feeds}, and any of {n} sites with parameters,"),
        };
        if !common.quiet {
            voice::tell(&format!("Feedmill serves {feeds} at http://{address}/ (Ctrl-C stops it)"));
        }
        let asking = if self.on_demand { None } else { Some(ask_ahead(Arc::clone(&engine)).await?) };
        let running = Arc::clone(&engine);
        let following = tokio::spawn(async move { watch.follow(&running).await });
        let ended = run(listener, engine).await;
        following.abort();
        if let Some(asking) = asking {
            // It ends by the same signal; what it has to write down is not worth waiting for.
            let _ = tokio::time::timeout(limits::LAST_WORD, asking).await;
        }
        ended?;
        Ok(ExitCode::from(ALL_WELL))
    }
}

/// Refreshes sites when they are due, until a signal asks to stop.
async fn ask_ahead(engine: Arc<Engine>) -> Result<JoinHandle<()>, Stop> {
    let mut stop = signals::listen()?;
    let mut ahead = Ahead::begin(engine).await?;
    Ok(tokio::spawn(async move {
        tokio::select! {
            () = ahead.run() => {}
            () = stop.recv() => {}
        }
        ahead.close().await;
    }))
}

fn address(written: &str) -> Result<SocketAddr, &'static str> {
    written.parse().map_err(|_| "write an IP address and a port, such as 127.0.0.1:8787 or [::1]:8787")
}

/// Opens the address, or says what to do about it.
pub(super) async fn listener(address: SocketAddr) -> Result<TcpListener, Stop> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => " (another program listens there: choose another with --listen)",
            _ => "",
        };
        Stop::Io(format!("cannot listen at {address}{advice}"), error)
    })
}

/// Serves until a signal asks to stop; requests in flight are finished, unless a second signal says not to wait.
pub(super) async fn run(listener: TcpListener, engine: Arc<Engine>) -> Result<(), Stop> {
    let (mut stop, mut again) = (signals::listen()?, signals::listen()?);
    let mill = Arc::new(Arc::clone(&engine));
    let bounds = Bounds { connections: connections(), ..Bounds::default() };
    let served = async {
        crate::serve::serve(listener, mill, bounds, async { stop.recv().await }).await;
        let stopped = engine.stop().await;
        engine.tell_the_last(limits::DRAIN).await;
        stopped
    };
    let ended = tokio::select! {
        ended = served => ended,
        () = async { again.recv().await; again.recv().await } => {
            // At once: the archive is asked, and not waited for.
            tokio::time::timeout(limits::LAST_WORD, engine.stop()).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        // All is archived already. Another process merely waits a little longer for the sites that this one refreshed.
        tracing::warn!("{error}");
    }
    Ok(())
}

/// As many connections as there may be open files, but for some that are left to the archive and to the sites.
fn connections() -> usize {
    let wanted = limits::CONNECTIONS + limits::FILES_KEPT;
    // Services begin with a soft limit of 1,024, which is meant to be raised (systemd.exec(5), `LimitNOFILE=`).
    let raised = rlimit::increase_nofile_limit(u64::try_from(wanted).unwrap_or(u64::MAX));
    let files = raised.ok().and_then(|files| usize::try_from(files).ok()).unwrap_or(limits::FILES_KEPT * 2);
    let connections = files.saturating_sub(limits::FILES_KEPT).clamp(1, limits::CONNECTIONS);
    if connections < limits::CONNECTIONS {
        tracing::warn!(files, connections, "few files may be open at once (`ulimit -n`): fewer connections are let in");
    }
    connections
}
