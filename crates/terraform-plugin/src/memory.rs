//! What a plan generates, kept for the plan that Terraform makes once more before it applies.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::operation::Private;
use crate::value::{Type, Value};

/// Where it stands in the private data of a plan. It never gets into that of a state.
const KEY: &str = "terraform-plugin/remembered";

/// The values that a plan has generated, by what they are for.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Terraform hands them to the second plan. Otherwise nothing is generated: the second plan could not know it.
    stores: bool,
    earlier: BTreeMap<String, Json>,
    now: BTreeMap<String, Json>,
}

impl Memory {
    /// The memory of a plan. `earlier` is the private data of the first one, in the second.
    pub fn new(stores: bool, earlier: Option<&mut Private>) -> Self {
        Self { stores, earlier: earlier.map(take).unwrap_or_default(), now: BTreeMap::new() }
    }

    /// What the author's code generates under a key.
    pub fn of_author<T: Serialize + DeserializeOwned>(&mut self, key: &str, make: impl FnOnce() -> T) -> Option<T> {
        let read = |stored: &Json| T::deserialize(stored).ok();
        self.value(format!("plan {key}"), read, || {
            let value = make();
            let stored = serde_json::to_value(&value).ok();
            (value, stored)
        })
    }

    /// What an attribute's generator makes. `place` is its path.
    pub fn of_attribute(&mut self, place: &str, ty: &Type, make: impl FnOnce() -> Value) -> Option<Value> {
        let read = |stored: &Json| Value::from_msgpack(&STANDARD.decode(stored.as_str()?).ok()?, ty).ok();
        self.value(format!("attribute {place}"), read, || {
            let value = make();
            let stored = value.to_msgpack(ty).ok().map(|bytes| STANDARD.encode(bytes).into());
            (value, stored)
        })
    }

    /// A value that was generated before, or a new one. What cannot be read comes from another version of the provider.
    fn value<T>(
        &mut self,
        key: String,
        read: impl FnOnce(&Json) -> Option<T>,
        make: impl FnOnce() -> (T, Option<Json>),
    ) -> Option<T> {
        if !self.stores {
            return None;
        }
        let known = self.now.get(&key).or_else(|| self.earlier.get(&key));
        let (value, stored) = match known.and_then(|stored| Some((read(stored)?, stored.clone()))) {
            Some((value, stored)) => (value, Some(stored)),
            None => make(),
        };
        if let Some(stored) = stored {
            self.now.insert(key, stored);
        }
        Some(value)
    }

    /// Puts it into the private data of the plan.
    pub fn put(self, private: &mut Private) {
        if !self.now.is_empty() {
            private.set(KEY, self.now.into_iter().collect::<serde_json::Map<_, _>>());
        }
    }
}

/// Takes it out of private data.
pub(crate) fn take(private: &mut Private) -> BTreeMap<String, Json> {
    match private.take(KEY) {
        Some(Json::Object(remembered)) => remembered.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(memory: &mut Memory, name: &str) -> Option<String> {
        memory.of_author("name", || name.to_owned())
    }

    #[test]
    fn the_second_plan_has_what_the_first_generated() {
        let mut first = Memory::new(true, None);
        assert_eq!(name(&mut first, "a").as_deref(), Some("a"));
        assert_eq!(name(&mut first, "b").as_deref(), Some("a"), "also within one plan");
        assert_eq!(first.of_attribute("name", &Type::String, || "n".into()), Some("n".into()));
        let mut private = Private::default();
        private.set("own", 1);
        first.put(&mut private);
        let mut second = Memory::new(true, Some(&mut private));
        assert_eq!(private.to_bytes(), br#"{"own":1}"#);
        assert_eq!(name(&mut second, "c").as_deref(), Some("a"));
        assert_eq!(second.of_attribute("name", &Type::String, || "m".into()), Some("n".into()));
        assert_eq!(second.of_attribute("other", &Type::String, || "m".into()), Some("m".into()));
    }

    #[test]
    fn nothing_is_generated_that_would_be_forgotten() {
        let mut memory = Memory::new(false, None);
        assert_eq!(memory.of_attribute("name", &Type::String, || unreachable!("it is not needed")), None);
        let mut private = Private::default();
        memory.put(&mut private);
        assert!(private.to_bytes().is_empty());
    }

    #[test]
    fn what_another_version_of_the_provider_remembered_is_generated_again() {
        let mut first = Memory::new(true, None);
        first.of_author("name", || "text".to_owned());
        first.of_attribute("name", &Type::String, || "text".into());
        let mut private = Private::default();
        first.put(&mut private);
        let mut second = Memory::new(true, Some(&mut private));
        assert_eq!(second.of_author("name", || 7), Some(7));
        assert_eq!(second.of_attribute("name", &Type::Number, || 7.into()), Some(7.into()));
    }
}
