//! A case of the second kind: an operation in a strange world. Then the world is fine again, and Terraform is run to the end.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Arguments;
use crate::neighbours::Neighbours;
use crate::outcome::Outcome;
use crate::run_all::{Tried, chosen, in_parallel, run_all};
use crate::sandbox::{Dress, Run, Sandbox};
use crate::snapshot::Snapshot;
use crate::subject::{Object, Operation, Subject, operations};
use crate::trial::Trial;
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
    let pairs = operations().into_iter().flat_map(|(subject, operation)| {
        let shows = worlds.iter().filter(move |world| world.shows_in(subject, operation));
        shows.map(move |world| (subject, operation, world))
    });
    let describe = |(subject, operation, world): &(&'static dyn Subject, Operation, &World)| {
        format!("{} {}", row(*subject, *operation), world.name)
    };
    let pairs = chosen(pairs.collect(), arguments, describe);
    let mut starts: Vec<Start> = Vec::new();
    for (subject, operation, world) in &pairs {
        let start = (*subject, *operation, world.dress);
        if !starts.iter().any(|known| is_same(known, &start)) {
            starts.push(start);
        }
    }
    let snapshots = in_parallel(arguments.jobs, &starts, |(subject, operation, dress)| {
        Snapshot::new(home, arguments.seed, *subject, *operation, *dress)
    });
    let cases = pairs.into_iter().filter_map(|(subject, operation, world)| {
        let start = (subject, operation, world.dress);
        let index = starts.iter().position(|known| is_same(known, &start))?;
        Some(WorldCase { snapshot: &snapshots[index], world })
    });
    run_all(&cases.collect::<Vec<_>>(), home, arguments, begin)
}

/// Where cases begin.
type Start = (&'static dyn Subject, Operation, Dress);

fn is_same(a: &Start, b: &Start) -> bool {
    (a.0.type_name(), a.1, a.2) == (b.0.type_name(), b.1, b.2)
}

fn row(subject: &dyn Subject, operation: Operation) -> String {
    format!("{} {operation:?}", subject.type_name())
}

impl Tried for WorldCase<'_> {
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
        let neighbours = Neighbours::made(snapshot.subject, &sandbox.cloud, world.has_twin, world.has_namesake);
        let mut trial = Trial { snapshot, neighbours, heeds: true };
        let before = Before { state: sandbox.state(), objects: trial.truth(sandbox) };
        world.enter(sandbox);
        let run = sandbox.run(&snapshot.arguments);
        let checked = check_neighbours(&mut trial, sandbox, &before);
        let checked = checked.and_then(|()| self.check(&trial, sandbox, &before, &run));
        checked.map_err(|problem| format!("{problem}: {}", run.said()))?;
        self.leave(&trial, sandbox, &before);
        let ended = self.end(&mut trial, sandbox, &before, &run);
        ended.map_err(|problem| format!("{problem}\nThe run before: {}", run.said()))
    }

    /// Leaves the world. The right key for what the state holds of another account is the one of that account.
    fn leave(&self, trial: &Trial<'_>, sandbox: &mut Sandbox, before: &Before) {
        let (key, subject) = (sandbox.key, self.snapshot.subject);
        let is_elsewhere = if subject.is_made() {
            trial.neighbours.is_state_elsewhere(subject, sandbox)
        } else {
            // Every account has it under the same id: it is of the account whose key put it into the state.
            !before.state.contains(subject.type_name()) && sandbox.state().contains(subject.type_name())
        };
        self.world.leave(sandbox);
        if is_elsewhere {
            sandbox.key = key;
        }
    }

    /// Does what was said, and runs Terraform again until nothing is left.
    fn end(&self, trial: &mut Trial<'_>, sandbox: &mut Sandbox, before: &Before, run: &Run) -> Result<Outcome, String> {
        let dead_end = |problem| format!("dead end: {problem}");
        let mut outcome = trial.judge(sandbox, run)?;
        let heeded = trial.heed(sandbox, run);
        if heeded {
            outcome = Outcome::Remedy;
        }
        let survivor = self.survivor(trial, sandbox, before, run.succeeded || heeded);
        outcome = trial.again(sandbox, outcome).map_err(dead_end)?;
        if self.world.is_lasting && !matches!(outcome, Outcome::Ok | Outcome::State) {
            return Err(format!(
                "forgotten: the second run had to be helped, though the first ended well: {outcome:?}"
            ));
        }
        let truth = trial.truth(sandbox);
        if let Some(object) = survivor.filter(|object| truth.iter().all(|one| one.id != object.id)) {
            return Err(format!("destroyed although healthy: the second run replaced {object:?}"));
        }
        check_neighbours(trial, sandbox, before)?;
        if !trial.destroys() {
            trial.destroyed(sandbox).map_err(dead_end)?;
        }
        check_neighbours(trial, sandbox, before)?;
        Ok(outcome)
    }

    /// Looks for what a run may never do to what there was.
    fn check(&self, trial: &Trial<'_>, sandbox: &Sandbox, before: &Before, run: &Run) -> Result<(), String> {
        if run.text.contains(['\u{1b}', '\u{7}']) || run.text.contains("\\u001b") {
            return Err("a control character reaches the terminal".to_owned());
        }
        if self.world.is_lasting && run.succeeded != (self.snapshot.operation != Operation::DeleteLocked) {
            return Err("it does not end as in a fine world".to_owned());
        }
        let (now, state) = (trial.truth(sandbox), sandbox.state());
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

    /// The object that has to be there when all is done: what there was, or what the run has made unless the user was informed
    /// that it is replaced.
    fn survivor(&self, trial: &Trial<'_>, sandbox: &Sandbox, before: &Before, keeps_new: bool) -> Option<Object> {
        let objects = if self.keeps() { before.objects.clone() } else { trial.truth(sandbox) };
        let is_kept = self.keeps() || (keeps_new && !trial.destroys());
        objects.into_iter().next().filter(|_| is_kept)
    }
}

/// Whether all that is not Terraform's is there and in no state.
fn check_neighbours(trial: &mut Trial<'_>, sandbox: &Sandbox, before: &Before) -> Result<(), String> {
    let subject = trial.snapshot.subject;
    trial.neighbours.check_not_adopted(subject, sandbox, &before.state)?;
    trial.neighbours.check_untouched(subject, &sandbox.cloud)
}
