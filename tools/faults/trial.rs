//! Judges a run by what exists, by the state and by what it said, and runs Terraform again to the end.

use crate::neighbours::Neighbours;
use crate::outcome::Outcome;
use crate::remedy;
use crate::sandbox::{Run, Sandbox};
use crate::snapshot::{PROVIDER, Snapshot};
use crate::subject::{APPLY, DESTROY, Object, Operation, words};

/// The file of the plans that follow.
const PLAN: &str = "again.plan";

/// What a run is judged by.
pub struct Trial<'a> {
    pub snapshot: &'a Snapshot,
    /// The objects that are not Terraform's.
    pub neighbours: Neighbours,
    /// Whether the user does what messages say, beyond imports.
    pub heeds: bool,
}

impl<'a> Trial<'a> {
    /// Of an operation that has the cloud for itself.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, neighbours: Neighbours::default(), heeds: false }
    }

    /// What exists of what Terraform is to make, in every account.
    pub fn truth(&self, sandbox: &Sandbox) -> Vec<Object> {
        self.neighbours.others(self.snapshot.subject, &sandbox.cloud)
    }

    /// The address of the resource.
    pub fn address(&self) -> String {
        format!("{}.it", self.snapshot.subject.type_name())
    }

    /// Whether the operation is a destroy.
    pub fn destroys(&self) -> bool {
        matches!(self.snapshot.operation, Operation::Delete | Operation::DeleteLocked)
    }

    /// Compares what exists with the state and with what was reported to the user.
    pub fn judge(&self, sandbox: &mut Sandbox, run: &Run) -> Result<Outcome, String> {
        if run.hung {
            return Err(format!("it hung or crashed: {}", run.text));
        }
        let truth = self.truth(sandbox);
        if truth.len() > 1 {
            return Err(format!("there are two: {truth:?}"));
        }
        if self.snapshot.operation == Operation::DeleteLocked && truth.is_empty() {
            return Err("what was protected was deleted".to_owned());
        }
        let Some(object) = truth.first() else {
            return Ok(if run.succeeded { Outcome::Ok } else { Outcome::State });
        };
        if self.snapshot.operation == Operation::Import || sandbox.state().contains(&object.id) {
            return Ok(if run.succeeded { Outcome::Ok } else { Outcome::State });
        }
        if !self.snapshot.subject.is_paid() {
            return Ok(Outcome::Free);
        }
        let named =
            run.reports(&object.id) || (run.reports("may exist outside the state") && run.reports(&object.name));
        if named {
            return Ok(Outcome::Reported);
        }
        sandbox.write(PROVIDER, &self.snapshot.wanted());
        let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-out=reported.plan"]));
        if plan.reports(&object.id) {
            return Ok(Outcome::Journal);
        }
        // Terraform's own state file can be cut off by a kill. Then the taken name reports it.
        let apply = sandbox.run(&words(&APPLY));
        if apply.reports(&object.id) {
            return Ok(Outcome::Import);
        }
        Err(format!("{object:?} is neither in the state nor named: {}\n{}", run.said(), plan.said()))
    }

    /// Runs Terraform again to the end.
    pub fn again(&self, sandbox: &mut Sandbox, mut outcome: Outcome) -> Result<Outcome, String> {
        let Snapshot { subject, operation, .. } = self.snapshot;
        for object in self.truth(sandbox) {
            subject.lock(&sandbox.cloud, &object.id, false);
        }
        if self.destroys() && matches!(outcome, Outcome::Ok | Outcome::State) {
            self.destroyed(sandbox)?;
            return Ok(outcome);
        }
        sandbox.write(PROVIDER, &self.snapshot.wanted());
        if *operation == Operation::Import {
            for object in self.truth(sandbox) {
                if !sandbox.state().contains(&object.id) {
                    self.import(sandbox, &object.id)?;
                }
            }
        }
        // Nothing to change is the end already.
        if self.plan(sandbox, &mut outcome)?.code != Some(0) {
            self.apply(sandbox, &mut outcome)?;
            let plan = self.plan(sandbox, &mut outcome)?;
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
        if self.destroys() {
            self.destroyed(sandbox)?;
        }
        Ok(outcome)
    }

    fn import(&self, sandbox: &mut Sandbox, id: &str) -> Result<(), String> {
        let run = sandbox.run(&words(&["import", "-no-color", "-input=false", &self.address(), id]));
        if run.succeeded { Ok(()) } else { Err(format!("the import fails: {}", run.said())) }
    }

    /// Applies the plan, and does what the messages say where that fails.
    fn apply(&self, sandbox: &mut Sandbox, outcome: &mut Outcome) -> Result<(), String> {
        let mut applied = sandbox.run(&words(&["apply", "-input=false", "-json", PLAN]));
        if let [object] = self.truth(sandbox).as_slice()
            && !applied.succeeded
            && (applied.reports("already exists") || applied.reports("may have been created already"))
            && applied.reports(&object.id)
        {
            self.import(sandbox, &object.id)?;
            applied = sandbox.run(&words(&APPLY));
            *outcome = Outcome::Import;
        }
        if !applied.succeeded && self.heed(sandbox, &applied) {
            applied = sandbox.run(&words(&APPLY));
            *outcome = Outcome::Remedy;
        }
        if applied.succeeded {
            return Ok(());
        }
        if applied.hung {
            return Err(format!("the second run hangs: {}", applied.text));
        }
        Err(format!("the second run does not converge: {}", applied.said()))
    }

    /// Makes a plan, in a file. It is empty if the code is 0.
    fn plan(&self, sandbox: &mut Sandbox, outcome: &mut Outcome) -> Result<Run, String> {
        let out = format!("-out={PLAN}");
        let arguments = words(&["plan", "-input=false", "-json", "-detailed-exitcode", &out]);
        let mut plan = sandbox.run(&arguments);
        if !matches!(plan.code, Some(0 | 2)) && self.heed(sandbox, &plan) {
            plan = sandbox.run(&arguments);
            *outcome = Outcome::Remedy;
        }
        if matches!(plan.code, Some(0 | 2)) { Ok(plan) } else { Err(format!("the plan fails: {}", plan.said())) }
    }

    /// Does what a run said, if the user does such things. The answer is whether anything was done.
    pub fn heed(&self, sandbox: &mut Sandbox, run: &Run) -> bool {
        let exists = !self.truth(sandbox).is_empty() || !self.snapshot.subject.is_made();
        self.heeds && remedy::follow(sandbox, &self.address(), exists, run)
    }

    /// Destroys everything.
    pub fn destroyed(&self, sandbox: &mut Sandbox) -> Result<(), String> {
        let mut last = sandbox.run(&words(&DESTROY));
        if !last.succeeded && self.heed(sandbox, &last) {
            last = sandbox.run(&words(&DESTROY));
        }
        let gone = last.succeeded && self.truth(sandbox).is_empty();
        if gone { Ok(()) } else { Err(format!("the destroy does not end well: {}", last.said())) }
    }
}
