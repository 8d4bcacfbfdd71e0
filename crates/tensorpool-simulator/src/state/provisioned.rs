//! What clusters and volumes have in common: an id, a name and an owner. Deleted ones are kept, because reads may still find them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lifetime::Lifetime;
use super::owner::Owner;
use crate::clock::Moment;

/// A cluster or a volume.
pub(crate) trait Provisioned {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
    fn owner(&self) -> Owner;
    fn lifetime(&self) -> Lifetime;
    fn lifetime_mut(&mut self) -> &mut Lifetime;
}

/// All objects of a type, by id.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Collection<T>(BTreeMap<String, T>);

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Provisioned> Collection<T> {
    /// Returns all objects, also the deleted ones.
    pub fn all(&self) -> impl Iterator<Item = &T> {
        self.0.values()
    }

    /// Returns the objects that exist.
    pub fn existing(&self) -> impl Iterator<Item = &T> {
        self.all().filter(|object| object.lifetime().is_current())
    }

    /// Returns an object that exists by its id or its name, or a deleted one by its id.
    pub fn find(&self, key: &str) -> Option<&T> {
        self.get(key).or_else(|| self.0.get(key))
    }

    /// Returns an object that exists, by its id or its name.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.existing().find(|object| object.id() == key || object.name() == key)
    }

    /// Returns an object that exists, by its id or its name.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let id = self.get(key)?.id().to_owned();
        self.0.get_mut(&id)
    }

    /// Returns an object by its id, also a deleted one.
    pub fn by_id_mut(&mut self, id: &str) -> Option<&mut T> {
        self.0.get_mut(id)
    }

    /// Returns all objects, also the deleted ones.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.values_mut()
    }

    /// Whether an object other than `except` has a name.
    pub fn has_name(&self, name: &str, except: Option<&str>) -> bool {
        self.existing().any(|object| object.name() == name && Some(object.id()) != except)
    }

    pub fn insert(&mut self, object: T) {
        self.0.insert(object.id().to_owned(), object);
    }

    /// Deletes an object. Reads that lag still find it.
    pub fn delete(&mut self, id: &str, at: Moment) {
        if let Some(object) = self.0.get_mut(id) {
            object.lifetime_mut().deleted_at = Some(at);
        }
    }
}
