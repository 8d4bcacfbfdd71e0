//! The read of the state, before the plan.

use super::check::Check;
use super::entries::{confirm_absent, confirm_saved};
use super::events::Goal;
use super::read::{Query, ReadOutcome, read, read_again};
use super::run::{InList, Run, Step, Then};
use super::world::World;

/// Reads the cluster of the state.
pub fn refresh(check: &Check, world: &mut World, run: &mut Run, cut: bool) -> Then {
    run.saved = world.states[usize::from(run.state)].clone();
    let Some(saved) = run.saved.clone().filter(|_| run.goal != Goal::ApplyUnread) else {
        return Then::Goes(Step::Plan);
    };
    let query = Query { id: saved.id, kept: saved.mark, unfinished: saved.unfinished, recent: false, cut };
    let outcome = read(check, world, run, &query);
    refreshed(check, world, run, saved.id, outcome)
}

/// The second read of it.
pub fn refresh_again(check: &Check, world: &mut World, run: &mut Run, in_list: InList) -> Option<Then> {
    let id = run.saved.as_ref()?.id;
    let outcome = read_again(check, world, run, id, in_list);
    Some(refreshed(check, world, run, id, outcome))
}

/// The read of the state has ended.
#[expect(clippy::needless_pass_by_value, reason = "what was read is used up here")]
fn refreshed(check: &Check, world: &mut World, run: &mut Run, id: u8, outcome: ReadOutcome) -> Then {
    match outcome {
        ReadOutcome::Again(in_list) => return Then::Goes(Step::RefreshAgain(in_list)),
        ReadOutcome::Doubt => {
            run.report(world, id);
            return Then::Ends;
        }
        ReadOutcome::Found => {
            let (protected, account) = (world.cloud.clusters[usize::from(id)].protected, run.account);
            if let Some(saved) = &mut run.saved {
                (saved.protected, saved.mark) = (protected, account);
            }
            run.read = true;
            confirm_saved(check, world, run, id);
        }
        ReadOutcome::Absent => {
            run.saved = None;
            confirm_absent(world, run, id);
        }
    }
    run.keep(world);
    Then::Goes(Step::Plan)
}
