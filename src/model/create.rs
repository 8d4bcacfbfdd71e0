//! The create of a run, from its claim to the mark in the entry, as `provisioned::create` does it.

use super::check::{CHOSEN, Check};
use super::cloud::{Listed, Status, Weather};
use super::decisions::{is_of, judged};
use super::entries::{give_back, mark_ended, own};
use super::events::Luck;
use super::invariants::note_if_foreign;
use super::read::{ReadOutcome, read_again, read_for_certain};
use super::records::{Note, Saved};
use super::run::{Run, Step, Then};
use super::search::{Search, search, stays_ambiguous};
use super::send::send;
use super::world::World;
use crate::evidence::ambiguity::{Attempt, NameOwner};
use crate::journal::entry::Stage;
use crate::journal::verdict::Verdict;

/// Takes a step of it.
pub fn take(check: &Check, world: &mut World, run: &mut Run, luck: Luck) -> Option<Then> {
    let cut = luck == Luck::Cut;
    Some(match run.step {
        Step::Adopt(owner) => adopt(check, world, run, owner),
        Step::AdoptRead => {
            let id = own(world, run)?.id?;
            let outcome = read_for_certain(check, world, run, id, cut);
            adopted_read(check, world, run, id, &outcome)
        }
        Step::AdoptReadAgain(in_list) => {
            let id = own(world, run)?.id?;
            let outcome = read_again(check, world, run, id, in_list);
            adopted_read(check, world, run, id, &outcome)
        }
        Step::AdoptSearch => return adopt_search(check, world, run, cut),
        Step::List => list(check, world, run, cut),
        Step::Begin => begin(check, world, run),
        Step::Send(attempt) => return send(check, world, run, attempt, luck),
        Step::Search { send_again, brief } => match search(check, world, run, (run.before, brief), cut) {
            Search::Found(id) => Then::Goes(Step::Record(id)),
            Search::Nothing if send_again => Then::Goes(Step::Send(Attempt::Second)),
            Search::Nothing => stays_ambiguous(world, run, &[]),
            Search::Ambiguous(ids) => stays_ambiguous(world, run, &ids),
        },
        Step::Record(id) => record(check, world, run, id),
        Step::Mark { ok } => return mark(check, world, run, ok),
        Step::MarkLate { ok } => {
            mark_ended(check, world, run, ok);
            Then::Ends
        }
        _ => return None,
    })
}

/// Searches for the object of an entry that has no id.
fn adopt_search(check: &Check, world: &mut World, run: &mut Run, cut: bool) -> Option<Then> {
    Some(match search(check, world, run, (0, false), cut) {
        Search::Found(id) => {
            let creator = world.cloud.clusters[usize::from(id)].creator;
            if is_of(own(world, run)?, creator, &check.rules) {
                return Some(Then::Goes(Step::Record(id)));
            }
            run.report(world, id);
            give_back(world, run);
            Then::Ends
        }
        Search::Nothing => Then::Goes(Step::List),
        Search::Ambiguous(ids) => {
            for id in ids {
                run.report(world, id);
            }
            run.report_name(world, run.name);
            give_back(world, run);
            Then::Ends
        }
    })
}

/// Writes the entry before the request is sent.
fn begin(check: &Check, world: &mut World, run: &Run) -> Then {
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
        return Then::Ends;
    }
    world.journal.push(note);
    Then::Goes(Step::Send(Attempt::First))
}

/// Marks the entry as returned to Terraform, before or after that happens.
fn mark(check: &Check, world: &mut World, run: &mut Run, ok: bool) -> Option<Then> {
    if !ok {
        run.to_report |= 1 << run.saved.as_ref()?.id;
    }
    if !check.rules.marked_before_answer {
        run.answer(world);
        return Some(Then::Goes(Step::MarkLate { ok }));
    }
    mark_ended(check, world, run, ok);
    Some(Then::Goes(Step::Save))
}

/// Of all runs that want to adopt an entry, one succeeds.
fn adopt(check: &Check, world: &mut World, run: &mut Run, owner: u8) -> Then {
    let is_it = |note: &&mut Note| note.owner == owner || (!check.rules.one_adoption && note.adopted);
    let Some(note) = world.journal.iter_mut().find(is_it) else { return Then::Goes(Step::Claim) };
    (note.owner, note.adopted) = (run.number, true);
    (run.name, run.name_owner, run.held) = (note.name, NameOwner::Ours, true);
    Then::Goes(if note.id.is_some() { Step::AdoptRead } else { Step::AdoptSearch })
}

fn adopted_read(check: &Check, world: &mut World, run: &mut Run, id: u8, outcome: &ReadOutcome) -> Then {
    match outcome {
        ReadOutcome::Again(in_list) => Then::Goes(Step::AdoptReadAgain(*in_list)),
        ReadOutcome::Found => Then::Goes(Step::Record(id)),
        // The killed create had no effect, or its cluster was deleted.
        ReadOutcome::Absent => {
            if check.rules.absent_is_discarded {
                world.journal.retain(|note| note.owner != run.number);
                run.held = false;
                if check.scenario.chosen_name {
                    run.name_owner = NameOwner::Anybody;
                }
            }
            Then::Goes(Step::List)
        }
        ReadOutcome::Doubt => {
            run.report(world, id);
            give_back(world, run);
            Then::Ends
        }
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
    let ids = listed.ids();
    if let Some(taken) = ids.iter().find(|id| world.cloud.clusters[usize::from(**id)].name == run.name) {
        run.report(world, *taken);
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

/// What the journal knows about a create that is about to happen.
pub fn claim(check: &Check, world: &mut World, run: &mut Run) -> Then {
    let generated = !check.scenario.chosen_name;
    run.name = if generated { run.number } else { CHOSEN };
    run.name_owner = if generated { NameOwner::Ours } else { NameOwner::Anybody };
    run.stops.clear();
    for note in &world.journal {
        match judged(note, check.asking(world, run, note), run.name, generated, &check.rules) {
            Verdict::Unrelated => {}
            Verdict::Stop(reason) => run.stops.push((note.clone(), reason)),
            Verdict::Adopt => return Then::Goes(Step::Adopt(note.owner)),
        }
    }
    Then::Goes(if run.stops.is_empty() { Step::List } else { Step::Ensure })
}

/// Waits for the end of a create.
pub fn finish(world: &mut World, run: &mut Run, luck: Luck, resumed: bool) -> Option<Then> {
    let end = |ok: bool| Then::Goes(if resumed { Step::Save } else { Step::Mark { ok } });
    let saved = run.saved.as_mut()?;
    let fine = world.cloud.weather == Weather::Fine;
    let cluster = world.cloud.cluster(saved.id);
    match luck {
        Luck::Interrupted => return Some(end(true)),
        Luck::Fair if cluster.exists() && !fine => return None,
        Luck::Fails if cluster.status != Status::Creating || !fine => return None,
        Luck::Fails => cluster.status = Status::Failed,
        _ => {}
    }
    let protected = std::mem::take(&mut cluster.protected);
    if luck == Luck::TimesOut || !cluster.exists() {
        cluster.protected = protected;
        saved.tainted |= !resumed;
        return Some(end(false));
    }
    cluster.visible = true;
    saved.unfinished = false;
    if cluster.status == Status::Failed {
        // Its lock is lifted.
        (saved.protected, saved.failed) = (false, resumed);
        saved.tainted |= !resumed;
        return Some(end(false));
    }
    cluster.protected = protected;
    if cluster.status == Status::Creating {
        cluster.status = Status::Ready;
    }
    Some(if resumed && saved.protected != world.protect { Then::Goes(Step::Edit) } else { end(true) })
}

/// Terraform has ended, and the provider notices it once its entry exists.
fn is_abandoned(check: &Check, run: &Run) -> bool {
    check.rules.abandoned && run.terraform_killed
}
