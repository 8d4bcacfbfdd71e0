//! Checks a run by what exists, by the state and by what it reported, and runs Terraform again to the end.

use crate::advice;
use crate::neighbours::Neighbours;
use crate::operation::{APPLY, DESTROY, Operation, words};
use crate::outcome::Outcome;
use crate::run::Run;
use crate::sandbox::Sandbox;
use crate::snapshot::Snapshot;
use crate::subject::Object;

/// The file of the plans that follow.
const PLAN: &str = "again.plan";

/// What a run is checked against.
pub struct Checker<'a> {
    pub snapshot: &'a Snapshot,
    /// The objects that are not Terraform's.
    pub neighbours: Neighbours,
    /// Whether the user does what messages advise, beyond imports.
    pub follows_advice: bool,
}

impl<'a> Checker<'a> {
    /// Of an operation that has the cloud for itself.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, neighbours: Neighbours::default(), follows_advice: false }
    }

    /// What exists of what Terraform is to create, in every account.
    pub fn truth(&self, sandbox: &Sandbox) -> Vec<Object> {
        self.neighbours.others(self.snapshot.subject, &sandbox.cloud)
    }

    /// The address of the resource.
    pub fn address(&self) -> String {
        format!("{}.it", self.snapshot.subject.type_name())
    }

    /// Compares what exists with the state and with what was reported to the user.
    pub fn check(&self, sandbox: &mut Sandbox, run: &Run) -> Result<Outcome, String> {
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
        sandbox.write(&self.snapshot.wanted());
        let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-out=reported.plan"]));
        if plan.reports(&object.id) {
            return Ok(Outcome::Journal);
        }
        // Terraform's own state file can be cut off by a kill. Then the name, which is taken, reports it.
        let apply = sandbox.run(&words(&APPLY));
        if apply.reports(&object.id) {
            return Ok(Outcome::Import);
        }
        Err(format!("{object:?} is neither in the state nor named: {}\n{}", run.diagnostics(), plan.diagnostics()))
    }

    /// Runs Terraform again to the end.
    pub fn converge(&self, sandbox: &mut Sandbox, mut outcome: Outcome) -> Result<Outcome, String> {
        let Snapshot { subject, operation, .. } = self.snapshot;
        for object in self.truth(sandbox) {
            subject.lock(&sandbox.cloud, &object.id, false);
        }
        if operation.destroys() && matches!(outcome, Outcome::Ok | Outcome::State) {
            self.destroy(sandbox)?;
            return Ok(outcome);
        }
        sandbox.write(&self.snapshot.wanted());
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
        if truth.len() != usize::from(subject.is_created()) {
            return Err(format!("after the second run there are {truth:?}"));
        }
        if let Some(object) = truth.iter().find(|object| !sandbox.state().contains(&object.id)) {
            return Err(format!("after the second run {object:?} is not in the state"));
        }
        if operation.destroys() {
            self.destroy(sandbox)?;
        }
        Ok(outcome)
    }

    fn import(&self, sandbox: &mut Sandbox, id: &str) -> Result<(), String> {
        let run = sandbox.run(&words(&["import", "-no-color", "-input=false", &self.address(), id]));
        if run.succeeded { Ok(()) } else { Err(format!("the import fails: {}", run.diagnostics())) }
    }

    /// Applies the plan, and does what the messages advise where that fails.
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
        if !applied.succeeded && self.follow_advice(sandbox, &applied) {
            applied = sandbox.run(&words(&APPLY));
            *outcome = Outcome::Advice;
        }
        if applied.succeeded {
            return Ok(());
        }
        if applied.hung {
            return Err(format!("the second run hangs: {}", applied.text));
        }
        Err(format!("the second run does not converge: {}", applied.diagnostics()))
    }

    /// Plans, into a file. It is empty if the code is 0.
    fn plan(&self, sandbox: &mut Sandbox, outcome: &mut Outcome) -> Result<Run, String> {
        let out = format!("-out={PLAN}");
        let arguments = words(&["plan", "-input=false", "-json", "-detailed-exitcode", &out]);
        let mut plan = sandbox.run(&arguments);
        if !matches!(plan.code, Some(0 | 2)) && self.follow_advice(sandbox, &plan) {
            plan = sandbox.run(&arguments);
            *outcome = Outcome::Advice;
        }
        if matches!(plan.code, Some(0 | 2)) { Ok(plan) } else { Err(format!("the plan fails: {}", plan.diagnostics())) }
    }

    /// Does what a run advised, if the user does such things. Returns whether anything was done.
    pub fn follow_advice(&self, sandbox: &mut Sandbox, run: &Run) -> bool {
        let exists = !self.truth(sandbox).is_empty() || !self.snapshot.subject.is_created();
        self.follows_advice && advice::follow(sandbox, &self.address(), exists, run)
    }

    /// Destroys everything.
    pub fn destroy(&self, sandbox: &mut Sandbox) -> Result<(), String> {
        let mut last = sandbox.run(&words(&DESTROY));
        if !last.succeeded && self.follow_advice(sandbox, &last) {
            last = sandbox.run(&words(&DESTROY));
        }
        if last.succeeded && self.truth(sandbox).is_empty() {
            Ok(())
        } else {
            Err(format!("the destroy does not end well: {}", last.diagnostics()))
        }
    }
}
