//! Reads in bulk: which read of one object a list may answer, when many objects of a kind are read at once.
//!
//! A program that refreshes all it knows reads object after object. One list has them all, but says less than a read of one object:
//! it may be older than the question, its items may lack fields, and an object that it does not contain may exist. So it answers
//! only
//! - where many are read: the first few reads are sent by themselves, and show which fields reads report;
//! - a read that came before the list was asked for, or at most [`MAX_AGE`] after that, if this process has changed nothing since;
//! - with an object that it contains. One that it lacks is read by itself;
//! - if its item has every field that a read of any object has reported, and every one that the caller needs. An item that lacks
//!   one is no answer, and if all items lack it, lists of the kind answer no reads any more.
//!
//! Lists also show waits whether anything has changed ([`polls`](crate::polls)), which proves nothing and so needs none of this.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorKind};

/// How old an answer may be, from when the list was asked for to when the read came.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(2);
/// After a failure that may pass, no list is asked for so long: whoever wants one would wait for the next failure.
const PAUSE: Duration = Duration::from_mins(1);
/// So many reads of a kind within [`MAX_AGE`] are sent by themselves.
pub(crate) const FEW: usize = 3;

/// An object that lists contain.
pub(crate) trait Item: Clone + Send + Sync + 'static {
    /// Where the API has the list.
    const LIST: &'static [&'static str];
    /// Whether the API has a request for a single one. Else an object is as its list shows it.
    const IS_READ_ALONE: bool;

    fn id(&self) -> &str;
    fn is_deleted(&self) -> bool;
    /// Every field that a list may lack, and whether the API reported it with a value. One within another has both names, for
    /// example `instances.status`.
    fn fields(&self) -> Vec<(&'static str, bool)>;
}

/// The lists of all kinds, which the clones of a client share.
#[derive(Default)]
pub(crate) struct Bulk {
    kinds: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    /// Orders reads, lists and changes: two readings of a clock may be equal.
    order: AtomicU64,
    /// The last change that this process made, of whatever kind: many change objects of another kind too.
    changed: AtomicU64,
}

/// A moment: its place among all moments of the client, and the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    order: u64,
    at: Instant,
}

impl Bulk {
    /// The reads and lists of a kind of object.
    pub fn kind<T: Item>(&self) -> Arc<Kind<T>> {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = kinds.entry(TypeId::of::<T>()).or_insert_with(|| Arc::<Kind<T>>::default());
        Arc::clone(kind).downcast().unwrap_or_default()
    }

    /// This moment.
    pub fn now(&self) -> Moment {
        Moment { order: self.order.fetch_add(1, Ordering::SeqCst) + 1, at: Instant::now() }
    }

    /// Notes that this process has changed something, or seen such a change end.
    pub fn note_change(&self) {
        self.changed.fetch_max(self.now().order, Ordering::SeqCst);
    }

    /// Notes a change that begins, and once more when it ends.
    pub fn change(&self) -> Change<'_> {
        self.note_change();
        Change(self)
    }

    /// The place of the last change.
    pub fn changed(&self) -> u64 {
        self.changed.load(Ordering::SeqCst)
    }
}

/// A change that this process is making.
pub(crate) struct Change<'a>(&'a Bulk);

impl Drop for Change<'_> {
    fn drop(&mut self) {
        self.0.note_change();
    }
}

/// The names of the fields of an object that were reported.
fn reported<T: Item>(object: &T) -> impl Iterator<Item = &'static str> + use<T> {
    object.fields().into_iter().filter(|(_, is_reported)| *is_reported).map(|(name, _)| name)
}

/// Whose objects a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    User,
    Organization,
}

/// What a read does next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step<T> {
    /// This is the answer.
    Answer(T),
    /// No list may answer: the object is read by itself.
    ReadAlone,
    /// A list is asked for, and then the question is put again.
    List(Owner),
}

/// The reads and lists of one kind of object.
pub(crate) struct Kind<T> {
    state: Mutex<State<T>>,
    /// The holder asks for the list.
    turns: [tokio::sync::Mutex<()>; 2],
    /// How many requests about such objects are waited for.
    waits: AtomicUsize,
}

impl<T> Default for Kind<T> {
    fn default() -> Self {
        Self { state: Mutex::new(State::default()), turns: Default::default(), waits: AtomicUsize::new(0) }
    }
}

impl<T: Item> Kind<T> {
    pub fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to ask for a list.
    pub fn turn(&self, owner: Owner) -> &tokio::sync::Mutex<()> {
        &self.turns[owner as usize]
    }

    /// Whether so many requests are waited for that lists are worth while.
    pub fn has_many_waits(&self) -> bool {
        self.waits.load(Ordering::Relaxed) > FEW
    }
}

/// A wait for a request about an object of a kind, as long as it lasts.
pub(crate) struct WaitOf<T>(pub Arc<Kind<T>>);

impl<T> WaitOf<T> {
    pub fn begin(kind: Arc<Kind<T>>) -> Self {
        kind.waits.fetch_add(1, Ordering::Relaxed);
        Self(kind)
    }
}

impl<T> Drop for WaitOf<T> {
    fn drop(&mut self) {
        self.0.waits.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is known of one kind of object.
pub(crate) struct State<T> {
    /// The last objects that were read, one more than [`FEW`] at most, and when they were.
    reads: Vec<(String, Instant)>,
    lists: [Option<List<T>>; 2],
    /// The fields that reads of single objects have reported. None before the first.
    reported: HashSet<&'static str>,
    use_of_lists: UseOfLists,
    /// Until when no list is asked for, as the last one could not be had.
    paused_until: Option<Instant>,
}

/// What lists of a kind are good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum UseOfLists {
    /// They answer reads.
    #[default]
    Reads,
    /// Their items say too little for that, and still show that nothing has changed.
    Waits,
    /// There are none.
    None,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            reads: Vec::new(),
            lists: [None, None],
            reported: HashSet::new(),
            use_of_lists: UseOfLists::default(),
            paused_until: None,
        }
    }
}

struct List<T> {
    began: Moment,
    ended: Moment,
    items: HashMap<String, T>,
}

impl<T> List<T> {
    /// Whether it may answer a read that came then.
    fn may_answer(&self, came: Moment, changed: u64) -> bool {
        let is_recent = self.ended.order < came.order && came.at.duration_since(self.began.at) <= MAX_AGE;
        // What changes while both are on their way, a read of the object itself may miss as well.
        self.began.order > came.order || (is_recent && self.began.order > changed)
    }
}

impl<T: Item> State<T> {
    /// Notes a read of this object that comes now. Whether so many are being read that lists are worth while.
    pub fn count(&mut self, id: &str, came: Moment) -> bool {
        self.reads.retain(|(other, read)| other != id && came.at.duration_since(*read) <= MAX_AGE);
        if self.reads.len() > FEW {
            self.reads.remove(0);
        }
        self.reads.push((id.to_owned(), came.at));
        self.reads.len() > FEW
    }

    /// What a read of this object does next that came then and needs these fields.
    pub fn next(&self, id: &str, needs: &[&str], owners: &[Owner], came: Moment, changed: u64) -> Step<T> {
        if !self.may_answer() {
            return Step::ReadAlone;
        }
        for &owner in owners {
            let Some(list) = self.list(owner, came, changed) else { return Step::List(owner) };
            match list.items.get(id).filter(|object| !object.is_deleted()) {
                Some(object) if self.is_whole(object, needs) => return Step::Answer(object.clone()),
                Some(_) => break,
                None => {}
            }
        }
        Step::ReadAlone
    }

    /// What a list that began after a moment shows of an object: [`Step::ReadAlone`] if it lacks the object.
    pub fn seen(&self, id: &str, owners: &[Owner], since: Moment) -> Step<T> {
        if !self.can_list() {
            return Step::ReadAlone;
        }
        for &owner in owners {
            let Some(list) = self.newer(owner, since) else { return Step::List(owner) };
            if let Some(object) = list.items.get(id).filter(|object| !object.is_deleted()) {
                return Step::Answer(object.clone());
            }
        }
        Step::ReadAlone
    }

    /// Whether there is a list that began after a moment.
    pub fn is_newer(&self, owner: Owner, since: Moment) -> bool {
        self.newer(owner, since).is_some()
    }

    fn newer(&self, owner: Owner, since: Moment) -> Option<&List<T>> {
        self.lists[owner as usize].as_ref().filter(|list| list.began.order > since.order)
    }

    /// Whether lists may answer reads.
    pub fn may_answer(&self) -> bool {
        self.use_of_lists == UseOfLists::Reads && self.can_list()
    }

    /// Whether lists can be had.
    pub fn can_list(&self) -> bool {
        self.use_of_lists != UseOfLists::None && self.paused_until.is_none_or(|until| until <= Instant::now())
    }

    /// Whether there is a list that may answer a read which came then.
    pub fn has(&self, owner: Owner, came: Moment, changed: u64) -> bool {
        self.list(owner, came, changed).is_some()
    }

    fn list(&self, owner: Owner, came: Moment, changed: u64) -> Option<&List<T>> {
        self.lists[owner as usize].as_ref().filter(|list| list.may_answer(came, changed))
    }

    /// Whether an item says as much as a read of the object would: all that reads have reported, and what the caller needs.
    fn is_whole(&self, item: &T, needs: &[&str]) -> bool {
        if !T::IS_READ_ALONE {
            return true;
        }
        let is_needed = |field: &str| needs.iter().any(|need| field.split('.').next() == Some(need));
        let is_wanted = |field: &str| self.reported.contains(field) || is_needed(field);
        !self.reported.is_empty() && item.fields().iter().all(|(field, is_reported)| *is_reported || !is_wanted(field))
    }

    /// Takes a list.
    pub fn take_list(&mut self, owner: Owner, began: Moment, ended: Moment, items: Vec<T>) {
        if !self.can_list() {
            return;
        }
        // A list that shows an object twice may show it in two ways, of which one is not so.
        let (mut once, mut twice) = (HashMap::new(), HashSet::new());
        for object in items {
            if let Some(other) = once.insert(object.id().to_owned(), object) {
                twice.insert(other.id().to_owned());
            }
        }
        once.retain(|id, _| !twice.contains(id.as_str()));
        self.lists[owner as usize] = Some(List { began, ended, items: once });
    }

    /// Gives up reads by lists if no item of the list reports a field that reads do.
    pub fn judge(&mut self, owner: Owner) {
        let Some(list) = self.lists[owner as usize].as_ref().filter(|list| !list.items.is_empty()) else { return };
        let shown: HashSet<_> = list.items.values().flat_map(reported).collect();
        if let Some(field) = self.reported.iter().find(|field| !shown.contains(*field)) {
            let why = format!("no item of a list reports {field}, which a read does");
            self.give_up(UseOfLists::Waits, &why);
        }
    }

    /// Notes that a list cannot be had: now, if the failure may pass, and otherwise never.
    pub fn take_failure(&mut self, error: &Error) {
        self.lists = [None, None];
        if error.kind().is_transient() || error.kind() == ErrorKind::Deadline {
            self.paused_until = Some(Instant::now() + PAUSE);
            tracing::info!(list = T::LIST.join("/"), "objects are read one by one for a minute: {error}");
        } else {
            self.give_up(UseOfLists::None, &error.to_string());
        }
    }

    /// Takes an object that was read by itself.
    pub fn take_read(&mut self, object: &T) {
        if !object.is_deleted() {
            self.reported.extend(reported(object));
        }
    }

    /// From now on every object of the kind is read by itself.
    fn give_up(&mut self, still_used_for: UseOfLists, why: &str) {
        if self.use_of_lists == UseOfLists::Reads {
            tracing::info!(list = T::LIST.join("/"), "objects are read one by one: {why}");
        }
        self.use_of_lists = self.use_of_lists.max(still_used_for);
    }
}

#[cfg(test)]
mod tests;
