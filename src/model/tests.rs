//! The model, explored.

use super::*;
use stateright::Checker as _;

fn base() -> Scenario {
    Scenario {
        name: "",
        runs: vec![(0, 0, Goal::Apply)],
        another_backend: false,
        chosen_name: false,
        unique_names: true,
        protect: false,
        begins_with_cluster: false,
        neighbour: false,
        lucks: vec![],
        kills: true,
        weathers: vec![],
        deeds: vec![],
        most_runs: 2,
        most_faults: 2,
        most_deeds: 0,
    }
}

#[test]
fn first() {
    let lucks = vec![Luck::LostBefore, Luck::LostAfter, Luck::Lagging, Luck::LostLagging];
    let check = Check { scenario: Scenario { lucks, ..base() }, rules: Rules::kept() };
    let checker = check.checker().spawn_bfs().join();
    println!("{} states, depth {}", checker.unique_state_count(), checker.max_depth());
    if let Some(path) = checker.discovery("nothing is harmed") {
        println!("{:?}", path.last_state());
        println!("{:#?}", path.into_actions());
    }
}
