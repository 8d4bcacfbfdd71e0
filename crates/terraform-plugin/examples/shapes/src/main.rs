//! Applies random configurations of every shape with a real Terraform, changes them, and compares the states with what was
//! written.
//!
//! Each case is a resource of the example provider `terraform-provider-shapes` with four configurations, one after the other.
//! Each apply must succeed, the plan after it must be empty, the state must hold what is configured and the defaults, ids must
//! stay unless something replaces the object, and no output may speak of a bug. In between, some cases are given values that
//! are wrong: those must be refused with a message that points at them.
//!
//! What a stranger and a careless user write, and what users of other providers report:
//!
//! - "Provider produced inconsistent result after apply": a value comes back in another form. Numbers of 30 digits, floats and
//!   fractions that never end, `3.0` and `1e3` for whole numbers, texts in another Unicode normal form, empty texts, `null`
//!   next to an empty list or map, elements that are null.
//! - "Provider produced inconsistent final plan": something is unknown in the plan and known in the apply. A whole list, an
//!   element, the name of an element in a set, the end of a text of which the beginning is known, a null, the number of
//!   `dynamic` blocks.
//! - "Provider produced invalid plan": defaults in elements of sets, that make two of them the same; blocks with a default.
//! - A plan that is never empty: sets in which an element changes, moves or stands twice; lists whose elements are reordered;
//!   an optional and computed attribute that is taken out again; another spelling of the same.
//! - Variables: unknown while Terraform validates, null, of type `any`, ephemeral.
//! - Types that Terraform converts: `"5"` for a number, `5` for a text, `"true"` for a bool, a tuple for a list or a set, an
//!   object for a map.
//! - `for`, `try`, conditions, `merge`, `concat`, `toset`, `jsondecode`, `sensitive`, `log` and `pow`; `count` and `for_each`.
//! - Texts with quotes, line breaks, `${`, `%{`, emoji; keys with spaces and dots.
//! - Blocks that vanish and appear again, single ones too, and `dynamic` blocks in `dynamic` blocks.

mod batch;
mod case;
mod edit;
mod expect;
mod expression;
mod kind;
mod random;
mod schema;
mod shrink;
mod terraform;
mod write;
mod wrong;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use batch::{Batch, Counts, Failure};
use case::Case;
use clap::Parser;
use shrink::shrink;

/// Applies random configurations.
#[derive(Parser)]
struct Arguments {
    /// The source of all randomness.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many cases.
    #[arg(long, default_value_t = 1000)]
    cases: usize,
    /// Only the case of this number.
    #[arg(long)]
    case: Option<usize>,
    /// How many cases stand in one configuration.
    #[arg(long, default_value_t = 40)]
    together: usize,
    /// How many Terraforms run at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Only print the configurations.
    #[arg(long)]
    print: bool,
    /// How many seconds to spend on making a failing case smaller.
    #[arg(long, default_value_t = 120)]
    shrink: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let numbers: Vec<usize> = arguments.case.map_or_else(|| (0..arguments.cases).collect(), |number| vec![number]);
    let cases: Vec<_> = numbers.iter().map(|number| Case::new(arguments.seed, *number)).collect();
    if arguments.print {
        cases.iter().for_each(print);
        return ExitCode::SUCCESS;
    }
    let begin = Instant::now();
    let counts = run(&arguments, &cases);
    report(&counts, begin.elapsed());
    print_failures(&arguments, &counts.failures);
    if counts.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(arguments: &Arguments, cases: &[Case]) -> Counts {
    let batches: Vec<_> = cases.chunks(arguments.together.max(1)).map(<[Case]>::to_vec).enumerate().collect();
    let (queue, all) = (Mutex::new(batches), Mutex::new(Counts::default()));
    let next = || queue.lock().expect("no holder panics").pop();
    std::thread::scope(|scope| {
        for _ in 0..arguments.jobs.max(1) {
            scope.spawn(|| {
                while let Some((at, cases)) = next() {
                    let counts =
                        Batch::new(&at.to_string(), cases, arguments.seed + at as u64).run(arguments.case.is_none());
                    let mut all = all.lock().expect("no holder panics");
                    all.add(counts);
                    eprintln!("{} of {} cases, {} failures", all.cases, arguments.cases, all.failures.len());
                }
            });
        }
    });
    all.into_inner().expect("no holder panics")
}

fn report(counts: &Counts, time: Duration) {
    println!(
        "{} cases, {} configurations, {} applies, {} plans in {:.0} s",
        counts.cases,
        counts.configurations,
        counts.applies,
        counts.plans,
        time.as_secs_f64()
    );
    println!(
        "objects: {} created, {} updated, {} replaced, {} unchanged; {} errors of careless users; {} failures",
        counts.created,
        counts.updated,
        counts.replaced,
        counts.unchanged,
        counts.user_errors,
        counts.failures.len()
    );
}

fn print(case: &Case) {
    for round in 0..case.rounds.len() {
        println!("# case {}, round {round}\n{}", case.number, case.write(round, round + 1));
    }
}

/// Prints the failures, and the first one of each kind as small as it can be made.
fn print_failures(arguments: &Arguments, failures: &[Failure]) {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for failure in failures {
        println!(
            "\nWRONG: seed {}, case {}, round {}: {}",
            arguments.seed, failure.number, failure.round, failure.text
        );
        kinds
            .entry(failure.text.lines().next().unwrap_or_default().chars().take(60).collect())
            .or_insert(failure.number);
    }
    for number in kinds.into_values().take(3) {
        let limit = Duration::from_secs(arguments.shrink);
        let case = Case::new(arguments.seed, number);
        if let Some((case, failure)) = shrink(&case, arguments.seed, limit) {
            println!("\nThe smallest that fails, in round {}: {}", failure.round, failure.text);
            print(&case);
        } else {
            println!("\nAlone, case {number} does not fail:");
            print(&case);
        }
    }
}
