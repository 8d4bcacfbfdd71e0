//! What the harness knows of each resource. A resource joins with an implementation and a line in [`subjects`].

use tensorpool_simulator::Simulator;

use crate::sandbox::Sandbox;

/// A paid object as it really is.
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
    /// The same after a change in place.
    fn updated(&self) -> String;
    /// The same after a change that replaces the object.
    fn replaced(&self) -> String;
    /// The same, protected from deletion, if it can be.
    fn protected(&self) -> Option<String>;
    /// What really exists.
    fn truth(&self, cloud: &Simulator) -> Vec<Object>;
    /// Makes the object outside Terraform, for an import.
    fn exists_already(&self, cloud: &Simulator) -> String;
    /// Locks or unlocks an object from outside.
    fn lock(&self, cloud: &Simulator, id: &str, locked: bool);
}

/// Every resource that is tried.
pub fn subjects() -> Vec<&'static dyn Subject> {
    vec![&Cluster]
}

struct Cluster;

fn cluster(instance_type: &str, name: &str, more: &str) -> String {
    format!(
        "resource \"tensorpool_cluster\" \"it\" {{\n  name = \"{name}\"\n  instance_type = \"{instance_type}\"\n{more}\n  \
         timeouts {{\n    create = \"12s\"\n    update = \"12s\"\n    delete = \"12s\"\n    read = \"6s\"\n  }}\n}}\n"
    )
}

impl Subject for Cluster {
    fn type_name(&self) -> &'static str {
        "tensorpool_cluster"
    }

    fn created(&self) -> String {
        cluster("1xH100", "train", "")
    }

    fn updated(&self) -> String {
        cluster("1xH100", "renamed", "")
    }

    fn replaced(&self) -> String {
        cluster("1xH200", "train", "")
    }

    fn protected(&self) -> Option<String> {
        Some(cluster("1xH100", "train", "  deletion_protection = true"))
    }

    fn truth(&self, cloud: &Simulator) -> Vec<Object> {
        cloud.clusters().into_iter().map(|cluster| Object { id: cluster.id, name: cluster.name }).collect()
    }

    fn exists_already(&self, cloud: &Simulator) -> String {
        cloud.add_cluster(tensorpool_simulator::NewCluster {
            name: "train".to_owned(),
            instance_type: "1xH100".to_owned(),
            num_nodes: 1,
            deletion_protection: false,
        })
    }

    fn lock(&self, cloud: &Simulator, id: &str, locked: bool) {
        cloud.set_deletion_protection(id, locked);
    }
}

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

    /// Brings the world to where the operation begins, and gives the arguments of the run that is tried.
    pub fn prepare(self, subject: &dyn Subject, sandbox: &mut Sandbox) -> Vec<String> {
        let apply = ["apply", "-auto-approve", "-input=false", "-json"];
        let (mut command, provider) = (apply.to_vec(), crate::case::PROVIDER);
        let address = format!("{}.it", subject.type_name());
        if self == Self::Create {
            sandbox.write(provider, &subject.created());
            return words(&command);
        }
        sandbox.write(provider, &subject.created());
        if self == Self::Import {
            let id = subject.exists_already(&sandbox.cloud);
            return words(&["import", "-no-color", "-input=false", &address, &id]);
        }
        assert!(sandbox.run(&words(&apply)).succeeded, "an apply without a fault succeeds");
        match self {
            Self::Read => command = vec!["apply", "-refresh-only", "-auto-approve", "-input=false", "-json"],
            Self::Update => sandbox.write(provider, &subject.updated()),
            Self::Replace => sandbox.write(provider, &subject.replaced()),
            Self::DeleteLocked => {
                assert!(sandbox.run(&words(&["plan", "-destroy", "-out=it.plan"])).succeeded, "a plan succeeds");
                let plan = sandbox.run(&words(&["show", "-json", "it.plan"]));
                assert!(plan.succeeded, "a plan can be shown");
                for object in subject.truth(&sandbox.cloud) {
                    subject.lock(&sandbox.cloud, &object.id, true);
                }
                command = vec!["apply", "-input=false", "-json", "it.plan"];
            }
            _ => command = vec!["destroy", "-auto-approve", "-input=false", "-json"],
        }
        words(&command)
    }

    /// What has to be applied afterwards.
    pub fn wanted(self, subject: &dyn Subject) -> String {
        match self {
            Self::Update => subject.updated(),
            Self::Replace => subject.replaced(),
            _ => subject.created(),
        }
    }
}

pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
