//! One case: an operation, one of its requests, and what goes wrong there. Then Terraform is run again to the end.

use std::path::Path;

use crate::beginning::Beginning;
use crate::outcome::Outcome;
use crate::run_all::Tried;
use crate::sandbox::Sandbox;
use crate::trial::Trial;
use crate::wrong::Wrong;

/// A case.
#[derive(Clone)]
pub struct Case<'a> {
    pub beginning: &'a Beginning,
    pub step: usize,
    pub name: String,
    pub wrong: Wrong,
}

impl Tried for Case<'_> {
    fn row(&self) -> String {
        let Beginning { subject, operation, requests, .. } = self.beginning;
        format!("{} {operation:?} #{:02} {}", subject.type_name(), self.step, requests[self.step])
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self, home: &Path, seed: u64) -> Outcome {
        let Beginning { subject, operation, .. } = self.beginning;
        let name = format!("{}-{operation:?}-{}-{}", subject.type_name(), self.step, self.name);
        let mut sandbox = self.beginning.copy(home, &name, seed, true);
        let result = self.play(&mut sandbox);
        Outcome::of(result, &sandbox.leaks)
    }
}

impl Case<'_> {
    fn play(&self, sandbox: &mut Sandbox) -> Result<Outcome, String> {
        let target = self.wrong.arm(sandbox, self.step);
        let (child, running) = sandbox.start(&self.beginning.arguments);
        _ = target.set(running.clone());
        let run = sandbox.finish(child, &running);
        sandbox.gate.open();
        sandbox.cloud.clear_faults();
        let trial = Trial::of(self.beginning);
        let outcome = trial.judge(sandbox, &run)?;
        trial.again(sandbox, outcome)
    }
}
