//! A model of the cloud, of Terraform, of this provider and of its user, checked over every order of events.
//!
//! The provider's decisions are not modelled: the product's own functions are called (see `decisions`). Modelled is what lies
//! between them: the steps of an operation as `src/provisioned` takes them, between any two of which a run may be killed,
//! another run or a person may act, and the API may do what it does on bad days.
//!
//! # Bounds
//! One resource block, in two states at most (another `-state` file of the directory, or another backend); two runs alive, and
//! at most one for a state, as Terraform locks it; three clusters; and, as each [`Scenario`] says, a few runs, faults (of the
//! API, or a kill) and deeds (of somebody by hand).
//!
//! # Assumptions
//! - Reads and lists lag less than the search for a lost create lasts.
//! - When only the clusters' part of the API answers 404, that is over within five seconds and does not come back; when
//!   everything does, it may last. One such spell at most.
//! - When reads find nothing for longer while writes take effect, that begins after the state was read: the evidence would
//!   believe such reads, and only the refusal of a write contradicts them.
//! - Nobody makes a cluster of a name by hand between the list before a create of that name and its answer.
//! - A create of which the API has the request but which it carries out after the search has ended happens only where it keeps
//!   names unique.

mod cloud;
mod create;
mod decisions;
mod deeds;
mod invariants;
mod look;
mod review;
mod rules;
mod run;
mod scenarios;
mod tests;

use stateright::{Model, Property};

use crate::journal::entry::Stage;
use cloud::{Cloud, Weather};
use deeds::Deed;
use invariants::Harm;
use rules::Rules;
use run::{Luck, Run};

/// As many as the bounds allow.
const MAX_CLUSTERS: usize = 3;

/// What Terraform keeps of the one resource, with private state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "they are the state's own")]
struct Saved {
    id: u8,
    name: u8,
    protected: bool,
    tainted: bool,
    /// The account with which it was last found.
    mark: u8,
    /// A create that has not ended.
    unfinished: bool,
    /// A create that was resumed has failed.
    failed: bool,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Note {
    /// The number of the run whose process wrote it.
    owner: u8,
    place: u8,
    account: u8,
    name: u8,
    generated: bool,
    id: Option<u8>,
    stage: Stage,
    adopted: bool,
    /// The run that has passed by it.
    passed_by: Option<u8>,
    /// Two runs have passed by it and reported nothing.
    passed_over: bool,
}

/// Everything there is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    cloud: Cloud,
    states: [Option<Saved>; 2],
    journal: Vec<Note>,
    runs: [Option<Run>; 2],
    /// Whether the configuration protects the cluster.
    protect: bool,
    /// The ids and the names that a message to the user names.
    named_ids: u8,
    named_names: u8,
    /// What went wrong.
    harm: Option<Harm>,
    runs_begun: u8,
    faults_left: u8,
    deeds_left: u8,
    spells_left: u8,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Goal {
    Apply,
    /// With `-refresh=false`.
    ApplyUnread,
    /// With `-replace`.
    Replace,
    Destroy,
}

/// What is different in a part of the model that is explored on its own.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
struct Scenario {
    name: &'static str,
    /// The states, accounts and goals of the runs that may begin.
    runs: Vec<(u8, u8, Goal)>,
    /// Whether the second state is of another backend.
    another_backend: bool,
    /// Whether the configuration names the cluster.
    chosen_name: bool,
    unique_names: bool,
    protect: bool,
    /// Whether the first state has a ready cluster at the beginning.
    begins_with_cluster: bool,
    /// Whether somebody else has a cluster of another name.
    neighbour: bool,
    lucks: Vec<Luck>,
    kills: bool,
    weathers: Vec<Weather>,
    deeds: Vec<Deed>,
    most_runs: u8,
    most_faults: u8,
    most_deeds: u8,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Event {
    /// A run begins: of a state, with an account, for a goal.
    Begins(u8, u8, Goal),
    /// A run takes its next step, with luck.
    Steps(u8, Luck),
    /// A run is killed, Terraform and provider.
    Killed(u8),
    /// Terraform is killed, and the provider goes on for a while.
    Beheaded(u8),
    /// Reads and lists show a cluster.
    Appears(u8),
    /// The API carries a create out at last.
    Lands,
    Weather(Weather),
    Deed(Deed),
}

/// The scenario with the rules that are kept.
#[derive(Clone, Debug)]
struct Check {
    scenario: Scenario,
    rules: Rules,
    /// Where it begins, if not at the beginning of the scenario.
    start: Option<World>,
}

impl Check {
    fn place(&self, state: u8) -> u8 {
        if self.scenario.another_backend { state } else { 0 }
    }

    /// A new world after an event; `None` if it cannot happen.
    fn after(&self, mut world: World, event: Event) -> Option<World> {
        match event {
            Event::Begins(state, account, goal) => {
                let slot = world.runs.iter().position(Option::is_none)?;
                world.runs_begun += 1;
                world.runs[slot] = Some(Run::new(world.runs_begun, state, account, goal));
            }
            Event::Steps(slot, luck) => {
                world.faults_left -= u8::from(luck.is_fault());
                run::step(self, &mut world, usize::from(slot), luck)?;
            }
            Event::Killed(slot) => {
                world.faults_left -= 1;
                world.runs[usize::from(slot)] = None;
            }
            Event::Beheaded(slot) => {
                world.faults_left -= 1;
                world.runs[usize::from(slot)].as_mut()?.beheaded = true;
            }
            Event::Appears(id) => world.cloud.cluster(id).visible = true,
            Event::Lands => run::land_late(self, &mut world)?,
            Event::Weather(weather) => {
                if weather != Weather::Fine {
                    world.spells_left -= 1;
                    world.faults_left -= 1;
                }
                world.cloud.weather = weather;
            }
            Event::Deed(deed) => {
                world.deeds_left -= 1;
                deeds::perform(self, &mut world, deed);
            }
        }
        Some(world)
    }

    fn begins(&self, world: &World, events: &mut Vec<Event>) {
        if world.runs_begun == self.scenario.most_runs || world.runs.iter().all(Option::is_some) {
            return;
        }
        // Terraform locks the state.
        let is_locked = |state| world.runs.iter().flatten().any(|run| run.state == state && !run.beheaded);
        for &(state, account, goal) in &self.scenario.runs {
            if !is_locked(state) {
                events.push(Event::Begins(state, account, goal));
            }
        }
    }

    fn steps(&self, world: &World, events: &mut Vec<Event>) {
        for (slot, run) in (0_u8..).zip(&world.runs) {
            let Some(run) = run else { continue };
            for luck in run::lucks(world, run) {
                if !luck.is_fault() || (world.faults_left > 0 && self.scenario.lucks.contains(&luck)) {
                    events.push(Event::Steps(slot, luck));
                }
            }
            if self.scenario.kills && world.faults_left > 0 {
                events.push(Event::Killed(slot));
                if !run.beheaded {
                    events.push(Event::Beheaded(slot));
                }
            }
        }
    }

    fn happens(&self, world: &World, events: &mut Vec<Event>) {
        events.extend(world.cloud.ids(|one| !one.visible).map(Event::Appears));
        if world.cloud.late.is_some() {
            events.push(Event::Lands);
        }
        if world.cloud.weather == Weather::Fine && world.faults_left > 0 && world.spells_left > 0 {
            events.extend(self.scenario.weathers.iter().copied().map(Event::Weather));
        } else if world.cloud.weather != Weather::Fine {
            events.push(Event::Weather(Weather::Fine));
        }
        if world.deeds_left > 0 {
            let possible = self.scenario.deeds.iter().flat_map(|deed| deeds::possible(world, *deed));
            events.extend(possible.map(Event::Deed));
        }
    }
}

impl Model for Check {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        vec![self.start.clone().unwrap_or_else(|| deeds::beginning(&self.scenario))]
    }

    fn actions(&self, world: &World, events: &mut Vec<Event>) {
        if world.harm.is_some() {
            return;
        }
        self.begins(world, events);
        self.steps(world, events);
        self.happens(world, events);
    }

    fn next_state(&self, world: &World, event: Event) -> Option<World> {
        let mut next = self.after(world.clone(), event)?;
        invariants::note_what_is_lost(&mut next);
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is harmed", |_, world: &World| world.harm.is_none()),
            Property::sometimes("nothing is left to do", |_, world: &World| invariants::is_settled(world)),
        ]
    }
}
