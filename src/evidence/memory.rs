//! What this process has read of the state, created, adopted and removed.
//!
//! Terraform asks for one object at a time. That two of them are one and the same, or that the object which a create finds
//! belongs to the very same state, is known only to a process that remembers.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use terraform_plugin::Private;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long after the read of an object Terraform may ask for its plan.
const PLAN_LAG: Duration = Duration::from_secs(3);

/// In private state: which create the state comes from.
const KEY: &str = "held_by";

/// What is remembered of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Its name.
    pub name: Option<String>,
    /// Whether the state says that it is protected from deletion.
    pub protected: bool,
    /// What this process did to it.
    pub deed: Deed,
    /// The state that holds it since a create of this process, by a random mark that is in its private data too.
    pub holder: Option<String>,
    /// Whether Terraform has read it, and not asked for a plan of it since. It never does for a tainted object.
    pub awaits_plan: bool,
}

/// Marks a state as the one that holds an object from now on, and returns the mark.
pub fn mark_holder(private: &mut Private) -> String {
    let mark: String = std::iter::repeat_with(fastrand::alphanumeric).take(16).collect();
    private.set(KEY, mark.clone());
    mark
}

impl Remembered {
    /// Whether a create of this process has put the object into another state than the one with this private data. Two resources
    /// may name one and the same object, for example the old and the new one under `create_before_destroy`; a client that
    /// creates and destroys in one process means the object that it holds.
    #[must_use]
    pub fn is_held_by_another(&self, private: &Private) -> bool {
        matches!(self.deed, Deed::Created | Deed::Adopted) && self.holder.as_deref() != private.text(KEY)
    }
}

/// What this process did to an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deed {
    /// It found the object in the state.
    #[default]
    Read,
    /// It created the object.
    Created,
    /// A create found that the object exists already, and adopted it.
    Adopted,
    /// It removed the object. Lists may still show it for a while.
    Removed,
}

/// The memory of a process.
#[derive(Debug, Default)]
pub struct Memory {
    /// The objects, by type and id.
    objects: Mutex<HashMap<(&'static str, String), Remembered>>,
    /// Wakes who waits for plans.
    plans: Notify,
    /// The types and names of the creates that go on.
    creates: Mutex<HashSet<(&'static str, String)>>,
}

/// A create that goes on: no other one of its type and name begins before it is dropped.
#[derive(Debug)]
pub struct CreateGuard<'a> {
    memory: &'a Memory,
    key: (&'static str, String),
}

impl Drop for CreateGuard<'_> {
    fn drop(&mut self) {
        self.memory.creates.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<(&'static str, String), Remembered>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a create, if none of the same name goes on. Two creates of one name that both lose their answers would find one
    /// and the same object by that name. The API may trim names and ignore their case.
    #[must_use]
    pub fn begin_create(&self, type_name: &'static str, name: &str) -> Option<CreateGuard<'_>> {
        let key = (type_name, name.trim().to_lowercase());
        let is_first = self.creates.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        is_first.then_some(CreateGuard { memory: self, key })
    }

    /// The ids of all objects of a type that this process knows: none of them is what a create that begins now will make.
    #[must_use]
    pub fn ids(&self, type_name: &'static str) -> HashSet<String> {
        self.lock().keys().filter(|(of_type, _)| *of_type == type_name).map(|(_, id)| id.clone()).collect()
    }

    /// Remembers an object. What this process did to it is not forgotten by a later read.
    pub fn remember(&self, type_name: &'static str, id: &str, new: Remembered) {
        let mut all = self.lock();
        let entry = all.entry((type_name, id.to_owned())).or_default();
        let (deed, holder) =
            if new.deed == Deed::Read { (entry.deed, entry.holder.take()) } else { (new.deed, new.holder) };
        *entry = Remembered { deed, holder, awaits_plan: entry.awaits_plan, ..new };
    }

    /// What is remembered of an object.
    #[must_use]
    pub fn of(&self, type_name: &'static str, id: &str) -> Option<Remembered> {
        self.lock().get(&(type_name, id.to_owned())).cloned()
    }

    /// The id of the protected object of this name, if there is one in the state.
    #[must_use]
    pub fn protected_of_name(&self, type_name: &'static str, name: &str) -> Option<String> {
        self.of_name(type_name, name, |remembered| remembered.protected)
    }

    /// The id of the object of this name that this process has read in the state.
    #[must_use]
    pub fn read_of_name(&self, type_name: &'static str, name: &str) -> Option<String> {
        self.of_name(type_name, name, |remembered| remembered.deed == Deed::Read)
    }

    /// Notes that Terraform reads an object, which it does before it asks for a plan of it.
    pub fn note_read(&self, type_name: &'static str, id: &str) {
        self.set_awaits_plan(type_name, id, true);
    }

    /// Notes that Terraform asks for a plan of an object.
    pub fn note_plan(&self, type_name: &'static str, id: &str) {
        self.set_awaits_plan(type_name, id, false);
        self.plans.notify_waiters();
    }

    fn set_awaits_plan(&self, type_name: &'static str, id: &str, awaits_plan: bool) {
        if let Some(object) = self.lock().get_mut(&(type_name, id.to_owned())) {
            object.awaits_plan = awaits_plan;
        }
    }

    /// The id and the name of a protected object that Terraform has read before this call and asks for no plan of. `is_it` recognises
    /// the names that matter.
    pub async fn never_planned(
        &self,
        type_name: &'static str,
        is_it: impl Fn(&str) -> bool,
        stop: &CancellationToken,
    ) -> Option<(String, String)> {
        let deadline = Instant::now() + PLAN_LAG;
        // Others may be read meanwhile: they await their plans too.
        let mut suspects = self.protected_without_plan(type_name, &is_it);
        loop {
            let next_plan = self.plans.notified();
            let still = self.protected_without_plan(type_name, &is_it);
            suspects.retain(|suspect| still.contains(suspect));
            if suspects.is_empty() {
                return None;
            }
            tokio::select! {
                () = next_plan => {}
                () = tokio::time::sleep_until(deadline) => break,
                () = stop.cancelled() => break,
            }
        }
        suspects.into_iter().next()
    }

    /// The ids and names of the protected objects that await a plan, and whose names `is_it` recognises.
    fn protected_without_plan(&self, type_name: &'static str, is_it: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let all = self.lock();
        let left = all.iter().filter_map(|((of_type, id), object)| {
            let name = object.name.as_deref().filter(|name| is_it(name))?;
            (*of_type == type_name && object.protected && object.awaits_plan).then(|| (id.clone(), name.to_owned()))
        });
        left.collect()
    }

    fn of_name(&self, type_name: &'static str, name: &str, is_it: impl Fn(&Remembered) -> bool) -> Option<String> {
        let all = self.lock();
        let found = all.iter().find(|((of_type, _), remembered)| {
            *of_type == type_name && remembered.name.as_deref() == Some(name) && is_it(remembered)
        });
        found.map(|((_, id), _)| id.clone())
    }

    /// Forgets an object that was deleted.
    pub fn forget(&self, type_name: &'static str, id: &str) {
        self.lock().remove(&(type_name, id.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "tensorpool_cluster";

    #[test]
    fn two_creates_of_one_name_do_not_go_on_at_once() {
        let memory = Memory::default();
        let first = memory.begin_create(TYPE, "train").expect("it is the first");
        assert!(memory.begin_create(TYPE, " Train ").is_none());
        let others = [memory.begin_create(TYPE, "other"), memory.begin_create("tensorpool_storage", "train")];
        assert!(others.iter().all(Option::is_some));
        drop(first);
        assert!(memory.begin_create(TYPE, "train").is_some());
    }

    #[test]
    fn an_object_awaits_a_plan_from_its_read_on_and_not_after_a_change() {
        let memory = Memory::default();
        let left = || memory.protected_without_plan(TYPE, |name| name.starts_with("a-"));
        let object =
            |name: &str, protected| Remembered { name: Some(name.to_owned()), protected, ..Remembered::default() };
        memory.remember(TYPE, "c-1", object("a-1", true));
        assert_eq!(left(), [], "it was changed, and not read");
        for (id, name, protected) in [("c-1", "a-1", true), ("c-2", "a-2", false), ("c-3", "b-3", true)] {
            memory.remember(TYPE, id, object(name, protected));
            memory.note_read(TYPE, id);
        }
        assert_eq!(left(), [("c-1".to_owned(), "a-1".to_owned())]);
        memory.note_plan(TYPE, "c-1");
        memory.remember(TYPE, "c-1", object("a-1", true));
        assert_eq!(left(), []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_plan_is_waited_for_and_one_that_never_comes_is_told() {
        let (memory, stop, begin) = (Memory::default(), CancellationToken::new(), Instant::now());
        let read = |id: &str| {
            let object = Remembered { name: Some(format!("a-{id}")), protected: true, ..Remembered::default() };
            memory.remember(TYPE, id, object);
            memory.note_read(TYPE, id);
        };
        let never_planned = || memory.never_planned(TYPE, |name| name.starts_with("a-"), &stop);
        assert_eq!(never_planned().await, None);
        read("c-1");
        // Another one that is read meanwhile is none that this plan replaces.
        let plan = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            read("c-2");
            memory.note_plan(TYPE, "c-1");
        };
        assert_eq!((tokio::join!(never_planned(), plan).0, begin.elapsed()), (None, Duration::from_secs(1)));
        assert_eq!(never_planned().await, Some(("c-2".to_owned(), "a-c-2".to_owned())));
        assert_eq!(begin.elapsed(), Duration::from_secs(4));
        stop.cancel();
        assert!(never_planned().await.is_some() && begin.elapsed() == Duration::from_secs(4));
    }

    #[test]
    fn the_ids_of_a_type_are_those_of_all_that_is_known_of_it() {
        let memory = Memory::default();
        memory.remember(TYPE, "c-1", Remembered::default());
        memory.remember(TYPE, "c-2", Remembered { deed: Deed::Removed, ..Remembered::default() });
        memory.remember("tensorpool_storage", "s-1", Remembered::default());
        assert_eq!(memory.ids(TYPE), HashSet::from(["c-1".to_owned(), "c-2".to_owned()]));
    }

    #[test]
    fn a_read_does_not_hide_that_this_process_created_an_object() {
        let memory = Memory::default();
        assert_eq!(memory.of(TYPE, "c-1"), None);
        memory.remember(TYPE, "c-1", Remembered { deed: Deed::Created, ..Remembered::default() });
        memory.remember(TYPE, "c-1", Remembered { name: Some("n".to_owned()), ..Remembered::default() });
        let expected = Remembered { name: Some("n".to_owned()), deed: Deed::Created, ..Remembered::default() };
        assert_eq!(memory.of(TYPE, "c-1"), Some(expected));
        assert_eq!(memory.of("tensorpool_storage", "c-1"), None);
        memory.forget(TYPE, "c-1");
        assert_eq!(memory.of(TYPE, "c-1"), None);
    }

    #[test]
    fn an_object_is_destroyed_by_the_state_that_holds_it_alone() {
        let memory = Memory::default();
        let (mut ours, mut theirs) = (Private::default(), Private::default());
        let holder = Some(mark_holder(&mut ours));
        mark_holder(&mut theirs);
        for (deed, expected) in
            [(Deed::Created, true), (Deed::Adopted, true), (Deed::Read, false), (Deed::Removed, false)]
        {
            let id = format!("{deed:?}");
            memory.remember(TYPE, &id, Remembered { deed, holder: holder.clone(), ..Remembered::default() });
            // A later read changes nothing of it.
            memory.remember(TYPE, &id, Remembered::default());
            let known = memory.of(TYPE, &id).expect("it is remembered");
            assert!(!known.is_held_by_another(&ours), "{deed:?}");
            assert_eq!(known.is_held_by_another(&theirs), expected, "{deed:?}");
            assert_eq!(known.is_held_by_another(&Private::default()), expected, "{deed:?}");
        }
    }

    #[test]
    fn what_this_process_removed_stays_removed_while_lists_still_show_it() {
        let memory = Memory::default();
        memory.remember(TYPE, "c-1", Remembered { deed: Deed::Removed, ..Remembered::default() });
        memory.remember(TYPE, "c-1", Remembered::default());
        assert_eq!(memory.of(TYPE, "c-1").map(|known| known.deed), Some(Deed::Removed));
    }

    #[test]
    fn a_protected_object_is_known_by_its_name() {
        let memory = Memory::default();
        let named = |protected| Remembered { name: Some("prod".to_owned()), protected, ..Remembered::default() };
        memory.remember(TYPE, "c-1", named(false));
        assert_eq!(memory.protected_of_name(TYPE, "prod"), None);
        memory.remember(TYPE, "c-1", named(true));
        assert_eq!(memory.protected_of_name(TYPE, "prod").as_deref(), Some("c-1"));
        assert_eq!(memory.protected_of_name("tensorpool_storage", "prod"), None);
    }
}
