//! How quickly a provider starts, how much memory and how many threads it takes, and how quick the value codec is.
//!
//!     bench PROGRAM...           the providers to measure; medians of several runs
//!
//! Nothing here is a test: the numbers depend on the machine, and are for comparing builds on one.

mod codec;
mod process;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use terraform_plugin_testing::Plugin;
use terraform_plugin_testing::proto::tfplugin6::get_provider_schema;

use process::Status;

/// How often each provider is started.
const RUNS: usize = 21;
/// After this a provider that has nothing to do has come to rest.
const REST: Duration = Duration::from_millis(300);

/// What one start came to.
struct Start {
    handshake: Duration,
    schema: Duration,
    idle: Status,
}

async fn start(program: &std::path::Path) -> Start {
    let begin = Instant::now();
    let plugin = Plugin::start(program).await;
    let handshake = begin.elapsed();
    let mut client = plugin.client().await;
    client.get_provider_schema(get_provider_schema::Request {}).await.expect("a provider returns its schema");
    let schema = begin.elapsed();
    tokio::time::sleep(REST).await;
    let idle = Status::of(plugin.pid().expect("it runs"));
    Start { handshake, schema, idle }
}

fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

#[expect(clippy::cast_precision_loss, reason = "it is for reading")]
fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let programs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    println!("bench {}", programs.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" "));
    for program in programs {
        let Ok(file) = std::fs::metadata(&program) else {
            eprintln!("{} is not there", program.display());
            return ExitCode::FAILURE;
        };
        let mut starts = Vec::new();
        for _ in 0..RUNS {
            starts.push(start(&program).await);
        }
        println!("\n{} (medians of {RUNS} starts)", program.display());
        println!("  size of the program    {}", mebibytes(file.len()));
        println!("  start to handshake     {}", milliseconds(median(starts.iter().map(|one| one.handshake))));
        println!("  start to schema        {}", milliseconds(median(starts.iter().map(|one| one.schema))));
        println!("  memory at its peak     {}", mebibytes(median(starts.iter().map(|one| one.idle.peak))));
        println!("  threads at rest        {}", median(starts.iter().map(|one| one.idle.threads)));
    }
    codec::run();
    ExitCode::SUCCESS
}
