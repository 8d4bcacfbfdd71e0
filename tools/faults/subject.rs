//! What the harness knows of a kind of resource.

use tensorpool_simulator::Simulator;

/// Limits that end a run soon.
pub const TIMEOUTS: &str =
    "  timeouts {\n    create = \"12s\"\n    update = \"12s\"\n    delete = \"12s\"\n    read = \"6s\"\n  }";

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
    /// Whether objects of it are created and destroyed. What always exists can neither be lost nor be created twice, and there
    /// is nothing to count.
    fn is_created(&self) -> bool {
        true
    }
    /// Creates what has to exist before.
    fn set_up(&self, cloud: &Simulator) {
        let _ = cloud;
    }
    /// What really exists, of what is created.
    fn truth(&self, cloud: &Simulator) -> Vec<Object>;
    /// What the object is called in [`Self::created`].
    fn name(&self) -> &'static str;
    /// Creates an object of a name outside Terraform, and returns its id.
    fn create_outside(&self, cloud: &Simulator, name: &str) -> String;
    /// Whether an account can have several.
    fn is_one_of_many(&self) -> bool {
        self.is_created()
    }
    /// Whether a create adopts what exists already, and reports it.
    fn is_adopted(&self) -> bool {
        false
    }
    /// Locks or unlocks an object outside Terraform.
    fn lock(&self, cloud: &Simulator, id: &str, locked: bool);
}
