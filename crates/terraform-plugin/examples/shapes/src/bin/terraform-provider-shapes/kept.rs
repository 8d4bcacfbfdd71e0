//! What all resources do alike: keep what is planned, and choose what is open.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::marker::PhantomData;

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostics, Model, Operation, Resource, ResourcePlan};

/// What the objects of a resource hold.
pub trait Thing: Model {
    /// The name of the resource.
    const NAME: &'static str;

    fn schema() -> Schema;

    /// Chooses everything that is still open. `revision` counts the changes.
    fn choose(&mut self, revision: i64);

    /// How often the object was changed before.
    fn revision(&self) -> i64;

    /// What a plan can say already of an attribute that follows from others.
    fn foresee(&mut self);
}

/// The resource of a kind of things.
pub struct Kept<T>(PhantomData<fn() -> T>);

impl<T> Kept<T> {
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

/// A number that nothing else has.
pub fn random() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

/// Chooses an id that is still open.
pub fn identify(id: &mut Attr<String>) {
    choose(id, random);
}

/// Chooses a value that is still open.
pub fn choose<T, V: Into<Attr<T>>>(attribute: &mut Attr<T>, value: impl FnOnce() -> V) {
    if attribute.is_unknown() {
        *attribute = value().into();
    }
}

/// The id of an object or of something in it.
pub fn id() -> Attribute {
    Attribute::string("The id: random, and the same for the whole life.").computed().use_state_for_unknown()
}

/// What follows from a name, also in a plan.
pub fn summary_of(name: &Attr<String>) -> Attr<String> {
    name.known().map(|name| format!("about {name}")).into()
}

#[async_trait]
impl<T: Thing> Resource for Kept<T> {
    type Session = ();
    type Model = T;

    fn type_name(&self) -> &'static str {
        T::NAME
    }

    fn schema(&self) -> Schema {
        T::schema()
    }

    async fn plan(&self, plan: &mut ResourcePlan<(), T>) -> Result<(), Diagnostics> {
        if let Some(planned) = plan.planned.as_mut() {
            planned.foresee();
        }
        Ok(())
    }

    async fn create(&self, operation: &mut Operation<(), T>, mut planned: T) -> Result<(), Diagnostics> {
        planned.choose(1);
        operation.save(planned);
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<(), T>, state: T) -> Result<(), Diagnostics> {
        operation.save(state);
        Ok(())
    }

    async fn update(&self, operation: &mut Operation<(), T>, prior: T, mut planned: T) -> Result<(), Diagnostics> {
        planned.choose(prior.revision() + 1);
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, _: &mut Operation<(), T>, _: T) -> Result<(), Diagnostics> {
        Ok(())
    }
}
