//! Kills at random moments, while objects of several kinds are created.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tensorpool_simulator::{Options, Simulator};

use crate::injection::Signal;
use crate::operation::{APPLY, DESTROY, words};
use crate::progress::Progress;
use crate::run::Run;
use crate::runner::in_parallel;
use crate::sandbox::Sandbox;

/// What became of the objects that existed when a run was killed.
#[derive(Clone, Copy, Default)]
struct Fates {
    /// They were in the state.
    saved: usize,
    /// The next plan named them.
    planned: usize,
    /// An error named them, with their import.
    imported: usize,
    /// The next apply adopted them, though the plan before had not named them: they cost nothing, or the run was just dying.
    adopted: usize,
    /// Terraform was killed while it wrote the state, and they are in its backup, which the guide says to bring back.
    restored: usize,
}

/// Kills until the count is reached, and returns what was lost, doubled or reported.
pub fn run(home: &Path, seed: u64, count: usize, jobs: usize) -> Vec<String> {
    let rounds: Vec<_> = (0..count as u64).collect();
    let progress = Progress::of(count);
    let results = in_parallel(jobs, &rounds, |round| {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(*round));
        let result = once(home, *round, &mut random).map_err(|problem| format!("kill {round}, seed {seed}: {problem}"));
        progress.step(result.is_err());
        result
    });
    let (mut sum, mut problems) = (Fates::default(), Vec::new());
    for result in results {
        match result {
            Ok(fates) => {
                sum.saved += fates.saved;
                sum.planned += fates.planned;
                sum.imported += fates.imported;
                sum.adopted += fates.adopted;
                sum.restored += fates.restored;
            }
            Err(problem) => problems.push(problem),
        }
    }
    let Fates { saved, planned, imported, adopted, restored } = sum;
    println!(
        "{count} kills, seed {seed}: of the objects that existed then, {saved} were in the state, {planned} were named by the \
         next plan, {imported} were named with their import, {adopted} were adopted at once, {restored} were in Terraform's backup of a \
         state that it had cut off; lost or doubled: {}",
        problems.len()
    );
    problems
}

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";

fn configuration() -> String {
    format!(
        r#"resource "tensorpool_cluster" "named" {{
  count         = 2
  name          = "n-${{count.index}}"
  instance_type = "1xH100"
}}

resource "tensorpool_cluster" "unnamed" {{
  instance_type = "1xH200"
}}

resource "tensorpool_storage" "named" {{
  name    = "data"
  size_gb = 100
}}

resource "tensorpool_storage" "unnamed" {{
  size_gb = 50
}}

resource "tensorpool_ssh_key" "it" {{
  name       = "laptop"
  public_key = "{KEY}"
}}

resource "tensorpool_object_storage_bucket" "it" {{
  name = "data-set"
}}
"#
    )
}

/// How many of each type there are in the end.
const COUNTS: [(&str, usize); 4] = [
    ("tensorpool_cluster", 3),
    ("tensorpool_object_storage_bucket", 1),
    ("tensorpool_ssh_key", 1),
    ("tensorpool_storage", 2),
];

/// An object that exists.
#[derive(Debug)]
struct Existing {
    /// Its resource in the configuration.
    address: String,
    id: String,
    is_paid: bool,
}

fn truth(cloud: &Simulator) -> Vec<Existing> {
    let existing = |type_name: &str, label: &str, id: String, is_paid: bool| Existing {
        address: format!("{type_name}.{label}"),
        id,
        is_paid,
    };
    let cluster = |name: &str| match name.strip_prefix("n-") {
        Some(index) => format!("named[{index}]"),
        None => "unnamed".to_owned(),
    };
    let mut all = Vec::new();
    let clusters = cloud.clusters().into_iter();
    all.extend(clusters.map(|one| existing("tensorpool_cluster", &cluster(&one.name), one.id, true)));
    for one in cloud.volumes() {
        let label = if one.name == "data" { "named" } else { "unnamed" };
        all.push(existing("tensorpool_storage", label, one.id, true));
    }
    all.extend(cloud.ssh_keys().into_iter().map(|one| existing("tensorpool_ssh_key", "it", one.id, false)));
    let buckets = cloud.buckets().into_iter();
    all.extend(buckets.map(|name| existing("tensorpool_object_storage_bucket", "it", name, false)));
    all
}

fn counts(truth: &[Existing]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for one in truth {
        let type_name = one.address.split('.').next().unwrap_or_default();
        *counts.entry(type_name).or_default() += 1;
    }
    counts
}

/// Nothing is there twice. The API forbids it by name, but what has no name in the configuration it would create again.
fn none_doubled(truth: &[Existing]) -> Result<(), String> {
    let mut addresses: Vec<_> = truth.iter().map(|one| &one.address).collect();
    addresses.sort();
    match addresses.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("there are two of {}: {truth:?}", pair[0])),
        None => Ok(()),
    }
}

/// One kill, in an apply or a destroy.
fn once(home: &Path, round: u64, random: &mut fastrand::Rng) -> Result<Fates, String> {
    let options = Options {
        provision: Duration::from_millis(random.u64(0..900)),
        release: Duration::from_millis(random.u64(0..900)),
        ..Options::default()
    };
    let mut sandbox = Sandbox::new(home, &format!("kill-{round}"), random.u64(..), &options, true)
        .map_err(|error| error.to_string())?;
    sandbox.cloud.enable_object_storage();
    sandbox.write(&configuration());
    let destroying = random.u8(0..4) == 0;
    if destroying && !sandbox.run(&words(&APPLY)).succeeded {
        return Err("an apply without a kill fails".to_owned());
    }
    let killed = kill(&mut sandbox, destroying, random);

    let existing = truth(&sandbox.cloud);
    none_doubled(&existing)?;
    if destroying {
        return check_destroy(&mut sandbox, &existing, &killed.text);
    }
    let state = sandbox.state();
    let missing: Vec<_> = existing.iter().filter(|one| !state.contains(&one.id)).collect();
    let mut fates = Fates { saved: existing.len() - missing.len(), ..Fates::default() };
    let plan = sandbox.run(&words(&["plan", "-input=false", "-json", "-out=reported.plan"]));
    let mut applied = sandbox.run(&words(&APPLY));
    for one in missing {
        if plan.reports(&one.id) {
            fates.planned += 1;
        }
        if sandbox.state().contains(&one.id) {
            fates.adopted += usize::from(!plan.reports(&one.id));
            continue;
        }
        // Not adopted: then a message has to have named it.
        let named = plan.reports(&one.id) || applied.reports(&one.id) || killed.reports(&one.id);
        if one.is_paid && !named {
            return Err(format!("{one:?} is lost: {}\n{}\n{}", killed.text, plan.text, applied.text));
        }
        let import = sandbox.run(&words(&["import", "-no-color", "-input=false", &one.address, &one.id]));
        if !import.succeeded {
            return Err(format!("{one:?} cannot be imported: {}", import.text));
        }
        fates.imported += usize::from(!plan.reports(&one.id));
    }
    if !applied.succeeded {
        applied = sandbox.run(&words(&APPLY));
    }
    converged(&mut sandbox, applied.succeeded).map_err(|problem| format!("{problem}: {}", applied.text))?;
    Ok(fates)
}

/// Checks that a destroy that was killed has forgotten nothing that is paid for, and that the next one ends it.
///
/// Terraform writes a local state into the file itself, so a kill in this moment leaves it empty or cut off. Then everything has
/// to be in its backup.
fn check_destroy(sandbox: &mut Sandbox, existing: &[Existing], output: &str) -> Result<Fates, String> {
    let is_cut_off = serde_json::from_str::<serde_json::Value>(&sandbox.state()).is_err();
    if is_cut_off {
        sandbox.restore_backup().map_err(|error| format!("the state is cut off, and it has no backup: {error}"))?;
    }
    let state = sandbox.state();
    let (saved, missing): (Vec<_>, Vec<_>) = existing.iter().partition(|one| state.contains(&one.id));
    if let Some(one) = missing.iter().find(|one| one.is_paid) {
        return Err(format!("a destroy lost {one:?}, cut off: {is_cut_off}, state: {state}: {output}"));
    }
    destroy(sandbox)?;
    Ok(if is_cut_off {
        Fates { restored: saved.len(), ..Fates::default() }
    } else {
        Fates { saved: saved.len(), ..Fates::default() }
    })
}

/// Starts a run and kills it, or its provider.
fn kill(sandbox: &mut Sandbox, destroying: bool, random: &mut fastrand::Rng) -> Run {
    sandbox.cloud.clear_requests();
    let (child, processes) = sandbox.start(&words(if destroying { &DESTROY } else { &APPLY }));
    // From the first request of the apply on, as before it there is nothing to lose.
    let first = if destroying { "DELETE" } else { "GET" };
    let mut polls = 0;
    while polls < 2000 && !sandbox.cloud.requests().iter().any(|request| request.method == first) {
        thread::sleep(Duration::from_millis(5));
        polls += 1;
    }
    thread::sleep(Duration::from_millis(random.u64(0..1800)));
    let signal = if random.bool() { Signal::KillTerraform } else { Signal::KillProvider };
    signal.send(&processes);
    sandbox.wait_for_provider = random.bool();
    let killed = sandbox.finish(child, &processes);
    sandbox.wait_for_provider = true;
    killed
}

/// Checks that everything exists once and is in the state; and that a destroy removes it.
fn converged(sandbox: &mut Sandbox, applied: bool) -> Result<(), String> {
    if !applied {
        return Err("the next apply does not converge".to_owned());
    }
    let (existing, state) = (truth(&sandbox.cloud), sandbox.state());
    none_doubled(&existing)?;
    if counts(&existing) != COUNTS.into() || existing.iter().any(|one| !state.contains(&one.id)) {
        return Err(format!("after the next apply there are {existing:?}, and the state is {state}"));
    }
    let plan = sandbox.run(&words(&["plan", "-input=false", "-no-color", "-detailed-exitcode", "-out=last.plan"]));
    if plan.code != Some(0) {
        return Err(format!("the last plan is not empty: {}", plan.text));
    }
    destroy(sandbox)
}

/// Destroys everything, and checks that nothing is left.
fn destroy(sandbox: &mut Sandbox) -> Result<(), String> {
    let mut last = sandbox.run(&words(&DESTROY));
    // A request that is not answered in time, for example on a busy machine, is an error with this remedy.
    if last.text.contains("Run the destroy again") {
        last = sandbox.run(&words(&DESTROY));
    }
    if !last.succeeded || !truth(&sandbox.cloud).is_empty() {
        return Err(format!("the destroy does not end well: {}", last.text));
    }
    if !sandbox.leaks.is_empty() {
        return Err(format!("a secret is in {}", sandbox.leaks.join(", ")));
    }
    Ok(())
}
