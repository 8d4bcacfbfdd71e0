//! The program `tensorpool-simulator`, which serves the simulated API until Ctrl-C.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde_json::{Map, Value};
use tensorpool_simulator::{Fault, Options, RetryAfter, Simulator};

/// A simulator of the TensorPool API for demos and tests. It costs nothing, and keeps its objects after it ends only with
/// --data.
#[derive(Parser)]
#[command(version, after_help = tensorpool_simulator::help("http://127.0.0.1:8080"))]
struct Arguments {
    /// The address to listen on; port 0 chooses a free port.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The API key of the first account. Others can be added while the simulator runs.
    #[arg(long, default_value = "sim-key")]
    api_key: String,
    /// A file to write the URL to when the simulator is ready.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// How long a create takes, in milliseconds.
    #[arg(long, default_value_t = 4000)]
    provision_ms: u64,
    /// How long a destroy takes, in milliseconds.
    #[arg(long, default_value_t = 3000)]
    release_ms: u64,
    /// How long nodes restart after a volume is attached or detached, in milliseconds.
    #[arg(long, default_value_t = 2000)]
    restart_ms: u64,
    /// The interval between polls that the Retry-After header demands, in milliseconds, rounded up to whole seconds.
    #[arg(long, default_value_t = 1000)]
    retry_after_ms: u64,
    /// The file that keeps the objects across restarts.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The seed for ids and for faults by chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of requests, from 0 to 1, that fail by chance: with a 500, a 503 or a closed connection.
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    fault_share: f64,
    /// Accept any instance type, for example 1xMI300X, and not only the known ones.
    #[arg(long)]
    any_instance_type: bool,
    /// Sets any other option, for example `--set bare=true`; GET /_simulator/options shows all. May be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, Value)>,
}

/// Parses `NAME=VALUE`. The value is JSON or, if it is not valid JSON, a string.
fn setting(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("it contains no =")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

/// Parses a share of all requests.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "it must be a number from 0 to 1".to_owned())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            if error.kind() == std::io::ErrorKind::AddrInUse {
                eprintln!("Choose another address with --listen; port 0 chooses a free port.");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let mut options = Options {
        listen: arguments.listen,
        api_key: arguments.api_key,
        provision: Duration::from_millis(arguments.provision_ms),
        release: Duration::from_millis(arguments.release_ms),
        restart: Duration::from_millis(arguments.restart_ms),
        retry_after: RetryAfter::Seconds(arguments.retry_after_ms.div_ceil(1000)),
        data: arguments.data,
        seed: arguments.seed,
        ..Options::default()
    };
    options.variants.any_instance_type = arguments.any_instance_type;
    options.set(&Map::from_iter(arguments.settings)).map_err(std::io::Error::other)?;
    let simulator = Simulator::start(options).await?;
    if arguments.fault_share > 0.0 {
        for fault in Fault::by_chance(arguments.fault_share) {
            simulator.add_fault(fault);
        }
    }
    println!("The simulator is ready. Clients connect to it with TENSORPOOL_ENGINE={}.", simulator.url());
    if let Some(path) = arguments.ready_file {
        std::fs::write(path, simulator.url())?;
    }
    tokio::signal::ctrl_c().await
}
