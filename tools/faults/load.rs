//! Many clusters at once, under a rate limit and with faults.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tensorpool_simulator::Options;

use crate::gate::Load;
use crate::sandbox::{Sandbox, providers};
use crate::subject::words;

const LOAD: Load = Load { per_second: 20, faults: 5 };

/// Applies, refreshes and destroys so many clusters, and prints what it took.
pub fn run(home: &Path, seed: u64, count: usize) -> Vec<String> {
    let options = Options { provision: Duration::from_secs(2), release: Duration::from_secs(2), ..Options::default() };
    let mut sandbox = Sandbox::new(home, "load", seed, &options, false).expect("a sandbox can be made");
    sandbox.limit = Duration::from_hours(2);
    sandbox.write(
        "",
        &format!(
            "resource \"tensorpool_cluster\" \"many\" {{\n  count = {count}\n  name = \"n-${{count.index}}\"\n  \
             instance_type = \"1xH100\"\n}}\n"
        ),
    );
    let (peak, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let watcher = thread::spawn({
        let (peak, done, directory) = (Arc::clone(&peak), Arc::clone(&done), sandbox.directory.clone());
        move || {
            while !done.load(Ordering::Relaxed) {
                for pid in providers(&directory) {
                    peak.fetch_max(peak_memory(pid.as_raw_nonzero().get()), Ordering::Relaxed);
                }
                thread::sleep(Duration::from_millis(500));
            }
        }
    });
    sandbox.gate.load(Some(LOAD));
    println!("{count} clusters, {} requests a second, {} % faults, seed {seed}", LOAD.per_second, LOAD.faults);
    let mut problems = Vec::new();
    let mut before = (0, 0);
    let phases: [(&str, &[&str], usize); 3] = [
        ("apply", &["apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=200"], count),
        ("refresh", &["plan", "-input=false", "-no-color", "-parallelism=200", "-detailed-exitcode"], count),
        ("destroy", &["destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=200"], 0),
    ];
    for (name, arguments, expected) in phases {
        let begin = Instant::now();
        let run = sandbox.run(&words(arguments));
        let counts = sandbox.gate.counts();
        #[expect(clippy::cast_precision_loss, reason = "a number of requests to print")]
        let each = (counts.0 - before.0) as f64 / count as f64;
        println!(
            "{name}: {} s, {} requests ({each:.1} for each cluster), {} of them refused with 429",
            begin.elapsed().as_secs(),
            counts.0 - before.0,
            counts.1 - before.1
        );
        before = counts;
        let exist = sandbox.cloud.clusters().len();
        if run.code != Some(0) || exist != expected {
            let end: Vec<_> = run.text.lines().rev().take(30).collect();
            let end: Vec<_> = end.into_iter().rev().collect();
            problems.push(format!("{name}: {exist} of {expected} exist: {}", end.join("\n")));
        }
    }
    done.store(true, Ordering::Relaxed);
    _ = watcher.join();
    println!("peak memory of a provider: {} MiB", peak.load(Ordering::Relaxed) / 1024);
    problems
}

/// In KiB.
fn peak_memory(pid: i32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or_default()
}
