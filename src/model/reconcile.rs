//! What the journal's entries of earlier runs lead to: warnings, and stops, as in `journal::orphans`.

use super::check::Check;
use super::decisions::{may_lag, owner_of, passed, refused};
use super::read::{Query, ReadOutcome, read, read_again, read_for_certain};
use super::records::Note;
use super::run::{InList, Run, Step, Then};
use super::world::World;
use crate::journal::entry::Stage;
use crate::journal::orphans::absence_suffices;
use crate::journal::owner::Owner;
use crate::journal::verdict::Passing;

fn note_of(world: &World, owner: u8) -> Option<Note> {
    world.journal.iter().find(|note| note.owner == owner).cloned()
}

fn is_orphan(check: &Check, world: &World, run: &Run, note: &Note) -> bool {
    let owner = owner_of(note, check.asking(world, run, note));
    note.place == check.place(run.state) && matches!(owner, Owner::Dead | Owner::Unknown)
}

/// Reads an entry's cluster by its id, for a report. The entry's mark is that of now, and its create counts as ended. What
/// is not visible yet is of an entry of the last minute; other entries may be of any age.
fn read_for_report(check: &Check, world: &World, run: &Run, id: u8, cut: bool) -> ReadOutcome {
    let recent = may_lag(&check.rules) && !world.cloud.clusters[usize::from(id)].visible;
    read(check, world, run, &Query { id, kept: run.account, unfinished: false, recent, cut })
}

fn forget(check: &Check, world: &mut World, run: &Run, note: &Note) {
    if note.place == check.place(run.state) && note.account == run.account {
        world.journal.retain(|other| other.owner != note.owner);
    }
}

/// One entry of those that did not succeed, when the provider is configured.
pub fn reconcile(check: &Check, world: &mut World, run: &Run, done: u8, cut: bool) -> Then {
    let next = world.journal.iter().find(|note| done & (1 << note.owner) == 0 && is_orphan(check, world, run, note));
    let Some(note) = next.cloned() else { return Then::Goes(Step::Refresh) };
    if note.stage == Stage::Returned && !was_passed_by(check, world, run, &note) {
        return Then::Goes(Step::Reconcile(done | 1 << note.owner));
    }
    let Some(id) = note.id else {
        for id in of_name(world, run, note.name, cut) {
            run.report(world, id);
        }
        return Then::Goes(Step::Reconcile(done | 1 << note.owner));
    };
    let outcome = read_for_report(check, world, run, id, cut);
    reconciled(check, world, run, (done, &note, id), &outcome)
}

/// Whether another run has passed by an entry whose create returned. The first notes that it does.
fn was_passed_by(check: &Check, world: &mut World, run: &Run, note: &Note) -> bool {
    let passing = passed(note, check.asking(world, run, note));
    let noted = world.journal.iter_mut().filter(|other| other.owner == note.owner);
    noted.for_each(|other| match passing {
        Passing::Note => other.passed_by = Some(run.number),
        Passing::Report if !check.rules.passing => other.passed_over = true,
        Passing::Report | Passing::Silent => {}
    });
    passing == Passing::Report && check.rules.passing
}

/// The second read of it.
pub fn reconcile_again(check: &Check, world: &mut World, run: &Run, (done, owner): (u8, u8), in_list: InList) -> Then {
    let Some((note, id)) = note_of(world, owner).and_then(|note| note.id.map(|id| (note, id))) else {
        return Then::Goes(Step::Reconcile(done | 1 << owner));
    };
    let outcome = read_again(check, world, run, id, in_list);
    reconciled(check, world, run, (done, &note, id), &outcome)
}

fn reconciled(
    check: &Check,
    world: &mut World,
    run: &Run,
    (done, note, id): (u8, &Note, u8),
    outcome: &ReadOutcome,
) -> Then {
    let refusal = refused(note, check.asking(world, run, note), &check.rules);
    match outcome {
        ReadOutcome::Again(in_list) => return Then::Goes(Step::ReconcileAgain(done, note.owner, *in_list)),
        ReadOutcome::Absent if refusal.is_none_or(absence_suffices) => forget(check, world, run, note),
        ReadOutcome::Absent | ReadOutcome::Found | ReadOutcome::Doubt => run.report(world, id),
    }
    Then::Goes(Step::Reconcile(done | 1 << note.owner))
}

/// The clusters of a name that a list shows.
fn of_name(world: &World, run: &Run, name: u8, cut: bool) -> Vec<u8> {
    let listed = world.cloud.list(run.account, cut);
    listed.ids().iter().copied().filter(|id| world.cloud.clusters[usize::from(*id)].name == name).collect()
}

/// The plan of a create reports what returned under its very name.
pub fn report_unsaved(check: &Check, world: &mut World, run: &Run) {
    let is_it = |note: &&Note| {
        check.scenario.chosen_name && note.stage == Stage::Returned && is_orphan(check, world, run, note)
    };
    let ids: Vec<_> = world.journal.iter().filter(is_it).filter_map(|note| note.id).collect();
    for id in ids {
        if world.cloud.read(id, run.account).is_some() {
            run.report(world, id);
        }
    }
}

/// One entry of those that stop a create, as they were when it asked.
pub fn ensure(check: &Check, world: &mut World, run: &mut Run, cut: bool) -> Then {
    let Some((note, _)) = run.stops.last().cloned() else { return Then::Goes(Step::List) };
    match note.id {
        None => {
            for id in of_name(world, run, note.name, cut) {
                run.report(world, id);
            }
            run.report_name(world, note.name);
            Then::Ends
        }
        Some(id) => {
            let outcome = read_for_certain(check, world, run, id, cut);
            ensured(check, world, run, id, &outcome)
        }
    }
}

/// The second read of it.
pub fn ensure_again(check: &Check, world: &mut World, run: &mut Run, in_list: InList) -> Option<Then> {
    let id = run.stops.last()?.0.id?;
    let outcome = read_again(check, world, run, id, in_list);
    Some(ensured(check, world, run, id, &outcome))
}

fn ensured(check: &Check, world: &mut World, run: &mut Run, id: u8, outcome: &ReadOutcome) -> Then {
    match (outcome, run.stops.last()) {
        (ReadOutcome::Again(in_list), _) => Then::Goes(Step::EnsureAgain(*in_list)),
        (ReadOutcome::Absent, Some((_, reason))) if absence_suffices(*reason) => {
            if let Some((note, _)) = run.stops.pop() {
                forget(check, world, run, &note);
            }
            Then::Goes(Step::Ensure)
        }
        (ReadOutcome::Absent | ReadOutcome::Found | ReadOutcome::Doubt, _) => {
            run.report(world, id);
            Then::Ends
        }
    }
}
