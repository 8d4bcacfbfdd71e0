//! The identity of a resource: the few attributes that name one object for ever.

use std::collections::BTreeMap;

use super::upgrade::{Upgrade, Upgrades};
use crate::value::{Entries, Type, Value};

/// One attribute of an [`IdentitySchema`].
pub struct IdentityAttribute {
    pub(crate) ty: Type,
    pub(crate) description: String,
    pub(crate) optional: bool,
    pub(crate) taken_from: Option<String>,
}

impl IdentityAttribute {
    /// An attribute of a type; Terraform allows strings, numbers, bools and lists of these. An import must name it.
    #[must_use]
    pub fn of(ty: Type, description: impl Into<String>) -> Self {
        Self { ty, description: description.into(), optional: false, taken_from: None }
    }

    /// A text that an import must name.
    #[must_use]
    pub fn string(description: impl Into<String>) -> Self {
        Self::of(Type::String, description)
    }

    /// An import may leave it out: the provider finds it.
    #[must_use]
    pub fn optional_for_import(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The attribute of the state that holds the value, where it has another name.
    #[must_use]
    pub fn taken_from(mut self, attribute: impl Into<String>) -> Self {
        self.taken_from = Some(attribute.into());
        self
    }
}

/// What names an object for ever: see [`Schema::identity`](super::Schema::identity).
///
/// The values come from attributes of the state, so an identity can never contradict the state, and authors have nothing to
/// keep in step. Terraform knows identities from version 1.12 on; older ones are served without.
#[derive(Default)]
pub struct IdentitySchema {
    pub(crate) version: i64,
    pub(crate) attributes: BTreeMap<String, IdentityAttribute>,
    pub(crate) twice: Vec<String>,
    pub(crate) upgrades: Upgrades,
}

impl IdentitySchema {
    /// An identity without attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An identity of one text, which the state holds under the same name.
    #[must_use]
    pub fn of(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self::new().attribute(name, IdentityAttribute::string(description))
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, attribute: IdentityAttribute) -> Self {
        let name = name.into();
        if self.attributes.insert(name.clone(), attribute).is_some() {
            self.twice.push(name);
        }
        self
    }

    /// The version of the stored identity; 0 unless it ever changed.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// Leads an identity that was stored with version `from`, and of that type, to the next version.
    #[must_use]
    pub fn upgrade(mut self, from: i64, ty: Type, upgrade: Upgrade) -> Self {
        self.upgrades.add(from, ty, upgrade);
        self
    }

    /// The type of the whole identity.
    #[must_use]
    pub fn object_type(&self) -> Type {
        Type::Object(self.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.ty.clone())).collect())
    }

    /// The identity in a state: none while any part of it is not known, or if all of it is null.
    pub(crate) fn of_state(&self, state: &Value) -> Option<Value> {
        let part = |(name, attribute): (&String, &IdentityAttribute)| {
            let value = state.get(attribute.taken_from.as_ref().unwrap_or(name))?;
            value.is_wholly_known().then(|| (name.clone(), value.clone()))
        };
        let parts: Entries<_> = self.attributes.iter().map(part).collect::<Option<_>>()?;
        (!parts.values().all(Value::is_null)).then_some(Value::Map(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_taken_from_the_state_once_all_of_it_is_known() {
        let identity = IdentitySchema::of("id", "The id.")
            .attribute("zone", IdentityAttribute::string("The zone.").optional_for_import().taken_from("zone_name"));
        let state = |zone| Value::object([("id", "a".into()), ("zone_name", zone), ("size", 1.into())]);
        let expected = Value::object([("id", Value::from("a")), ("zone", "z".into())]);
        assert_eq!(identity.of_state(&state("z".into())), Some(expected));
        assert_eq!(identity.of_state(&state(Value::unknown())), None);
        let part = Value::object([("id", Value::from("a")), ("zone", Value::Null)]);
        assert_eq!(identity.of_state(&state(Value::Null)), Some(part));
        assert_eq!(identity.of_state(&Value::object([("id", Value::Null), ("zone_name", Value::Null)])), None);
        assert_eq!(identity.of_state(&Value::Null), None);
    }
}
