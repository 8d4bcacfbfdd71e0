//! The start of a provider: until it can be spoken to, until its schema is there, and what it takes then.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use terraform_plugin_testing::{Identity, Plugin, ProcessStatus};

use crate::figures::{kibibytes, mebibytes, median, milliseconds, ratio};
use crate::table::Table;

/// After this a provider that has nothing to do has come to rest.
const REST: Duration = Duration::from_millis(300);

/// What one start came to.
struct Start {
    protocol: String,
    handshake: Duration,
    schema: Duration,
    bytes: usize,
    rest: ProcessStatus,
}

/// Starts a provider once. Its socket is made in a directory that is removed with all that killed providers leave.
async fn start(program: &Path, sockets: &Path) -> io::Result<Start> {
    // Terraform makes its key before it starts anything.
    let identity = Identity::generate();
    let mut command = Command::new(program);
    command.env("TMPDIR", sockets).stderr(Stdio::null());
    let begin = Instant::now();
    let plugin = Plugin::start_by(command, identity).await;
    let handshake = begin.elapsed();
    let bytes = plugin.schema().await.map_err(io::Error::other)?.len();
    let schema = begin.elapsed();
    tokio::time::sleep(REST).await;
    let rest = plugin.pid().and_then(ProcessStatus::of).ok_or_else(|| io::Error::other("it has ended by itself"))?;
    Ok(Start { protocol: plugin.handshake.protocol.clone(), handshake, schema, bytes, rest })
}

/// How a figure is written.
type Write = fn(f64) -> String;

/// The columns, each with how its figures are written.
const COLUMNS: [(&str, Write); 7] = [
    ("size", |figure| mebibytes(bytes(figure))),
    ("handshake", time),
    ("schema", time),
    ("schema's size", |figure| kibibytes(bytes(figure))),
    ("resident", |figure| mebibytes(bytes(figure))),
    ("peak", |figure| mebibytes(bytes(figure))),
    ("threads", |figure| format!("{figure:.0}")),
];

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was a number of bytes")]
fn bytes(figure: f64) -> u64 {
    figure as u64
}

fn time(figure: f64) -> String {
    milliseconds(Duration::from_secs_f64(figure))
}

/// The medians of a program's starts, in the order of the columns.
#[expect(clippy::cast_precision_loss, reason = "it is for reading")]
fn medians(size: u64, starts: &[Start]) -> [f64; COLUMNS.len()] {
    let time = |of: fn(&Start) -> Duration| median(starts.iter().map(of)).as_secs_f64();
    let number = |of: fn(&Start) -> u64| median(starts.iter().map(of)) as f64;
    [
        size as f64,
        time(|one| one.handshake),
        time(|one| one.schema),
        number(|one| one.bytes as u64),
        number(|one| one.rest.resident),
        number(|one| one.rest.peak),
        number(|one| one.rest.threads),
    ]
}

/// Starts the programs in turn, so that whatever else the machine does meets all of them, and prints what they took.
#[tokio::main(flavor = "current_thread")]
pub async fn run(programs: &[PathBuf], runs: usize) -> io::Result<()> {
    let at = |program: &Path, error: io::Error| io::Error::other(format!("{}: {error}", program.display()));
    let sockets = tempfile::tempdir()?;
    let mut starts: Vec<Vec<Start>> = programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..runs {
        for (program, starts) in programs.iter().zip(&mut starts) {
            starts.push(start(program, sockets.path()).await.map_err(|error| at(program, error))?);
        }
    }
    let mut figures = Vec::new();
    for (program, starts) in programs.iter().zip(&starts) {
        let size = std::fs::metadata(program).map_err(|error| at(program, error))?.len();
        figures.push(medians(size, starts));
    }
    let names: Vec<_> = programs.iter().map(|program| name(program)).collect();
    println!("\nStart: medians of {runs} starts of each program in turn");
    println!("  handshake, schema           from the start of the process to its line, and to its whole schema");
    println!("  resident, peak and threads  when it has come to rest after that");
    let head: Vec<_> = ["program", "protocol"].into_iter().chain(COLUMNS.map(|(column, _)| column)).collect();
    let mut table = Table::new(&head);
    for ((name, starts), figures) in names.iter().zip(&starts).zip(&figures) {
        table.add([name.clone(), starts[0].protocol.clone()].into_iter().chain(written(figures)).collect());
    }
    print!("{table}");
    if let ([first, others @ ..], [reference, figures @ ..]) = (&names[..], &figures[..])
        && !others.is_empty()
    {
        println!("\nOther programs, in multiples of {first}");
        print!("{}", ratios(others, reference, figures));
    }
    Ok(())
}

fn written(figures: &[f64]) -> impl Iterator<Item = String> {
    COLUMNS.iter().zip(figures).map(|((_, write), figure)| write(*figure))
}

/// What other programs take, in multiples of what one does.
fn ratios(others: &[String], reference: &[f64], figures: &[[f64; COLUMNS.len()]]) -> Table {
    let head: Vec<_> = std::iter::once("program").chain(COLUMNS.map(|(column, _)| column)).collect();
    let mut table = Table::new(&head);
    for (name, figures) in others.iter().zip(figures) {
        let cells = figures.iter().zip(reference).map(|(figure, reference)| ratio(*figure, *reference));
        table.add(std::iter::once(name.clone()).chain(cells).collect());
    }
    table
}

/// The name of a program's file.
fn name(program: &Path) -> String {
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_of_every_start_is_the_median() {
        let start = |millis, peak| Start {
            protocol: "6".to_owned(),
            handshake: Duration::from_millis(millis),
            schema: Duration::from_millis(2 * millis),
            bytes: 10,
            rest: ProcessStatus { peak, resident: peak / 2, threads: 3 },
        };
        let figures = medians(1 << 20, &[start(9, 4 << 20), start(1, 2 << 20), start(2, 6 << 20)]);
        assert_eq!(
            written(&figures).collect::<Vec<_>>(),
            ["1.0 MiB", "2.0 ms", "4.0 ms", "1 KiB", "2.0 MiB", "4.0 MiB", "3"]
        );
    }

    #[test]
    fn others_are_multiples_of_the_first() {
        let reference = [2.0; COLUMNS.len()];
        let table = ratios(&["other".to_owned()], &reference, &[[5.0; COLUMNS.len()]]).to_string();
        assert_eq!(table.matches("2.5").count(), COLUMNS.len());
        assert_eq!(name(Path::new("a/terraform-provider-x")), "terraform-provider-x");
    }
}
