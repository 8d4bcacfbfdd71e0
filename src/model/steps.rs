//! The steps of a run, as `src/provisioned` takes them. Between any two of them it may be killed.

use super::check::Check;
use super::events::Luck;
use super::run::{Run, Step, Then};
use super::world::World;
use super::{create, destroy, plan, reconcile, refresh};

/// What may happen at a step of a run.
pub fn lucks(world: &World, run: &Run) -> Vec<Luck> {
    use Luck::{
        Cut, Fails, Fair, Interrupted, Lagging, LostAfter, LostBefore, LostLagging, LostLate, ReadsNothing, Refused,
        Repeated, TimesOut, WrongId,
    };
    match run.step {
        Step::Reconcile(_) | Step::Refresh | Step::Ensure | Step::AdoptRead | Step::AdoptSearch | Step::List => {
            vec![Fair, Cut]
        }
        Step::Search { .. } => vec![Fair, Cut],
        Step::Send(_) => {
            vec![Fair, Lagging, LostBefore, LostAfter, LostLagging, LostLate, Refused, Repeated, WrongId, Interrupted]
        }
        Step::Destroy => vec![Fair, LostBefore, LostAfter, ReadsNothing],
        Step::DestroyWait => vec![Fair, Fails],
        Step::Finish { .. } => {
            let is_deleted =
                run.saved.as_ref().is_none_or(|saved| !world.cloud.clusters[usize::from(saved.id)].exists());
            if is_deleted { vec![Fair] } else { vec![Fair, Fails, TimesOut, Interrupted] }
        }
        _ => vec![Fair],
    }
}

/// The next step of a run; `None` if it has to wait.
pub fn step(check: &Check, world: &mut World, slot: usize, luck: Luck) -> Option<()> {
    let mut run = world.runs[slot].take()?;
    let then = take(check, world, &mut run, luck)?;
    if let Then::Goes(step) = then {
        run.step = step;
        world.runs[slot] = Some(run);
    }
    Some(())
}

fn take(check: &Check, world: &mut World, run: &mut Run, luck: Luck) -> Option<Then> {
    let cut = luck == Luck::Cut;
    Some(match run.step {
        Step::Reconcile(done) => reconcile::reconcile(check, world, run, done, cut),
        Step::ReconcileAgain(done, owner, in_list) => {
            reconcile::reconcile_again(check, world, run, (done, owner), in_list)
        }
        Step::Refresh => refresh::refresh(check, world, run, cut),
        Step::RefreshAgain(in_list) => return refresh::refresh_again(check, world, run, in_list),
        Step::Plan => plan::plan(check, world, run),
        Step::Edit => return edit(world, run),
        Step::Destroy => destroy::destroy(check, world, run, luck),
        Step::DestroyAgain(in_list) => return destroy::destroy_again(check, world, run, in_list),
        Step::DestroyWait => return destroy::wait_for_destroy(world, run, luck),
        Step::Destroyed => return destroy::destroyed(world, run),
        Step::Claim => create::claim(check, world, run),
        Step::Ensure => reconcile::ensure(check, world, run, cut),
        Step::EnsureAgain(in_list) => return reconcile::ensure_again(check, world, run, in_list),
        Step::Finish { resumed } => return create::finish(world, run, luck, resumed),
        Step::Save => {
            run.answer(world);
            Then::Ends
        }
        _ => return create::take(check, world, run, luck),
    })
}

/// The update in place.
fn edit(world: &mut World, run: &mut Run) -> Option<Then> {
    let (protect, saved) = (world.protect, run.saved.as_mut()?);
    if world.cloud.read(saved.id, run.account).is_none() {
        return Some(Then::Ends);
    }
    world.cloud.cluster(saved.id).protected = protect;
    saved.protected = protect;
    Some(Then::Goes(Step::Save))
}
