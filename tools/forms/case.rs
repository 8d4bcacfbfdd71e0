//! A case: a configuration, and how its user changes it from apply to apply.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use fastrand::Rng;
use tensorpool_simulator::{Containers, Names, Variants};

use crate::edit::{edit, unprotected};
use crate::instance::{Instance, Written};
use crate::kind::{self, Kind, PROTECTION};
use crate::page::{Datum, Page};
use crate::value::Value;

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    pub index: usize,
    pub variants: Variants,
    /// The configuration at each apply.
    pub steps: Vec<Vec<Instance>>,
    /// What is wrong in the first one.
    pub mistakes: Option<Mistakes>,
}

/// When a wrong value is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// While the configuration is checked.
    Validate,
    /// While it is planned: the value comes out of a variable.
    Plan,
    /// While it is applied: another resource gives the value.
    Apply,
}

/// What is wrong in the first configuration of a case.
#[derive(Clone, Debug)]
pub struct Mistakes {
    pub phase: Phase,
    /// The wrong argument of each resource, by its number.
    pub arguments: BTreeMap<usize, &'static str>,
}

/// A configuration, written.
pub struct Configuration {
    pub files: BTreeMap<String, String>,
    pub modules: Vec<String>,
    pub data: BTreeMap<String, Datum>,
    /// Each resource, by its number.
    pub written: BTreeMap<usize, (&'static Kind, Written)>,
}

/// How often a configuration is edited.
const EDITS: usize = 3;

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(kind::all);

fn choose_kind(rng: &mut Rng, among: &[Instance]) -> &'static Kind {
    // What costs the most is tried the most.
    let of = [0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 5, 6];
    loop {
        let kind = &KINDS[of[rng.usize(..of.len())]];
        let count = among.iter().filter(|other| other.kind.type_name == kind.type_name).count();
        let is_there = |name: &str| among.iter().any(|other| other.kind.type_name == name);
        // Buckets bring an object storage of their own.
        let excluded = match kind.type_name {
            "tensorpool_object_storage" => is_there("tensorpool_object_storage_bucket"),
            "tensorpool_object_storage_bucket" => is_there("tensorpool_object_storage"),
            // Each is a restart.
            "tensorpool_storage_attachment" => count > 1,
            _ => false,
        };
        if !(excluded || kind.once && count > 0) {
            return kind;
        }
    }
}

impl Case {
    /// The case of a seed and a number, with so many resources at its beginning.
    pub fn choose(seed: u64, index: usize, size: usize) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(index as u64));
        let rng = &mut rng;
        let variants = Variants {
            names: [Names::AsSent, Names::AsSent, Names::Trimmed, Names::LowerCase][rng.usize(..4)],
            containers: [Containers::AsSent, Containers::Full][rng.usize(..2)],
            size_step_gb: [1, 10][rng.usize(..2)],
            shuffle_instances: rng.bool(),
            ..Variants::default()
        };
        let mut instances: Vec<Instance> = Vec::new();
        for id in 0..size {
            let kind = choose_kind(rng, &instances);
            instances.push(Instance::choose(rng, id, kind));
        }
        let mut steps = vec![instances];
        for serial in 1..=EDITS {
            let before = steps.last().map(Vec::as_slice).unwrap_or_default();
            let mut after: Vec<_> = Vec::new();
            for instance in before {
                let may_go = instance.kind.type_name != "tensorpool_object_storage"
                    && instance.arguments.get(PROTECTION).is_none_or(|cell| cell.value != Value::Bool(true));
                if !may_go || rng.u8(..30) > 0 {
                    after.push(edit(rng, instance, serial));
                }
            }
            steps.push(after);
        }
        let last = steps.last().map(Vec::as_slice).unwrap_or_default();
        steps.push(last.iter().map(unprotected).collect());
        Self { index, variants, steps, mistakes: None }
    }

    /// All resources that are declared at some time.
    pub fn ids(&self) -> Vec<usize> {
        let mut ids: Vec<_> = self.steps.iter().flatten().map(|instance| instance.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Writes the configuration of a step. `before` is what went through `terraform_data` in the one before.
    pub fn write(&self, step: usize, before: &BTreeMap<String, Datum>) -> Configuration {
        let mut page = Page::new(before);
        self.write_helpers(&mut page);
        let mut written = BTreeMap::new();
        for instance in &self.steps[step] {
            written.insert(instance.id, (instance.kind, instance.write(&mut page)));
            let former = step.checked_sub(1).map(|step| &self.steps[step]);
            let former = former.and_then(|all| all.iter().find(|former| former.id == instance.id));
            if let Some(former) = former.filter(|former| former.address() != instance.address()) {
                let (from, to) = (former.address(), instance.address());
                _ = writeln!(page.blocks, "moved {{\n  from = {from}\n  to   = {to}\n}}\n");
            }
        }
        let (modules, data) = (page.modules.clone(), page.data.clone());
        Configuration { files: page.finish(), modules, data, written }
    }

    /// What some resources need: a volume and clusters to attach it to, and an object storage.
    fn write_helpers(&self, page: &mut Page<'_>) {
        let of = |name: &str| {
            let all = self.steps.iter().flatten().filter(|instance| instance.kind.type_name == name);
            all.map(|instance| instance.id).collect::<std::collections::BTreeSet<_>>()
        };
        let attachments = of("tensorpool_storage_attachment");
        for which in ["a", "b"] {
            for id in &attachments {
                _ = writeln!(
                    page.blocks,
                    "resource \"tensorpool_storage\" \"volume_r{id}_{which}\" {{\n  name    = \"volume-{id}-{which}\"\n  size_gb = 10\n}}\n"
                );
            }
            if !attachments.is_empty() {
                _ = writeln!(
                    page.blocks,
                    "resource \"tensorpool_cluster\" \"host_{which}\" {{\n  name          = \"host-{which}\"\n  instance_type = \
                     \"32xCPU\"\n}}\n"
                );
            }
        }
        if !of("tensorpool_object_storage_bucket").is_empty() {
            page.blocks.push_str("resource \"tensorpool_object_storage\" \"helper\" {\n  allow_disable = true\n}\n\n");
        }
    }
}
