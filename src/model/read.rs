//! Whether a cluster exists, as `evidence::check` finds it out: in two steps, five seconds apart.

use super::check::Check;
use super::cloud::{Listed, Status};
use super::decisions::{Gathered, absence, early_doubt, may_lag};
use super::run::{InList, Run};
use super::world::World;
use crate::evidence::absence::{ListEvidence, Verdict};

/// Which cluster is read, and what is known of it.
pub struct Query {
    pub id: u8,
    /// The account with which it was last found.
    pub kept: u8,
    pub unfinished: bool,
    /// Reads may not show it yet, as the time of its entry says.
    pub recent: bool,
    /// The list is cut off.
    pub cut: bool,
}

/// What came out.
pub enum ReadOutcome {
    Found,
    Absent,
    Doubt,
    /// A second read decides.
    Again(InList),
}

impl InList {
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
pub fn read(check: &Check, world: &World, run: &Run, query: &Query) -> ReadOutcome {
    if is_read(world, run, query.id) {
        return ReadOutcome::Found;
    }
    let control = world.cloud.controls().then_some(run.account);
    let cluster = &world.cloud.clusters[usize::from(query.id)];
    // The request says so, to the account that sent it.
    let has_failed = cluster.status == Status::Failed && cluster.account == run.account && control.is_some();
    let gathered = Gathered {
        kept: query.kept,
        control,
        unfinished: query.unfinished && !has_failed,
        recent: query.recent,
        list: ListEvidence::None,
        found: false,
    };
    if early_doubt(&gathered, &check.rules).is_some() {
        return ReadOutcome::Doubt;
    }
    let shown = match listed(world, run, query.cut) {
        Listed::Whole(ids) if ids.contains(&query.id) => InList::Contains,
        Listed::Whole(_) => InList::Lacks,
        Listed::NotFound => InList::NotFound,
        Listed::Cut => InList::Cut,
    };
    if check.rules.two_reads {
        return ReadOutcome::Again(shown);
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
pub fn read_again(check: &Check, world: &mut World, run: &Run, id: u8, in_list: InList) -> ReadOutcome {
    world.cloud.wait_a_moment();
    let found = is_read(world, run, id);
    // What was doubtful of the rest has ended the first half.
    let account = run.account;
    let gathered = Gathered {
        kept: account,
        control: Some(account),
        unfinished: false,
        recent: false,
        list: in_list.evidence(),
        found,
    };
    decided(&gathered, check)
}

fn decided(gathered: &Gathered, check: &Check) -> ReadOutcome {
    match absence(gathered.clone(), &check.rules) {
        Verdict::Absent => ReadOutcome::Absent,
        Verdict::Found => ReadOutcome::Found,
        Verdict::Unproved(_) => ReadOutcome::Doubt,
    }
}

/// The first read of an entry's cluster for a create, which waits until it is certain.
pub fn read_for_certain(check: &Check, world: &mut World, run: &Run, id: u8, cut: bool) -> ReadOutcome {
    if may_lag(&check.rules) && world.cloud.read(id, run.account).is_none() {
        world.cloud.wait_a_minute();
    }
    read(check, world, run, &Query { id, kept: run.account, unfinished: false, recent: false, cut })
}
