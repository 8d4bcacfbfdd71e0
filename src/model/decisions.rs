//! The product's own decision functions, asked about the model's world. With a rule taken out they are asked or overruled by
//! a more gullible function.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tensorpool::{Created, Error, ErrorKind};

use super::cloud::{Cluster, Creator, Status};
use super::records::{Note, Saved};
use super::rules::Rules;
use crate::cluster::ClusterModel;
use crate::create_once::answer;
use crate::evidence::absence::{Doubt, Evidence, ListEvidence, READS_APART, Reading, Verdict};
use crate::evidence::account::{AccountMark, AccountMatch};
use crate::evidence::ambiguity::{Answer, Attempt, NameOwner, Next, next};
use crate::evidence::memory::Remembered;
use crate::evidence::times::{lag_left, was_asked_for_then};
use crate::evidence::{Memory, Replaced};
use crate::journal::Origin;
use crate::journal::entry::{Entry, Intent, Stage};
use crate::journal::owner::{Lock, Owner, owner};
use crate::journal::verdict::{self, Passing, Reason, judge, passing, refusal};
use crate::provisioned::protection::replaces_protected;
use crate::provisioned::refusal::{Observed, Refusal};

const TYPE: &str = "tensorpool_cluster";

static CONFIGURATION: LazyLock<Value> = LazyLock::new(|| json!({"size": 8}));

/// The origins of two places with two accounts.
static ORIGINS: LazyLock<[[Origin; 2]; 2]> = LazyLock::new(|| {
    ["/nowhere/a", "/nowhere/b"].map(|place| {
        ["k0", "k1"].map(|key| {
            let place = Path::new(place);
            Origin::read(place, place, Some("default"), "https://a", key, None)
        })
    })
});

fn mark(account: u8) -> AccountMark {
    AccountMark::new(&format!("k{account}"), None)
}

/// What the first half of a check of an absence has gathered.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// With which account the object was last found.
    pub kept: u8,
    /// The account of the run; `None` if the control request failed.
    pub control: Option<u8>,
    pub unfinished: bool,
    /// Whether reads may not show it yet, as the time of its entry says.
    pub recent: bool,
    pub list: ListEvidence,
    /// What the second read found.
    pub found: bool,
}

/// The product's verdict on an absence.
pub fn absence(gathered: Gathered, rules: &Rules) -> Verdict {
    let account = match gathered.control {
        Some(now) if rules.account => mark(now).compare(Some(&mark(gathered.kept))),
        _ => AccountMatch::Same,
    };
    let evidence = Evidence {
        reads: [Reading::Missing, if gathered.found { Reading::Found } else { Reading::Missing }],
        apart: if rules.two_reads { READS_APART } else { READS_APART + Duration::from_secs(1) },
        list: if rules.list { gathered.list } else { ListEvidence::Lacks },
        control_failure: gathered.control.is_none().then(|| "404".to_owned()).filter(|_| rules.control),
        account,
        create_unfinished: gathered.unfinished && rules.unfinished_create,
        reads_may_lag: gathered.recent,
    };
    evidence.verdict()
}

/// Whether a doubt is certain before the list and the second read are asked.
pub fn early_doubt(gathered: &Gathered, rules: &Rules) -> Option<Doubt> {
    match absence(Gathered { list: ListEvidence::None, found: false, ..gathered.clone() }, rules) {
        Verdict::Unproved(doubt) => Some(doubt),
        Verdict::Absent | Verdict::Found => None,
    }
}

/// How long reads may lag behind the create of an entry, which is of now.
pub fn may_lag(rules: &Rules) -> bool {
    let now = SystemTime::UNIX_EPOCH;
    rules.entry_lag && !lag_left(Some(now), now).is_zero()
}

/// Whether a cluster that has the name of an entry without an id is the one that its create asked for.
pub fn is_of(note: &Note, creator: Creator, rules: &Rules) -> bool {
    let began = SystemTime::UNIX_EPOCH;
    let received = match creator {
        Creator::Run(_) => began,
        Creator::AnotherUser | Creator::Before => began + Duration::from_hours(1),
    };
    note.generated || !rules.asked_for_then || was_asked_for_then(Some(received), Some(began))
}

/// What a run does about an entry whose create returned.
pub fn passed(note: &Note, asking: Asking) -> Passing {
    let (by, this) = (note.passed_by.map(|run| run.to_string()), asking.run.to_string());
    passing(by.as_deref(), Some(&this), owner_of(note, asking))
}

/// What a create was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Id(u8),
    Conflict,
    Refused,
    Lost,
    Ended,
}

/// What follows from the answer to a create.
pub fn after(attempt: Attempt, answered: Answered, before: &[u8], owner: NameOwner, rules: &Rules) -> Next {
    let error = |kind| Err(Error::new(kind, "POST /cluster/create"));
    let answered = match answered {
        Answered::Id(id) => Ok(Created { id: id.to_string(), request_id: None }),
        Answered::Conflict => error(ErrorKind::Conflict),
        Answered::Refused => error(ErrorKind::PaymentRequired),
        Answered::Lost => error(ErrorKind::Transport).map_err(|error| error.ambiguous(true)),
        Answered::Ended => error(ErrorKind::Stopped).map_err(|error| error.ambiguous(true)),
    };
    let before: HashSet<String> = before.iter().map(ToString::to_string).collect();
    let answer = match answer(&answered, &before) {
        Answer::CreatedBefore if !rules.created_before => Answer::Created,
        answer => answer,
    };
    match (attempt, answer) {
        (Attempt::Second, Answer::Rejected) if !rules.second_refusal => Next::Reject,
        (_, Answer::Conflict) if !rules.own_name => next(Attempt::First, answer, NameOwner::Anybody),
        _ => next(attempt, answer, owner),
    }
}

fn entry(note: &Note) -> Entry {
    let name = note.name.to_string();
    let intent = Intent { type_name: TYPE, name: &name, generated: note.generated, configuration: &CONFIGURATION };
    let mut entry = Entry::new(&intent, origin(note.place, note.account), Some(note.owner.to_string()));
    entry.id = note.id.map(|id| id.to_string());
    (entry.locked, entry.stage, entry.adopted) = (true, note.stage, note.adopted);
    entry
}

fn origin(place: u8, account: u8) -> Origin {
    ORIGINS[usize::from(place)][usize::from(account)].clone()
}

/// Who asks about an entry.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    pub run: u8,
    pub place: u8,
    pub account: u8,
    /// Whether the owner of the entry lives.
    pub owner_lives: bool,
}

/// The owner of an entry, as a run sees it.
pub fn owner_of(note: &Note, asking: Asking) -> Owner {
    let lock = if asking.owner_lives { Lock::Held } else { Lock::Free };
    owner(&entry(note), Some(&asking.run.to_string()), lock)
}

/// What an entry means for a create.
pub fn judged(note: &Note, asking: Asking, name: u8, generated: bool, rules: &Rules) -> verdict::Verdict {
    let note = gullible(note, asking, rules);
    let name = name.to_string();
    let intent = Intent { type_name: TYPE, name: &name, generated, configuration: &CONFIGURATION };
    let owner = gullible_owner(&note, asking, rules);
    judge(&entry(&note), owner, &intent, &origin(asking.place, asking.account))
}

/// Why an entry's object would not be adopted.
pub fn refused(note: &Note, asking: Asking, rules: &Rules) -> Option<Reason> {
    let note = gullible(note, asking, rules);
    refusal(&entry(&note), gullible_owner(&note, asking, rules), &origin(asking.place, asking.account))
}

fn gullible_owner(note: &Note, asking: Asking, rules: &Rules) -> Owner {
    match owner_of(note, asking) {
        Owner::Alive if !rules.owner => Owner::Dead,
        owner => owner,
    }
}

/// The entry, as a provider sees it that does not keep the rules.
fn gullible(note: &Note, asking: Asking, rules: &Rules) -> Note {
    Note {
        stage: if rules.returned || note.stage != Stage::Returned { note.stage } else { Stage::Unanswered },
        account: if rules.entry_account { note.account } else { asking.account },
        place: if rules.entry_place { note.place } else { asking.place },
        adopted: note.adopted && rules.one_adoption,
        ..note.clone()
    }
}

/// What a plan knows of the object that a planned create replaces.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What was read of the state.
    pub read: Option<&'a Saved>,
    /// The state, if the first plan left a mark in it.
    pub marked: Option<&'a Saved>,
    /// The name, if the configuration has one.
    pub name: Option<u8>,
}

/// Whether a planned create replaces a protected object.
pub fn is_replacement_refused(known: Known<'_>, rules: &Rules) -> bool {
    let memory = Memory::default();
    if let Some(saved) = known.read {
        let remembered =
            Remembered { name: Some(saved.name.to_string()), protected: saved.protected, ..Remembered::default() };
        memory.remember(TYPE, &saved.id.to_string(), remembered);
    }
    let mark = known.marked.map(|saved| Replaced {
        id: saved.id.to_string(),
        name: Some(saved.name.to_string()),
        protected: saved.protected,
    });
    let name = known.name.map(|name| name.to_string());
    rules.protection_in_replacement
        && replaces_protected::<ClusterModel>(&memory, mark.as_ref(), None, name.as_deref()).is_some()
}

/// Why a destroy was refused: with a 409, or with a 404.
pub fn explained(cluster: Option<&Cluster>, conflict: bool, rules: &Rules) -> Refusal {
    if !rules.conflict {
        // A conflict at a destroy, so another client must be destroying it.
        return Refusal::Absent;
    }
    let conflict = conflict && (rules.conflict_of_nothing || cluster.is_some());
    let Some(cluster) = cluster else { return Observed { absent: true, conflict, ..Observed::default() }.refusal() };
    let observed = Observed {
        absent: false,
        conflict,
        protected: cluster.protected,
        running_delete: (cluster.status == Status::Deleting).then(|| "req_1".to_owned()),
        attached_to: Vec::new(),
        ready: matches!(cluster.status, Status::Ready | Status::Failed),
    };
    observed.refusal()
}
