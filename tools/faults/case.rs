//! One case: an operation, one of its requests, and what goes wrong there. Then Terraform is run again to the end.

use std::path::Path;

use crate::beginning::{Beginning, PROVIDER};
use crate::sandbox::{Run, Sandbox};
use crate::subject::{APPLY, DESTROY, Object, Operation, words};
use crate::wrong::Wrong;

/// The file of the plans that follow.
const PLAN: &str = "again.plan";

/// A case.
#[derive(Clone)]
pub struct Case<'a> {
    pub beginning: &'a Beginning,
    pub step: usize,
    pub name: String,
    pub wrong: Wrong,
}

/// How a case ended.
pub enum Outcome {
    /// Nobody noticed.
    Ok,
    /// An error or an end; what exists is in the state.
    State,
    /// It costs nothing, is in no state, and the next apply takes it over.
    Free,
    /// What is not in the state was named at once.
    Told,
    /// What is not in the state was named by the next plan.
    Journal,
    /// The next apply named what exists and how to import it, and that helped.
    Import,
    /// What must not be.
    Wrong(String),
}

impl Outcome {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::State => "in-state",
            Self::Free => "free",
            Self::Told => "told",
            Self::Journal => "journal",
            Self::Import => "import",
            Self::Wrong(_) => "WRONG",
        }
    }
}

impl Case<'_> {
    /// The case in words.
    pub fn describe(&self) -> String {
        let Beginning { subject, operation, requests, .. } = self.beginning;
        format!("{} {operation:?} #{} {} {}", subject.type_name(), self.step, requests[self.step], self.name)
    }

    /// Runs the case.
    pub fn run(&self, home: &Path, seed: u64) -> Outcome {
        let Beginning { subject, operation, .. } = self.beginning;
        let name = format!("{}-{operation:?}-{}-{}", subject.type_name(), self.step, self.name);
        let mut sandbox = self.beginning.copy(home, &name, seed, true);
        let result = self.play(&mut sandbox);
        let leaks = sandbox.leaks.join(", ");
        match result {
            Ok(_) if !leaks.is_empty() => Outcome::Wrong(format!("a secret is in {leaks}")),
            Ok(outcome) => outcome,
            Err(problem) => Outcome::Wrong(problem),
        }
    }

    fn truth(&self, sandbox: &Sandbox) -> Vec<Object> {
        self.beginning.subject.truth(&sandbox.cloud)
    }

    fn play(&self, sandbox: &mut Sandbox) -> Result<Outcome, String> {
        let target = self.wrong.arm(sandbox, self.step);
        let (child, running) = sandbox.start(&self.beginning.arguments);
        _ = target.set(running.clone());
        let run = sandbox.finish(child, &running);
        sandbox.gate.open();
        sandbox.cloud.clear_faults();
        let outcome = self.judge(sandbox, &run)?;
        self.again(sandbox, outcome)
    }

    /// Compares what exists with the state and with what the user was told.
    fn judge(&self, sandbox: &mut Sandbox, run: &Run) -> Result<Outcome, String> {
        if run.hung {
            return Err(format!("it hung or crashed: {}", run.text));
        }
        let truth = self.truth(sandbox);
        if truth.len() > 1 {
            return Err(format!("there are two: {truth:?}"));
        }
        if self.beginning.operation == Operation::DeleteLocked && truth.is_empty() {
            return Err("what was protected was deleted".to_owned());
        }
        let Some(object) = truth.first() else {
            return Ok(if run.succeeded { Outcome::Ok } else { Outcome::State });
        };
        if self.beginning.operation == Operation::Import || sandbox.state().contains(&object.id) {
            return Ok(if run.succeeded { Outcome::Ok } else { Outcome::State });
        }
        if !self.beginning.subject.is_paid() {
            return Ok(Outcome::Free);
        }
        let named = run.tells(&object.id) || (run.tells("may exist outside the state") && run.tells(&object.name));
        if named {
            return Ok(Outcome::Told);
        }
        sandbox.write(PROVIDER, &self.beginning.wanted());
        let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-out=told.plan"]));
        if plan.tells(&object.id) {
            return Ok(Outcome::Journal);
        }
        // Terraform's own state file can be cut off by a kill. Then it is the name that is taken which tells.
        let apply = sandbox.run(&words(&APPLY));
        if apply.tells(&object.id) {
            return Ok(Outcome::Import);
        }
        Err(format!("{object:?} is neither in the state nor named: {}\n{}", run.text, plan.text))
    }

    /// Runs Terraform again to the end.
    fn again(&self, sandbox: &mut Sandbox, mut outcome: Outcome) -> Result<Outcome, String> {
        let Beginning { subject, operation, .. } = self.beginning;
        for object in self.truth(sandbox) {
            subject.lock(&sandbox.cloud, &object.id, false);
        }
        let destroys = matches!(operation, Operation::Delete | Operation::DeleteLocked);
        if destroys && matches!(outcome, Outcome::Ok | Outcome::State) {
            self.destroyed(sandbox)?;
            return Ok(outcome);
        }
        sandbox.write(PROVIDER, &self.beginning.wanted());
        let address = format!("{}.it", subject.type_name());
        let import = |sandbox: &mut Sandbox, id: &str| {
            let run = sandbox.run(&words(&["import", "-no-color", "-input=false", &address, id]));
            if run.succeeded { Ok(()) } else { Err(format!("the import fails: {}", run.text)) }
        };
        if *operation == Operation::Import {
            for object in self.truth(sandbox) {
                if !sandbox.state().contains(&object.id) {
                    import(sandbox, &object.id)?;
                }
            }
        }
        // Nothing to change is the end already.
        if Self::plan(sandbox)?.code != Some(0) {
            let mut applied = sandbox.run(&words(&["apply", "-input=false", "-json", PLAN]));
            if let [object] = self.truth(sandbox).as_slice()
                && !applied.succeeded
                && (applied.tells("already exists") || applied.tells("may have been created already"))
                && applied.tells(&object.id)
            {
                import(sandbox, &object.id)?;
                applied = sandbox.run(&words(&APPLY));
                outcome = Outcome::Import;
            }
            if !applied.succeeded {
                return Err(format!("the second run does not converge: {}", applied.text));
            }
            let plan = Self::plan(sandbox)?;
            if plan.code != Some(0) {
                return Err(format!("the last plan is not empty: {}", plan.text));
            }
        }
        let truth = self.truth(sandbox);
        if truth.len() != usize::from(subject.is_made()) {
            return Err(format!("after the second run there are {truth:?}"));
        }
        if let Some(object) = truth.iter().find(|object| !sandbox.state().contains(&object.id)) {
            return Err(format!("after the second run {object:?} is not in the state"));
        }
        if destroys {
            self.destroyed(sandbox)?;
        }
        Ok(outcome)
    }

    /// Makes a plan, in a file. It is empty if the code is 0.
    fn plan(sandbox: &mut Sandbox) -> Result<Run, String> {
        let out = format!("-out={PLAN}");
        let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-detailed-exitcode", &out]));
        if matches!(plan.code, Some(0 | 2)) { Ok(plan) } else { Err(format!("the plan fails: {}", plan.text)) }
    }

    fn destroyed(&self, sandbox: &mut Sandbox) -> Result<(), String> {
        let last = sandbox.run(&words(&DESTROY));
        let gone = last.succeeded && self.truth(sandbox).is_empty();
        if gone { Ok(()) } else { Err(format!("the destroy does not end well: {}", last.text)) }
    }
}
