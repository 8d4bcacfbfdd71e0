//! Waits for many creates and destroys at once: lists show which of them need not be polled, and polls say how they ended.

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use support::Scenario;
use tensorpool_simulator::{Action, Fault, LoggedRequest, Options};

/// So many clusters, and as many volumes.
const MANY: usize = 12;
/// How long a create and a destroy take: as many polls without lists, as the API asks for one each second.
const TAKES: u64 = 12;

fn scenario(name: &str) -> Scenario {
    let takes = Duration::from_secs(TAKES);
    let scenario = Scenario::with(name, Options { provision: takes, release: takes, ..Options::default() });
    scenario.write(&format!(
        "resource \"tensorpool_cluster\" \"many\" {{\n  count = {MANY}\n  name = \"c${{count.index}}\"\n  \
         instance_type = \"1xH100\"\n}}\n
resource \"tensorpool_storage\" \"many\" {{\n  count = {MANY}\n  name = \"s${{count.index}}\"\n  size_gb = 10\n}}\n"
    ));
    scenario
}

/// How many requests there were for a path.
fn counted(scenario: &Scenario, path: &str) -> usize {
    scenario.cloud.requests().iter().filter(|request: &&LoggedRequest| request.path.starts_with(path)).count()
}

const APPLY: &[&str] = &["apply", "-auto-approve", "-input=false", "-parallelism=50"];
const DESTROY: &[&str] = &["destroy", "-auto-approve", "-input=false", "-parallelism=50"];

#[test]
fn many_creates_and_destroys_are_waited_for_with_few_polls() {
    let scenario = scenario("polls-many");
    for arguments in [APPLY, DESTROY] {
        scenario.cloud.clear_requests();
        scenario.run(arguments).ok();
        let polls = counted(&scenario, "/request/info/");
        let lists = counted(&scenario, "/cluster/list") + counted(&scenario, "/storage/list");
        assert!(polls < 2 * MANY * 8, "{polls} polls, one by one there are {}", 2 * MANY * 12);
        assert!(lists < 60, "{lists} lists");
        if arguments == APPLY {
            scenario.run(&["plan", "-detailed-exitcode", "-input=false"]).ok();
        }
    }
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
}

#[test]
fn a_create_that_fails_among_many_is_reported_and_the_others_go_on() {
    let scenario = scenario("polls-failed");
    scenario.cloud.fail_next("CLUSTER_CLAIM", "no capacity");
    let run = scenario.run(APPLY);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert_eq!(run.text.matches("no capacity").count(), 1, "{}", run.text);
    scenario.run(APPLY).ok();
    assert_eq!(scenario.cloud.clusters().len(), MANY);
    scenario.run(&["plan", "-detailed-exitcode", "-input=false"]).ok();
}

#[test]
fn where_no_list_can_be_had_everything_is_polled() {
    let scenario = scenario("polls-refused");
    scenario.run(APPLY).ok();
    for path in ["/cluster/list", "/storage/list"] {
        let action = Action::Respond { status: 403, body: String::new(), headers: BTreeMap::default() };
        scenario.cloud.add_fault(Fault::once("GET", path, action).always());
    }
    scenario.cloud.clear_requests();
    scenario.run(DESTROY).ok();
    assert!(counted(&scenario, "/request/info/") >= 2 * MANY * 10);
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
}
