//! What a run does to the journal's entries.

use super::check::Check;
use super::cloud::Cluster;
use super::records::Note;
use super::run::Run;
use super::world::World;
use crate::journal::entry::Stage;

/// The entry that this run writes.
pub fn own<'a>(world: &'a mut World, run: &Run) -> Option<&'a mut Note> {
    world.journal.iter_mut().find(|note| note.owner == run.number)
}

/// An entry that was adopted for nothing is again as it was.
pub fn give_back(world: &mut World, run: &Run) {
    if let Some(note) = own(world, run) {
        note.adopted = false;
    }
}

/// How the create is marked as ended, as `OpenEntry::answer` does.
pub fn mark(world: &mut World, run: &Run, stage: Stage, recorded: bool) {
    let recorded = recorded && !run.terraform_killed;
    let Some(note) = own(world, run) else { return };
    if note.adopted && !recorded {
        note.adopted = false;
    } else if !run.terraform_killed {
        note.stage = stage;
    }
}

/// The create has ended, with an object.
pub fn mark_ended(check: &Check, world: &mut World, run: &Run, ok: bool) {
    mark(world, run, if ok { Stage::Returned } else { Stage::Failed }, true);
    if !check.rules.entry_stays && !run.terraform_killed {
        world.journal.retain(|note| note.owner != run.number);
    }
}

/// Entries of a cluster that was found in a state are forgotten.
pub fn confirm_saved(check: &Check, world: &mut World, run: &Run, id: u8) {
    let Cluster { name, account, .. } = world.cloud.clusters[usize::from(id)];
    let living: Vec<u8> = world.runs.iter().flatten().map(|other| other.number).collect();
    let is_named = |note: &Note| {
        let is_dead = !living.contains(&note.owner);
        check.rules.confirmed_by_name && is_dead && (note.name, note.account) == (name, account)
    };
    let is_it = |note: &Note| note.id.map_or_else(|| is_named(note), |noted| noted == id);
    world.journal.retain(|note| note.owner == run.number || !is_it(note));
}

/// Entries of a cluster whose absence is proved are forgotten.
pub fn confirm_absent(world: &mut World, run: &Run, id: u8) {
    world.journal.retain(|note| note.owner == run.number || note.id != Some(id));
}
