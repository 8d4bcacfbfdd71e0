//! The model, explored.

use std::fmt::Write as _;
use std::time::Instant;

use stateright::{Checker as _, HasDiscoveries, Model as _, StateRecorder};

use super::check::{Check, Scenario};
use super::cloud::{MAX_CLUSTERS, Status, Weather};
use super::events::{Event, Goal, UserAction};
use super::rules::{ALL, Rules};
use super::scenarios::{Extent, all};
use super::world::World;

const HARMLESS: &str = "nothing is harmed";
const SETTLED: &str = "nothing is left to do";

/// What an exploration came to.
struct Explored {
    states: usize,
    depth: usize,
    /// The shortest order of events to a harm.
    order: Option<Vec<String>>,
}

fn explore(scenario: Scenario, rules: Rules) -> Explored {
    let check = Check { scenario, rules, start: None };
    let checker = check.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let order = checker.discovery(HARMLESS).map(|path| {
        let steps = path.into_vec();
        let harm = steps.last().and_then(|(world, _)| world.harm);
        let events = steps.iter().filter_map(|(world, event)| event.map(|event| describe(world, event)));
        events.chain(harm.map(|harm| format!("=> {harm:?}"))).collect()
    });
    Explored { states: checker.unique_state_count(), depth: checker.max_depth(), order }
}

fn describe(world: &World, event: Event) -> String {
    match event {
        Event::Steps(slot, luck) => match &world.runs[usize::from(slot)] {
            Some(run) => format!("run {}: {:?}, {luck:?}", run.number, run.step),
            None => String::new(),
        },
        Event::Killed(slot) | Event::TerraformKilled(slot) => match &world.runs[usize::from(slot)] {
            Some(run) => format!("run {}: {event:?}", run.number),
            None => String::new(),
        },
        event => format!("{event:?}"),
    }
}

/// Explores every scenario, and returns what is to be said of it.
fn explore_all(extent: Extent) -> (String, bool) {
    let (mut text, mut is_harmless, mut total) = (String::new(), true, 0);
    for scenario in all(extent) {
        let (name, begin) = (scenario.name, Instant::now());
        let Explored { states, depth, order } = explore(scenario, Rules::kept());
        let seconds = begin.elapsed().as_secs_f32();
        total += states;
        _ = writeln!(text, "{name}: {states} states, depth {depth}, {seconds:.1} s");
        if let Some(order) = order {
            is_harmless = false;
            _ = writeln!(text, "  {}", order.join("\n  "));
        }
    }
    _ = writeln!(text, "together: {total} states");
    (text, is_harmless)
}

#[test]
fn in_every_order_of_a_few_events_nothing_is_lost_bought_twice_or_destroyed() {
    let (text, is_harmless) = explore_all(Extent::Slice);
    println!("{text}");
    assert!(is_harmless, "{text}");
}

#[test]
#[ignore = "takes minutes"]
fn in_every_order_of_more_events_nothing_is_lost_bought_twice_or_destroyed() {
    let (text, is_harmless) = explore_all(Extent::Whole);
    println!("{text}");
    assert!(is_harmless, "{text}");
}

/// The shortest order of events that harms without a rule, over all scenarios.
fn shortest(take_out: fn(&mut Rules)) -> Option<(&'static str, Vec<String>)> {
    let orders = all(Extent::Slice).into_iter().filter_map(|scenario| {
        let name = scenario.name;
        explore(scenario, Rules::without(take_out)).order.map(|order| (name, order))
    });
    orders.min_by_key(|(_, order)| order.len())
}

#[test]
#[ignore = "prints what each rule is good for"]
fn without_a_rule_there_is_an_order_of_events_that_harms() {
    let mut idle = Vec::new();
    for (rule, take_out) in ALL {
        println!("## {rule}");
        if let Some((scenario, order)) = shortest(take_out) {
            println!("{scenario}:\n  {}", order.join("\n  "));
        } else {
            println!("not found");
            idle.push(rule);
        }
    }
    assert!(idle.is_empty(), "{idle:?}");
}

/// The worlds of a scenario in which no run goes on and the API fares well. Without those in which there are as many clusters as
/// the bound allows and none of them is of use: no other could be created there, which is the bound's doing.
fn calm_worlds(scenario: Scenario) -> Vec<World> {
    let (recorder, worlds) = StateRecorder::new_with_accessor();
    let check = Check { scenario, rules: Rules::kept(), start: None };
    check.checker().visitor(recorder).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let is_calm = |world: &World| {
        let runs_end = world.runs.iter().all(Option::is_none) && world.runs_begun > 0;
        let is_full = world.cloud.clusters.len() == MAX_CLUSTERS
            && world.cloud.ids(|one| one.status == Status::Ready).next().is_none();
        runs_end
            && !is_full
            && world.harm.is_none()
            && world.cloud.weather == Weather::Fine
            && world.cloud.late.is_none()
    };
    worlds().into_iter().filter(is_calm).collect()
}

/// Whether the user gets to an empty plan from a world, in which nothing goes wrong any more, with what the messages name.
fn is_way_out(scenario: &Scenario, world: World) -> bool {
    let actions = vec![
        UserAction::Imports(0, 0),
        UserAction::Untaints(0),
        UserAction::Removes(0),
        UserAction::Protects(true),
        UserAction::Unlocks(0),
        UserAction::Destroys(0),
        UserAction::Forgets(0),
    ];
    let most_runs = world.runs_begun + 3;
    let runs = vec![(0, 0, Goal::Apply)];
    let scenario = Scenario { runs, actions, kills: false, most_runs, ..scenario.clone() };
    let start = World { faults_left: 0, actions_left: 3, ..world };
    let check = Check { scenario, rules: Rules::kept(), start: Some(start) };
    let settled = HasDiscoveries::AnyOf([SETTLED].into());
    check.checker().finish_when(settled).spawn_bfs().join().discovery(SETTLED).is_some()
}

/// How many worlds there are, how many of them were asked about, and those from which there is no way out.
fn dead_ends(scenario: &Scenario, most: usize) -> (usize, usize, Vec<World>) {
    let worlds = calm_worlds(scenario.clone());
    let all = worlds.len();
    let worlds: Vec<_> = worlds.into_iter().step_by((all / most).max(1)).collect();
    let asked = worlds.len();
    (all, asked, worlds.into_iter().filter(|world| !is_way_out(scenario, world.clone())).collect())
}

fn assert_ways_out(most: usize) {
    for scenario in all(Extent::Slice) {
        let (all, asked, stuck) = dead_ends(&scenario, most);
        println!("{}: {asked} of {all} worlds, {} dead ends", scenario.name, stuck.len());
        assert!(stuck.is_empty(), "{}: {:#?}", scenario.name, stuck.first());
    }
}

#[test]
fn from_some_worlds_where_runs_have_ended_the_remedies_lead_to_an_empty_plan() {
    assert_ways_out(8);
}

#[test]
#[ignore = "takes minutes"]
fn from_many_worlds_where_runs_have_ended_the_remedies_lead_to_an_empty_plan() {
    assert_ways_out(300);
}
