//! The plan, as `provisioned::plan` and its protection make it.

use super::check::{CHOSEN, Check};
use super::decisions::{Known, is_replacement_refused};
use super::events::Goal;
use super::reconcile;
use super::run::{Run, Step, Then};
use super::world::{Harm, World};

/// What is to be done.
pub fn plan(check: &Check, world: &mut World, run: &mut Run) -> Then {
    if run.terraform_killed {
        return Then::Ends;
    }
    let Some(prior) = run.saved.clone() else {
        if run.goal == Goal::Destroy {
            return Then::Ends;
        }
        reconcile::report_unsaved(check, world, run);
        return Then::Goes(Step::Claim);
    };
    let name = check.scenario.chosen_name.then_some(CHOSEN);
    let replace = |world: &mut World, run: &mut Run, refused: bool| {
        if refused {
            run.report(world, prior.id);
            return Then::Ends;
        }
        // The first plan leaves a mark; a tainted cluster is known by its name, and a generated one only to the destroy.
        let could_be_known = if prior.tainted { run.read && name.is_some() } else { run.goal == Goal::Replace };
        if prior.protected && could_be_known {
            // Terraform destroys what depends on it first.
            world.harm(Harm::DependantDestroyed(prior.id));
        }
        run.then_create = run.goal != Goal::Destroy;
        Then::Goes(Step::Destroy)
    };
    match run.goal {
        Goal::Destroy => replace(world, run, prior.protected),
        Goal::Apply | Goal::ApplyUnread | Goal::Replace if prior.tainted => {
            let known = Known { read: Some(&prior).filter(|_| run.read), marked: None, name };
            replace(world, run, is_replacement_refused(known, &check.rules))
        }
        Goal::Replace => {
            let known = Known { read: None, marked: Some(&prior), name };
            replace(world, run, is_replacement_refused(known, &check.rules))
        }
        Goal::Apply | Goal::ApplyUnread if prior.failed && prior.protected <= world.protect => {
            replace(world, run, prior.protected)
        }
        Goal::Apply | Goal::ApplyUnread if prior.unfinished => Then::Goes(Step::Finish { resumed: true }),
        Goal::Apply | Goal::ApplyUnread if prior.protected != world.protect => Then::Goes(Step::Edit),
        Goal::Apply | Goal::ApplyUnread => Then::Ends,
    }
}
