//! The identity of a resource: the few attributes that name one object for ever.

use std::collections::BTreeMap;

use super::upgrade::{Upgrade, Upgrades};
use super::{BlockNames, PathExpression};
use crate::path::AttributePath;
use crate::value::{Entries, Type, Value};

/// One attribute of an [`IdentitySchema`].
pub struct IdentityAttribute {
    pub(crate) ty: Type,
    pub(crate) description: String,
    pub(crate) optional: bool,
    pub(crate) source: Source,
}

/// Where the value of an identity's attribute stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// In the attribute of the state that has the same name.
    SameName,
    /// In the state, where this path expression leads.
    Path(String),
    /// Nowhere in the state: operations save it.
    Apart,
}

impl IdentityAttribute {
    /// An attribute of a type; Terraform allows strings, numbers, bools and lists of these. An import must name it.
    #[must_use]
    pub fn of(ty: Type, description: impl Into<String>) -> Self {
        Self { ty, description: description.into(), optional: false, source: Source::SameName }
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

    /// The attribute of the state that holds the value, where it has another name or stands in another object: a
    /// [path expression](super::PathExpression) that leads from the root of the state to one value, for example `zone_name`
    /// or `metadata[0].name`.
    #[must_use]
    pub fn taken_from(mut self, attribute: impl Into<String>) -> Self {
        self.source = Source::Path(attribute.into());
        self
    }

    /// The value stands nowhere in the state, for example the account of an object that has no attribute for it: operations
    /// save it with [`Operation::save_identity`](crate::Operation::save_identity), and lists hand it over with
    /// [`Listed::identity`](crate::Listed::identity).
    #[must_use]
    pub fn not_in_state(mut self) -> Self {
        self.source = Source::Apart;
        self
    }

    /// Where it stands in the state, if it does.
    pub(crate) fn place<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        match &self.source {
            Source::SameName => Some(name),
            Source::Path(path) => Some(path),
            Source::Apart => None,
        }
    }
}

/// What names an object for ever: see [`Schema::identity`](super::Schema::identity).
///
/// The values come from attributes of the state, so an identity can never contradict the state, and authors have nothing to
/// keep in step. What is [not in the state](IdentityAttribute::not_in_state) is saved by operations, and kept by the framework
/// from one to the next. Terraform knows identities from version 1.12 on; older ones are served without.
///
/// ```
/// use terraform_plugin::schema::{Attribute, Block, BlockNesting, IdentityAttribute, IdentitySchema, Schema};
/// use terraform_plugin::{Attr, Model, Operation};
///
/// let metadata = Block::new(BlockNesting::List, "What it is called.")
///     .times(1, 1)
///     .attribute("name", Attribute::string("Its name.").required().requires_replace());
/// let schema = Schema::new("A pod.").block("metadata", metadata).identity(
///     IdentitySchema::new()
///         .attribute("name", IdentityAttribute::string("Its name.").taken_from("metadata[0].name"))
///         .attribute("cluster", IdentityAttribute::string("The cluster that it runs in.").not_in_state()),
/// );
///
/// /// What a create, a read and an import save in addition to the state: only what does not stand in it is needed.
/// #[derive(Clone, Debug, PartialEq, Model)]
/// struct PodIdentity {
///     cluster: Attr<String>,
/// }
///
/// fn save<M: Model>(operation: &mut Operation<(), M>, pod: M) {
///     operation.save(pod);
///     operation.save_identity(PodIdentity { cluster: "c-1".into() });
/// }
/// ```
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

    /// The identity of an object: what its state says, and of what is not in it what was saved apart. None while any part of it
    /// is not known, or if all of it is null.
    pub(crate) fn of_object(&self, state: &Value, apart: Option<&Value>) -> Option<Value> {
        if state.is_null() {
            return None;
        }
        let part = |(name, attribute): (&String, &IdentityAttribute)| {
            let value = match attribute.place(name) {
                Some(place) => in_state(state, place)?,
                None => apart?.get(name).cloned().unwrap_or(Value::Null),
            };
            value.is_wholly_known().then(|| (name.clone(), value))
        };
        let parts: Entries<_> = self.attributes.iter().map(part).collect::<Option<_>>()?;
        (!parts.values().all(Value::is_null)).then_some(Value::Map(parts))
    }

    /// The attributes of an identity that contradict the state.
    pub(crate) fn contradictions<'a>(&'a self, state: &'a Value, identity: &'a Value) -> impl Iterator<Item = &'a str> {
        let contradicts = |(name, attribute): &(&String, &IdentityAttribute)| {
            let in_state = attribute.place(name).and_then(|place| in_state(state, place));
            let said = identity.get(name).filter(|said| !said.is_null());
            !state.is_null() && said.zip(in_state).is_some_and(|(said, in_state)| *said != in_state)
        };
        self.attributes.iter().filter(contradicts).map(|(name, _)| name.as_str())
    }

    /// The attributes that an object must have and that are not in its state, as far as its identity lacks them.
    pub(crate) fn missing<'a>(&'a self, identity: Option<&'a Value>) -> impl Iterator<Item = &'a str> {
        let needed = self.attributes.iter().filter(|(_, one)| one.source == Source::Apart && !one.optional);
        let lacks = move |name: &str| identity.and_then(|identity| identity.get(name)).is_none_or(Value::is_null);
        needed.map(|(name, _)| name.as_str()).filter(move |name| lacks(name))
    }
}

/// The value at a place in a state; null if what it stands in is.
fn in_state(state: &Value, place: &str) -> Option<Value> {
    let place: PathExpression = place.parse().ok()?;
    let found = place.seen_from_object(state, BlockNames::NONE, &AttributePath::root());
    found.into_iter().next().map(|one| one.value.clone())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tokio_util::sync::CancellationToken;

    use super::super::upgrade::Means;
    use super::*;

    fn zoned() -> IdentitySchema {
        let zone = IdentityAttribute::string("The zone.").optional_for_import().taken_from("zone_name");
        IdentitySchema::of("id", "The id.").attribute("zone", zone)
    }

    #[test]
    fn an_identity_is_taken_from_the_state_once_all_of_it_is_known() {
        let identity = |state: &Value| zoned().of_object(state, None);
        let state = |zone| Value::object([("id", "a".into()), ("zone_name", zone), ("size", 1.into())]);
        let expected = Value::object([("id", Value::from("a")), ("zone", "z".into())]);
        assert_eq!(identity(&state("z".into())), Some(expected));
        assert_eq!(identity(&state(Value::unknown())), None);
        let part = Value::object([("id", Value::from("a")), ("zone", Value::Null)]);
        assert_eq!(identity(&state(Value::Null)), Some(part));
        assert_eq!(identity(&Value::object([("id", Value::Null), ("zone_name", Value::Null)])), None);
        assert_eq!(identity(&Value::Null), None);
    }

    #[test]
    fn a_part_of_an_identity_may_stand_deep_in_the_state_or_apart_from_it() {
        let identity = IdentitySchema::new()
            .attribute("name", IdentityAttribute::string("The name.").taken_from("metadata[0].name"))
            .attribute("cluster", IdentityAttribute::string("The cluster.").not_in_state());
        let state = |metadata: Vec<Value>| Value::object([("metadata", Value::List(metadata))]);
        let named = |name: Value| state(vec![Value::object([("name", name)])]);
        let of = |name: Value, cluster: Value| Value::object([("name", name), ("cluster", cluster)]);
        let apart = Value::object([("cluster", Value::from("c-1"))]);
        for (state, apart, expected) in [
            (named("a".into()), Some(&apart), Some(of("a".into(), "c-1".into()))),
            // Nothing is known yet of what operations save.
            (named("a".into()), None, None),
            (named(Value::unknown()), Some(&apart), None),
            (state(vec![Value::unknown()]), Some(&apart), None),
            (state(Vec::new()), Some(&apart), Some(of(Value::Null, "c-1".into()))),
            (Value::Null, Some(&apart), None),
        ] {
            assert_eq!(identity.of_object(&state, apart), expected, "{state:?}");
        }
    }

    #[test]
    fn an_identity_has_a_version_and_upgrades_to_it() {
        let old = Type::object([("number", Type::String)]);
        let identity = zoned().version(1).upgrade(0, old, |old| {
            let number = old.get("number").cloned().unwrap_or(Value::Null);
            Ok(Value::object([("id", number), ("zone", "z".into())]))
        });
        let means = Means { session: None, stop: CancellationToken::new() };
        let ty = identity.object_type();
        let run = identity.upgrades.run(r#"{"number": "7"}"#, 0, identity.version, &ty, means);
        let upgraded = run.now_or_never().expect("nothing waits").expect("it can be read");
        assert_eq!(upgraded, Value::object([("id", Value::from("7")), ("zone", "z".into())]));
    }

    #[test]
    fn what_an_identity_lacks_and_what_it_says_otherwise_than_the_state_is_found() {
        let identity = zoned()
            .attribute("account", IdentityAttribute::string("The account.").not_in_state())
            .attribute("region", IdentityAttribute::string("The region.").optional_for_import().not_in_state());
        let missing = |value: Option<&Value>| identity.missing(value).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(missing(None), ["account"]);
        assert_eq!(missing(Some(&Value::object([("account", Value::Null)]))), ["account"]);
        assert_eq!(missing(Some(&Value::object([("account", Value::from("1"))]))), [""; 0]);
        let state = Value::object([("id", Value::from("a")), ("zone_name", Value::Null)]);
        let said = |id: &str, zone: Value| {
            let identity = zoned();
            let said = Value::object([("id", id.into()), ("zone", zone)]);
            identity.contradictions(&state, &said).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(said("a", Value::Null), [""; 0]);
        assert_eq!(said("b", "z".into()), ["id", "zone"]);
    }
}
