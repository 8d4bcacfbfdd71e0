//! The program: a local TensorPool until Ctrl-C.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use tensorpool_simulator::{Options, RetryAfter, Simulator};

/// A local TensorPool for demos and tests. It costs nothing and forgets everything when it ends.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The API key that clients must send.
    #[arg(long, default_value = "sim-key")]
    api_key: String,
    /// A file to write the URL to, once it listens.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// How long a create takes, in milliseconds.
    #[arg(long, default_value_t = 4000)]
    provision_ms: u64,
    /// How long a destroy takes, in milliseconds.
    #[arg(long, default_value_t = 3000)]
    release_ms: u64,
    /// The interval of polls that is asked for, in milliseconds; the header holds whole seconds.
    #[arg(long, default_value_t = 1000)]
    retry_after_ms: u64,
    /// The source of ids.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let simulator = Simulator::start(Options {
        listen: arguments.listen,
        api_key: arguments.api_key,
        provision: Duration::from_millis(arguments.provision_ms),
        release: Duration::from_millis(arguments.release_ms),
        retry_after: RetryAfter::Seconds(arguments.retry_after_ms.div_ceil(1000)),
        seed: arguments.seed,
        ..Options::default()
    })
    .await?;
    println!("A simulated TensorPool listens. TENSORPOOL_ENGINE={} leads clients to it.", simulator.url());
    if let Some(path) = arguments.ready_file {
        std::fs::write(path, simulator.url())?;
    }
    tokio::signal::ctrl_c().await
}
