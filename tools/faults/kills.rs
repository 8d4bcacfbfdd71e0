//! Kills at random moments, with several clusters in the making.

use std::path::Path;
use std::thread;
use std::time::Duration;

use tensorpool_simulator::Options;

use crate::beginning::PROVIDER;
use crate::in_parallel;
use crate::sandbox::Sandbox;
use crate::subject::words;
use crate::wrong::Blow;

/// Kills until the count is reached, and gives what was lost, doubled or told.
pub fn run(home: &Path, seed: u64, count: usize, jobs: usize) -> Vec<String> {
    let rounds: Vec<_> = (0..count as u64).collect();
    let results = in_parallel(jobs, &rounds, |round| {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(*round));
        once(home, *round, &mut random).map_err(|problem| format!("kill {round}, seed {seed}: {problem}"))
    });
    let (mut known, mut problems) = ([0; 3], Vec::new());
    for result in results {
        match result {
            Ok(kinds) => known.iter_mut().zip(kinds).for_each(|(sum, one)| *sum += one),
            Err(problem) => problems.push(problem),
        }
    }
    println!(
        "{count} kills, seed {seed}: {} objects were in the state, {} in the journal, {} were named with their import; {} wrong",
        known[0],
        known[1],
        known[2],
        problems.len()
    );
    problems
}

const CONFIGURATION: &str = "resource \"tensorpool_cluster\" \"named\" {\n  count = 3\n  name = \"n-${count.index}\"\n  \
    instance_type = \"1xH100\"\n}\n\nresource \"tensorpool_cluster\" \"unnamed\" {\n  count = 2\n  instance_type = \"1xH200\"\n}\n";
const OBJECTS: usize = 5;

/// One kill, in an apply or a destroy. The answer counts what was in the state, in the journal, and named by an error.
fn once(home: &Path, round: u64, random: &mut fastrand::Rng) -> Result<[usize; 3], String> {
    let options = Options {
        provision: Duration::from_millis(random.u64(0..900)),
        release: Duration::from_millis(random.u64(0..900)),
        ..Options::default()
    };
    let mut sandbox = Sandbox::new(home, &format!("kill-{round}"), random.u64(..), &options, true)
        .map_err(|error| error.to_string())?;
    sandbox.write(PROVIDER, CONFIGURATION);
    let apply = words(&["apply", "-auto-approve", "-input=false", "-json"]);
    let destroy = words(&["destroy", "-auto-approve", "-input=false", "-json"]);
    let destroying = random.u8(0..4) == 0;
    if destroying && !sandbox.run(&apply).succeeded {
        return Err("an apply without a kill fails".to_owned());
    }
    sandbox.cloud.clear_requests();
    let (child, target) = sandbox.start(if destroying { &destroy } else { &apply });
    // From the first request of the apply on, as before it there is nothing to lose.
    let first = if destroying { "DELETE" } else { "GET" };
    let mut turns = 0;
    while turns < 2000 && !sandbox.cloud.requests().iter().any(|request| request.method == first) {
        thread::sleep(Duration::from_millis(5));
        turns += 1;
    }
    thread::sleep(Duration::from_millis(random.u64(0..1800)));
    let blow = if random.bool() { Blow::KillTerraform } else { Blow::KillProvider };
    blow.strike(&target);
    let killed = sandbox.finish(child, &target);

    let truth: Vec<_> = sandbox.cloud.clusters();
    if truth.len() > OBJECTS {
        return Err(format!("after the kill there are {}", truth.len()));
    }
    let state = sandbox.state();
    let missing: Vec<_> = truth.iter().filter(|cluster| !state.contains(&cluster.id)).collect();
    let plan = sandbox.run(&words(&["plan", "-input=false", "-json"]));
    let in_journal = missing.iter().filter(|cluster| plan.tells(&cluster.id)).count();
    let mut applied = sandbox.run(&apply);
    let mut imported = 0;
    for cluster in &missing {
        if plan.tells(&cluster.id) || sandbox.state().contains(&cluster.id) {
            continue;
        }
        // Neither foretold nor taken over: then the apply has to name it.
        if !applied.tells(&cluster.id) && !killed.tells(&cluster.id) {
            return Err(format!("{} ({}) is lost: {}\n{}", cluster.name, cluster.id, killed.text, plan.text));
        }
        let Some(index) = cluster.name.strip_prefix("n-") else {
            return Err(format!("{} ({}) has to be imported by hand", cluster.name, cluster.id));
        };
        let address = format!("tensorpool_cluster.named[{index}]");
        if !sandbox.run(&words(&["import", "-no-color", "-input=false", &address, &cluster.id])).succeeded {
            return Err(format!("{} cannot be imported", cluster.id));
        }
        imported += 1;
    }
    if !applied.succeeded {
        applied = sandbox.run(&apply);
    }
    if !applied.succeeded {
        return Err(format!("the next apply does not converge: {}", applied.text));
    }
    let (truth, state) = (sandbox.cloud.clusters(), sandbox.state());
    if truth.len() != OBJECTS || truth.iter().any(|cluster| !state.contains(&cluster.id)) {
        return Err(format!("after the next apply there are {truth:?}, and the state is {state}"));
    }
    if sandbox.run(&words(&["plan", "-input=false", "-detailed-exitcode"])).code != Some(0) {
        return Err("the last plan is not empty".to_owned());
    }
    if !sandbox.run(&destroy).succeeded || !sandbox.cloud.clusters().is_empty() {
        return Err("the destroy does not end well".to_owned());
    }
    if !sandbox.leaks.is_empty() {
        return Err(format!("a secret is in {}", sandbox.leaks.join(", ")));
    }
    Ok([truth.len() - missing.len(), in_journal, imported + (missing.len() - in_journal - imported)])
}
