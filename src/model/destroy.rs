//! The destroy of a run, as `provisioned::delete` does it.

use super::check::Check;
use super::cloud::{Status, Weather};
use super::decisions::explained;
use super::entries::confirm_absent;
use super::events::{Goal, Luck};
use super::read::{Query, ReadOutcome, read, read_again};
use super::records::Saved;
use super::run::{InList, Run, Step, Then};
use super::world::{Harm, World};
use crate::provisioned::refusal::Refusal;

/// Sends the destroy.
pub fn destroy(check: &Check, world: &mut World, run: &mut Run, luck: Luck) -> Then {
    let Some(prior) = run.saved.clone() else { return Then::Ends };
    if prior.protected && check.rules.protection_in_delete {
        run.report(world, prior.id);
        return Then::Ends;
    }
    run.reads_nothing |= luck == Luck::ReadsNothing;
    let answered = world.cloud.addressed(prior.id, run.account).cloned();
    run.conflict = answered.is_some();
    match answered {
        Some(cluster) if matches!(cluster.status, Status::Ready | Status::Failed) && !cluster.protected => {
            if luck == Luck::LostBefore {
                return Then::Ends;
            }
            note_destroy(world, run, &prior);
            world.cloud.cluster(prior.id).status = Status::Deleting;
            if luck == Luck::LostAfter { Then::Ends } else { Then::Goes(Step::DestroyWait) }
        }
        // 409 or 404, and reads say the rest.
        Some(_) | None => {
            let query =
                Query { id: prior.id, kept: prior.mark, unfinished: prior.unfinished, recent: false, cut: false };
            let outcome = read(check, world, run, &query);
            destroy_refused(check, world, run, outcome)
        }
    }
}

/// The invariants of a destroy that takes effect.
fn note_destroy(world: &mut World, run: &Run, prior: &Saved) {
    let cluster = world.cloud.clusters[usize::from(prior.id)].clone();
    let asked = matches!(run.goal, Goal::Replace | Goal::Destroy) || prior.tainted || prior.failed;
    if cluster.of_state != Some(run.state) {
        world.harm(Harm::DestroyedForeign(prior.id));
    } else if world.protect && prior.protected {
        world.harm(Harm::DestroyedProtected(prior.id));
    } else if !asked && cluster.status == Status::Ready {
        world.harm(Harm::DestroyedUnasked(prior.id));
    }
}

/// The API refused the destroy, or did not find the cluster.
#[expect(clippy::needless_pass_by_value, reason = "what was read is used up here")]
fn destroy_refused(check: &Check, world: &mut World, run: &mut Run, outcome: ReadOutcome) -> Then {
    let Some(id) = run.saved.as_ref().map(|saved| saved.id) else { return Then::Ends };
    let cluster = match outcome {
        ReadOutcome::Again(in_list) => return Then::Goes(Step::DestroyAgain(in_list)),
        ReadOutcome::Doubt => {
            run.report(world, id);
            return Then::Ends;
        }
        ReadOutcome::Found => Some(world.cloud.clusters[usize::from(id)].clone()),
        ReadOutcome::Absent => None,
    };
    match explained(cluster.as_ref(), run.conflict, &check.rules) {
        Refusal::Absent => Then::Goes(Step::Destroyed),
        Refusal::Deleting(_) => Then::Goes(Step::DestroyWait),
        Refusal::NotReady => {
            // It is waited for.
            world.cloud.cluster(id).status = Status::Ready;
            Then::Goes(Step::Destroy)
        }
        Refusal::Contradictory if !run.tried_again => {
            run.tried_again = true;
            Then::Goes(Step::Destroy)
        }
        Refusal::Protected | Refusal::Attached(_) | Refusal::Unexplained | Refusal::Contradictory => {
            run.report(world, id);
            Then::Ends
        }
    }
}

/// Waits for the request of the destroy.
pub fn wait_for_destroy(world: &mut World, run: &mut Run, luck: Luck) -> Option<Then> {
    if world.cloud.weather != Weather::Fine {
        return None;
    }
    let id = run.saved.as_ref()?.id;
    let cluster = world.cloud.cluster(id);
    Some(if luck == Luck::Fails && cluster.status == Status::Deleting {
        cluster.status = Status::Ready;
        Then::Ends
    } else {
        cluster.status = Status::Deleted;
        Then::Goes(Step::Destroyed)
    })
}

/// The second read after a refusal.
pub fn destroy_again(check: &Check, world: &mut World, run: &mut Run, in_list: InList) -> Option<Then> {
    let id = run.saved.as_ref()?.id;
    let outcome = read_again(check, world, run, id, in_list);
    Some(destroy_refused(check, world, run, outcome))
}

/// The cluster is removed from the state.
pub fn destroyed(world: &mut World, run: &mut Run) -> Option<Then> {
    let id = run.saved.take()?.id;
    confirm_absent(world, run, id);
    run.keep(world);
    Some(if run.then_create && !run.terraform_killed { Then::Goes(Step::Claim) } else { Then::Ends })
}
