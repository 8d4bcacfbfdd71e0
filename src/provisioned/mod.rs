//! What clusters and volumes have in common: they cost money, have unique names, are created and destroyed by requests that
//! take a while, and can be protected from deletion.
//!
//! A kind of object says in [`Object`] and [`Provisioned`] what is its own. Its lifecycle is here, once.
//!
//! # Flow
//!
//! An operation opens its [`Target`] first: the API, the bounds, the object. [`create`](mod@create) has four phases: intent, adopt or
//! send, record, wait. An interrupted create is resumed by [`update`](mod@update). [`read`](mod@read) and [`delete`](mod@delete) ask [`crate::evidence`]
//! before they believe that an object is absent.
//!
//! # Guarantees
//!
//! - From the moment at which the API returns an id, the object is in the state however the operation ends.
//! - Nothing leaves the state, and nothing is reported as destroyed, without the proof of [`crate::evidence::absence`].
//! - A create is sent a second time only as [`crate::evidence::ambiguity`] allows.
//! - A protected object is never destroyed, whether Terraform planned it with us or not.
//!
//! # Assumptions
//!
//! Names are unique, as the API documents: an object of a name that was free before a create is the one that this create created.
//!
//! # Caveats
//!
//! Terraform saves a state after the operation has returned. What a kill loses in between is for [`crate::journal`].

mod create;
mod create_request;
mod delete;
mod journaled;
mod list;
pub(crate) mod lookup;
mod marks;
mod messages;
mod names;
mod plan;
pub(crate) mod protection;
mod read;
pub(crate) mod refusal;
mod resource;
mod resume;
mod target;
mod update;

use std::fmt::Debug;

use async_trait::async_trait;
use serde_json::Value;
use tensorpool::{Accepted, Api, ApiObject, Created, Error, Request, Scope, Task};
use terraform_plugin::schema::Block;
use terraform_plugin::{Attr, Model, Timeouts};

use crate::errors::{Subject, Verb};
use crate::evidence::Spelling;
use crate::session::Session;

pub use create::create;
pub use create_request::created_at;
pub use delete::{UNEXPLAINED_TRIES, delete};
pub use list::List;
pub use marks::IMPORTED;
pub use messages::{attached, not_visible};
pub use names::{NAME_OR_PREFIX, name_attribute, name_prefix_attribute};
pub use plan::{orphan_warnings, plan};
pub use protection::refuse_if_protected;
pub use read::{import, read};
pub use resource::{Hooks, ProvisionedResource};
pub use target::{Target, presence};
pub use update::update;

/// The planned value of an attribute, if it is another one than before.
pub fn changed<T: Clone + PartialEq>(prior: &Attr<T>, planned: &Attr<T>) -> Option<T> {
    planned.known().filter(|value| prior.known() != Some(value)).cloned()
}

/// An operation on such an object.
pub type Operation<P> = terraform_plugin::Operation<Session, P>;

/// What describes a kind of object.
pub struct Descriptor {
    /// The resource's type, for example `tensorpool_cluster`.
    pub type_name: &'static str,
    /// The object in a word, for example `cluster`.
    pub noun: &'static str,
    /// Several of them, for example `clusters`.
    pub plural: &'static str,
    /// How generated names begin, for example `tf-cluster-`.
    pub prefix: &'static str,
    /// The object in the official command line, for example `cluster` of `tp cluster destroy`.
    pub command: &'static str,
    /// The API's names of attributes, for its complaints about fields.
    pub api_names: &'static [(&'static str, &'static str)],
    /// The API's name of the requests that create one, for example `CLUSTER_CLAIM`.
    pub create_request: &'static str,
    /// The API's name of the requests that destroy one, for example `CLUSTER_RELEASE`.
    pub delete_request: &'static str,
    /// What is waited for after a create, for example `waiting for the instances of the cluster to run`.
    pub until_ready: &'static str,
    /// Why the API may refuse a destroy for a while: a few words, and a sentence.
    pub not_ready: (&'static str, &'static str),
}

impl Descriptor {
    /// The noun at the beginning of a sentence.
    #[must_use]
    pub fn title(&self) -> String {
        let (first, rest) = self.noun.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    }
}

/// What the lifecycle has to know of such an object as the API returns it, and the calls that not all objects have.
#[async_trait]
pub trait Object: ApiObject {
    /// What describes the kind.
    const DESCRIPTOR: Descriptor;

    /// Whether it is protected from deletion; `None` if the API does not return it.
    fn protection(&self) -> Option<bool>;
    /// Whether a create of it has ended.
    fn is_ready(&self) -> bool;
    /// Whether the API may destroy it now, as far as its status says.
    fn may_be_destroyed(&self) -> bool;
    /// When it was created; `None` if the API does not return it.
    fn created_at(&self) -> Option<&str> {
        None
    }
    /// The clusters that use it.
    fn attached_to(&self) -> &[String];
    /// Its status in words.
    fn describe(&self) -> String;

    /// Destroys one.
    async fn destroy(api: &Api, id: &str) -> Result<Accepted, Error>;

    /// The requests that concern one. Empty if the API does not list them.
    async fn operations(api: &Api, id: &str) -> Result<Vec<Request>, Error> {
        let _ = (api, id);
        Ok(Vec::new())
    }
}

/// The attributes that every such object has.
pub struct Common<'a> {
    /// The id.
    pub id: &'a mut Attr<String>,
    /// The name.
    pub name: &'a mut Attr<String>,
    /// Whether it is protected.
    pub deletion_protection: &'a mut Attr<bool>,
}

/// The state of such an object.
#[async_trait]
pub trait Provisioned: Model + Debug {
    /// The object itself.
    type Object: Object;
    /// A change of it, and what the API shows of what can be changed.
    type Edit: Send + Sync;

    /// The id.
    fn id(&self) -> &Attr<String>;
    /// The name.
    fn name(&self) -> &Attr<String>;
    /// How a generated name begins.
    fn name_prefix(&self) -> &Attr<String>;
    /// Sets how a generated name begins.
    fn set_name_prefix(&mut self, name_prefix: Attr<String>);
    /// Whether it is protected from deletion.
    fn deletion_protection(&self) -> &Attr<bool>;
    /// The user's time limits.
    fn timeouts(&self) -> &Timeouts;
    /// The attributes that every such object has, to change.
    fn common_mut(&mut self) -> Common<'_>;

    /// An imported object, of which only the id is known until it is read.
    fn imported(id: String) -> Self;
    /// The same, with what the API returns. What it does not return stays as it was, as does what only its spelling changes.
    fn refreshed(self, object: &Self::Object, spelling: &Spelling) -> Self;
    /// Notes how the API spells what this state says.
    fn record_spelling(&self, object: &Self::Object, spelling: &mut Spelling);
    /// The same after a read, which also notes how the API spells it.
    fn after_read(self, object: &Self::Object, spelling: &mut Spelling) -> Self {
        let state = self.refreshed(object, spelling);
        state.record_spelling(object, spelling);
        state
    }
    /// The same, with what is unknown taken from another state.
    fn with_computed_of(self, other: Self) -> Self;
    /// The same, without anything unknown: for a state that is saved before the object could be read.
    fn without_unknowns(self) -> Self;
    /// The attributes of an imported object that the API does not return.
    fn never_known(object: &Self::Object) -> Vec<&'static str>;
    /// The same after the end of its create.
    fn finished(self) -> Self;
    /// The same, with the time of its create, if none is known yet.
    fn with_created_at(self, created_at: Option<String>) -> Self {
        let _ = created_at;
        self
    }
    /// Makes unknown what only the end of a create shows.
    fn mark_computed_unknown(&mut self);

    /// What the configuration asks for in addition to the name. Two creates of one configuration ask for the same.
    fn requested_config(&self) -> Value;
    /// Whether an object can be the one that this state asked for, as far as the API returns it.
    fn may_be(&self, object: &Self::Object) -> bool;
    /// Whether what the API showed right after a create is another object than this state asked for: a name, and
    /// a type or size, that are both no spelling of what was asked for.
    fn is_another(&self, shown: &Spelling) -> bool;
    /// Sends the create.
    async fn send_create(&self, api: &Api, name: &str) -> Result<Created, Error>;
    /// What has to be changed in place, if anything.
    fn edit(&self, planned: &Self) -> Option<Self::Edit>;
    /// What lifts the deletion protection.
    fn lift_protection() -> Self::Edit;
    /// What the API shows now of what can be changed.
    fn shown(object: &Self::Object) -> Self::Edit;
    /// What the API showed of it before a change: its spelling of the state.
    fn shown_before(&self, spelling: &Spelling) -> Self::Edit;
    /// Sends a change.
    async fn send_edit(api: &Api, id: &str, edit: &Self::Edit) -> Result<Accepted, Error>;
    /// Whether a change has arrived. What the API does not return cannot be waited for.
    fn has_arrived(edit: &Self::Edit, shown: &Self::Edit, before: &Self::Edit) -> bool;
}

/// The id. A state without one cannot come from this provider, and an empty id is refused by the client.
pub fn id_of<P: Provisioned>(state: &P) -> String {
    state.id().known().cloned().unwrap_or_default()
}

/// Whether a state says that its object is protected.
pub fn is_protected<P: Provisioned>(state: &P) -> bool {
    state.deletion_protection().is_true()
}

/// The same after a create or an update: what was planned stands, and the API returns the rest. Terraform demands that
/// planned values come back as they were; if the API shows others, the next read finds them as a change.
pub fn with_computed<P: Provisioned>(state: P, object: &P::Object) -> P {
    let fresh = state.clone().refreshed(object, &Spelling::default());
    state.with_computed_of(fresh).without_unknowns()
}

/// What diagnostics begin with.
pub fn subject<P: Provisioned>(verb: Verb, state: &P) -> Subject {
    let (name, id) = (state.name().known().cloned(), state.id().known().cloned());
    Subject { verb, noun: P::Object::DESCRIPTOR.noun, name, id }
}

/// What the log says of an operation while it waits.
#[must_use]
pub fn task(subject: &Subject) -> Task {
    Task {
        operation: subject.gerund(),
        object_id: subject.id.clone().unwrap_or_default(),
        name: subject.name.clone().unwrap_or_default(),
    }
}

/// The bounds of an operation: the user's limit, or the default.
pub fn scope<P: Provisioned>(operation: &Operation<P>, verb: Verb, state: &P) -> Scope {
    let (name, default) = match verb {
        Verb::Create => ("create", crate::timeouts::CREATE),
        Verb::Update => ("update", crate::timeouts::UPDATE),
        Verb::Delete => ("delete", crate::timeouts::DELETE),
        _ => ("read", crate::timeouts::READ),
    };
    let limit = operation.session().defaults().timeout(state.timeouts(), name, default);
    Scope::new(limit, operation.stop().clone()).about(task(&subject(verb, state)))
}

/// What descriptions say of the default of `deletion_protection`.
pub const PROTECTION_DEFAULT: &str = "`default_deletion_protection` of the provider, then `false`";

/// The `timeouts` block.
#[must_use]
pub fn timeouts() -> Block {
    let block = crate::timeouts::block(&[Verb::Create, Verb::Read, Verb::Update, Verb::Delete]);
    block.description("Time limits of operations. Where one is not set, that of `default_timeouts` of the provider applies, and then the default here.")
}
