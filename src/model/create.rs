//! The create of a run, from the adoption of an entry to the mark in it, as `provisioned::create` and `create_once` do it.

use super::cloud::{Cluster, Landed, Late, Listed, Maker, Status, Weather};
use super::decisions::{Answered, after, is_of};
use super::invariants::{note_if_foreign, note_if_twice};
use super::look::{Look, look_again};
use super::review::look_for_certain;
use super::run::{Luck, Run, Step, Then, ids_of};
use super::{Check, Note, Saved, World};
use crate::evidence::ambiguity::{Attempt, NameOwner, Next};
use crate::journal::entry::Stage;

/// A create that reaches the API.
pub struct Asked {
    pub name: u8,
    pub account: u8,
    pub run: u8,
    pub state: u8,
    pub protected: bool,
    pub visible: bool,
}

/// What the API does with it.
pub enum Answer {
    New(u8),
    Taken,
}

/// The create takes effect; `None` if the model has no room for that.
pub fn land(check: &Check, world: &mut World, asked: &Asked) -> Option<Answer> {
    let new = Cluster {
        name: asked.name,
        account: asked.account,
        maker: Maker::Run(asked.run),
        of_state: Some(asked.state),
        protected: asked.protected,
        status: Status::Creating,
        visible: asked.visible,
        known: false,
    };
    match world.cloud.create(new, check.scenario.unique_names) {
        Landed::New(id) => Some(Answer::New(id)),
        Landed::Taken => Some(Answer::Taken),
        Landed::Full => None,
    }
}

pub fn take(check: &Check, world: &mut World, run: &mut Run, luck: Luck) -> Option<Then> {
    let cut = luck == Luck::Cut;
    Some(match run.step {
        Step::Adopt(owner) => adopt(check, world, run, owner),
        Step::AdoptLook => {
            let id = own(world, run)?.id?;
            let looked = look_for_certain(check, world, run, id, cut);
            looked_up(check, world, run, id, &looked)
        }
        Step::AdoptLookAgain(seen) => {
            let id = own(world, run)?.id?;
            let looked = look_again(check, world, run, id, seen);
            looked_up(check, world, run, id, &looked)
        }
        Step::AdoptSearch => match search(check, world, run, (0, false), cut) {
            Search::Found(id) => {
                let maker = world.cloud.clusters[usize::from(id)].maker;
                if is_of(own(world, run)?, maker, &check.rules) {
                    return Some(Then::Goes(Step::Record(id)));
                }
                run.tell(world, id);
                give_back(world, run);
                Then::Ends
            }
            Search::Nothing => Then::Goes(Step::List),
            Search::Ambiguous(ids) => {
                for id in ids {
                    run.tell(world, id);
                }
                run.tell_name(world, run.name);
                give_back(world, run);
                Then::Ends
            }
        },
        Step::List => list(check, world, run, cut),
        Step::Begin => {
            let note = Note {
                owner: run.number,
                place: check.place(run.state),
                account: run.account,
                name: run.name,
                generated: !check.scenario.chosen_name,
                id: None,
                stage: Stage::Unanswered,
                adopted: false,
                passed_by: None,
                passed_over: false,
            };
            if is_abandoned(check, run) {
                return Some(Then::Ends);
            }
            world.journal.push(note);
            Then::Goes(Step::Send(Attempt::First))
        }
        Step::Send(attempt) => return send(check, world, run, attempt, luck),
        Step::Search { send_again, glance } => match search(check, world, run, (run.before, glance), cut) {
            Search::Found(id) => Then::Goes(Step::Record(id)),
            Search::Nothing if send_again => Then::Goes(Step::Send(Attempt::Second)),
            Search::Nothing => stays_ambiguous(world, run, &[]),
            Search::Ambiguous(ids) => stays_ambiguous(world, run, &ids),
        },
        Step::Record(id) => record(check, world, run, id),
        Step::Mark { ok } => {
            if !ok {
                run.to_tell |= 1 << run.saved.as_ref()?.id;
            }
            if !check.rules.marked_before_answer {
                run.answer(world);
                return Some(Then::Goes(Step::MarkLate { ok }));
            }
            mark_ended(check, world, run, ok);
            Then::Goes(Step::Save)
        }
        Step::MarkLate { ok } => {
            mark_ended(check, world, run, ok);
            Then::Ends
        }
        _ => return None,
    })
}

/// The entry that this run writes.
fn own<'a>(world: &'a mut World, run: &Run) -> Option<&'a mut Note> {
    world.journal.iter_mut().find(|note| note.owner == run.number)
}

/// Of all runs that want to adopt an entry, one succeeds.
fn adopt(check: &Check, world: &mut World, run: &mut Run, owner: u8) -> Then {
    let is_it = |note: &&mut Note| note.owner == owner || (!check.rules.one_adoption && note.adopted);
    let Some(note) = world.journal.iter_mut().find(is_it) else { return Then::Goes(Step::Claim) };
    (note.owner, note.adopted) = (run.number, true);
    (run.name, run.name_owner, run.held) = (note.name, NameOwner::Ours, true);
    Then::Goes(if note.id.is_some() { Step::AdoptLook } else { Step::AdoptSearch })
}

fn looked_up(check: &Check, world: &mut World, run: &mut Run, id: u8, looked: &Look) -> Then {
    match looked {
        Look::Again(seen) => Then::Goes(Step::AdoptLookAgain(*seen)),
        Look::Found => Then::Goes(Step::Record(id)),
        // The killed create had no effect, or what it made is gone.
        Look::Absent => {
            if check.rules.absent_is_discarded {
                world.journal.retain(|note| note.owner != run.number);
                run.held = false;
                if check.scenario.chosen_name {
                    run.name_owner = NameOwner::Anybody;
                }
            }
            Then::Goes(Step::List)
        }
        Look::Doubt => {
            run.tell(world, id);
            give_back(world, run);
            Then::Ends
        }
    }
}

/// An entry that was adopted for nothing is again as it was.
fn give_back(world: &mut World, run: &Run) {
    if let Some(note) = own(world, run) {
        note.adopted = false;
    }
}

/// How the create is marked as ended, as `OpenEntry::answer` does.
fn mark(world: &mut World, run: &Run, stage: Stage, recorded: bool) {
    let recorded = recorded && !run.beheaded;
    let Some(note) = own(world, run) else { return };
    if note.adopted && !recorded {
        note.adopted = false;
    } else if !run.beheaded {
        note.stage = stage;
    }
}

/// The create has ended, with an object.
fn mark_ended(check: &Check, world: &mut World, run: &Run, ok: bool) {
    mark(world, run, if ok { Stage::Returned } else { Stage::Failed }, true);
    if !check.rules.entry_stays && !run.beheaded {
        world.journal.retain(|note| note.owner != run.number);
    }
}

/// What is listed before the create. The name must be free.
fn list(check: &Check, world: &mut World, run: &mut Run, cut: bool) -> Then {
    let listed = world.cloud.list(run.account, cut);
    let is_whole = match listed {
        Listed::Whole(_) => true,
        Listed::NotFound => world.cloud.controls(),
        Listed::Cut => false,
    };
    if check.rules.whole_list_before && !is_whole {
        give_back(world, run);
        return Then::Ends;
    }
    let ids = ids_of(&listed);
    if let Some(taken) = ids.iter().find(|id| world.cloud.clusters[usize::from(**id)].name == run.name) {
        run.tell(world, *taken);
        if run.held {
            give_back(world, run);
        }
        return Then::Ends;
    }
    run.before = ids.iter().fold(0, |before, id| before | 1 << id);
    if !run.held {
        return Then::Goes(Step::Begin);
    }
    if is_abandoned(check, run) {
        give_back(world, run);
        return Then::Ends;
    }
    let attempt = if check.rules.second_of_a_run { Attempt::Second } else { Attempt::First };
    Then::Goes(Step::Send(attempt))
}

/// Terraform is gone, and the provider notices when its entry is there.
fn is_abandoned(check: &Check, run: &Run) -> bool {
    check.rules.abandoned && run.beheaded
}

fn send(check: &Check, world: &mut World, run: &mut Run, attempt: Attempt, luck: Luck) -> Option<Then> {
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
    let answered = match luck {
        Luck::LostAfter | Luck::LostLagging => Answered::Lost,
        Luck::Interrupted => Answered::Ended,
        Luck::Repeated if check.scenario.unique_names => Answered::Conflict,
        _ => answered,
    };
    let before: Vec<u8> = (0..8).filter(|id| run.before & (1 << id) != 0).collect();
    Some(match (after(attempt, answered, &before, run.name_owner, &check.rules), answered) {
        (Next::Accept, Answered::Id(id)) => {
            if attempt == Attempt::Second {
                let others = named(world, run, run.before, false);
                run.to_tell |= others.iter().filter(|other| **other != id).fold(0, |all, other| all | 1 << other);
            }
            Then::Goes(Step::Record(id))
        }
        (Next::Accept | Next::Reject, _) => {
            if answered == Answered::Conflict && check.scenario.chosen_name {
                // The refusal names the name that is taken, and whoever chose it knows it.
                run.tell_name(world, run.name);
            }
            world.journal.retain(|note| note.owner != run.number);
            Then::Ends
        }
        (Next::RejectForeign, _) => {
            run.tell_name(world, run.name);
            mark(world, run, Stage::FailedWithoutState, false);
            Then::Ends
        }
        (Next::SearchThenSend, _) if !check.rules.search_before_second => Then::Goes(Step::Send(Attempt::Second)),
        (Next::SearchThenSend, _) => Then::Goes(Step::Search { send_again: true, glance: false }),
        (Next::SearchThenGiveUp, _) => Then::Goes(Step::Search { send_again: false, glance: false }),
        (Next::GlanceThenGiveUp, _) => Then::Goes(Step::Search { send_again: false, glance: true }),
    })
}

fn late(run: &Run, protected: bool) -> Late {
    Late { name: run.name, account: run.account, run: run.number, state: run.state, protected }
}

enum Search {
    Found(u8),
    Nothing,
    Ambiguous(Vec<u8>),
}

/// Looks for the name: for a minute, in which everything becomes visible, or for a glance.
fn search(check: &Check, world: &mut World, run: &Run, (before, glance): (u8, bool), cut: bool) -> Search {
    if !glance && check.rules.search_outlasts_lag {
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
fn named(world: &World, run: &Run, before: u8, cut: bool) -> Vec<u8> {
    let listed = world.cloud.list(run.account, cut);
    let is_new = |id: &u8| before & (1 << id) == 0 && world.cloud.clusters[usize::from(*id)].name == run.name;
    ids_of(&listed).iter().copied().filter(is_new).collect()
}

fn stays_ambiguous(world: &mut World, run: &Run, ids: &[u8]) -> Then {
    for id in ids {
        run.tell(world, *id);
    }
    run.tell_name(world, run.name);
    mark(world, run, Stage::FailedWithoutState, false);
    Then::Ends
}

/// From here on the cluster is in the journal and in the answer.
fn record(check: &Check, world: &mut World, run: &mut Run, id: u8) -> Then {
    let owner_place = world.cloud.clusters[usize::from(id)].of_state.map(|state| check.place(state));
    let is_same_account = world.cloud.clusters[usize::from(id)].account == run.account;
    let same_place = owner_place == Some(check.place(run.state)) && is_same_account;
    note_if_foreign(world, id, run.state, same_place);
    if let Some(note) = own(world, run) {
        note.id = Some(id);
    }
    let (name, mark, protected) = (run.name, run.account, world.protect);
    run.saved = Some(Saved { id, name, protected, tainted: false, mark, unfinished: true, failed: false });
    Then::Goes(Step::Finish { resumed: false })
}
