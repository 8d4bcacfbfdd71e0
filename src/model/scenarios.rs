//! The parts of the model that are explored on their own.

use super::check::Scenario;
use super::cloud::Weather;
use super::events::{Goal, Luck, UserAction};

const APPLY: (u8, u8, Goal) = (0, 0, Goal::Apply);
const UNREAD: (u8, u8, Goal) = (0, 0, Goal::ApplyUnread);
const DESTROY: (u8, u8, Goal) = (0, 0, Goal::Destroy);
const REPLACE: (u8, u8, Goal) = (0, 0, Goal::Replace);
/// Another state.
const OTHER_STATE: (u8, u8, Goal) = (1, 0, Goal::Apply);
/// The key of another account.
const OTHER_KEY: (u8, u8, Goal) = (0, 1, Goal::Apply);

/// How much of a scenario is explored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What takes a second.
    Slice,
    /// One run, fault and action more.
    Whole,
}

fn plain(name: &'static str, runs: &[(u8, u8, Goal)]) -> Scenario {
    Scenario {
        name,
        runs: runs.to_vec(),
        another_backend: false,
        chosen_name: false,
        unique_names: true,
        protect: false,
        begins_with_cluster: false,
        neighbour: false,
        lucks: Vec::new(),
        kills: false,
        weathers: Vec::new(),
        actions: Vec::new(),
        most_runs: 2,
        most_faults: 2,
        most_actions: 0,
    }
}

/// All of them.
#[expect(clippy::too_many_lines, reason = "it is a list of scenarios")]
pub fn all(extent: Extent) -> Vec<Scenario> {
    use Luck::{
        Cut, Fails, Interrupted, Lagging, LostAfter, LostBefore, LostLagging, LostLate, ReadsNothing, Refused,
        Repeated, TimesOut, WrongId,
    };
    let lost = vec![LostBefore, LostAfter, LostLagging, Lagging, Refused, Interrupted];
    let spells = vec![Weather::Blip, Weather::NoDetails, Weather::Gateway];
    let by_hand =
        vec![UserAction::Destroys(0), UserAction::Imports(0, 0), UserAction::Removes(0), UserAction::Renames(0)];
    let locks = vec![
        UserAction::Taints(0),
        UserAction::Untaints(0),
        UserAction::Locks(0),
        UserAction::Unlocks(0),
        UserAction::Protects(true),
    ];
    let mut all = vec![
        Scenario { kills: true, lucks: lost.clone(), ..plain("kills", &[APPLY]) },
        Scenario { kills: true, lucks: lost.clone(), chosen_name: true, ..plain("kills, chosen name", &[APPLY]) },
        Scenario {
            kills: true,
            lucks: lost.clone(),
            unique_names: false,
            ..plain("kills, names not unique", &[APPLY])
        },
        Scenario {
            lucks: vec![LostLate, LostBefore, Refused, Repeated],
            kills: true,
            most_faults: 3,
            ..plain("late effects", &[APPLY])
        },
        Scenario { kills: true, most_runs: 4, most_faults: 1, ..plain("a block that is removed", &[APPLY, DESTROY]) },
        Scenario {
            kills: true,
            lucks: vec![Fails, TimesOut, Interrupted, Lagging],
            protect: true,
            ..plain("creates that fail", &[APPLY, DESTROY])
        },
        Scenario {
            begins_with_cluster: true,
            weathers: spells.clone(),
            lucks: vec![Cut],
            actions: vec![UserAction::Destroys(0)],
            most_actions: 1,
            ..plain("absences", &[APPLY, UNREAD, OTHER_KEY])
        },
        Scenario {
            weathers: spells.clone(),
            lucks: vec![Cut, Lagging, Interrupted],
            kills: true,
            ..plain("absences after a create", &[APPLY])
        },
        Scenario { kills: true, lucks: vec![LostAfter, Lagging], ..plain("two state files", &[APPLY, OTHER_STATE]) },
        Scenario {
            kills: true,
            another_backend: true,
            lucks: vec![LostAfter],
            ..plain("two backends", &[APPLY, OTHER_STATE])
        },
        Scenario { kills: true, most_runs: 3, most_faults: 1, ..plain("two adopters", &[APPLY, OTHER_STATE]) },
        Scenario {
            kills: true,
            most_runs: 3,
            most_faults: 1,
            actions: vec![UserAction::Imports(0, 0)],
            most_actions: 1,
            ..plain("imports", &[APPLY, DESTROY])
        },
        Scenario { kills: true, lucks: vec![LostAfter], ..plain("two keys", &[APPLY, OTHER_KEY]) },
        Scenario {
            neighbour: true,
            weathers: vec![Weather::Gateway],
            lucks: vec![WrongId, Cut, LostBefore, LostAfter],
            ..plain("a neighbour", &[APPLY])
        },
        Scenario {
            begins_with_cluster: true,
            protect: true,
            actions: locks.clone(),
            most_actions: 2,
            most_faults: 0,
            ..plain("protection", &[APPLY, UNREAD, REPLACE, DESTROY])
        },
        Scenario {
            begins_with_cluster: true,
            actions: locks,
            most_actions: 1,
            lucks: vec![LostBefore, LostAfter, Fails, Cut],
            weathers: spells,
            kills: true,
            ..plain("destroys", &[REPLACE, DESTROY])
        },
        Scenario {
            begins_with_cluster: true,
            actions: vec![UserAction::Locks(0), UserAction::Unlocks(0), UserAction::Destroys(0)],
            most_actions: 3,
            lucks: vec![ReadsNothing, Cut],
            most_faults: 1,
            ..plain("destroys that are refused", &[REPLACE, DESTROY])
        },
        Scenario {
            kills: true,
            lucks: vec![LostAfter],
            actions: by_hand,
            most_actions: 1,
            ..plain("by hand", &[APPLY, DESTROY])
        },
        Scenario {
            kills: true,
            chosen_name: true,
            lucks: vec![LostBefore, Cut],
            actions: vec![UserAction::Creates],
            most_actions: 1,
            ..plain("the same name by hand", &[APPLY])
        },
    ];
    if extent == Extent::Whole {
        for scenario in &mut all {
            scenario.most_runs += 1;
            scenario.most_faults += u8::from(scenario.most_faults > 0);
            scenario.most_actions += u8::from(scenario.most_actions > 0);
        }
    }
    all
}
