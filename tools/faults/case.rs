//! One case: an operation, one of its requests, and what goes wrong there. Then Terraform is run again to the end.

use std::path::Path;

use crate::injection::Injection;
use crate::outcome::Outcome;
use crate::run_all::Tried;
use crate::sandbox::Sandbox;
use crate::snapshot::Snapshot;
use crate::trial::Trial;

/// A case.
#[derive(Clone)]
pub struct Case<'a> {
    pub snapshot: &'a Snapshot,
    pub step: usize,
    pub name: String,
    pub injection: Injection,
}

impl Tried for Case<'_> {
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

impl Case<'_> {
    fn play(&self, sandbox: &mut Sandbox) -> Result<Outcome, String> {
        let target = self.injection.arm(sandbox, self.step);
        let (child, running) = sandbox.start(&self.snapshot.arguments);
        _ = target.set(running.clone());
        let run = sandbox.finish(child, &running);
        sandbox.proxy.open();
        sandbox.cloud.clear_faults();
        let trial = Trial::of(self.snapshot);
        let outcome = trial.judge(sandbox, &run)?;
        trial.again(sandbox, outcome)
    }
}
