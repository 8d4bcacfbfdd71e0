//! Whether a cluster exists, as `evidence::check` finds it out: in two steps, five seconds apart.

use super::cloud::{Listed, Status};
use super::decisions::{Gathered, absence, early_doubt};
use super::run::{Run, Seek};
use super::{Check, World};
use crate::evidence::absence::{ListEvidence, Verdict};

/// What the list said of the cluster, at the first read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    Lacks,
    NotFound,
    Contains,
    Cut,
}

/// What came out.
pub enum Look {
    Found,
    Absent,
    Doubt,
    /// A second read decides.
    Again(Seen),
}

impl Seen {
    fn evidence(self) -> ListEvidence {
        match self {
            Self::Lacks => ListEvidence::Lacks,
            Self::NotFound => ListEvidence::NotFound,
            Self::Contains => ListEvidence::Contains,
            Self::Cut => ListEvidence::Incomplete("it was cut off".to_owned()),
        }
    }
}

/// The first read, and the rest of the evidence.
pub fn look(check: &Check, world: &World, run: &Run, seek: &Seek) -> Look {
    if is_read(world, run, seek.id) {
        return Look::Found;
    }
    let control = world.cloud.controls().then_some(run.account);
    let cluster = &world.cloud.clusters[usize::from(seek.id)];
    // The request says so, to the account that sent it.
    let has_failed = cluster.status == Status::Failed && cluster.account == run.account && control.is_some();
    let gathered = Gathered {
        kept: seek.kept,
        control,
        unfinished: seek.unfinished && !has_failed,
        recent: seek.recent,
        list: ListEvidence::None,
        found: false,
    };
    if early_doubt(&gathered, &check.rules).is_some() {
        return Look::Doubt;
    }
    let shown = match listed(world, run, seek.cut) {
        Listed::Whole(ids) if ids.contains(&seek.id) => Seen::Contains,
        Listed::Whole(_) => Seen::Lacks,
        Listed::NotFound => Seen::NotFound,
        Listed::Cut => Seen::Cut,
    };
    if check.rules.two_reads {
        return Look::Again(shown);
    }
    decided(&Gathered { list: shown.evidence(), ..gathered }, check)
}

/// Whether a read finds the cluster.
fn is_read(world: &World, run: &Run, id: u8) -> bool {
    !run.reads_nothing && world.cloud.read(id, run.account).is_some()
}

fn listed(world: &World, run: &Run, cut: bool) -> Listed {
    if run.reads_nothing { Listed::NotFound } else { world.cloud.list(run.account, cut) }
}

/// The second read.
pub fn look_again(check: &Check, world: &mut World, run: &Run, id: u8, seen: Seen) -> Look {
    world.cloud.wait_a_moment();
    let found = is_read(world, run, id);
    // What was doubtful of the rest has ended the first half.
    let account = run.account;
    let gathered = Gathered {
        kept: account,
        control: Some(account),
        unfinished: false,
        recent: false,
        list: seen.evidence(),
        found,
    };
    decided(&gathered, check)
}

fn decided(gathered: &Gathered, check: &Check) -> Look {
    match absence(gathered.clone(), &check.rules) {
        Verdict::Absent => Look::Absent,
        Verdict::Found => Look::Found,
        Verdict::Unproved(_) => Look::Doubt,
    }
}
