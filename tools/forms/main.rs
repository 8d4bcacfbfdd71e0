//! Proves by a real Terraform that it does not matter in which form a value is written.
//!
//! What a stranger writes, what a careless user writes, and what users of other providers report:
//!
//! - A number as a text (`"2"`), a number that was computed (`10 / 5`), a bool as a text, a key from a file with the line
//!   break at its end. *Reported as:* a change for ever, or a replacement by a value that only looks different.
//! - `null` for "I do not care", by a variable, a conditional or an optional attribute of an object. *Reported as:* "Provider
//!   produced inconsistent result after apply", as null, empty and the default were three things.
//! - A list in another order, with an element twice, through `toset`. *Reported as:* a change for ever, and a machine that is
//!   replaced for the order of two keys.
//! - A value that another resource gives, and that is unknown again whenever that one changes. *Reported as:* an error while
//!   the plan is made, and "Provider produced inconsistent final plan".
//! - A block by `dynamic`, also one of which the plan does not know if it is there. *Reported as:* a block that is planned for
//!   ever, and one that vanished.
//! - One module for all machines, a map of objects, `lookup` with null for what is missing.
//! - Refactoring: a resource gets another label, goes into a module, `count` becomes `for_each`, a literal becomes a variable.
//!   *Reported as:* everything is replaced, which costs a cluster with all that is on it.
//! - `sensitive` for what is none. *Reported as:* an update for ever, and values in error messages.
//! - A name with spaces, capitals, quotes or another script; the cloud trims it or writes it in lower case.
//!
//! So each argument of each resource gets a value and a form, many resources stand in one configuration, and the configuration
//! is edited between applies. After each apply the next plan is empty, the state holds what the configuration says, and
//! nothing was replaced, changed or asked for but what had to be. At the end everything is destroyed, and nothing is left.

mod case;
mod counts;
mod edit;
mod expect;
mod form;
mod instance;
mod kind;
mod mistakes;
mod page;
mod runner;
mod shrink;
mod site;
mod value;
mod wrong;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use case::Case;
use clap::Parser;
use counts::Counts;

/// Writes values in every form, and edits configurations between applies.
#[derive(Parser)]
struct Arguments {
    /// The source of all randomness.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// At least so many resources are configured.
    #[arg(long, default_value_t = 1000)]
    cases: usize,
    /// How many resources stand in one configuration.
    #[arg(long, default_value_t = 16)]
    size: usize,
    /// Values that are wrong, in every form: each is one error at its argument.
    #[arg(long)]
    wrong: bool,
    /// Only the configuration of this number.
    #[arg(long)]
    only: Option<usize>,
    /// How many configurations are run at once.
    #[arg(long, default_value_t = 3)]
    jobs: usize,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if run(&arguments) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the cases, and says whether nothing was wrong.
fn run(arguments: &Arguments) -> bool {
    let begin = Instant::now();
    let count = arguments.cases.div_ceil(arguments.size.max(1));
    let indices: Vec<_> = arguments.only.map_or_else(|| (0..count).collect(), |only| vec![only]);
    let (next, total) = (AtomicUsize::new(0), Mutex::new(Counts::default()));
    std::thread::scope(|scope| {
        for _ in 0..arguments.jobs.max(1) {
            scope.spawn(|| {
                while let Some(index) = indices.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = run_one(arguments, *index);
                    let mut total = total.lock().expect("no worker panics with it");
                    total.add(done);
                    if total.configurations.is_multiple_of(10) {
                        println!("{total}, {} s", begin.elapsed().as_secs());
                    }
                }
            });
        }
    });
    let total = *total.lock().expect("no worker panicked with it");
    println!("\n{total}, in {} s, seed {}", begin.elapsed().as_secs(), arguments.seed);
    total.wrong == 0
}

/// Runs one case. One with which something is wrong is shrunk and shown.
fn run_one(arguments: &Arguments, index: usize) -> Counts {
    let Arguments { seed, size, .. } = *arguments;
    let (choose, mode): (fn(u64, usize, usize) -> Case, _) =
        if arguments.wrong { (wrong::choose, " --wrong") } else { (Case::choose, "") };
    let case = choose(seed, index, size);
    let found = match runner::run(&case, &format!("forms{}-{seed}-{index}", mode.trim())) {
        Ok(counts) => return counts,
        Err(found) => found,
    };
    let (smaller, found) = shrink::shrink(case, found);
    println!(
        "\nWRONG: --seed {seed} --size {size}{mode} --only {index}, with {:?}, shrunk to {} resources and {} applies\n{}\n{}",
        smaller.variants.names,
        smaller.ids().len(),
        smaller.steps.len(),
        found.problem,
        found.main
    );
    Counts { configurations: 1, wrong: 1, ..Counts::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_of_all_forms_is_planned_applied_and_empty() {
        assert!(run(&Arguments { seed: 1, cases: 48, size: 24, wrong: false, only: None, jobs: 2 }));
    }

    #[test]
    fn a_slice_of_what_is_wrong_is_reported_at_its_argument() {
        // One for what is found while a configuration is checked, one for a plan, one for an apply.
        assert!(run(&Arguments { seed: 1, cases: 30, size: 10, wrong: true, only: None, jobs: 2 }));
    }
}
