//! The commands, one a file. Results go to stdout, talk to stderr.

mod backup;
mod build;
mod check;
mod demo;
mod extract;
mod forget;
mod home;
mod mill;
mod opml;
mod preview;
mod rebuild;
mod record;
mod reload;
mod repair;
mod saved;
mod schema;
mod serve;
mod signals;
mod status;
mod stop;
mod suggest;
mod table;
mod voice;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use stop::Stop;

/// Grinds web pages into feeds: a few lines of TOML for a site, and every feed reader can subscribe to it.
#[derive(Debug, Parser)]
#[command(name = "feedmill", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
struct Common {
    /// The configuration file [default: `$FEEDMILL_CONFIG`, ./sites.toml, ~/.config/feedmill/sites.toml, /etc/feedmill/sites.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The archive, where items are kept [default: `$FEEDMILL_ARCHIVE`, `[archive] url`, ~/.local/share/feedmill/feedmill.db]
    #[arg(long, global = true, value_name = "FILE")]
    archive: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more (twice: everything)
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve every feed over HTTP, refreshing sites when they are due
    Serve(serve::Serve),
    /// Refresh once and write static files: for cron
    Build(build::Build),
    /// Refresh one site, or a page that has no rule, keep nothing, and show its items
    Preview(preview::Preview),
    /// Propose a rule for a page, and say if the site has a feed already
    Suggest(suggest::Suggest),
    /// Check the configuration, run the tests in it, and warn of what is odd
    Check(check::Check),
    /// Save the pages of a site as tests of its rule
    Record(record::Record),
    /// Apply an edited rule to items that are archived already, and show the difference
    Rebuild(rebuild::Rebuild),
    /// Show what mends a site's rule since the site was redesigned, and write it down
    Repair(repair::Mend),
    /// Read saved pages, by a site's rule or without one, JSON out
    Extract(extract::Extract),
    /// Show how every site is doing, and what to do about it; asks no site
    Status(status::Show),
    /// Print the JSON Schema of sites.toml, for editors
    Schema(schema::Schema),
    /// Print an OPML file with every feed, for readers to import
    Opml(opml::Opml),
    /// Copy the archive, also while Feedmill runs
    Backup(backup::Backup),
    /// List what the archive holds, or delete a site from it
    Forget(forget::Forget),
    /// Run a small web site and its feeds: everything works within a minute, without a network
    Demo(demo::Demo),
}

/// Runs the program and returns its exit code: 0 all well, 1 some site failed, 2 usage, 3 configuration, 4 cannot write.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    voice::start_log(&cli.common, matches!(cli.command, Command::Serve(_)));
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = match runtime.enable_all().max_blocking_threads(crate::limits::THREADS).build() {
        Ok(runtime) => runtime,
        Err(error) => return Stop::Io("cannot start".to_owned(), error).report(),
    };
    let result = runtime.block_on(run(cli));
    // A look-up or a parse that is still going on must not hold the program up.
    runtime.shutdown_background();
    result.unwrap_or_else(|stop| stop.report())
}

async fn run(cli: Cli) -> Result<ExitCode, Stop> {
    let common = cli.common;
    match cli.command {
        Command::Serve(serve) => serve.run(&common).await,
        Command::Build(build) => build.run(&common).await,
        Command::Preview(preview) => preview.run(&common).await,
        Command::Suggest(suggest) => suggest.run(&common).await,
        Command::Check(check) => check.run(&common).await,
        Command::Record(record) => record.run(&common).await,
        Command::Rebuild(rebuild) => rebuild.run(&common).await,
        Command::Repair(repair) => repair.run(&common).await,
        Command::Extract(extract) => extract.run(&common),
        Command::Status(status) => status.run(&common).await,
        Command::Schema(schema) => schema.run(),
        Command::Opml(opml) => opml.run(&common),
        Command::Backup(backup) => backup.run(&common).await,
        Command::Forget(forget) => forget.run(&common).await,
        Command::Demo(demo) => demo.run(&common).await,
    }
}
