//! What must never happen.

use super::check::Check;
use super::cloud::{Cluster, Creator, Status};
use super::records::Note;
use super::world::{Harm, World};

/// Notes a cluster that is lost.
pub fn note_what_is_lost(world: &mut World) {
    let lost = world.cloud.ids(|one| one.status != Status::Deleting).find(|id| is_lost(world, *id));
    if let Some(id) = lost {
        world.harm(Harm::Lost(id));
    }
}

fn is_lost(world: &World, id: u8) -> bool {
    let cluster = &world.cloud.clusters[usize::from(id)];
    let Creator::Run(creator) = cluster.creator else { return is_dropped(world, id, cluster) };
    let in_hand = world.runs.iter().flatten().any(|run| run.number == creator || run.holds(id));
    !in_hand && is_dropped(world, id, cluster)
}

/// Whether a cluster that is no run's any more is in no state, in no message, and in no entry that a later run reports.
fn is_dropped(world: &World, id: u8, cluster: &Cluster) -> bool {
    if cluster.of_state.is_none() {
        return false;
    }
    let in_state = world.states.iter().flatten().any(|saved| saved.id == id);
    let named = world.named_ids & (1 << id) != 0 || world.named_names & (1 << cluster.name) != 0;
    let is_noted = |note: &Note| {
        let is_of_it = note.id.map_or(note.name == cluster.name, |noted| noted == id);
        note.account == cluster.account && is_of_it && !note.passed_over
    };
    let noted = world.journal.iter().any(is_noted);
    !in_state && !named && !noted && !cluster.known
}

/// Whether the plan of the first state is empty, and nothing else is paid for.
pub fn is_settled(world: &World) -> bool {
    let Some(saved) = &world.states[0] else { return false };
    let cluster = &world.cloud.clusters[usize::from(saved.id)];
    let is_empty = !saved.tainted && !saved.failed && !saved.unfinished && saved.protected == world.protect;
    let is_ready = cluster.status == Status::Ready && cluster.protected == saved.protected;
    let in_a_state = |id: u8| world.states.iter().flatten().any(|saved| saved.id == id);
    let is_rest_saved =
        world.cloud.ids(|one| one.creator != Creator::AnotherUser && one.status != Status::Deleting).all(in_a_state);
    is_empty && is_ready && is_rest_saved && world.runs.iter().all(Option::is_none)
}

/// A create lands: are there more by now than states that want one? Two state files of one directory cannot be distinguished, so
/// they are counted together.
pub fn note_if_twice(check: &Check, world: &mut World, new: u8) {
    let Some(of_state) = world.cloud.clusters[usize::from(new)].of_state else { return };
    let place = check.place(of_state);
    let is_paid = |one: &Cluster| {
        let is_of_place = one.of_state.is_some_and(|state| check.place(state) == place);
        is_of_place && one.creator != Creator::AnotherUser && one.status != Status::Deleting && !one.known
    };
    // A user may have imported one into the other state.
    let wants = |state: u8| {
        let has_run = check.scenario.runs.iter().any(|(of, ..)| *of == state);
        (has_run || world.states[usize::from(state)].is_some()) && check.place(state) == place
    };
    if world.cloud.ids(is_paid).count() > [0, 1].into_iter().filter(|state| wants(*state)).count() {
        world.harm(Harm::Twice(new));
    }
}

/// A run takes a cluster into its state that its own create has not returned. Two state files of one directory cannot be
/// distinguished, so that one may adopt what the other's killed run has left.
pub fn note_if_foreign(world: &mut World, id: u8, state: u8, same_place: bool) {
    let cluster = &world.cloud.clusters[usize::from(id)];
    let of_another = world
        .states
        .iter()
        .enumerate()
        .any(|(other, saved)| other != usize::from(state) && saved.as_ref().is_some_and(|saved| saved.id == id));
    let in_another_hand = world.runs.iter().flatten().any(|run| run.state != state && run.holds(id));
    let belongs = cluster.of_state.is_some_and(|owner| owner == state || same_place);
    if !belongs || of_another || in_another_hand {
        world.harm(Harm::AdoptedForeign(id));
    } else {
        world.cloud.cluster(id).of_state = Some(state);
    }
}
