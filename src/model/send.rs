//! A create is sent, as `create_once` does it.

use super::api::{Answer, Asked, land};
use super::check::Check;
use super::cloud::{Late, Weather};
use super::decisions::{Answered, after};
use super::entries::mark;
use super::events::Luck;
use super::invariants::note_if_twice;
use super::run::{Run, Step, Then};
use super::search::named;
use super::world::World;
use crate::evidence::ambiguity::{Attempt, Next};
use crate::journal::entry::Stage;

/// Sends it, for the first or the second time.
pub fn send(check: &Check, world: &mut World, run: &mut Run, attempt: Attempt, luck: Luck) -> Option<Then> {
    let answered = response(check, world, run, luck)?;
    let before: Vec<u8> = (0..8).filter(|id| run.before & (1 << id) != 0).collect();
    Some(match (after(attempt, answered, &before, run.name_owner, &check.rules), answered) {
        (Next::Accept, Answered::Id(id)) => {
            if attempt == Attempt::Second {
                let others = named(world, run, run.before, false);
                run.to_report |= others.iter().filter(|other| **other != id).fold(0, |all, other| all | 1 << other);
            }
            Then::Goes(Step::Record(id))
        }
        (Next::Accept | Next::Reject, _) => {
            if answered == Answered::Conflict && check.scenario.chosen_name {
                // The refusal names the name that is taken, and whoever chose it knows it.
                run.report_name(world, run.name);
            }
            world.journal.retain(|note| note.owner != run.number);
            Then::Ends
        }
        (Next::RejectForeign, _) => {
            run.report_name(world, run.name);
            mark(world, run, Stage::FailedWithoutState, false);
            Then::Ends
        }
        (Next::SearchThenSend, _) if !check.rules.search_before_second => Then::Goes(Step::Send(Attempt::Second)),
        (Next::SearchThenSend, _) => Then::Goes(Step::Search { send_again: true, brief: false }),
        (Next::SearchThenGiveUp, _) => Then::Goes(Step::Search { send_again: false, brief: false }),
        (Next::GlanceThenGiveUp, _) => Then::Goes(Step::Search { send_again: false, brief: true }),
    })
}

/// What the run receives, after the request had the effect that luck gives it.
fn response(check: &Check, world: &mut World, run: &Run, luck: Luck) -> Option<Answered> {
    let asked = |visible| Asked {
        name: run.name,
        account: run.account,
        run: run.number,
        state: run.state,
        protected: world.protect,
        visible,
    };
    let effect = match luck {
        Luck::Fair | Luck::LostAfter | Luck::Interrupted | Luck::Repeated => Some(asked(true)),
        Luck::Lagging | Luck::LostLagging => Some(asked(false)),
        _ => None,
    };
    let answered = match effect {
        // A gateway answers 404 to everything.
        _ if world.cloud.weather == Weather::Gateway => Answered::Refused,
        Some(effect) => match land(check, world, &effect)? {
            Answer::Taken => Answered::Conflict,
            Answer::New(id) => {
                note_if_twice(check, world, id);
                Answered::Id(id)
            }
        },
        None => match luck {
            Luck::Refused => Answered::Refused,
            Luck::WrongId => Answered::Id(world.cloud.ids(|one| one.account == run.account).next()?),
            Luck::LostLate => {
                world.cloud.late = Some(late(run, world.protect));
                Answered::Lost
            }
            _ => Answered::Lost,
        },
    };
    Some(match luck {
        Luck::LostAfter | Luck::LostLagging => Answered::Lost,
        Luck::Interrupted => Answered::Ended,
        Luck::Repeated if check.scenario.unique_names => Answered::Conflict,
        _ => answered,
    })
}

fn late(run: &Run, protected: bool) -> Late {
    Late { name: run.name, account: run.account, run: run.number, state: run.state, protected }
}
