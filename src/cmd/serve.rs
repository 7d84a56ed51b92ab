//! `feedmill serve`.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use super::stop::{ALL_WELL, Stop};
use super::{Common, mill, signals, voice};
use crate::engine::Engine;
use crate::serve::Bounds;

/// Serve every feed over HTTP, refreshing on demand
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Where to listen [default: `[server] listen`, then 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
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
        run(listener, engine).await?;
        Ok(ExitCode::from(ALL_WELL))
    }
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
    tokio::select! {
        () = crate::serve::serve(listener, mill, Bounds::default(), async { stop.recv().await }) => {}
        () = async { again.recv().await; again.recv().await } => {}
    }
    Ok(engine.stop().await?)
}
