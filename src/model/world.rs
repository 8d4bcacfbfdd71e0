//! The whole world at one moment.

use super::cloud::Cloud;
use super::records::{Note, Saved};
use super::run::Run;

/// Everything there is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub cloud: Cloud,
    pub states: [Option<Saved>; 2],
    pub journal: Vec<Note>,
    pub runs: [Option<Run>; 2],
    /// Whether the configuration protects the cluster.
    pub protect: bool,
    /// The ids and the names that a message to the user names.
    pub named_ids: u8,
    pub named_names: u8,
    /// What went wrong.
    pub harm: Option<Harm>,
    pub runs_begun: u8,
    pub faults_left: u8,
    pub actions_left: u8,
    pub spells_left: u8,
}

/// What went wrong, with the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Harm {
    /// It is paid for, in no state, and was not reported.
    Lost(u8),
    /// It is one more than there are states that want one.
    Twice(u8),
    /// It is adopted, and belongs to another user or to another state.
    AdoptedForeign(u8),
    /// It is destroyed, and belongs to another user.
    DestroyedForeign(u8),
    /// It was healthy, and that was not asked for.
    DestroyedUnasked(u8),
    /// The user had it protected.
    DestroyedProtected(u8),
    /// What depends on it was destroyed for a replacement that its protection then refuses, although that could be known.
    DependantDestroyed(u8),
}

impl World {
    /// The first harm counts.
    pub fn harm(&mut self, harm: Harm) {
        self.harm.get_or_insert(harm);
    }
}

impl Run {
    /// A message names a cluster. It is not read when Terraform has ended.
    pub fn report(&self, world: &mut World, id: u8) {
        world.named_ids |= u8::from(!self.terraform_killed) << id;
    }

    /// A message names a name.
    pub fn report_name(&self, world: &mut World, name: u8) {
        world.named_names |= u8::from(!self.terraform_killed) << name;
    }

    /// The answer of an operation reaches Terraform, which saves it.
    pub fn answer(&self, world: &mut World) {
        self.keep(world);
        (0..8).filter(|id| self.to_report & (1 << id) != 0).for_each(|id| self.report(world, id));
    }

    pub fn keep(&self, world: &mut World) {
        if !self.terraform_killed {
            world.states[usize::from(self.state)].clone_from(&self.saved);
        }
    }
}
