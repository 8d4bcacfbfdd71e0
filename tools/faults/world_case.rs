//! Cases of the second kind: an operation in a strange world. Then the world is fine again, and Terraform is run to the end.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::checker::Checker;
use crate::neighbours::Neighbours;
use crate::operation::{self, Operation};
use crate::outcome::Outcome;
use crate::rewrite::Rewrite;
use crate::run::Run;
use crate::runner::{Case, in_parallel, run_all, select};
use crate::sandbox::Sandbox;
use crate::snapshot::Snapshot;
use crate::subject::{Object, Subject};
use crate::worlds::{self, World};

/// A run that takes longer hangs, where nothing takes minutes.
const RUN_LIMIT: Duration = Duration::from_secs(150);

/// A case.
struct WorldCase<'a> {
    snapshot: &'a Snapshot,
    world: &'a World,
}

/// What there was before the run that is tried.
struct Before {
    state: String,
    objects: Vec<Object>,
}

/// Tries every operation in every world in which it can notice anything, and returns the violations.
pub fn run(home: &Path, arguments: &Arguments) -> Vec<String> {
    let begin = Instant::now();
    let mut worlds = worlds::all();
    worlds.retain(|world| arguments.slice.is_none() || !world.takes_minutes());
    let pairs = operation::all().into_iter().flat_map(|(subject, operation)| {
        let shows = worlds.iter().filter(move |world| world.shows_in(subject, operation));
        shows.map(move |world| (subject, operation, world))
    });
    let describe = |(subject, operation, world): &(&'static dyn Subject, Operation, &World)| {
        format!("{} {}", row(*subject, *operation), world.name)
    };
    let pairs = select(pairs.collect(), arguments, describe);
    let mut starts: Vec<Start> = Vec::new();
    for (subject, operation, world) in &pairs {
        let start = (*subject, *operation, world.rewrite);
        if !starts.iter().any(|known| is_same(known, &start)) {
            starts.push(start);
        }
    }
    let snapshots = in_parallel(arguments.jobs, &starts, |(subject, operation, rewrite)| {
        Snapshot::new(home, arguments.seed, *subject, *operation, *rewrite)
    });
    let cases = pairs.into_iter().filter_map(|(subject, operation, world)| {
        let start = (subject, operation, world.rewrite);
        let index = starts.iter().position(|known| is_same(known, &start))?;
        Some(WorldCase { snapshot: &snapshots[index], world })
    });
    run_all(&cases.collect::<Vec<_>>(), home, arguments, begin)
}

/// Where cases begin.
type Start = (&'static dyn Subject, Operation, Rewrite);

fn is_same(a: &Start, b: &Start) -> bool {
    (a.0.type_name(), a.1, a.2) == (b.0.type_name(), b.1, b.2)
}

fn row(subject: &dyn Subject, operation: Operation) -> String {
    format!("{} {operation:?}", subject.type_name())
}

impl Case for WorldCase<'_> {
    fn row(&self) -> String {
        row(self.snapshot.subject, self.snapshot.operation)
    }

    fn name(&self) -> &str {
        self.world.name
    }

    fn run(&self, home: &Path, seed: u64) -> Outcome {
        let mut sandbox = self.snapshot.copy(home, &self.describe().replace(' ', "-"), seed, true);
        if !self.world.takes_minutes() {
            sandbox.limit = RUN_LIMIT;
        }
        let result = self.play(&mut sandbox);
        Outcome::of(result, &sandbox.leaks)
    }
}

impl WorldCase<'_> {
    fn play(&self, sandbox: &mut Sandbox) -> Result<Outcome, String> {
        let Self { snapshot, world } = self;
        let neighbours = Neighbours::create(snapshot.subject, &sandbox.cloud, world.has_twin, world.has_namesake);
        let mut checker = Checker { snapshot, neighbours, follows_advice: true };
        let before = Before { state: sandbox.state(), objects: checker.truth(sandbox) };
        world.enter(sandbox);
        let run = sandbox.run(&snapshot.arguments);
        let first = check_neighbours(&mut checker, sandbox, &before);
        let first = first.and_then(|()| self.check(&checker, sandbox, &before, &run));
        first.map_err(|problem| format!("{problem}: {}", run.diagnostics()))?;
        self.leave(&checker, sandbox, &before);
        let ended = self.end(&mut checker, sandbox, &before, &run);
        ended.map_err(|problem| format!("{problem}\nThe run before: {}", run.diagnostics()))
    }

    /// Leaves the world. The right key for what the state holds of another account is the one of that account.
    fn leave(&self, checker: &Checker<'_>, sandbox: &mut Sandbox, before: &Before) {
        let (key, subject) = (sandbox.key, self.snapshot.subject);
        let is_elsewhere = if subject.is_created() {
            checker.neighbours.is_state_elsewhere(subject, sandbox)
        } else {
            // Every account has it under the same id: it is of the account whose key put it into the state.
            !before.state.contains(subject.type_name()) && sandbox.state().contains(subject.type_name())
        };
        self.world.leave(sandbox);
        if is_elsewhere {
            sandbox.key = key;
        }
    }

    /// Does what was advised, and runs Terraform again until nothing is left.
    fn end(
        &self,
        checker: &mut Checker<'_>,
        sandbox: &mut Sandbox,
        before: &Before,
        run: &Run,
    ) -> Result<Outcome, String> {
        let dead_end = |problem| format!("dead end: {problem}");
        let mut outcome = checker.check(sandbox, run)?;
        let followed = checker.follow_advice(sandbox, run);
        if followed {
            outcome = Outcome::Advice;
        }
        let survivor = self.survivor(checker, sandbox, before, run.succeeded || followed);
        outcome = checker.converge(sandbox, outcome).map_err(dead_end)?;
        if self.world.is_lasting && !matches!(outcome, Outcome::Ok | Outcome::State) {
            return Err(format!(
                "forgotten: the second run had to be helped, though the first ended well: {outcome:?}"
            ));
        }
        let truth = checker.truth(sandbox);
        if let Some(object) = survivor.filter(|object| truth.iter().all(|one| one.id != object.id)) {
            return Err(format!("destroyed although healthy: the second run replaced {object:?}"));
        }
        check_neighbours(checker, sandbox, before)?;
        if !self.snapshot.operation.destroys() {
            checker.destroy(sandbox).map_err(dead_end)?;
        }
        check_neighbours(checker, sandbox, before)?;
        Ok(outcome)
    }

    /// Checks what a run may never do to what there was.
    fn check(&self, checker: &Checker<'_>, sandbox: &Sandbox, before: &Before, run: &Run) -> Result<(), String> {
        if run.text.contains(['\u{1b}', '\u{7}']) || run.text.contains("\\u001b") {
            return Err("a control character reaches the terminal".to_owned());
        }
        if self.world.is_lasting && run.succeeded != (self.snapshot.operation != Operation::DeleteLocked) {
            return Err("it does not end as in a fine world".to_owned());
        }
        let (now, state) = (checker.truth(sandbox), sandbox.state());
        for object in &before.objects {
            let exists = now.iter().any(|one| one.id == object.id);
            if !exists && self.keeps() {
                return Err(format!("destroyed although healthy: {object:?}"));
            }
            let left = before.state.contains(&object.id) && !state.contains(&object.id);
            if exists && left && !run.reports(&object.id) {
                return Err(format!("forgotten: {object:?} exists and has left the state without a word"));
            }
        }
        Ok(())
    }

    /// Whether the operation leaves alone what there is.
    fn keeps(&self) -> bool {
        matches!(self.snapshot.operation, Operation::Read | Operation::Update | Operation::Import)
    }

    /// The object that has to be there when all is done: what there was, or what the run has created unless the user was informed
    /// that it is replaced.
    fn survivor(&self, checker: &Checker<'_>, sandbox: &Sandbox, before: &Before, keeps_new: bool) -> Option<Object> {
        let objects = if self.keeps() { before.objects.clone() } else { checker.truth(sandbox) };
        let is_kept = self.keeps() || (keeps_new && !self.snapshot.operation.destroys());
        objects.into_iter().next().filter(|_| is_kept)
    }
}

/// Whether all that is not Terraform's is there and in no state.
fn check_neighbours(checker: &mut Checker<'_>, sandbox: &Sandbox, before: &Before) -> Result<(), String> {
    let subject = checker.snapshot.subject;
    checker.neighbours.check_not_adopted(subject, sandbox, &before.state)?;
    checker.neighbours.check_untouched(subject, &sandbox.cloud)
}
