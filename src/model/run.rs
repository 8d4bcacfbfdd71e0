//! A run of Terraform, step by step, as `src/provisioned` takes them. Between any two steps it may be killed.

use super::cloud::{Cluster, Late, Listed, Status, Weather};
use super::decisions::{Asking, Known, explained, is_replacement_refused, judged};
use super::invariants::{Harm, note_if_twice};
use super::look::{Look, look, look_again};
use super::{Check, Goal, Note, Saved, World, create, deeds, review};
use crate::evidence::ambiguity::{Attempt, NameOwner};
use crate::journal::verdict::{Reason, Verdict};
use crate::provisioned::refusal::Refusal;

pub use super::look::Seen;

/// What the API, or the user at the keyboard, does at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Luck {
    /// What is hoped for.
    Fair,
    /// Accepted, but reads and lists do not show it yet.
    Lagging,
    /// The answer is lost, and there is no effect.
    LostBefore,
    /// The answer is lost, and there is an effect.
    LostAfter,
    /// The same, and reads and lists do not show it yet.
    LostLagging,
    /// The answer is lost, and the effect comes much later.
    LostLate,
    /// Refused for certain, for example for want of credit.
    Refused,
    /// A gateway on the way sends a create twice, and passes on the answer to the second.
    Repeated,
    /// A destroy reaches the API, but from then on reads and lists find nothing, as long as the run lasts.
    ReadsNothing,
    /// Answered with the id of another object, without an effect.
    WrongId,
    /// A list is cut off.
    Cut,
    /// The request ends FAILED.
    Fails,
    /// The time limit is over.
    TimesOut,
    /// The user stops the run with Ctrl-C, after the effect.
    Interrupted,
}

impl Luck {
    pub fn is_fault(self) -> bool {
        self != Self::Fair
    }
}

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Reports what earlier runs left; the bits are those of the owners whose entries are done.
    Review(u8),
    ReviewAgain(u8, u8, Seen),
    Refresh,
    RefreshAgain(Seen),
    Plan,
    Edit,
    Destroy,
    DestroyAgain(Seen),
    DestroyWait,
    Destroyed,
    Claim,
    Adopt(u8),
    AdoptLook,
    AdoptLookAgain(Seen),
    AdoptSearch,
    /// Makes sure that what stops the create was not created.
    Ensure,
    EnsureAgain(Seen),
    List,
    Begin,
    Send(Attempt),
    /// Looks for the name, and may then send again.
    Search {
        send_again: bool,
        glance: bool,
    },
    Record(u8),
    /// Waits for the end of the create: of this run, or one that is resumed.
    Finish {
        resumed: bool,
    },
    Mark {
        ok: bool,
    },
    /// The same, after the answer has left.
    MarkLate {
        ok: bool,
    },
    Save,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts about a run")]
pub struct Run {
    pub number: u8,
    pub state: u8,
    pub account: u8,
    pub goal: Goal,
    pub step: Step,
    /// Terraform was killed, and the provider goes on for a while.
    pub beheaded: bool,
    /// Terraform's copy of the state.
    pub saved: Option<Saved>,
    /// Whether the provider has read the state.
    pub read: bool,
    pub then_create: bool,
    pub name: u8,
    pub name_owner: NameOwner,
    /// The entries that stop the create, as they were when it asked.
    pub stops: Vec<(Note, Reason)>,
    /// Whether an entry was adopted that has no object.
    pub held: bool,
    /// The ids that were listed before the create.
    pub before: u8,
    /// What is told together with the answer.
    pub to_tell: u8,
    /// Reads and lists find nothing any more.
    pub reads_nothing: bool,
    /// The destroy was answered with a 409, or else with a 404.
    pub conflict: bool,
    /// It is tried for the second time, which stands for all further tries.
    pub tried_again: bool,
}

/// Whether a run goes on.
pub enum Then {
    Goes(Step),
    Ends,
}

impl Run {
    pub fn new(number: u8, state: u8, account: u8, goal: Goal) -> Self {
        Self {
            number,
            state,
            account,
            goal,
            step: Step::Review(0),
            beheaded: false,
            saved: None,
            read: false,
            then_create: false,
            name: 0,
            name_owner: NameOwner::Anybody,
            stops: Vec::new(),
            held: false,
            before: 0,
            to_tell: 0,
            reads_nothing: false,
            conflict: false,
            tried_again: false,
        }
    }

    pub fn holds(&self, id: u8) -> bool {
        self.saved.as_ref().is_some_and(|saved| saved.id == id) || self.step == Step::Record(id)
    }

    pub fn asking(&self, check: &Check, world: &World, note: &Note) -> Asking {
        let owner_lives = world.runs.iter().flatten().any(|other| other.number == note.owner);
        Asking { run: self.number, place: check.place(self.state), account: self.account, owner_lives }
    }

    /// A message names a cluster. Nobody reads it when Terraform is dead.
    pub fn tell(&self, world: &mut World, id: u8) {
        world.named_ids |= u8::from(!self.beheaded) << id;
    }

    /// A message names a name.
    pub fn tell_name(&self, world: &mut World, name: u8) {
        world.named_names |= u8::from(!self.beheaded) << name;
    }

    /// The answer of an operation reaches Terraform, which saves it.
    pub fn answer(&self, world: &mut World) {
        self.keep(world);
        (0..8).filter(|id| self.to_tell & (1 << id) != 0).for_each(|id| self.tell(world, id));
    }

    pub fn keep(&self, world: &mut World) {
        if !self.beheaded {
            world.states[usize::from(self.state)].clone_from(&self.saved);
        }
    }
}

/// What may happen at a step of a run.
pub fn lucks(world: &World, run: &Run) -> Vec<Luck> {
    use Luck::{
        Cut, Fails, Fair, Interrupted, Lagging, LostAfter, LostBefore, LostLagging, LostLate, ReadsNothing, Refused,
        Repeated, TimesOut, WrongId,
    };
    match run.step {
        Step::Review(_) | Step::Refresh | Step::Ensure | Step::AdoptLook | Step::AdoptSearch | Step::List => {
            vec![Fair, Cut]
        }
        Step::Search { .. } => vec![Fair, Cut],
        Step::Send(_) => {
            vec![Fair, Lagging, LostBefore, LostAfter, LostLagging, LostLate, Refused, Repeated, WrongId, Interrupted]
        }
        Step::Destroy => vec![Fair, LostBefore, LostAfter, ReadsNothing],
        Step::DestroyWait => vec![Fair, Fails],
        Step::Finish { .. } => {
            let gone = run.saved.as_ref().is_none_or(|saved| !world.cloud.clusters[usize::from(saved.id)].exists());
            if gone { vec![Fair] } else { vec![Fair, Fails, TimesOut, Interrupted] }
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
        Step::Review(done) => review::review(check, world, run, done, cut),
        Step::ReviewAgain(done, owner, seen) => review::review_again(check, world, run, (done, owner), seen),
        Step::Refresh => {
            run.saved = world.states[usize::from(run.state)].clone();
            let Some(saved) = run.saved.clone().filter(|_| run.goal != Goal::ApplyUnread) else {
                return Some(Then::Goes(Step::Plan));
            };
            let looked = look(
                check,
                world,
                run,
                &Seek { id: saved.id, kept: saved.mark, unfinished: saved.unfinished, recent: false, cut },
            );
            refreshed(check, world, run, saved.id, looked)
        }
        Step::RefreshAgain(seen) => {
            let id = run.saved.as_ref()?.id;
            let looked = look_again(check, world, run, id, seen);
            refreshed(check, world, run, id, looked)
        }
        Step::Plan => plan(check, world, run),
        Step::Edit => {
            let (protect, saved) = (world.protect, run.saved.as_mut()?);
            if world.cloud.read(saved.id, run.account).is_none() {
                return Some(Then::Ends);
            }
            world.cloud.cluster(saved.id).protected = protect;
            saved.protected = protect;
            Then::Goes(Step::Save)
        }
        Step::Destroy => destroy(check, world, run, luck),
        Step::DestroyAgain(seen) => {
            let id = run.saved.as_ref()?.id;
            let looked = look_again(check, world, run, id, seen);
            destroy_refused(check, world, run, looked)
        }
        Step::DestroyWait => return wait_for_destroy(world, run, luck),
        Step::Destroyed => {
            let id = run.saved.take()?.id;
            confirm_absent(world, run, id);
            run.keep(world);
            if run.then_create && !run.beheaded { Then::Goes(Step::Claim) } else { Then::Ends }
        }
        Step::Claim => claim(check, world, run),
        Step::Ensure => review::ensure(check, world, run, cut),
        Step::EnsureAgain(seen) => return review::ensure_again(check, world, run, seen),
        Step::Finish { resumed } => return finish(world, run, luck, resumed),
        Step::Save => {
            run.answer(world);
            Then::Ends
        }
        _ => return create::take(check, world, run, luck),
    })
}

/// What is looked for by its id.
pub struct Seek {
    pub id: u8,
    /// The account with which it was last found.
    pub kept: u8,
    pub unfinished: bool,
    /// Reads may not show it yet, as the time of its entry says.
    pub recent: bool,
    /// The list is cut off.
    pub cut: bool,
}

/// The read of the state has ended.
#[expect(clippy::needless_pass_by_value, reason = "what was read is used up here")]
fn refreshed(check: &Check, world: &mut World, run: &mut Run, id: u8, looked: Look) -> Then {
    match looked {
        Look::Again(seen) => return Then::Goes(Step::RefreshAgain(seen)),
        Look::Doubt => {
            run.tell(world, id);
            return Then::Ends;
        }
        Look::Found => {
            let (protected, account) = (world.cloud.clusters[usize::from(id)].protected, run.account);
            if let Some(saved) = &mut run.saved {
                (saved.protected, saved.mark) = (protected, account);
            }
            run.read = true;
            confirm_saved(check, world, run, id);
        }
        Look::Absent => {
            run.saved = None;
            confirm_absent(world, run, id);
        }
    }
    run.keep(world);
    Then::Goes(Step::Plan)
}

/// Entries of a cluster that was found in a state are forgotten.
pub fn confirm_saved(check: &Check, world: &mut World, run: &Run, id: u8) {
    let Cluster { name, account, .. } = world.cloud.clusters[usize::from(id)];
    let living: Vec<u8> = world.runs.iter().flatten().map(|other| other.number).collect();
    let is_named = |note: &Note| {
        let is_dead = !living.contains(&note.owner);
        check.rules.confirmed_by_name && is_dead && (note.name, note.account) == (name, account)
    };
    let is_it = |note: &Note| note.id.map_or_else(|| is_named(note), |noted| noted == id);
    world.journal.retain(|note| note.owner == run.number || !is_it(note));
}

/// Entries of a cluster whose absence is proved are forgotten.
fn confirm_absent(world: &mut World, run: &Run, id: u8) {
    world.journal.retain(|note| note.owner == run.number || note.id != Some(id));
}

fn plan(check: &Check, world: &mut World, run: &mut Run) -> Then {
    if run.beheaded {
        return Then::Ends;
    }
    let Some(prior) = run.saved.clone() else {
        if run.goal == Goal::Destroy {
            return Then::Ends;
        }
        review::report_unsaved(check, world, run);
        return Then::Goes(Step::Claim);
    };
    let name = check.scenario.chosen_name.then_some(deeds::CHOSEN);
    let replace = |world: &mut World, run: &mut Run, refused: bool| {
        if refused {
            run.tell(world, prior.id);
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

fn destroy(check: &Check, world: &mut World, run: &mut Run, luck: Luck) -> Then {
    let Some(prior) = run.saved.clone() else { return Then::Ends };
    if prior.protected && check.rules.protection_in_delete {
        run.tell(world, prior.id);
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
            let seek = Seek { id: prior.id, kept: prior.mark, unfinished: prior.unfinished, recent: false, cut: false };
            let looked = look(check, world, run, &seek);
            destroy_refused(check, world, run, looked)
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
fn destroy_refused(check: &Check, world: &mut World, run: &mut Run, looked: Look) -> Then {
    let Some(id) = run.saved.as_ref().map(|saved| saved.id) else { return Then::Ends };
    let cluster = match looked {
        Look::Again(seen) => return Then::Goes(Step::DestroyAgain(seen)),
        Look::Doubt => {
            run.tell(world, id);
            return Then::Ends;
        }
        Look::Found => Some(world.cloud.clusters[usize::from(id)].clone()),
        Look::Absent => None,
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
            run.tell(world, id);
            Then::Ends
        }
    }
}

fn wait_for_destroy(world: &mut World, run: &mut Run, luck: Luck) -> Option<Then> {
    if world.cloud.weather != Weather::Fine {
        return None;
    }
    let id = run.saved.as_ref()?.id;
    let cluster = world.cloud.cluster(id);
    Some(if luck == Luck::Fails && cluster.status == Status::Deleting {
        cluster.status = Status::Ready;
        Then::Ends
    } else {
        cluster.status = Status::Gone;
        Then::Goes(Step::Destroyed)
    })
}

/// What the journal knows about a create that is about to happen.
fn claim(check: &Check, world: &mut World, run: &mut Run) -> Then {
    let generated = !check.scenario.chosen_name;
    run.name = if generated { run.number } else { deeds::CHOSEN };
    run.name_owner = if generated { NameOwner::Ours } else { NameOwner::Anybody };
    run.stops.clear();
    for note in &world.journal {
        match judged(note, run.asking(check, world, note), run.name, generated, &check.rules) {
            Verdict::Unrelated => {}
            Verdict::Stop(reason) => run.stops.push((note.clone(), reason)),
            Verdict::Adopt => return Then::Goes(Step::Adopt(note.owner)),
        }
    }
    Then::Goes(if run.stops.is_empty() { Step::List } else { Step::Ensure })
}

/// Waits for the end of a create.
fn finish(world: &mut World, run: &mut Run, luck: Luck, resumed: bool) -> Option<Then> {
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

/// The API carries out a create whose answer was lost long ago.
pub fn land_late(check: &Check, world: &mut World) -> Option<()> {
    let Late { name, account, run, state, protected } = world.cloud.late.take()?;
    create::land(check, world, &create::Asked { name, account, run, state, protected, visible: true }).map(|landed| {
        if let create::Answer::New(id) = landed {
            note_if_twice(check, world, id);
        }
    })
}

/// What a list says, as ids.
pub fn ids_of(listed: &Listed) -> &[u8] {
    match listed {
        Listed::Whole(ids) => ids,
        Listed::NotFound | Listed::Cut => &[],
    }
}
