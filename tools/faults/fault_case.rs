//! Cases of the first kind: an operation, one of its requests, and what goes wrong there. Then Terraform is run again to the
//! end.

use std::path::Path;
use std::time::Instant;

use crate::arguments::Arguments;
use crate::checker::Checker;
use crate::injection::{self, Injection};
use crate::operation;
use crate::outcome::Outcome;
use crate::rewrite::Rewrite;
use crate::runner::{Case, in_parallel, run_all, select};
use crate::sandbox::Sandbox;
use crate::snapshot::Snapshot;

/// A case.
struct FaultCase<'a> {
    snapshot: &'a Snapshot,
    step: usize,
    name: String,
    injection: Injection,
}

/// Tries every injection at every request of every operation, and returns the violations.
pub fn run(home: &Path, arguments: &Arguments) -> Vec<String> {
    let begin = Instant::now();
    let snapshots = in_parallel(arguments.jobs, &operation::all(), |(subject, operation)| {
        let new = Snapshot::new(home, arguments.seed, *subject, *operation, Rewrite::NONE);
        new.with_requests(home, arguments.seed)
    });
    let mut cases = Vec::new();
    for snapshot in &snapshots {
        for step in 0..snapshot.requests.len() {
            let injections = injection::all().into_iter();
            cases.extend(injections.map(|(name, injection)| FaultCase { snapshot, step, name, injection }));
        }
    }
    run_all(&select(cases, arguments, Case::describe), home, arguments, begin)
}

impl Case for FaultCase<'_> {
    fn row(&self) -> String {
        let Snapshot { subject, operation, requests, .. } = self.snapshot;
        format!("{} {operation:?} #{:02} {}", subject.type_name(), self.step, requests[self.step])
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, home: &Path, seed: u64) -> Outcome {
        let Snapshot { subject, operation, .. } = self.snapshot;
        let name = format!("{}-{operation:?}-{}-{}", subject.type_name(), self.step, self.name);
        let mut sandbox = self.snapshot.copy(home, &name, seed, true);
        let result = self.play(&mut sandbox);
        Outcome::of(result, &sandbox.leaks)
    }
}

impl FaultCase<'_> {
    fn play(&self, sandbox: &mut Sandbox) -> Result<Outcome, String> {
        let target = self.injection.arm(sandbox, self.step);
        let (child, processes) = sandbox.start(&self.snapshot.arguments);
        _ = target.set(processes.clone());
        let run = sandbox.finish(child, &processes);
        sandbox.proxy.open();
        sandbox.cloud.clear_faults();
        let checker = Checker::of(self.snapshot);
        let outcome = checker.check(sandbox, &run)?;
        checker.converge(sandbox, outcome)
    }
}
