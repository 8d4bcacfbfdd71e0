//! Which events may follow which world, and what is checked in each.

use stateright::{Model, Property};

use super::check::Check;
use super::cloud::Weather;
use super::events::Event;
use super::run::Run;
use super::world::World;
use super::{actions, api, invariants, steps};

impl Check {
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
                steps::step(self, &mut world, usize::from(slot), luck)?;
            }
            Event::Killed(slot) => {
                world.faults_left -= 1;
                world.runs[usize::from(slot)] = None;
            }
            Event::TerraformKilled(slot) => {
                world.faults_left -= 1;
                world.runs[usize::from(slot)].as_mut()?.terraform_killed = true;
            }
            Event::Appears(id) => world.cloud.cluster(id).visible = true,
            Event::Lands => api::land_late(self, &mut world)?,
            Event::Weather(weather) => {
                if weather != Weather::Fine {
                    world.spells_left -= 1;
                    world.faults_left -= 1;
                }
                world.cloud.weather = weather;
            }
            Event::UserAction(action) => {
                world.actions_left -= 1;
                actions::perform(self, &mut world, action);
            }
        }
        Some(world)
    }

    fn begins(&self, world: &World, events: &mut Vec<Event>) {
        if world.runs_begun == self.scenario.most_runs || world.runs.iter().all(Option::is_some) {
            return;
        }
        // Terraform locks the state.
        let is_locked = |state| world.runs.iter().flatten().any(|run| run.state == state && !run.terraform_killed);
        for &(state, account, goal) in &self.scenario.runs {
            if !is_locked(state) {
                events.push(Event::Begins(state, account, goal));
            }
        }
    }

    fn steps(&self, world: &World, events: &mut Vec<Event>) {
        for (slot, run) in (0_u8..).zip(&world.runs) {
            let Some(run) = run else { continue };
            for luck in steps::lucks(world, run) {
                if !luck.is_fault() || (world.faults_left > 0 && self.scenario.lucks.contains(&luck)) {
                    events.push(Event::Steps(slot, luck));
                }
            }
            if self.scenario.kills && world.faults_left > 0 {
                events.push(Event::Killed(slot));
                if !run.terraform_killed {
                    events.push(Event::TerraformKilled(slot));
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
        if world.actions_left > 0 {
            let possible = self.scenario.actions.iter().flat_map(|action| actions::possible(world, *action));
            events.extend(possible.map(Event::UserAction));
        }
    }
}

impl Model for Check {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        vec![self.start.clone().unwrap_or_else(|| self.scenario.beginning())]
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
