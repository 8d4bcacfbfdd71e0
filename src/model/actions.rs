//! What users do by hand.

use super::check::{CHOSEN, Check, NEIGHBOUR};
use super::cloud::{Cluster, Creator, MAX_CLUSTERS, Status};
use super::entries::confirm_saved;
use super::events::{Goal, UserAction};
use super::records::{Note, Saved};
use super::run::Run;
use super::world::World;

/// The actions of a kind that are possible now.
pub fn possible(world: &World, kind: UserAction) -> Vec<UserAction> {
    let each = |is_it: fn(&Cluster) -> bool, action: fn(u8) -> UserAction| world.cloud.ids(is_it).map(action).collect();
    let is_free = |state: u8| !world.runs.iter().flatten().any(|run| run.state == state && !run.terraform_killed);
    let saved = |state: u8| world.states[usize::from(state)].as_ref().filter(|_| is_free(state));
    let states = |action: fn(u8) -> UserAction, is_it: fn(&Saved) -> bool| {
        [0, 1].into_iter().filter(|state| saved(*state).is_some_and(is_it)).map(action).collect()
    };
    match kind {
        UserAction::Destroys(_) => each(|one| !one.protected, UserAction::Destroys),
        UserAction::Renames(_) => each(|one| one.visible && one.creator != Creator::AnotherUser, UserAction::Renames),
        UserAction::Locks(_) => each(|one| one.visible && !one.protected, UserAction::Locks),
        UserAction::Unlocks(_) => each(|one| one.visible && one.protected, UserAction::Unlocks),
        // Not while a create of that name is under way, nor while one is not settled.
        UserAction::Creates => {
            let free = world.runs.iter().all(Option::is_none) && world.cloud.late.is_none();
            let taken = world.cloud.ids(|one| one.name == CHOSEN).next().is_some();
            (free && !taken && world.cloud.clusters.len() < MAX_CLUSTERS)
                .then_some(UserAction::Creates)
                .into_iter()
                .collect()
        }
        UserAction::Imports(..) => {
            // While a run goes on, the messages say to wait for its end.
            if world.runs.iter().any(Option::is_some) {
                return Vec::new();
            }
            let elsewhere = |id: u8| world.states.iter().flatten().any(|saved| saved.id == id);
            let free =
                [0, 1].into_iter().filter(|state| is_free(*state) && world.states[usize::from(*state)].is_none());
            let named = |id: &u8| world.named_ids & (1 << id) != 0 && !elsewhere(*id);
            let ids: Vec<u8> = world.cloud.ids(|one| one.visible).filter(named).collect();
            free.flat_map(|state| ids.iter().map(move |id| UserAction::Imports(*id, state))).collect()
        }
        UserAction::Untaints(_) => states(UserAction::Untaints, |saved| saved.tainted),
        UserAction::Taints(_) => states(UserAction::Taints, |saved| !saved.tainted),
        UserAction::Removes(_) => states(UserAction::Removes, |_| true),
        UserAction::Forgets(_) => {
            let exists = |note: &Note| world.cloud.ids(|one| one.name == note.name).next().is_some();
            world.journal.iter().filter(|note| !exists(note)).map(|note| UserAction::Forgets(note.owner)).collect()
        }
        UserAction::Protects(_) => vec![UserAction::Protects(!world.protect)],
    }
}

/// Carries one out.
pub fn perform(check: &Check, world: &mut World, action: UserAction) {
    match action {
        UserAction::Destroys(id) => world.cloud.cluster(id).status = Status::Deleted,
        UserAction::Renames(id) => {
            let cluster = world.cloud.cluster(id);
            (cluster.name, cluster.known) = (NEIGHBOUR - 2, true);
        }
        UserAction::Locks(id) => world.cloud.cluster(id).protected = true,
        UserAction::Unlocks(id) => world.cloud.cluster(id).protected = false,
        UserAction::Creates => world.cloud.clusters.push(Cluster::by_hand(CHOSEN)),
        UserAction::Imports(id, state) => {
            let cluster = world.cloud.cluster(id);
            cluster.of_state = Some(state);
            let (name, protected, mark) = (cluster.name, cluster.protected, cluster.account);
            let saved = Saved { id, name, protected, tainted: false, mark, unfinished: false, failed: false };
            world.states[usize::from(state)] = Some(saved);
            // The import ends with a read.
            let import = Run::new(u8::MAX, state, mark, Goal::Apply);
            confirm_saved(check, world, &import, id);
        }
        UserAction::Untaints(state) => taint(world, state, false),
        UserAction::Taints(state) => taint(world, state, true),
        UserAction::Removes(state) => {
            if let Some(saved) = world.states[usize::from(state)].take() {
                world.cloud.cluster(saved.id).known = true;
            }
        }
        UserAction::Forgets(owner) => world.journal.retain(|note| note.owner != owner),
        UserAction::Protects(on) => world.protect = on,
    }
}

fn taint(world: &mut World, state: u8, tainted: bool) {
    if let Some(saved) = &mut world.states[usize::from(state)] {
        saved.tainted = tainted;
    }
}
