//! Many clusters at once, under a rate limit and with faults.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tensorpool_simulator::{Fault, LoggedRequest, Options};
use terraform_plugin_testing::{last_lines, peak_memory_of_providers};

use crate::operation::words;
use crate::sandbox::Sandbox;

const PER_SECOND: u32 = 20;
/// The share of requests that go wrong.
const FAULTS: f64 = 0.05;

/// How often a command is run again after some of its requests have failed too often.
const MAX_RUNS: u32 = 3;

/// Applies, refreshes and destroys so many clusters, each of which takes so long, and prints what it took.
pub fn run(home: &Path, seed: u64, count: usize, takes: Duration) -> Vec<String> {
    let options = Options {
        provision: takes,
        release: takes,
        requests_per_second: Some(PER_SECOND),
        limit_retry_after: Some(1),
        ..Options::default()
    };
    let mut sandbox = Sandbox::new(home, "load", seed, &options, false).expect("a sandbox can be created");
    sandbox.limit = Duration::from_hours(2);
    // Without the proxy, connections are kept as they would be.
    sandbox.endpoint = sandbox.cloud.url();
    sandbox.provider = "";
    sandbox.write(&format!(
        "resource \"tensorpool_cluster\" \"many\" {{\n  count = {count}\n  name = \"n-${{count.index}}\"\n  \
         instance_type = \"1xH100\"\n}}\n"
    ));
    let (peak, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let watcher = thread::spawn({
        let (peak, done, directory) = (Arc::clone(&peak), Arc::clone(&done), sandbox.directory().to_owned());
        move || {
            while !done.load(Ordering::Relaxed) {
                peak.fetch_max(peak_memory_of_providers(&directory), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(500));
            }
        }
    });
    for fault in Fault::by_chance(FAULTS) {
        sandbox.cloud.add_fault(fault);
    }
    println!(
        "{count} clusters of {} s each, {PER_SECOND} requests a second, {} % faults, seed {seed}",
        takes.as_secs(),
        FAULTS * 100.0
    );
    let mut problems = Vec::new();
    let phases: [(&str, &[&str], usize); 3] = [
        ("apply", &["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=200"], count),
        ("refresh", &["plan", "-input=false", "-no-color", "-parallelism=200", "-detailed-exitcode"], count),
        ("destroy", &["destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=200"], 0),
    ];
    for (name, arguments, expected) in phases {
        problems.extend(phase(&mut sandbox, name, arguments, count, expected));
    }
    done.store(true, Ordering::Relaxed);
    _ = watcher.join();
    println!("peak memory of a provider: {} MiB", peak.load(Ordering::Relaxed) >> 20);
    problems
}

/// Runs a command of Terraform with so many clusters, and prints what it took. Returns what was wrong.
fn phase(sandbox: &mut Sandbox, name: &str, arguments: &[&str], count: usize, expected: usize) -> Option<String> {
    let begin = Instant::now();
    sandbox.cloud.clear_requests();
    let mut run = sandbox.run(&words(arguments));
    for _ in 0..MAX_RUNS {
        if name == "refresh" || run.code == Some(0) {
            break;
        }
        // A create whose outcome is ambiguous twice in a row is left to the next run, which is reported.
        println!("{name}: once more, after {} errors", run.text.matches("\nError: ").count());
        run = sandbox.run(&words(arguments));
    }
    let (requests, seconds) = (sandbox.cloud.requests(), begin.elapsed().as_secs_f64());
    let refused = requests.iter().filter(|request| request.status == Some(429)).count();
    #[expect(clippy::cast_precision_loss, reason = "a number of requests to print")]
    let (all, objects) = (requests.len() as f64, count as f64);
    println!(
        "{name}: {seconds:.0} s, {all} requests ({:.1} for each cluster, {:.1} a second), {refused} of them refused",
        all / objects,
        all / seconds
    );
    for (kind, number) in LoggedRequest::count_by_kind(&requests) {
        println!("  {number:6} {kind}");
    }
    let exist = sandbox.cloud.clusters().len();
    if run.code == Some(0) && exist == expected {
        return None;
    }
    Some(format!("{name}: {exist} of {expected} exist: {}", last_lines(&run.text, 30)))
}
