//! Runs a case with a real Terraform, and says what is wrong with what it did.

use std::collections::{BTreeMap, BTreeSet};

use tensorpool_simulator::Options;

use crate::case::{Case, Configuration};
use crate::counts::Counts;
use crate::expect::Settled;
use crate::page::Datum;
use crate::site::{Site, actions, summary};
use crate::value::Value;

/// What is wrong with a case.
#[derive(Debug)]
pub struct Wrong {
    pub problem: String,
    /// The configuration with which it went wrong.
    pub main: String,
}

/// Runs a case from its first apply to its destroy.
pub fn run(case: &Case, name: &str) -> Result<Counts, Wrong> {
    let options = Options { variants: case.variants.clone(), ..Options::default() };
    let mut runner = Runner {
        case,
        site: Site::new(name, options),
        settled: BTreeMap::new(),
        data: BTreeMap::new(),
        counts: Counts { configurations: 1, resources: case.ids().len(), ..Counts::default() },
    };
    for step in 0..case.steps.len() {
        let configuration = case.write(step, &runner.data);
        let main = configuration.files.get("main.tf").cloned().unwrap_or_default();
        let done = match &case.mistakes {
            Some(mistakes) if step == 0 => runner.mistakes(mistakes, &configuration),
            _ => runner.step(step, configuration),
        };
        done.map_err(|problem| Wrong { problem: format!("apply {}: {problem}", step + 1), main })?;
    }
    let destroyed = runner.destroy();
    destroyed.map_err(|problem| Wrong { problem: format!("destroy: {problem}"), main: String::new() })?;
    Ok(runner.counts)
}

/// A case that runs.
pub struct Runner<'a> {
    case: &'a Case,
    pub site: Site,
    settled: BTreeMap<usize, Settled>,
    pub data: BTreeMap<String, Datum>,
    pub counts: Counts,
}

impl Runner<'_> {
    fn step(&mut self, step: usize, configuration: Configuration) -> Result<(), String> {
        self.site.write(&configuration.files, &configuration.modules)?;
        self.site.cloud.clear_requests();
        let run = if (self.case.index + step).is_multiple_of(3) {
            let planned = self.site.run(&["plan", "-input=false", "-json", "-out=saved.plan"])?;
            self.site.run(&["apply", "-input=false", "-json", "saved.plan"])?;
            planned
        } else {
            self.site.run(&["apply", "-auto-approve", "-input=false", "-json"])?
        };
        self.judge(&actions(&run), configuration)?;
        let second = self.site.run_or_fail(&["plan", "-input=false", "-json", "-detailed-exitcode"])?;
        self.counts.plans += 1;
        if second.code != Some(0) {
            return Err(format!("the second plan is not empty:\n{}", summary(&second)));
        }
        Ok(())
    }

    /// Compares what was done with what had to be done, and the state with the configuration.
    fn judge(&mut self, actions: &BTreeMap<String, String>, configuration: Configuration) -> Result<(), String> {
        let mut problems = Vec::new();
        let mut harmless = true;
        let mut settled = BTreeMap::new();
        for (id, (kind, written)) in configuration.written {
            let action = actions.get(&written.address).map_or("noop", String::as_str);
            let before = self.settled.remove(&id);
            self.counts.values += written.arguments.len() + written.limits.as_ref().map_or(0, BTreeMap::len);
            match action {
                "create" => self.counts.creates += 1,
                "update" => self.counts.updates += 1,
                "replace" => self.counts.replaces += 1,
                _ => {}
            }
            let (allowed, no_change) = match &before {
                None => (["create"].as_slice(), false),
                Some(before) => {
                    let expected = before.expected(&written);
                    (expected.actions, expected.harmless && action != "replace")
                }
            };
            harmless &= no_change;
            if !allowed.contains(&action) {
                problems.push(format!("{}: {action} in place of one of {allowed:?}", written.address));
            }
            let stays = if action == "replace" { None } else { before.as_ref() };
            settled.insert(id, Settled::after(stays, kind, written));
        }
        // What is left is in the configuration no longer.
        for deleted in self.settled.values() {
            harmless = false;
            let address = &deleted.written.address;
            if actions.get(address).map(String::as_str) != Some("delete") {
                problems.push(format!("{address}: {:?} in place of a delete", actions.get(address)));
            }
        }
        self.settled = settled;
        self.data = configuration.data;
        let states = self.site.states();
        problems.extend(self.settled.values().flat_map(|settled| settled.differences(&states)));
        let mutations = self.site.mutations();
        if harmless && !mutations.is_empty() {
            problems.push(format!("no value changed, and the cloud was asked: {mutations:?}"));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }

    fn destroy(&self) -> Result<(), String> {
        self.site.run(&["destroy", "-auto-approve", "-input=false", "-json"])?;
        let cloud = &self.site.cloud;
        let mut left: Vec<String> = cloud.clusters().into_iter().map(|cluster| cluster.id).collect();
        left.extend(cloud.volumes().into_iter().map(|volume| volume.id));
        left.extend(cloud.buckets());
        left.extend(cloud.object_storage_keys().map(|_| "object storage".to_owned()));
        // The keys of clusters stay in the account, as TensorPool keeps them.
        let key = |settled: &Settled| match settled.values.get("public_key") {
            Some(Some(Value::Text(key))) => Some(key.trim().to_owned()),
            _ => None,
        };
        let ours: BTreeSet<_> = self.settled.values().filter_map(key).collect();
        left.extend(cloud.ssh_keys().into_iter().map(|key| key.public_key).filter(|key| ours.contains(key)));
        if left.is_empty() { Ok(()) } else { Err(format!("these are left: {left:?}")) }
    }
}
