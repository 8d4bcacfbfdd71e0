//! What clusters and volumes have in common: they cost money, have unique names, are made and destroyed by requests that
//! take a while, and can be protected from deletion.
//!
//! A kind of object says in [`Remote`] and [`Paid`] what is its own. How it lives is here, once.

mod create;
mod finish;
mod list;
mod look;
mod messages;
mod plan;
mod protection;
mod release;
mod update;

use std::fmt::Debug;

use async_trait::async_trait;
use tensorpool::{Accepted, Client, Error, Request, Scope, Task};
use terraform_plugin::schema::Block;
use terraform_plugin::{Attr, Model, Timeouts};

use crate::errors::{Action, Subject};
use crate::limits;
use crate::provider::Session;

pub use create::create;
pub use list::List;
pub use look::{Look, import, look, read};
pub use messages::attached;
pub use plan::{compare_with_journal, plan_unfinished, what_is_left_behind};
pub use protection::refuse_if_protected;
pub use release::{Obstacle, UNEXPLAINED_TRIES, delete, pause};
pub use update::update;

/// The planned value of an attribute, if it is another one than before.
pub fn changed<T: Clone + PartialEq>(prior: &Attr<T>, planned: &Attr<T>) -> Option<T> {
    planned.known().filter(|value| prior.known() != Some(value)).cloned()
}

/// Whether a change shows. What was not changed, or is not told, cannot be waited for.
pub fn is_visible<T: PartialEq>(wanted: Option<&T>, told: Option<&T>) -> bool {
    wanted.is_none() || told.is_none() || wanted == told
}

/// In private state: the object was imported, so what the API does not tell was never known.
pub const IMPORTED: &str = "imported";

/// An operation on such an object.
pub type Operation<P> = terraform_plugin::Operation<Session, P>;

/// What is said of a kind of object.
pub struct Kind {
    /// The resource's type, as `tensorpool_cluster`.
    pub type_name: &'static str,
    /// The object in a word, as `cluster`.
    pub noun: &'static str,
    /// Several of them, as `clusters`.
    pub plural: &'static str,
    /// How generated names begin, as `tf-cluster-`.
    pub prefix: &'static str,
    /// The names that the API has for attributes, for its complaints about fields.
    pub api_names: &'static [(&'static str, &'static str)],
    /// The API's name of the requests that make one, as `CLUSTER_CLAIM`.
    pub create_request: &'static str,
    /// The API's name of the requests that destroy one, as `CLUSTER_RELEASE`.
    pub delete_request: &'static str,
    /// What is waited for after a create, as `waiting for the instances of the cluster to run`.
    pub until_ready: &'static str,
    /// Why the API may refuse a destroy for a while: a few words, and a sentence.
    pub unsettled: (&'static str, &'static str),
}

impl Kind {
    /// The noun at the beginning of a sentence.
    #[must_use]
    pub fn title(&self) -> String {
        let (first, rest) = self.noun.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    }
}

/// Such an object as the API shows it, and the calls on it.
#[async_trait]
pub trait Remote: Sized + Send + Sync + 'static {
    /// What is said of it.
    const KIND: Kind;

    /// Its id.
    fn id(&self) -> &str;
    /// Its name.
    fn name(&self) -> Option<&str>;
    /// Whether this is only the memory of a destroyed object.
    fn is_gone(&self) -> bool;
    /// Whether it refuses to be destroyed.
    fn is_protected(&self) -> bool;
    /// Whether a create of it has ended.
    fn is_ready(&self) -> bool;
    /// Why the API may refuse to destroy it.
    fn obstacle(&self) -> Obstacle;
    /// How far it is, in words.
    fn describe(&self) -> String;

    /// Looks at one.
    async fn get(api: &Client, id: &str, scope: &Scope) -> Result<Self, Error>;
    /// The user's own, or those of the organization instead.
    async fn list(api: &Client, organization: bool, scope: &Scope) -> Result<Vec<Self>, Error>;
    /// The user's own and those of the organization.
    async fn list_all(api: &Client, scope: &Scope) -> Result<Vec<Self>, Error>;
    /// Those of a name.
    async fn find(api: &Client, name: &str, scope: &Scope) -> Result<Vec<Self>, Error>;
    /// Destroys one.
    async fn destroy(api: &Client, id: &str, scope: &Scope) -> Result<Accepted, Error>;

    /// The requests that concern one. None where the API does not list them.
    async fn operations(api: &Client, id: &str, scope: &Scope) -> Result<Vec<Request>, Error> {
        let _ = (api, id, scope);
        Ok(Vec::new())
    }
}

/// An accepted create.
pub struct Made {
    /// The id of the new object.
    pub id: String,
    /// The request to wait for. Without one, the object itself tells when it is ready.
    pub request_id: Option<String>,
}

/// The attributes that every such object has.
pub struct Common<'a> {
    /// The id.
    pub id: &'a mut Attr<String>,
    /// The name.
    pub name: &'a mut Attr<String>,
    /// Whether it is protected.
    pub deletion_protection: &'a mut Attr<bool>,
    /// The user's limits.
    pub timeouts: &'a mut Timeouts,
}

/// The state of such an object.
#[async_trait]
pub trait Paid: Model + Debug {
    /// The object itself.
    type Remote: Remote;
    /// A change of it.
    type Edit: Send + Sync;

    /// The attributes that every such object has.
    fn common(&mut self) -> Common<'_>;
    /// An imported object, of which only the id is known until it is read.
    fn imported(id: String) -> Self;
    /// The same, with what the API tells. What it does not tell stays as it was: its answers are only partly documented,
    /// and a field that is absent there must not look like a change.
    fn refreshed(self, remote: &Self::Remote) -> Self;
    /// The same, with the computed attributes of another state.
    fn with_computed_of(self, other: Self) -> Self;
    /// The same, without anything unknown: for a state that is saved before the object could be read.
    fn settled(self) -> Self;
    /// Makes unknown what only the end of a create tells.
    fn leave_open(&mut self);

    /// What the configuration asks for beside the name, in whatever form.
    fn wishes(&self) -> String;
    /// Sends the create.
    async fn send_create(&self, api: &Client, name: &str, scope: &Scope) -> Result<Made, Error>;
    /// What has to be changed in place, if anything.
    fn edit(&self, planned: &Self) -> Option<Self::Edit>;
    /// Sends a change.
    async fn send_edit(api: &Client, id: &str, edit: &Self::Edit, scope: &Scope) -> Result<Accepted, Error>;
    /// Whether the object shows a change. What the API does not tell cannot be waited for.
    fn shows(remote: &Self::Remote, edit: &Self::Edit) -> bool;
}

/// The id. A state without one cannot come from this provider; an empty id finds nothing.
pub fn id_of<P: Paid>(state: &P) -> String {
    state.clone().common().id.known().cloned().unwrap_or_default()
}

/// Whether a state says that its object is protected.
pub fn is_protected<P: Paid>(state: &P) -> bool {
    state.clone().common().deletion_protection.known() == Some(&true)
}

/// The same after a create or an update: what was planned stands, and the API tells the rest. Terraform demands that
/// planned values come back as they were; if the API shows others, the next read finds them as a change.
pub fn with_computed<P: Paid>(state: P, remote: &P::Remote) -> P {
    let fresh = state.clone().refreshed(remote);
    state.with_computed_of(fresh).settled()
}

/// What diagnostics begin with.
pub fn subject<P: Paid>(action: Action, state: &P) -> Subject {
    let mut state = state.clone();
    let common = state.common();
    let (name, id) = (common.name.known().cloned(), common.id.known().cloned());
    Subject { action, noun: P::Remote::KIND.noun, name, id }
}

/// What the log says of an operation while it waits.
#[must_use]
pub fn task(subject: &Subject) -> Task {
    Task {
        operation: subject.doing(),
        object_id: subject.id.clone().unwrap_or_default(),
        name: subject.name.clone().unwrap_or_default(),
    }
}

/// The bounds of an operation: the user's limit, or the default.
pub fn scope<P: Paid>(operation: &Operation<P>, action: Action, state: &P) -> Scope {
    let (name, default) = match action {
        Action::Create => ("create", limits::CREATE),
        Action::Update => ("update", limits::UPDATE),
        Action::Delete => ("delete", limits::DELETE),
        _ => ("read", limits::READ),
    };
    let limit = state.clone().common().timeouts.of(name, default);
    Scope::new(limit, operation.stop().clone()).about(task(&subject(action, state)))
}

/// The `timeouts` block.
#[must_use]
pub fn timeouts() -> Block {
    Timeouts::block(&[("create", "60m"), ("read", "5m"), ("update", "20m"), ("delete", "60m")])
}
