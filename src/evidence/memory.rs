//! What this process has read of the state, created, adopted and removed.
//!
//! Terraform asks for one object at a time. That two of them are one and the same, or that the object which a create finds
//! belongs to the very same state, is known only to a process that remembers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is remembered of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Its name.
    pub name: Option<String>,
    /// Whether the state says that it is protected from deletion.
    pub protected: bool,
    /// What this process did to it.
    pub deed: Deed,
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

/// The memory of a process, by type and id.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<(&'static str, String), Remembered>>);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<(&'static str, String), Remembered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers an object. What this process did to it is not forgotten by a later read.
    pub fn remember(&self, type_name: &'static str, id: &str, new: Remembered) {
        let mut all = self.lock();
        let entry = all.entry((type_name, id.to_owned())).or_default();
        let deed = if new.deed == Deed::Read { entry.deed } else { new.deed };
        *entry = Remembered { deed, ..new };
    }

    /// What is remembered of an object.
    #[must_use]
    pub fn of(&self, type_name: &'static str, id: &str) -> Option<Remembered> {
        self.lock().get(&(type_name, id.to_owned())).cloned()
    }

    /// The id of the protected object of this name, if there is one in the state.
    #[must_use]
    pub fn protected_of_name(&self, type_name: &'static str, name: &str) -> Option<String> {
        let all = self.lock();
        let found = all.iter().find(|((of_type, _), remembered)| {
            *of_type == type_name && remembered.protected && remembered.name.as_deref() == Some(name)
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
    fn a_read_does_not_hide_that_this_process_created_an_object() {
        let memory = Memory::default();
        assert_eq!(memory.of(TYPE, "c-1"), None);
        memory.remember(TYPE, "c-1", Remembered { deed: Deed::Created, ..Remembered::default() });
        memory.remember(TYPE, "c-1", Remembered { name: Some("n".to_owned()), ..Remembered::default() });
        let expected = Remembered { name: Some("n".to_owned()), protected: false, deed: Deed::Created };
        assert_eq!(memory.of(TYPE, "c-1"), Some(expected));
        assert_eq!(memory.of("tensorpool_storage", "c-1"), None);
        memory.forget(TYPE, "c-1");
        assert_eq!(memory.of(TYPE, "c-1"), None);
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
