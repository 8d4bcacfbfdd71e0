//! What people do by hand, and how the world begins.

use super::cloud::{Cloud, Cluster, Maker, Status, Weather};
use super::run::{Run, confirm_saved};
use super::{Check, Note, Saved, Scenario, World};

/// The name that the configuration may choose.
pub const CHOSEN: u8 = 0;
/// The name of the cluster that a state has at the beginning, if none is chosen.
const FORMER: u8 = 6;
/// The name of somebody else's cluster.
const NEIGHBOUR: u8 = 7;

/// What somebody does by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Destroys this cluster.
    Destroys(u8),
    /// Renames it, and so knows of it.
    Renames(u8),
    /// Sets its lock.
    Locks(u8),
    /// Lifts its lock.
    Unlocks(u8),
    /// Makes one of the name that the configuration chooses.
    Makes,
    /// `terraform import` of one into this state.
    Imports(u8, u8),
    /// `terraform untaint` in this state.
    Untaints(u8),
    /// `terraform taint` in this state.
    Taints(u8),
    /// `terraform state rm` in this state.
    Removes(u8),
    /// Deletes the journal's entry of this owner, after the dashboard shows no such cluster.
    Forgets(u8),
    /// Changes `deletion_protection` in the configuration.
    Protects(bool),
}

/// The deeds of a kind that somebody can do now.
pub fn possible(world: &World, kind: Deed) -> Vec<Deed> {
    let each = |is_it: fn(&Cluster) -> bool, deed: fn(u8) -> Deed| world.cloud.ids(is_it).map(deed).collect();
    let is_free = |state: u8| !world.runs.iter().flatten().any(|run| run.state == state && !run.beheaded);
    let saved = |state: u8| world.states[usize::from(state)].as_ref().filter(|_| is_free(state));
    let states = |deed: fn(u8) -> Deed, is_it: fn(&Saved) -> bool| {
        [0, 1].into_iter().filter(|state| saved(*state).is_some_and(is_it)).map(deed).collect()
    };
    match kind {
        Deed::Destroys(_) => each(|one| !one.protected, Deed::Destroys),
        Deed::Renames(_) => each(|one| one.visible && one.maker != Maker::Somebody, Deed::Renames),
        Deed::Locks(_) => each(|one| one.visible && !one.protected, Deed::Locks),
        Deed::Unlocks(_) => each(|one| one.visible && one.protected, Deed::Unlocks),
        // Not while a create of that name is under way, nor while one is not settled.
        Deed::Makes => {
            let free = world.runs.iter().all(Option::is_none) && world.cloud.late.is_none();
            let taken = world.cloud.ids(|one| one.name == CHOSEN).next().is_some();
            (free && !taken && world.cloud.clusters.len() < super::MAX_CLUSTERS)
                .then_some(Deed::Makes)
                .into_iter()
                .collect()
        }
        Deed::Imports(..) => {
            // While a run goes on, the messages say to wait for its end.
            if world.runs.iter().any(Option::is_some) {
                return Vec::new();
            }
            let elsewhere = |id: u8| world.states.iter().flatten().any(|saved| saved.id == id);
            let free =
                [0, 1].into_iter().filter(|state| is_free(*state) && world.states[usize::from(*state)].is_none());
            let named = |id: &u8| world.named_ids & (1 << id) != 0 && !elsewhere(*id);
            let ids: Vec<u8> = world.cloud.ids(|one| one.visible).filter(named).collect();
            free.flat_map(|state| ids.iter().map(move |id| Deed::Imports(*id, state))).collect()
        }
        Deed::Untaints(_) => states(Deed::Untaints, |saved| saved.tainted),
        Deed::Taints(_) => states(Deed::Taints, |saved| !saved.tainted),
        Deed::Removes(_) => states(Deed::Removes, |_| true),
        Deed::Forgets(_) => {
            let made = |note: &Note| world.cloud.ids(|one| one.name == note.name).next().is_some();
            world.journal.iter().filter(|note| !made(note)).map(|note| Deed::Forgets(note.owner)).collect()
        }
        Deed::Protects(_) => vec![Deed::Protects(!world.protect)],
    }
}

/// Somebody does it.
pub fn perform(check: &Check, world: &mut World, deed: Deed) {
    match deed {
        Deed::Destroys(id) => world.cloud.cluster(id).status = Status::Gone,
        Deed::Renames(id) => {
            let cluster = world.cloud.cluster(id);
            (cluster.name, cluster.known) = (NEIGHBOUR - 2, true);
        }
        Deed::Locks(id) => world.cloud.cluster(id).protected = true,
        Deed::Unlocks(id) => world.cloud.cluster(id).protected = false,
        Deed::Makes => world.cloud.clusters.push(somebodys(CHOSEN)),
        Deed::Imports(id, state) => {
            let cluster = world.cloud.cluster(id);
            cluster.of_state = Some(state);
            let (name, protected, mark) = (cluster.name, cluster.protected, cluster.account);
            let saved = Saved { id, name, protected, tainted: false, mark, unfinished: false, failed: false };
            world.states[usize::from(state)] = Some(saved);
            // The import ends with a read.
            let import = Run::new(u8::MAX, state, mark, super::Goal::Apply);
            confirm_saved(check, world, &import, id);
        }
        Deed::Untaints(state) => taint(world, state, false),
        Deed::Taints(state) => taint(world, state, true),
        Deed::Removes(state) => {
            if let Some(saved) = world.states[usize::from(state)].take() {
                world.cloud.cluster(saved.id).known = true;
            }
        }
        Deed::Forgets(owner) => world.journal.retain(|note| note.owner != owner),
        Deed::Protects(on) => world.protect = on,
    }
}

fn taint(world: &mut World, state: u8, tainted: bool) {
    if let Some(saved) = &mut world.states[usize::from(state)] {
        saved.tainted = tainted;
    }
}

fn somebodys(name: u8) -> Cluster {
    Cluster {
        name,
        account: 0,
        maker: Maker::Somebody,
        of_state: None,
        protected: false,
        status: Status::Ready,
        visible: true,
        known: true,
    }
}

/// The world at the beginning of a scenario.
pub fn beginning(scenario: &Scenario) -> World {
    let mut world = World {
        cloud: Cloud { clusters: Vec::new(), weather: Weather::Fine, late: None },
        states: [None, None],
        journal: Vec::new(),
        runs: [None, None],
        protect: scenario.protect,
        named_ids: 0,
        named_names: 0,
        harm: None,
        runs_begun: 0,
        faults_left: scenario.most_faults,
        deeds_left: scenario.most_deeds,
        spells_left: 1,
    };
    if scenario.begins_with_cluster {
        let (name, protected) = (if scenario.chosen_name { CHOSEN } else { FORMER }, scenario.protect);
        let before = Cluster { maker: Maker::Before, of_state: Some(0), protected, known: false, ..somebodys(name) };
        world.cloud.clusters.push(before);
        world.states[0] =
            Some(Saved { id: 0, name, protected, tainted: false, mark: 0, unfinished: false, failed: false });
    }
    if scenario.neighbour {
        world.cloud.clusters.push(somebodys(NEIGHBOUR));
    }
    world
}
