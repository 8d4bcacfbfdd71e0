//! The program: a local TensorPool until Ctrl-C.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use serde_json::{Map, Value};
use tensorpool_simulator::{Fault, Options, RetryAfter, Simulator};

/// A local TensorPool for demos and tests. It costs nothing, and forgets everything when it ends unless --data is given.
#[derive(Parser)]
#[command(version, after_help = tensorpool_simulator::help("http://127.0.0.1:8080"))]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The API key of the first account. Others can be added while it runs.
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
    /// How long nodes restart after a volume was attached or detached, in milliseconds.
    #[arg(long, default_value_t = 2000)]
    restart_ms: u64,
    /// The interval of polls that is asked for, in milliseconds; the header holds whole seconds.
    #[arg(long, default_value_t = 1000)]
    retry_after_ms: u64,
    /// A file that keeps everything over a restart.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The source of ids, and of faults by chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of requests, from 0 to 1, that fail by chance: answered with 500 or 503, or dropped.
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    fault_share: f64,
    /// Accepts any instance type, as 1xMI300X, not only those that are known.
    #[arg(long)]
    any_instance_type: bool,
    /// Any other behaviour, as `--set bare=true`; GET /_simulator/options shows all names. May be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, Value)>,
}

/// The value is JSON, or else a text.
fn setting(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("there is no = in it")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

/// A share of all requests.
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
                eprintln!("--listen chooses another address; with port 0 a free port is taken.");
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
    println!("A simulated TensorPool listens. TENSORPOOL_ENGINE={} leads clients to it.", simulator.url());
    if let Some(path) = arguments.ready_file {
        std::fs::write(path, simulator.url())?;
    }
    tokio::signal::ctrl_c().await
}
