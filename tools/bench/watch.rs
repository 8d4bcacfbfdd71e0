//! A Terraform that runs, and what the kernel says about it and its providers.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use terraform_plugin_testing::peak_memory_of_providers;

use crate::process::ProcessorTime;

/// How often it is looked for providers. Their peak is of their whole life, so that only its very end can be missed.
const INTERVAL: Duration = Duration::from_millis(20);

/// What a run of Terraform took.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// From the start of Terraform to its end.
    pub time: Duration,
    /// The most memory that one of its providers had at once, in bytes. 0 where it had none.
    pub peak: u64,
    /// The time of processors for Terraform alone.
    pub terraform: Duration,
    /// The time of processors for its providers.
    pub provider: Duration,
    /// The time of processors for this process: for the simulator, that is.
    pub simulator: Duration,
}

/// Runs a Terraform in this directory to its end.
pub fn watch(mut command: Command, directory: &Path) -> io::Result<(ExitStatus, Run)> {
    let (peak, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let own = || ProcessorTime::of(std::process::id()).own;
    thread::scope(|scope| {
        let before = own();
        let begin = Instant::now();
        let mut child = command.spawn()?;
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                peak.fetch_max(peak_memory_of_providers(directory), Ordering::Relaxed);
                thread::sleep(INTERVAL);
            }
        });
        // It has ended, and the kernel still knows what it took, with all providers that it has waited for.
        let ended = waitid(WaitId::Pid(Pid::from_child(&child)), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        let time = begin.elapsed();
        is_over.store(true, Ordering::Relaxed);
        ended?;
        let taken = ProcessorTime::of(child.id());
        let run = Run {
            time,
            peak: peak.load(Ordering::Relaxed),
            terraform: taken.own,
            provider: taken.children,
            simulator: own().saturating_sub(before),
        };
        Ok((child.wait()?, run))
    })
}
