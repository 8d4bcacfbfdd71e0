//! What the harness knows of each resource. A resource joins with an implementation and a line in [`subjects`].

mod account;
mod attachment;
mod cluster;
mod storage;
mod user_preferences;

use tensorpool_simulator::Simulator;

use crate::sandbox::Sandbox;
use crate::snapshot::PROVIDER;

/// An object as it really is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub id: String,
    pub name: String,
}

/// A kind of resource.
pub trait Subject: Sync {
    /// Its type.
    fn type_name(&self) -> &'static str;
    /// A resource block labelled `it`.
    fn created(&self) -> String;
    /// The same after a change in place, if there is one.
    fn updated(&self) -> Option<String>;
    /// The same after a change that replaces the object, if there is one.
    fn replaced(&self) -> Option<String>;
    /// The same, protected from deletion, if it can be.
    fn protected(&self) -> Option<String>;
    /// Whether it costs money, so that nothing of it may be outside the state without being named. What costs nothing need
    /// only come right with the next run.
    fn is_paid(&self) -> bool {
        true
    }
    /// Whether objects of it are made and destroyed. What always exists can neither be lost nor be made twice, and there is
    /// nothing to count.
    fn is_made(&self) -> bool {
        true
    }
    /// Makes what has to be there before.
    fn set_up(&self, cloud: &Simulator) {
        let _ = cloud;
    }
    /// What really exists, of what is made.
    fn truth(&self, cloud: &Simulator) -> Vec<Object>;
    /// What the object is called in [`Self::created`].
    fn name(&self) -> &'static str;
    /// Makes an object of a name outside Terraform, and gives its id.
    fn exists(&self, cloud: &Simulator, name: &str) -> String;
    /// Whether an account can have several.
    fn is_one_of_many(&self) -> bool {
        self.is_made()
    }
    /// Whether a create takes over what is there already, and says so.
    fn is_adopted(&self) -> bool {
        false
    }
    /// Locks or unlocks an object from outside.
    fn lock(&self, cloud: &Simulator, id: &str, locked: bool);
}

/// Every resource that is tried.
fn subjects() -> Vec<&'static dyn Subject> {
    vec![
        &attachment::Attachment,
        &account::Bucket,
        &cluster::Cluster,
        &account::ObjectStorage,
        &account::SshKey,
        &storage::Storage,
        &user_preferences::UserPreferences,
    ]
}

/// Every operation of every resource.
pub fn operations() -> Vec<(&'static dyn Subject, Operation)> {
    let of = |subject| Operation::ALL.map(|operation: Operation| (subject, operation));
    let all = subjects().into_iter().flat_map(of);
    all.filter(|(subject, operation)| operation.exists_for(*subject)).collect()
}

/// Limits that end a run soon.
const TIMEOUTS: &str =
    "  timeouts {\n    create = \"12s\"\n    update = \"12s\"\n    delete = \"12s\"\n    read = \"6s\"\n  }";

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Read,
    Update,
    Replace,
    Delete,
    Import,
    /// A destroy that was planned before somebody locked the object.
    DeleteLocked,
}

impl Operation {
    pub const ALL: [Self; 7] =
        [Self::Create, Self::Read, Self::Update, Self::Replace, Self::Delete, Self::Import, Self::DeleteLocked];

    /// Whether a subject has this operation.
    pub fn exists_for(self, subject: &dyn Subject) -> bool {
        match self {
            Self::Update => subject.updated().is_some(),
            Self::Replace => subject.replaced().is_some(),
            Self::DeleteLocked => subject.protected().is_some(),
            _ => true,
        }
    }

    /// Brings the world to where the operation begins, and gives the arguments of the run that is tried.
    pub fn prepare(self, subject: &dyn Subject, sandbox: &mut Sandbox) -> Vec<String> {
        let mut command = APPLY.to_vec();
        let address = format!("{}.it", subject.type_name());
        subject.set_up(&sandbox.cloud);
        if self == Self::Create {
            sandbox.write(PROVIDER, &subject.created());
            return words(&command);
        }
        sandbox.write(PROVIDER, &subject.created());
        if self == Self::Import {
            let id = subject.exists(&sandbox.cloud, subject.name());
            return words(&["import", "-no-color", "-input=false", &address, &id]);
        }
        assert!(sandbox.run(&words(&APPLY)).succeeded, "an apply without a fault succeeds");
        match self {
            Self::Read => command = vec!["apply", "-refresh-only", "-auto-approve", "-input=false", "-json"],
            Self::Update | Self::Replace => sandbox.write(PROVIDER, &self.wanted(subject)),
            Self::DeleteLocked => {
                assert!(sandbox.run(&words(&["plan", "-destroy", "-out=it.plan"])).succeeded, "a plan succeeds");
                let plan = sandbox.run(&words(&["show", "-json", "it.plan"]));
                assert!(plan.succeeded, "a plan can be shown");
                for object in subject.truth(&sandbox.cloud) {
                    subject.lock(&sandbox.cloud, &object.id, true);
                }
                command = vec!["apply", "-input=false", "-json", "it.plan"];
            }
            _ => command = DESTROY.to_vec(),
        }
        words(&command)
    }

    /// What has to be applied afterwards.
    pub fn wanted(self, subject: &dyn Subject) -> String {
        match self {
            Self::Update => subject.updated(),
            Self::Replace => subject.replaced(),
            _ => None,
        }
        .unwrap_or_else(|| subject.created())
    }
}

/// What applies and what destroys.
pub const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-json"];
pub const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-json"];

pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
