//! Reads in bulk: which read of one object a list may answer, when many objects of a kind are read at once.
//!
//! A program that refreshes all it knows reads object after object. One list has them all, but says less than a read of one object:
//! it may be older than the question, its items may lack fields, and an object that it does not contain may exist. So it answers
//! only
//! - where many are read: the first few reads are sent by themselves, and show what an object of the kind reports;
//! - a read that came before the list was asked for, or at most [`MAX_AGE`] after that; and no read after a change that this
//!   process made since;
//! - with an object that it contains. One that it lacks is read by itself;
//! - if each field that the caller needs has been compared: a list item reported whatever a read of the same object did. If one
//!   does not, lists of the kind answer nothing any more.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How old an answer may be, from when the list was asked for to when the read came.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(2);
/// So many reads of a kind within [`MAX_AGE`] are sent by themselves.
pub(crate) const FEW: usize = 3;
/// How many reads are kept to be compared with a list.
const SAMPLES: usize = 8;
/// The field that every object reports.
const ID: &str = "id";

/// An object that lists contain.
pub(crate) trait Item: Clone + Send + Sync + 'static {
    /// Where the API has the list.
    const LIST: &'static [&'static str];
    /// Whether the API has a request for a single one. Else an object is as its list shows it.
    const IS_READ_ALONE: bool;

    fn id(&self) -> &str;
    fn is_deleted(&self) -> bool;
    /// The names of the fields that the API reported of it, with a value.
    fn reported(&self) -> Vec<&'static str>;
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

/// The names of the fields that were reported.
pub(crate) fn reported(fields: &[(&'static str, bool)]) -> Vec<&'static str> {
    fields.iter().filter(|(_, is_reported)| *is_reported).map(|(name, _)| *name).collect()
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
}

impl<T> Default for Kind<T> {
    fn default() -> Self {
        Self { state: Mutex::new(State::default()), turns: Default::default() }
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
}

/// What is known of one kind of object.
pub(crate) struct State<T> {
    /// When the reads of the last [`MAX_AGE`] came.
    reads: VecDeque<Instant>,
    lists: [Option<List<T>>; 2],
    /// Objects that were read by themselves and are not compared yet, with the fields that their readers needed.
    samples: VecDeque<(T, Vec<String>)>,
    /// The fields that are needed of objects which are being read by themselves.
    awaited: HashMap<String, Vec<String>>,
    /// The fields that lists report as well as reads.
    compared: HashSet<String>,
    is_unusable: bool,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            reads: VecDeque::new(),
            lists: [None, None],
            samples: VecDeque::new(),
            awaited: HashMap::new(),
            compared: HashSet::new(),
            is_unusable: false,
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
        let is_older = self.ended.order < came.order && came.at.duration_since(self.began.at) <= MAX_AGE;
        (self.began.order > came.order || is_older) && self.began.order > changed
    }
}

impl<T: Item> State<T> {
    /// Counts a read that comes now. Whether there are so many that lists are worth while.
    pub fn count(&mut self, came: Moment) -> bool {
        while self.reads.front().is_some_and(|read| came.at.duration_since(*read) > MAX_AGE) {
            self.reads.pop_front();
        }
        self.reads.push_back(came.at);
        self.reads.len() > FEW
    }

    /// What a read of this object does next that came then and needs these fields.
    pub fn next(&mut self, id: &str, needs: &[&str], owners: &[Owner], came: Moment, changed: u64) -> Step<T> {
        if self.is_unusable {
            return Step::ReadAlone;
        }
        for &owner in owners {
            let Some(list) = self.list(owner, came, changed) else { return Step::List(owner) };
            match list.items.get(id).filter(|object| !object.is_deleted()) {
                Some(object) if self.is_compared(needs) => return Step::Answer(object.clone()),
                Some(_) => break,
                None => {}
            }
        }
        self.read_alone(id, needs)
    }

    /// Whether lists answer nothing any more.
    pub fn is_unusable(&self) -> bool {
        self.is_unusable
    }

    /// Whether there is a list that may answer a read which came then.
    pub fn has(&self, owner: Owner, came: Moment, changed: u64) -> bool {
        self.list(owner, came, changed).is_some()
    }

    /// The objects that are wanted, of a list that may answer a read which came then. `None` if there is no such list.
    pub fn select(&self, owner: Owner, came: Moment, changed: u64, is_wanted: impl Fn(&T) -> bool) -> Option<Vec<T>> {
        let items = self.list(owner, came, changed)?.items.values();
        Some(items.filter(|object| !object.is_deleted() && is_wanted(object)).cloned().collect())
    }

    fn list(&self, owner: Owner, came: Moment, changed: u64) -> Option<&List<T>> {
        self.lists[owner as usize].as_ref().filter(|list| list.may_answer(came, changed))
    }

    fn is_compared(&self, needs: &[&str]) -> bool {
        !T::IS_READ_ALONE || [&[ID], needs].concat().iter().all(|need| self.compared.contains(*need))
    }

    /// The object is read by itself; it becomes a sample.
    pub fn read_alone(&mut self, id: &str, needs: &[&str]) -> Step<T> {
        if !self.is_unusable && !self.is_compared(needs) {
            self.awaited.insert(id.to_owned(), needs.iter().map(|need| (*need).to_owned()).collect());
        }
        Step::ReadAlone
    }

    /// Takes a list.
    pub fn take_list(&mut self, owner: Owner, began: Moment, ended: Moment, items: Vec<T>) {
        let items = items.into_iter().map(|object| (object.id().to_owned(), object)).collect();
        self.lists[owner as usize] = Some(List { began, ended, items });
        self.compare();
    }

    /// Takes an object that was read by itself.
    pub fn take_read(&mut self, object: &T) {
        if self.is_unusable {
            return;
        }
        let Some(needs) = self.awaited.remove(object.id()) else { return };
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back((object.clone(), needs));
        self.compare();
    }

    /// Compares what was read by itself with what the lists show of it.
    fn compare(&mut self) {
        let mut missing = None;
        self.samples.retain(|(read, needs)| {
            let listed = self.lists.iter().flatten().find_map(|list| list.items.get(read.id()));
            let Some(listed) = listed else { return true };
            let (read, listed) = (read.reported(), listed.reported());
            missing = missing.or_else(|| read.iter().copied().find(|field| !listed.contains(field)));
            self.compared.extend(read.iter().map(|field| (*field).to_owned()).chain(needs.iter().cloned()));
            false
        });
        if let Some(field) = missing {
            let why = format!("the items of lists do not report {field}");
            self.give_up(&why);
        }
    }

    /// From now on every object of the kind is read by itself.
    pub fn give_up(&mut self, why: &str) {
        if !self.is_unusable {
            tracing::info!(list = T::LIST.join("/"), "objects are read one by one: {why}");
        }
        *self = Self { is_unusable: true, ..Self::default() };
    }
}

#[cfg(test)]
mod tests;
