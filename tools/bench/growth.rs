//! What plans, applies, refreshes and destroys take with a number of clusters, and how it grows with this number.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use tensorpool_simulator::LoggedRequest;

use crate::cloud::{Cloud, PARALLELISM};
use crate::figures::{NONE, mebibytes, median, milliseconds, seconds};
use crate::table::Table;
use crate::watch::Run;

/// How long a create and a destroy take in the simulator. A request may be polled once a second, so this one ends in the middle
/// between two polls, as requests do on the average.
const DELAY: Duration = Duration::from_millis(2_500);

/// A run that is over soon is repeated.
const FEW: usize = 10;

const HEAD: [&str; 12] = [
    "operation",
    "clusters",
    "time",
    "beyond",
    "each",
    "terraform_data",
    "requests",
    "each",
    "peak memory",
    "in Terraform",
    "in provider",
    "in simulator",
];

/// What is done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Plan,
    Apply,
    Refresh,
    Destroy,
}

impl Operation {
    const ALL: [Self; 4] = [Self::Plan, Self::Apply, Self::Refresh, Self::Destroy];

    fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Refresh => "refresh",
            Self::Destroy => "destroy",
        }
    }

    /// The command of Terraform. What is applied is the plan that was made before.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Plan => &["plan", "-out=create.plan"],
            Self::Apply => &["apply", "create.plan"],
            Self::Refresh => &["plan", "-detailed-exitcode"],
            Self::Destroy => &["destroy", "-auto-approve"],
        }
    }

    /// How long the simulator makes it last with so many clusters, whatever the provider does.
    fn delay(self, count: usize) -> Duration {
        let turns = u32::try_from(count.div_ceil(PARALLELISM)).unwrap_or(u32::MAX);
        match self {
            Self::Plan | Self::Refresh => Duration::ZERO,
            Self::Apply | Self::Destroy => DELAY * turns,
        }
    }
}

/// What one operation came to.
struct Measured {
    run: Run,
    requests: BTreeMap<String, usize>,
}

/// What every operation came to with one number of objects, in each of some runs.
struct Counted {
    count: usize,
    clusters: Vec<Vec<Measured>>,
    data: Vec<Vec<Measured>>,
}

impl Counted {
    fn measure(count: usize, runs: usize) -> io::Result<Self> {
        let clusters = || operations(&Cloud::with_clusters(count, DELAY, DELAY)?);
        let data = || operations(&Cloud::with_data(count)?);
        let repeated =
            |measure: &dyn Fn() -> io::Result<_>| (0..runs).map(|_| measure()).collect::<io::Result<Vec<_>>>();
        Ok(Self { count, clusters: repeated(&clusters)?, data: repeated(&data)? })
    }
}

/// Measures every operation with every number of clusters, and prints what they took and what the most were asked for.
pub fn run(counts: &[usize], repetitions: usize) -> io::Result<()> {
    println!("\nGrowth: what one run takes with a number of clusters, {PARALLELISM} of them at once");
    println!(
        "  beyond          the time without the {} that each create and each destroy takes in the simulator",
        seconds(DELAY)
    );
    println!(
        "  terraform_data  the time of the same operation with as many of these, which Terraform does without a provider"
    );
    println!("  peak memory     the most that one process of the provider had");
    println!("  in ...          the time of processors; the simulator and this tool share a process");
    println!("  up to {FEW} clusters medians of {repetitions} runs, above it one run");
    let (mut measured, mut outcome) = (Vec::new(), Ok(()));
    for &count in counts {
        eprintln!("(with {count})");
        match Counted::measure(count, if count <= FEW { repetitions } else { 1 }) {
            Ok(counted) => measured.push(counted),
            Err(error) => {
                // What was measured before can still be read.
                outcome = Err(error);
                break;
            }
        }
    }
    print!("{}", table(&measured));
    if let Some(Counted { count, clusters, .. }) = measured.last() {
        println!("\nRequests with {count} clusters");
        print!("{}", by_kind(&clusters[0]));
    }
    outcome
}

/// A row for each operation with each number, so that what grows stands below each other.
fn table(measured: &[Counted]) -> Table {
    let mut table = Table::new(&HEAD);
    for (at, operation) in Operation::ALL.into_iter().enumerate() {
        for Counted { count, clusters, data } in measured {
            let of = |runs: &[Vec<Measured>]| runs.iter().map(|run| run[at].run).collect::<Vec<_>>();
            let requests = clusters[0][at].requests.values().sum();
            table.add(row(operation, *count, &of(clusters), &of(data), requests).to_vec());
        }
    }
    table
}

/// Does everything once.
fn operations(cloud: &Cloud) -> io::Result<Vec<Measured>> {
    let measured = |operation: Operation| {
        cloud.simulator.clear_requests();
        let run = cloud.run(operation.arguments())?;
        Ok(Measured { run, requests: LoggedRequest::count_by_kind(&cloud.simulator.requests()) })
    };
    Operation::ALL.into_iter().map(measured).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a number of requests to print")]
fn row(operation: Operation, count: usize, clusters: &[Run], data: &[Run], requests: usize) -> [String; HEAD.len()] {
    let time = |of: fn(&Run) -> Duration| median(clusters.iter().map(of));
    let beyond = time(|run| run.time).saturating_sub(operation.delay(count));
    let objects = u32::try_from(count).unwrap_or(u32::MAX).max(1);
    [
        operation.name().to_owned(),
        count.to_string(),
        seconds(time(|run| run.time)),
        seconds(beyond),
        milliseconds(beyond / objects),
        seconds(median(data.iter().map(|run| run.time))),
        requests.to_string(),
        format!("{:.1}", requests as f64 / f64::from(objects)),
        mebibytes(median(clusters.iter().map(|run| run.peak))),
        seconds(time(|run| run.terraform)),
        seconds(time(|run| run.provider)),
        seconds(time(|run| run.simulator)),
    ]
}

/// The requests of each kind, a column for each operation.
fn by_kind(measured: &[Measured]) -> Table {
    let mut rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (at, operation) in measured.iter().enumerate() {
        for (kind, number) in &operation.requests {
            let row = rows.entry(kind).or_insert_with(|| vec![NONE.to_owned(); measured.len()]);
            row[at] = number.to_string();
        }
    }
    let head: Vec<_> = std::iter::once("request").chain(Operation::ALL.map(Operation::name)).collect();
    let mut table = Table::new(&head);
    for (kind, cells) in rows {
        table.add(std::iter::once(kind.to_owned()).chain(cells).collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Run = Run {
        time: Duration::from_secs(5),
        peak: 8 << 20,
        terraform: Duration::from_secs(1),
        provider: Duration::from_millis(250),
        simulator: Duration::ZERO,
    };

    #[test]
    fn a_row_leaves_out_the_delay_of_the_simulator() {
        let quick = Run { time: Duration::from_secs(1), ..RUN };
        assert_eq!(
            row(Operation::Apply, 10, &[RUN], &[quick], 45),
            [
                "apply", "10", "5.00 s", "2.50 s", "250 ms", "1.00 s", "45", "4.5", "8.0 MiB", "1.00 s", "0.25 s",
                "0.00 s"
            ]
        );
        let refresh = row(Operation::Refresh, 10, &[RUN], &[quick], 0);
        assert_eq!(refresh[2..5], ["5.00 s", "5.00 s", "500 ms"]);
    }

    #[test]
    fn requests_are_counted_by_kind() {
        let measured = |requests: &[(&str, usize)]| Measured {
            run: RUN,
            requests: requests.iter().map(|(kind, number)| ((*kind).to_owned(), *number)).collect(),
        };
        let table = by_kind(&[
            measured(&[("GET /me", 1)]),
            measured(&[("POST /cluster/create", 10)]),
            measured(&[]),
            measured(&[("GET /me", 2)]),
        ]);
        assert_eq!(
            table.to_string(),
            "  request               plan  apply  refresh  destroy\n\
             \x20 GET /me                  1      -        -        2\n\
             \x20 POST /cluster/create     -     10        -        -\n"
        );
    }
}
