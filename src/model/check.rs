//! What is explored: a scenario, with the rules that are kept.

use super::cloud::{Cloud, Cluster, Creator, Weather};
use super::decisions::Asking;
use super::events::{Goal, Luck, UserAction};
use super::records::{Note, Saved};
use super::rules::Rules;
use super::run::Run;
use super::world::World;

/// The name that the configuration may choose.
pub const CHOSEN: u8 = 0;
/// The name of the cluster that a state has at the beginning, if none is chosen.
pub const FORMER: u8 = 6;
/// The name of another user's cluster.
pub const NEIGHBOUR: u8 = 7;

/// What is different in a part of the model that is explored on its own.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Scenario {
    pub name: &'static str,
    /// The states, accounts and goals of the runs that may begin.
    pub runs: Vec<(u8, u8, Goal)>,
    /// Whether the second state is of another backend.
    pub another_backend: bool,
    /// Whether the configuration names the cluster.
    pub chosen_name: bool,
    pub unique_names: bool,
    pub protect: bool,
    /// Whether the first state has a ready cluster at the beginning.
    pub begins_with_cluster: bool,
    /// Whether another user has a cluster of another name.
    pub neighbour: bool,
    pub lucks: Vec<Luck>,
    pub kills: bool,
    pub weathers: Vec<Weather>,
    pub actions: Vec<UserAction>,
    pub most_runs: u8,
    pub most_faults: u8,
    pub most_actions: u8,
}

/// The scenario with the rules that are kept.
#[derive(Clone, Debug)]
pub struct Check {
    pub scenario: Scenario,
    pub rules: Rules,
    /// Where it begins, if not at the beginning of the scenario.
    pub start: Option<World>,
}

impl Check {
    /// Where entries are bound to, as a state shows it.
    pub fn place(&self, state: u8) -> u8 {
        if self.scenario.another_backend { state } else { 0 }
    }

    /// What a run asks an entry as.
    pub fn asking(&self, world: &World, run: &Run, note: &Note) -> Asking {
        let owner_lives = world.runs.iter().flatten().any(|other| other.number == note.owner);
        Asking { run: run.number, place: self.place(run.state), account: run.account, owner_lives }
    }
}

impl Scenario {
    /// The world at its beginning.
    pub fn beginning(&self) -> World {
        let mut world = World {
            cloud: Cloud { clusters: Vec::new(), weather: Weather::Fine, late: None },
            states: [None, None],
            journal: Vec::new(),
            runs: [None, None],
            protect: self.protect,
            named_ids: 0,
            named_names: 0,
            harm: None,
            runs_begun: 0,
            faults_left: self.most_faults,
            actions_left: self.most_actions,
            spells_left: 1,
        };
        if self.begins_with_cluster {
            let (name, protected) = (if self.chosen_name { CHOSEN } else { FORMER }, self.protect);
            let before = Cluster {
                creator: Creator::Before,
                of_state: Some(0),
                protected,
                known: false,
                ..Cluster::by_hand(name)
            };
            world.cloud.clusters.push(before);
            world.states[0] =
                Some(Saved { id: 0, name, protected, tainted: false, mark: 0, unfinished: false, failed: false });
        }
        if self.neighbour {
            world.cloud.clusters.push(Cluster::by_hand(NEIGHBOUR));
        }
        world
    }
}
