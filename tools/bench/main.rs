//! What providers and their operations take: a table to read, with everything that is needed to repeat it.
//!
//!     bench PROGRAM...                    starts of these programs, and everything else of this provider
//!     bench --clusters "1 3000" PROGRAM   with these numbers of clusters
//!     bench --quick PROGRAM...            few runs, to see that it works
//!
//! Nothing here is a test: the figures depend on the machine, and are for comparing on one. It runs on Linux.

mod arguments;
mod cloud;
mod codec;
mod discovery;
mod figures;
mod growth;
mod machine;
mod process;
mod start;
mod table;
mod watch;

use std::io;
use std::process::ExitCode;

use arguments::Arguments;
use clap::Parser as _;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("This could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    machine::print();
    let (starts, repetitions) = if arguments.quick { (5, 1) } else { (21, 3) };
    start::run(&arguments.programs, starts)?;
    growth::run(arguments.clusters(), repetitions)?;
    discovery::run(if arguments.quick { &[1, 10] } else { &[1, 100] }, arguments.quick)?;
    codec::run();
    Ok(())
}
