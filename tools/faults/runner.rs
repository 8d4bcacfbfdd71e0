//! Runs cases in several threads, and reports how they ended.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::arguments::Arguments;
use crate::outcome::{Outcome, print_table};
use crate::progress::Progress;

/// What can be run and checked.
pub trait Case: Sync {
    /// Its row in the table of outcomes.
    fn row(&self) -> String;
    /// Its name in that row.
    fn name(&self) -> &str;
    /// Runs it.
    fn run(&self, home: &Path, seed: u64) -> Outcome;
    /// The case in words.
    fn describe(&self) -> String {
        format!("{} {}", self.row(), self.name())
    }
}

/// Those that the arguments select, in the order of the seed: similar cases would all wait, or all work, at the same time.
/// `describe` returns each in words.
pub fn select<T>(mut all: Vec<T>, arguments: &Arguments, describe: impl Fn(&T) -> String) -> Vec<T> {
    let known = all.len();
    all.retain(|one| arguments.only.split_whitespace().all(|word| describe(one).contains(word)));
    fastrand::Rng::with_seed(arguments.seed).shuffle(&mut all);
    all.truncate(arguments.slice.unwrap_or(usize::MAX));
    println!("{} of {known} cases, seed {}", all.len(), arguments.seed);
    all
}

/// Runs cases, prints how they ended, and returns the violations.
pub fn run_all<T: Case>(cases: &[T], home: &Path, arguments: &Arguments, begin: Instant) -> Vec<String> {
    let progress = Progress::of(cases.len());
    let outcomes = in_parallel(arguments.jobs, cases, |case| {
        let outcome = case.run(home, arguments.seed);
        progress.step(matches!(outcome, Outcome::Violation(_)));
        outcome
    });
    let ends = || cases.iter().zip(&outcomes);
    print_table(ends().map(|(case, outcome)| (case.row(), case.name().to_owned(), outcome)));
    let violations = ends().filter_map(|(case, outcome)| match outcome {
        Outcome::Violation(problem) => Some(format!("{}: {problem}", case.describe())),
        _ => None,
    });
    let problems: Vec<_> = violations.collect();
    let (count, seconds) = (cases.len(), begin.elapsed().as_secs());
    println!("\n{count} cases in {seconds} s, seed {}: {} wrong", arguments.seed, problems.len());
    problems
}

/// Does work in several threads; the results are in the order of the items.
pub fn in_parallel<T: Sync, R: Send>(jobs: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
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
