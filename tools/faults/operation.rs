//! The operations of a resource, and where each begins.

use crate::sandbox::Sandbox;
use crate::subject::Subject;
use crate::subjects;

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Read,
    Update,
    Replace,
    Delete,
    Import,
    /// A destroy that was planned before the object was locked outside Terraform.
    DeleteLocked,
}

impl Operation {
    const ALL: [Self; 7] =
        [Self::Create, Self::Read, Self::Update, Self::Replace, Self::Delete, Self::Import, Self::DeleteLocked];

    /// Whether a subject has this operation.
    fn exists_for(self, subject: &dyn Subject) -> bool {
        match self {
            Self::Update => subject.updated().is_some(),
            Self::Replace => subject.replaced().is_some(),
            Self::DeleteLocked => subject.protected().is_some(),
            _ => true,
        }
    }

    /// Brings a sandbox to where the operation begins, and returns the arguments of the run that is tried.
    pub fn prepare(self, subject: &dyn Subject, sandbox: &mut Sandbox) -> Vec<String> {
        let mut command = APPLY.to_vec();
        let address = format!("{}.it", subject.type_name());
        subject.set_up(&sandbox.cloud);
        sandbox.write(&subject.created());
        if self == Self::Create {
            return words(&command);
        }
        if self == Self::Import {
            let id = subject.create_outside(&sandbox.cloud, subject.name());
            return words(&["import", "-no-color", "-input=false", &address, &id]);
        }
        assert!(sandbox.run(&words(&APPLY)).succeeded, "an apply without a fault succeeds");
        match self {
            Self::Read => command = vec!["apply", "-refresh-only", "-auto-approve", "-input=false", "-json"],
            Self::Update | Self::Replace => sandbox.write(&self.wanted(subject)),
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

    /// Whether it is a destroy.
    pub fn destroys(self) -> bool {
        matches!(self, Self::Delete | Self::DeleteLocked)
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

/// Every operation of every resource.
pub fn all() -> Vec<(&'static dyn Subject, Operation)> {
    let of = |subject| Operation::ALL.map(|operation: Operation| (subject, operation));
    let all = subjects::all().into_iter().flat_map(of);
    all.filter(|(subject, operation)| operation.exists_for(*subject)).collect()
}

/// What applies and what destroys.
pub const APPLY: [&str; 4] = ["apply", "-auto-approve", "-input=false", "-json"];
pub const DESTROY: [&str; 4] = ["destroy", "-auto-approve", "-input=false", "-json"];

pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
