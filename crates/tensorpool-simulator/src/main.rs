//! The program `tensorpool-simulator`, which serves the simulated API until Ctrl-C.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use clap::Parser;
use serde_json::{Map, Value};
use tensorpool_simulator::{Fault, Options, RetryAfter, Simulator};

/// A simulator of the TensorPool API for demos and tests. It costs nothing, and keeps its objects after it ends only with
/// --data. It has a page for people at its address.
#[derive(Parser)]
#[command(version, after_help = tensorpool_simulator::help("http://127.0.0.1:8080"))]
struct Arguments {
    /// The address to listen on; port 0 chooses a free port.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT", value_parser = address)]
    listen: SocketAddr,
    /// Let other machines connect, which an address other than a loopback one in --listen needs. The admin interface and the
    /// page need no key: everyone who reaches the address can use them.
    #[arg(long)]
    allow_remote_access: bool,
    /// The API key of the first account. Others can be added while the simulator runs.
    #[arg(long, default_value = "sim-key", value_name = "KEY", value_parser = key)]
    api_key: String,
    /// Write a line for each request to the standard error stream: its method, path, status and milliseconds.
    #[arg(long)]
    log: bool,
    /// A file to write the URL to when the simulator is ready.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// How long a create takes, in milliseconds.
    #[arg(long, default_value_t = 4000, value_name = "MS", value_parser = whole_number)]
    provision_ms: u64,
    /// How long a destroy takes, in milliseconds.
    #[arg(long, default_value_t = 3000, value_name = "MS", value_parser = whole_number)]
    release_ms: u64,
    /// How long nodes restart after a volume is attached or detached, in milliseconds.
    #[arg(long, default_value_t = 2000, value_name = "MS", value_parser = whole_number)]
    restart_ms: u64,
    /// The interval between polls that the Retry-After header demands, in milliseconds, rounded up to whole seconds.
    #[arg(long, default_value_t = 1000, value_name = "MS", value_parser = whole_number)]
    retry_after_ms: u64,
    /// The file that keeps the objects across restarts.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The seed for ids and for faults by chance.
    #[arg(long, default_value_t = 1, value_name = "NUMBER", value_parser = whole_number)]
    seed: u64,
    /// The share of requests, from 0 to 1, that fail by chance: with a 500, a 503 or a closed connection.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", value_parser = share)]
    fault_share: f64,
    /// Accept any instance type, for example 1xMI300X, and not only the known ones.
    #[arg(long)]
    any_instance_type: bool,
    /// Sets any other option, for example `--set bare=true`; GET /_simulator/options shows all. May be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, Value)>,
}

/// Parses a value, and explains what it must be.
fn parsed<T: FromStr>(text: &str, must_be: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("it must be {must_be}"))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    parsed(text, "an IP address and a port from 0 to 65535, for example 127.0.0.1:8080 or [::1]:0")
}

fn whole_number(text: &str) -> Result<u64, String> {
    parsed(text, &format!("a whole number from 0 to {}", u64::MAX))
}

/// Parses a share of all requests.
fn share(text: &str) -> Result<f64, String> {
    let must_be = "a number from 0 to 1";
    let share: f64 = parsed(text, must_be)?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("it must be {must_be}")) }
}

/// Parses a key. Other characters cannot be sent in a header.
fn key(text: &str) -> Result<String, String> {
    let is_key = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
    if is_key { Ok(text.to_owned()) } else { Err("it must be visible ASCII characters without spaces".to_owned()) }
}

/// Parses `NAME=VALUE`. The value is JSON or, if it is not valid JSON, a string.
fn setting(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("it must be a name and a value, for example bare=true")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}.");
            match error.kind() {
                io::ErrorKind::AddrInUse => {
                    eprintln!("Choose another address with --listen; port 0 chooses a free port.");
                }
                io::ErrorKind::PermissionDenied => eprintln!("If you mean it, allow it with --allow-remote-access."),
                _ => {}
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> io::Result<()> {
    let mut options = Options {
        listen: arguments.listen,
        allow_remote_access: arguments.allow_remote_access,
        log: arguments.log,
        api_key: arguments.api_key.clone(),
        provision: Duration::from_millis(arguments.provision_ms),
        release: Duration::from_millis(arguments.release_ms),
        restart: Duration::from_millis(arguments.restart_ms),
        retry_after: RetryAfter::Seconds(arguments.retry_after_ms.div_ceil(1000)),
        data: arguments.data,
        seed: arguments.seed,
        ..Options::default()
    };
    options.variants.any_instance_type = arguments.any_instance_type;
    let changes = Map::from_iter(arguments.settings);
    options.set(&changes).map_err(|error| io::Error::other(format!("Cannot use --set: {error}")))?;
    let simulator = Simulator::start(options).await?;
    if arguments.fault_share > 0.0 {
        for fault in Fault::by_chance(arguments.fault_share) {
            simulator.add_fault(fault);
        }
    }
    println!("{}", instructions(&simulator.url(), &arguments.api_key, arguments.listen.ip()));
    if let Some(path) = arguments.ready_file {
        std::fs::write(&path, simulator.url())
            .map_err(|error| io::Error::other(format!("Cannot write --ready-file {}: {error}", path.display())))?;
    }
    tokio::signal::ctrl_c().await
}

/// Returns what a person needs to use the simulator. The `export` lines can be pasted into a shell.
fn instructions(url: &str, api_key: &str, listen: IpAddr) -> String {
    let mut lines = vec![
        "The simulator is ready. Lead Terraform to it in another terminal:".to_owned(),
        String::new(),
        format!("  export TENSORPOOL_ENGINE={url}"),
        format!("  export TENSORPOOL_KEY={}", quoted(api_key)),
    ];
    if !listen.is_loopback() && !listen.is_unspecified() {
        // The provider sends its key over plain http only to hosts that are named.
        lines.push(format!("  export TENSORPOOL_ALLOW_PLAIN_HTTP={listen}"));
    }
    lines.extend([String::new(), format!("Its page: {url}/   All its options: --help   To stop it: Ctrl-C")]);
    if !listen.is_loopback() {
        lines.push("Other machines can connect, and the admin interface and the page need no key.".to_owned());
    }
    if listen.is_unspecified() {
        let text = "They use a name or an address of this machine, and name it in TENSORPOOL_ALLOW_PLAIN_HTTP too.";
        lines.push(text.to_owned());
    }
    lines.join("\n")
}

/// Quotes a word for a shell if it needs that.
fn quoted(word: &str) -> String {
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instructions_fit_the_address() {
        let lines = |listen: [u8; 4], key| instructions("http://h:1", key, IpAddr::from(listen));
        let local = lines([127, 0, 0, 1], "k");
        for line in ["  export TENSORPOOL_ENGINE=http://h:1", "  export TENSORPOOL_KEY=k", "Its page: http://h:1/ "] {
            assert!(local.lines().any(|shown| shown.starts_with(line)), "{local}");
        }
        assert!(!local.contains("PLAIN_HTTP") && !local.contains("no key"), "{local}");
        let remote = lines([10, 0, 0, 7], "k");
        assert!(remote.contains("export TENSORPOOL_ALLOW_PLAIN_HTTP=10.0.0.7\n") && remote.contains("no key"));
        assert!(lines([0, 0, 0, 0], "k").contains("name it in TENSORPOOL_ALLOW_PLAIN_HTTP"));
        assert!(lines([127, 0, 0, 1], "it's$HOME").contains(r"TENSORPOOL_KEY='it'\''s$HOME'"));
    }

    #[test]
    fn arguments_that_are_out_of_range_are_refused_with_the_range() {
        for (result, range) in [
            (share("2").map(drop), "a number from 0 to 1"),
            (share("-0.1").map(drop), "a number from 0 to 1"),
            (share("NaN").map(drop), "a number from 0 to 1"),
            (share("half").map(drop), "a number from 0 to 1"),
            (whole_number("-1").map(drop), "a whole number from 0 to 18446744073709551615"),
            (whole_number("1.5").map(drop), "a whole number from 0"),
            (address("localhost").map(drop), "an IP address and a port from 0 to 65535"),
            (address("127.0.0.1:70000").map(drop), "an IP address and a port from 0 to 65535"),
            (key("").map(drop), "visible ASCII characters"),
            (key("a b").map(drop), "visible ASCII characters"),
            (setting("bare").map(drop), "a name and a value"),
        ] {
            assert!(result.is_err_and(|error| error.contains(range)), "{range}");
        }
    }
}
