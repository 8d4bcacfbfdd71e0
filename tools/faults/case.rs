//! One case: an operation, one of its requests, and what goes wrong there. Then Terraform is run again to the end.

use std::path::Path;
use std::time::Duration;

use tensorpool_simulator::Options;

use crate::sandbox::{Run, Sandbox};
use crate::subject::{Object, Operation, Subject, words};
use crate::wrong::Wrong;

/// Short limits, so that a fault that holds for ever is soon over.
pub const PROVIDER: &str = "  request_timeout = 1\n  max_retries = 1";

/// A case.
#[derive(Clone)]
pub struct Case {
    pub subject: &'static dyn Subject,
    pub operation: Operation,
    pub step: usize,
    /// The request in words.
    pub request: String,
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

fn options() -> Options {
    let short = Duration::from_millis(300);
    Options { provision: short, release: short, restart: short, ..Options::default() }
}

/// The requests of an operation, by a run in which nothing goes wrong.
pub fn requests(home: &Path, seed: u64, subject: &'static dyn Subject, operation: Operation) -> Vec<String> {
    let name = format!("clean-{}-{operation:?}", subject.type_name());
    let mut sandbox = Sandbox::new(home, &name, seed, &options(), false).expect("a sandbox can be made");
    let arguments = operation.prepare(subject, &mut sandbox);
    sandbox.cloud.clear_requests();
    sandbox.run(&arguments);
    let shown = |segment: &str| match segment {
        id if ["c-", "s-", "key_"].iter().any(|prefix| id.starts_with(prefix)) => "{id}".to_owned(),
        id if id.starts_with("req_") => "{request}".to_owned(),
        other => other.to_owned(),
    };
    let line = |request: &tensorpool_simulator::LoggedRequest| {
        let path: Vec<_> = request.path.split('/').map(shown).collect();
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        format!("{} {}{query}", request.method, path.join("/"))
    };
    sandbox.cloud.requests().iter().map(line).collect()
}

impl Case {
    /// Runs the case.
    pub fn run(&self, home: &Path, seed: u64) -> Outcome {
        let name = format!("{}-{:?}-{}-{}", self.subject.type_name(), self.operation, self.step, self.name);
        let mut sandbox = Sandbox::new(home, &name, seed, &options(), true).expect("a sandbox can be made");
        let result = self.play(&mut sandbox);
        let leaks = sandbox.leaks.join(", ");
        match result {
            Ok(_) if !leaks.is_empty() => Outcome::Wrong(format!("a secret is in {leaks}")),
            Ok(outcome) => outcome,
            Err(problem) => Outcome::Wrong(problem),
        }
    }

    fn truth(&self, sandbox: &Sandbox) -> Vec<Object> {
        self.subject.truth(&sandbox.cloud)
    }

    fn play(&self, sandbox: &mut Sandbox) -> Result<Outcome, String> {
        let arguments = self.operation.prepare(self.subject, sandbox);
        sandbox.cloud.clear_requests();
        let target = self.wrong.arm(sandbox, self.step);
        let (child, running) = sandbox.start(&arguments);
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
        if self.operation == Operation::DeleteLocked && truth.is_empty() {
            return Err("what was protected was deleted".to_owned());
        }
        let Some(object) = truth.first() else {
            return Ok(if run.succeeded { Outcome::Ok } else { Outcome::State });
        };
        if self.operation == Operation::Import || sandbox.state().contains(&object.id) {
            return Ok(if run.succeeded { Outcome::Ok } else { Outcome::State });
        }
        if !self.subject.is_paid() {
            return Ok(Outcome::Free);
        }
        let named = run.tells(&object.id) || (run.tells("may exist outside the state") && run.tells(&object.name));
        if named {
            return Ok(Outcome::Told);
        }
        sandbox.write(PROVIDER, &self.operation.wanted(self.subject));
        let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-out=told.plan"]));
        if plan.tells(&object.id) {
            return Ok(Outcome::Journal);
        }
        // Terraform's own state file can be cut off by a kill. Then it is the name that is taken which tells.
        let apply = sandbox.run(&words(&["apply", "-auto-approve", "-input=false", "-json"]));
        if apply.tells(&object.id) {
            return Ok(Outcome::Import);
        }
        Err(format!("{object:?} is neither in the state nor named: {}\n{}", run.text, plan.text))
    }

    /// Runs Terraform again to the end.
    fn again(&self, sandbox: &mut Sandbox, mut outcome: Outcome) -> Result<Outcome, String> {
        for object in self.truth(sandbox) {
            self.subject.lock(&sandbox.cloud, &object.id, false);
        }
        let destroy = words(&["destroy", "-auto-approve", "-input=false", "-json"]);
        if matches!(self.operation, Operation::Delete) && matches!(outcome, Outcome::Ok | Outcome::State) {
            let last = sandbox.run(&destroy);
            return if last.succeeded && self.truth(sandbox).is_empty() {
                Ok(outcome)
            } else {
                Err(format!("the second destroy does not end well: {}", last.text))
            };
        }
        sandbox.write(PROVIDER, &self.operation.wanted(self.subject));
        let address = format!("{}.it", self.subject.type_name());
        let import = |sandbox: &mut Sandbox, id: &str| {
            let run = sandbox.run(&words(&["import", "-no-color", "-input=false", &address, id]));
            if run.succeeded { Ok(()) } else { Err(format!("the import fails: {}", run.text)) }
        };
        if self.operation == Operation::Import {
            for object in self.truth(sandbox) {
                if !sandbox.state().contains(&object.id) {
                    import(sandbox, &object.id)?;
                }
            }
        }
        let apply = words(&["apply", "-auto-approve", "-input=false", "-json"]);
        let mut applied = sandbox.run(&apply);
        if let [object] = self.truth(sandbox).as_slice()
            && !applied.succeeded
            && applied.tells("already exists")
            && applied.tells(&object.id)
        {
            import(sandbox, &object.id)?;
            applied = sandbox.run(&apply);
            outcome = Outcome::Import;
        }
        if !applied.succeeded {
            return Err(format!("the second run does not converge: {}", applied.text));
        }
        let truth = self.truth(sandbox);
        if truth.len() != usize::from(self.subject.is_made()) {
            return Err(format!("after the second run there are {truth:?}"));
        }
        if let Some(object) = truth.iter().find(|object| !sandbox.state().contains(&object.id)) {
            return Err(format!("after the second run {object:?} is not in the state"));
        }
        let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-detailed-exitcode", "-out=last.plan"]));
        if plan.code != Some(0) {
            return Err(format!("the last plan is not empty: {}", plan.text));
        }
        let last = sandbox.run(&destroy);
        if !last.succeeded || !self.truth(sandbox).is_empty() {
            return Err(format!("the destroy does not end well: {}", last.text));
        }
        Ok(outcome)
    }
}
