//! The search for a create whose answer was lost.

use super::check::Check;
use super::entries::mark;
use super::run::{Run, Then};
use super::world::World;
use crate::journal::entry::Stage;

/// What it finds.
pub enum Search {
    Found(u8),
    Nothing,
    Ambiguous(Vec<u8>),
}

/// Searches for the name: for a minute, in which everything becomes visible, or once.
pub fn search(check: &Check, world: &mut World, run: &Run, (before, brief): (u8, bool), cut: bool) -> Search {
    if !brief && check.rules.search_outlasts_lag {
        world.cloud.wait_a_minute();
    }
    let found = named(world, run, before, cut);
    match found.as_slice() {
        [one] => Search::Found(*one),
        [] if !cut && world.cloud.controls() => Search::Nothing,
        _ => Search::Ambiguous(found),
    }
}

/// The clusters of the name that were not listed before.
pub fn named(world: &World, run: &Run, before: u8, cut: bool) -> Vec<u8> {
    let listed = world.cloud.list(run.account, cut);
    let is_new = |id: &u8| before & (1 << id) == 0 && world.cloud.clusters[usize::from(*id)].name == run.name;
    listed.ids().iter().copied().filter(is_new).collect()
}

pub fn stays_ambiguous(world: &mut World, run: &Run, ids: &[u8]) -> Then {
    for id in ids {
        run.report(world, *id);
    }
    run.report_name(world, run.name);
    mark(world, run, Stage::FailedWithoutState, false);
    Then::Ends
}
