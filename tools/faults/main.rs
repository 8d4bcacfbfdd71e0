//! Proves by faults that no paid object is lost, none is made twice, nothing protected is deleted, and no secret shows.
//!
//! For every operation of every resource, at every request that it sends, everything in `wrong` goes wrong; or runs are
//! killed at random moments; or a thousand objects are made under a rate limit. A real Terraform runs each time.

mod beginning;
mod case;
mod files;
mod gate;
mod kills;
mod load;
mod progress;
mod sandbox;
mod subject;
mod wrong;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use beginning::Beginning;
use case::{Case, Outcome};
use clap::Parser;
use progress::Progress;
use subject::Operation;

/// Tries the provider by faults.
#[derive(Parser)]
struct Arguments {
    /// The source of all randomness.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only so many cases, chosen by the seed.
    #[arg(long)]
    slice: Option<usize>,
    /// Only cases whose description contains this, as `Create POST kill`: each word somewhere.
    #[arg(long, default_value = "")]
    only: String,
    /// How many cases run at once. They mostly wait.
    #[arg(long, default_value_t = 24)]
    jobs: usize,
    /// Instead of the cases: so many kills at random moments.
    #[arg(long)]
    kills: Option<usize>,
    /// Instead of the cases: so many clusters under a rate limit.
    #[arg(long)]
    load: Option<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/faults/{}", std::process::id()));
    let problems = match (arguments.kills, arguments.load) {
        (Some(count), _) => kills::run(&home, arguments.seed, count, arguments.jobs),
        (None, Some(count)) => load::run(&home, arguments.seed, count),
        (None, None) => cases(&home, &arguments),
    };
    _ = std::fs::remove_dir_all(&home);
    for problem in &problems {
        println!("\nWRONG: {problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn cases(home: &Path, arguments: &Arguments) -> Vec<String> {
    let begin = Instant::now();
    let mut operations = Vec::new();
    for subject in subject::subjects() {
        operations.extend(Operation::ALL.map(|operation| (subject, operation)));
    }
    operations.retain(|(subject, operation)| operation.exists_for(*subject));
    let beginnings = in_parallel(arguments.jobs, &operations, |(subject, operation)| {
        Beginning::new(home, arguments.seed, *subject, *operation)
    });
    let mut cases = Vec::new();
    for beginning in &beginnings {
        for step in 0..beginning.requests.len() {
            cases.extend(wrong::all().into_iter().map(|(name, wrong)| Case { beginning, step, name, wrong }));
        }
    }
    let known = cases.len();
    cases.retain(|case| arguments.only.split_whitespace().all(|word| case.describe().contains(word)));
    // Neighbours would all wait, or all work, at the same time.
    fastrand::Rng::with_seed(arguments.seed).shuffle(&mut cases);
    cases.truncate(arguments.slice.unwrap_or(usize::MAX));
    println!("{} of {known} cases, seed {}", cases.len(), arguments.seed);
    let progress = Progress::of(cases.len());
    let outcomes = in_parallel(arguments.jobs, &cases, |case| {
        let outcome = case.run(home, arguments.seed);
        progress.step(matches!(outcome, Outcome::Wrong(_)));
        outcome
    });
    let problems: Vec<_> = cases
        .iter()
        .zip(&outcomes)
        .filter_map(|(case, outcome)| match outcome {
            Outcome::Wrong(problem) => Some(format!("{}: {problem}", case.describe())),
            _ => None,
        })
        .collect();
    print_matrix(&cases, &outcomes);
    let (count, seconds) = (cases.len(), begin.elapsed().as_secs());
    println!("\n{count} cases in {seconds} s, seed {}: {} wrong", arguments.seed, problems.len());
    problems
}

/// Does work in several threads; the results are in the order of the items.
fn in_parallel<T: Sync, R: Send>(jobs: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((index, item)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, items.get(index)?)))
                {
                    let result = work(item);
                    results.lock().expect("no worker panics with it").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no worker panicked with it");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Operation and request by outcome: which faults ended so.
fn print_matrix(cases: &[Case<'_>], outcomes: &[Outcome]) {
    let mut rows: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
    for (case, outcome) in cases.iter().zip(outcomes) {
        let Beginning { subject, operation, requests, .. } = case.beginning;
        let row = (subject.type_name(), format!("{operation:?}"), case.step, requests[case.step].as_str());
        rows.entry(row).or_default().entry(outcome.word()).or_default().push(case.name.as_str());
    }
    for ((type_name, operation, step, request), outcomes) in rows {
        println!("\n{type_name} {operation} #{step} {request}");
        for (word, mut names) in outcomes {
            names.sort_unstable();
            println!("  {word:9} {}", names.join(" "));
        }
    }
}
